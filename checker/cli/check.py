"""`python -m checker exercise3`."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from checker.cli.console import Console
from checker.cli.course import (
    COMMAND,
    Opened,
    answer_paths,
    beginning,
    need_place_to_work,
    next_name,
    open_exercise,
    progress_key,
    progress_of,
    variant_option,
)
from checker.cli.errors import ALL_WELL, BAD_INPUT, ENVIRONMENT, FALLS_SHORT, UsageError
from checker.course.result import ExerciseReport
from checker.workspace.answers import Answer, answer_at, own_answer
from checker.workspace.course_folder import shown
from checker.workspace.progress import Progress
from checker.workspace.variant_mark import recorded_seed

_EXIT = {"pass": ALL_WELL, "fail": FALLS_SHORT, "error": BAD_INPUT}


class Options(NamedTuple):
    """What may follow the exercise's name."""

    path: str | None = None
    #: The seed of the variant to grade; None where the answer itself says which it is.
    variant: str | None = None
    live: bool = False
    #: The kubeconfig's context for `--live`; None asks only kind's.
    context: str | None = None


def check(arguments: Sequence[str], console: Console) -> int:
    """Grade an answer: the learner's own, or the one at `--path`."""
    console.asked = arguments[0]
    options = _options(arguments, console)
    report = graded(arguments[0], options, console)
    if options.live and report.status == "pass":
        from checker.cli.cluster_access import tell_differences

        if tell_differences(report, console):
            return ENVIRONMENT
    return _EXIT[report.status]


def graded(name: str, options: Options, console: Console) -> ExerciseReport:
    """Grade an answer, keep the result and print it. Raises what its rooms raise."""
    from checker.course.grading import grade

    opened = open_asked(name, options, console)
    console.asked = opened.exercise.name
    answer = _answer(opened, options, console)
    report = grade(opened.exercise, answer.sources, advice=console.as_json)
    progress = progress_of(opened.course)
    if options.path is None and report.status != "error":
        key = progress_key(opened.folder, opened.seed)
        progress.record_result(key, report.status, report.points, report.max_points)
    if options.live and report.status == "pass":
        from checker.cli.cluster_access import with_live_checks

        report = with_live_checks(report, opened.exercise, answer, options.context, console)
    if console.as_json:
        from checker.report.json_format import report_document

        variant = {"variant": opened.seed} if opened.seed else {}
        console.document(report_document(report) | variant)
    elif console.format == "junit":
        from checker.report.junit import exercise_junit

        console.markup(exercise_junit(report))
    else:
        following = _following(opened, progress)
        _show(opened, answer, report, following, options, console)
    for note in progress.notes:
        console.message(f"checker: {note}")
    return report


def _following(opened: Opened, progress: Progress) -> str:
    """What to type for the next exercise; who works on a variant goes on with the same seed."""
    name = next_name(opened.course, progress, opened.exercise.name)
    folder = opened.course.exercise(name) if name and opened.seed else None
    if folder is None or folder.answer.is_dir():
        return name
    return f"{name} {variant_option(opened.seed)}"


def open_asked(name: str, options: Options, console: Console) -> Opened:
    """The exercise in the variant that is asked for, or that the answer to grade belongs to."""
    seed = options.variant
    if options.path is not None and seed is None:
        seed = recorded_seed(Path(options.path)) if Path(options.path).is_dir() else ""
    opened = open_exercise(name, seed)
    if options.variant is None:
        return opened
    exercise = opened.exercise.name
    if not opened.exercise.tokens:
        console.message(f"checker: {exercise} has no variants: it is the same for everyone")
    begun = opened.folder.answer
    if options.path is None and begun.is_dir() and recorded_seed(begun) != opened.seed:
        own = recorded_seed(begun)
        raise UsageError(
            f"{shown(begun)} is an answer to {f'the variant {own!r}' if own else 'no variant'}; "
            f"`{COMMAND} reset {exercise} {variant_option(opened.seed)}` keeps a backup of it and "
            "begins this variant"
        )
    return opened


def _options(arguments: Sequence[str], console: Console) -> Options:
    if len(arguments) == 1:
        # Nothing to parse: argparse takes as long to load as the answer to grade.
        return Options()
    from checker.cli.arguments import Parser, add_variant
    from checker.cli.cluster_access import add_context

    parser = Parser(arguments[0], "Check an exercise: API rules, simulated traffic, its checks.")
    parser.add_argument(
        "--path",
        metavar="FILE_OR_DIR",
        help="check this answer instead of your own (- is standard input)",
    )
    add_variant(parser, "with other names and ports, the same for the same seed")
    parser.add_argument("--live", action="store_true", help="then ask the local kind cluster")
    add_context(parser)
    options = parser.read(arguments[1:], console)
    if options.path == "":
        raise UsageError("--path is empty")
    if options.context is not None and not options.live:
        raise UsageError("--context goes with --live")
    return Options(options.path, options.variant, options.live, options.context)


def _answer(opened: Opened, options: Options, console: Console) -> Answer:
    names = opened.exercise.answer_files
    if options.path is not None:
        from checker.cli.options import standard_input

        answer = answer_at(options.path, names, standard_input())
    else:
        need_place_to_work(opened.course)
        answer = own_answer(opened.folder, beginning(opened), names)
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
        readme=shown(opened.readme) if exercise.readme else "",
        works=exercise.works,
        other_ways=exercise.other_ways,
        next_exercise=following,
        own_answer=options.path is None,
    )
    console.lines(exercise_screen(report, texts, around, console.style))
