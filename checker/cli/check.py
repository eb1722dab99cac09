"""`python -m checker exercise3`."""

from collections.abc import Sequence
from typing import NamedTuple

from checker.cli.console import Console
from checker.cli.course import (
    COMMAND,
    Opened,
    answer_paths,
    next_name,
    open_exercise,
    progress_of,
)
from checker.cli.errors import ALL_WELL, BAD_INPUT, FALLS_SHORT, NotBuiltError, UsageError
from checker.course.result import ExerciseReport
from checker.workspace.answers import Answer, answer_at, own_answer
from checker.workspace.course_folder import shown

_EXIT = {"pass": ALL_WELL, "fail": FALLS_SHORT, "error": BAD_INPUT}


class Options(NamedTuple):
    """What may follow the exercise's name."""

    path: str | None = None


def check(arguments: Sequence[str], console: Console) -> int:
    """Grade an answer: the learner's own, or the one at `--path`."""
    from checker.course.grading import grade

    console.asked = arguments[0]
    options = _options(arguments, console)
    opened = open_exercise(arguments[0])
    console.asked = opened.exercise.name
    answer = _answer(opened, options, console)
    report = grade(opened.exercise, answer.sources)
    progress = progress_of(opened.course)
    if options.path is None and report.status != "error":
        progress.record_result(report.exercise, report.status, report.points, report.max_points)
    if console.as_json:
        from checker.report.json_format import report_document

        console.document(report_document(report))
    else:
        following = next_name(opened.course, progress, report.exercise)
        _show(opened, answer, report, following, options, console)
    for note in progress.notes:
        console.message(f"checker: {note}")
    return _EXIT[report.status]


def _options(arguments: Sequence[str], console: Console) -> Options:
    if len(arguments) == 1:
        # Nothing to parse: argparse takes as long to load as the answer to grade.
        return Options()
    from checker.cli.arguments import Parser

    parser = Parser(arguments[0], "Check an exercise: API rules, simulated traffic, its checks.")
    parser.add_argument(
        "--path",
        metavar="FILE_OR_DIR",
        help="check this answer instead of your own (- is standard input)",
    )
    parser.add_argument("--live", action="store_true", help="then ask the local kind cluster")
    options = parser.read(arguments[1:], console)
    if options.live:
        raise NotBuiltError("`--live`")
    if options.path == "":
        raise UsageError("--path is empty")
    return Options(options.path)


def _answer(opened: Opened, options: Options, console: Console) -> Answer:
    names = opened.exercise.answer_files
    if options.path is not None:
        from checker.cli.arguments import standard_input

        answer = answer_at(options.path, names, standard_input())
    elif opened.course.packed:
        raise UsageError(
            "this is no course folder, so there is nowhere to keep your answer: make one with "
            f"`{COMMAND} init kubernetes-ports`, and go there"
        )
    else:
        answer = own_answer(opened.folder, opened.exercise.start, names)
    if answer.made is not None:
        console.message(f"Your own copy to edit: {shown(answer.made)}")
    if answer.unread:
        console.message(
            f"checker: this exercise reads {', '.join(names)}; "
            f"not read: {', '.join(answer.unread[:5])}"
        )
    return answer


def _show(
    opened: Opened,
    answer: Answer,
    report: ExerciseReport,
    following: str,
    options: Options,
    console: Console,
) -> None:
    from checker.report.text.exercise import Surroundings, exercise_screen

    exercise = opened.exercise
    texts = {source.name: source.text for source in (*exercise.given_sources(), *answer.sources)}
    around = Surroundings(
        command=COMMAND,
        files=answer_paths(opened),
        readme=shown(opened.folder.path / "README.md") if exercise.readme else "",
        works=exercise.works,
        other_ways=exercise.other_ways,
        next_exercise=following,
        own_answer=options.path is None,
    )
    console.lines(exercise_screen(report, texts, around, console.style))
