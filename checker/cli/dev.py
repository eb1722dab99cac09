"""`dev`: for those who write the course. `dev check` is here: the course checks itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from checker.cli.arguments import Parser
from checker.cli.console import Console
from checker.cli.course import exercise_folders, load
from checker.cli.errors import ALL_WELL, FALLS_SHORT
from checker.report.json_format import SELF_CHECK
from checker.report.text.layout import count, hang
from checker.workspace.course_folder import CourseFolder, ExerciseFolder, find_course
from checker.workspace.errors import FolderError

if TYPE_CHECKING:
    from checker.course.selfcheck import Answers, CourseProblem


def dev(arguments: Sequence[str], console: Console) -> int:
    """What `dev` is asked for."""
    from checker.cli.dev_mutate import mutate
    from checker.cli.dev_new import new

    commands = {"check": check, "mutate": mutate, "new": new}
    for position, argument in enumerate(arguments):
        if argument in commands:
            rest = [*arguments[:position], *arguments[position + 1 :]]
            return commands[argument](rest, console)
    parser = Parser("dev", "For those who write the course.")
    parser.add_argument(
        "what",
        choices=tuple(commands),
        help="check [NAME...]: is every exercise graded rightly; mutate [NAME...]: do the checks "
        "notice each change of a solution; new NAME: a new exercise's files",
    )
    parser.read(arguments, console)
    return ALL_WELL


def check(arguments: Sequence[str], console: Console) -> int:
    """Print all that is wrong with the course; 1 where anything is."""
    parser = Parser("dev check", "The course checks itself.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="exercises; all if left out")
    options = parser.read(arguments, console)
    course = find_course()
    folders = exercise_folders(course, options.names)
    problems: list[CourseProblem] = []
    for folder in folders:
        found = _check(course, folder)
        problems += found
        if not console.as_json:
            _show(folder.name, found, console)
    if console.as_json:
        console.document(
            {
                "schema": SELF_CHECK,
                "exercises": [folder.name for folder in folders],
                "problems": [problem._asdict() for problem in problems],
            }
        )
    else:
        console.lines([f"{count(len(folders), 'exercise')}, {count(len(problems), 'problem')}"])
    return FALLS_SHORT if problems else ALL_WELL


def _check(course: CourseFolder, folder: ExerciseFolder) -> list[CourseProblem]:
    from checker.course.selfcheck import CourseProblem, check_exercise

    try:
        exercise = load(folder)
    except FolderError as error:
        return [CourseProblem(folder.name, f"exercises/{folder.name}", error.message)]
    return check_exercise(exercise, _answers(course, folder.name))


def _answers(course: CourseFolder, name: str) -> Answers:
    """The right and the wrong answers that the repository holds for an exercise."""
    from checker.course.selfcheck import Answers

    solution: dict[str, str] = {}
    alternatives: dict[str, dict[str, str]] = {}
    for path, text in course.solution(name).items():
        first, _, rest = path.partition("/")
        if first == "alternatives":
            folder, _, file = rest.partition("/")
            alternatives.setdefault(folder, {})[file] = text
        else:
            solution[path] = text
    return Answers(solution, alternatives, course.wrong_answers(name))


def _show(name: str, problems: Sequence[CourseProblem], console: Console) -> None:
    style = console.style
    if not problems:
        console.lines([f"{style.good(style.marks.good)} {name}"])
        return
    lines = [f"{style.bad(style.marks.bad)} {name}"]
    for problem in problems:
        lines += hang("    ", 4, str(problem), style.width)
    console.lines(lines)
