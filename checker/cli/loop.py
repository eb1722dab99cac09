"""`python -m checker`, `list` and `next`: how far one is, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence

from checker.cli.arguments import Parser
from checker.cli.console import Console
from checker.cli.course import (
    COMMAND,
    answer_paths,
    open_folder,
    progress_of,
    rows,
)
from checker.cli.errors import ALL_WELL
from checker.report.text.progress import (
    ExerciseRow,
    NextExercise,
    course_document,
    list_text,
    next_text,
    overview_text,
)
from checker.workspace.course_folder import CourseFolder, find_course, shown


def show_overview(arguments: Sequence[str], console: Console) -> int:
    """Progress, and the next exercise."""
    Parser("", "Your progress, and the next exercise to do.").read(arguments, console)
    course, found = _load(console)
    if not console.as_json:
        console.lines(overview_text(found, _following(course, found), COMMAND, console.style))
    return ALL_WELL


def show_list(arguments: Sequence[str], console: Console) -> int:
    """All exercises."""
    Parser("list", "All exercises, and how far you are.").read(arguments, console)
    _, found = _load(console)
    if not console.as_json:
        console.lines(list_text(found, COMMAND, console.style))
    return ALL_WELL


def show_next(arguments: Sequence[str], console: Console) -> int:
    """The next exercise alone."""
    Parser("next", "The next exercise to do.").read(arguments, console)
    course, found = _load(console)
    if not console.as_json:
        following = _following(course, found)
        if following is None:
            console.lines(["Every exercise is passed."])
        else:
            console.lines(next_text(following, COMMAND, console.style))
    return ALL_WELL


def _load(console: Console) -> tuple[CourseFolder, list[ExerciseRow]]:
    """The course and its exercises; with JSON also printed, as the three differ in text alone."""
    course = find_course()
    progress = progress_of(course)
    found = rows(course, progress)
    if console.as_json:
        console.document(course_document(found))
    for note in progress.notes:
        console.message(f"checker: {note}")
    return course, found


def _following(course: CourseFolder, found: Sequence[ExerciseRow]) -> NextExercise | None:
    row = next((row for row in found if not row.passed), None)
    folder = course.exercise(row.name) if row else None
    if row is None or folder is None:
        return None
    opened = open_folder(course, folder)
    return NextExercise(
        row,
        opened.exercise.situation,
        opened.exercise.task,
        answer_paths(opened),
        shown(opened.readme) if opened.exercise.readme else "",
        folder.answer.is_dir(),
        shown(opened.readme.with_name("given")) if opened.exercise.given else "",
    )
