"""`hint`, `reset` and `solution`: for learners who are stuck."""

from __future__ import annotations

from collections.abc import Sequence

from checker.cli.arguments import Parser
from checker.cli.console import Console
from checker.cli.course import (
    COMMAND,
    Opened,
    next_name,
    open_exercise,
    progress_of,
    solution_of,
)
from checker.cli.errors import ALL_WELL, UsageError
from checker.report.json_format import HINTS, RESET, SOLUTION
from checker.report.text.progress import hints_text, solution_text
from checker.workspace.answers import reset
from checker.workspace.course_folder import find_course, shown
from checker.workspace.errors import FolderError


def show_hint(arguments: Sequence[str], console: Console) -> int:
    """The hints shown so far and one more."""
    opened = _named("hint", "One hint more each time.", arguments, console, optional=True)
    exercise = opened.exercise
    progress = progress_of(opened.course)
    total = len(exercise.hints)
    shown_now = min(progress.entry(exercise.name).hints_shown + 1, total)
    progress.record_hints(exercise.name, shown_now)
    hints = exercise.hints[:shown_now]
    if console.as_json:
        console.document(
            {"schema": HINTS, "exercise": exercise.name, "hints": list(hints), "total": total}
        )
    else:
        console.lines(hints_text(exercise.name, hints, total, COMMAND, console.style))
    _notes(progress.notes, console)
    return ALL_WELL


def reset_answer(arguments: Sequence[str], console: Console) -> int:
    """Make the learner's files anew from the pristine ones, keeping a backup."""
    opened = _named("reset", "Begin an exercise anew; a backup is kept.", arguments, console)
    if opened.course.packed:
        raise UsageError("this is no course folder, so there is nothing to reset")
    backup = reset(opened.folder, opened.exercise.start)
    answer = shown(opened.folder.answer)
    if console.as_json:
        kept = shown(backup) if backup else None
        console.document(
            {"schema": RESET, "exercise": opened.exercise.name, "answer": answer, "backup": kept}
        )
        return ALL_WELL
    lines = [f"{answer} is as it was at the start."]
    if backup is not None:
        lines.append(f"What you had is kept in {shown(backup)}.")
    console.lines(lines)
    return ALL_WELL


def show_solution(arguments: Sequence[str], console: Console) -> int:
    """The solution: to those who passed, or who ask twice."""
    opened = _named("solution", "The solution, once passed or asked for twice.", arguments, console)
    name = opened.exercise.name
    progress = progress_of(opened.course)
    entry = progress.entry(name)
    if not entry.passed and not entry.solution_asked:
        progress.record_solution_asked(name)
        if console.as_json:
            console.document({"schema": SOLUTION, "exercise": name, "files": None})
        console.message(
            f"You have not passed {name} yet. `{COMMAND} hint {name}` helps without giving it all.",
            "To see the solution all the same, ask once more.",
        )
        _notes(progress.notes, console)
        return ALL_WELL
    files = {
        file: text for file, text in solution_of(opened).items() if "alternatives/" not in file
    }
    if not files:
        raise FolderError(f"the course is damaged: {name} has no solution")
    if console.as_json:
        console.document({"schema": SOLUTION, "exercise": name, "files": files})
    else:
        console.lines(solution_text(name, files, console.style))
    return ALL_WELL


def _named(
    command: str,
    description: str,
    arguments: Sequence[str],
    console: Console,
    *,
    optional: bool = False,
) -> Opened:
    """The exercise that the command is given; the next one to do where it may be left out."""
    parser = Parser(command, description)
    parser.add_argument("name", nargs="?" if optional else None, help="an exercise, as exercise3")
    options = parser.read(arguments, console)
    name = options.name
    if name is None:
        course = find_course()
        name = next_name(course, progress_of(course))
        if not name:
            raise UsageError("every exercise is passed: name the one that you want")
    console.asked = name
    return open_exercise(name)


def _notes(notes: Sequence[str], console: Console) -> None:
    for note in notes:
        console.message(f"checker: {note}")
