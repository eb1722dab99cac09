"""`dev new NAME`: the files of a new exercise."""

from __future__ import annotations

from collections.abc import Sequence

from checker.cli.arguments import Parser
from checker.cli.commands import exercise_number
from checker.cli.console import Console
from checker.cli.course import COMMAND
from checker.cli.errors import ALL_WELL, UsageError
from checker.course.skeleton import skeleton
from checker.workspace.course_folder import CourseFolder, find_course, shown
from checker.workspace.new_exercise import write_exercise

SCHEMA = "checker/new-exercise/v1"


def new(arguments: Sequence[str], console: Console) -> int:
    """Write a small working exercise, to be replaced piece by piece."""
    console.schema = SCHEMA
    parser = Parser("dev new", "A new exercise: a small one that works, to be written anew.")
    parser.add_argument("name", nargs="?", metavar="NAME", help="as exercise25")
    parser.add_argument("--title", default="Untitled", help="the exercise's title")
    options = parser.read(arguments, console)
    course = find_course()
    if course.packed:
        raise UsageError("exercises are written in a checkout of the course, and this is none")
    name = _name(course, options.name)
    title = options.title.strip()
    if not title or not title.isprintable():
        raise UsageError("a title is one line of text")
    paths = write_exercise(course.path, skeleton(name, title))
    if console.as_json:
        files = [shown(path) for path in paths]
        console.document({"schema": SCHEMA, "exercise": name, "files": files})
        return ALL_WELL
    console.lines(
        [
            *(shown(path) for path in paths),
            "",
            "checker/course/FORMAT.md explains them. This says what is still to be written:",
            "",
            f"  {COMMAND} dev check {name}",
        ]
    )
    return ALL_WELL


def _name(course: CourseFolder, given: str | None) -> str:
    number = exercise_number(given or "")
    if not number:
        taken = [exercise_number(folder.name) or 0 for folder in course.exercises()]
        free = f"exercise{max(taken, default=0) + 1}"
        wrong = "the exercise needs a name" if given is None else f"{given!r} is no exercise's name"
        raise UsageError(f"{wrong}: `{COMMAND} dev new {free}` makes the next one")
    return f"exercise{number}"
