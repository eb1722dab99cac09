"""`hint`, `reset` and `solution`: for learners who are stuck."""

from __future__ import annotations

from collections.abc import Sequence

from checker.cli.arguments import Parser, add_variant
from checker.cli.console import Console
from checker.cli.course import (
    COMMAND,
    beginning,
    next_name,
    open_exercise,
    progress_key,
    progress_of,
    solution_of,
)
from checker.cli.errors import ALL_WELL, UsageError
from checker.report.json_format import HINTS, RESET, SOLUTION
from checker.report.text.layout import command_lines
from checker.report.text.progress import hints_text, solution_text
from checker.workspace.answers import reset
from checker.workspace.course_folder import find_course, shown
from checker.workspace.errors import FolderError


def show_hint(arguments: Sequence[str], console: Console) -> int:
    """The hints shown so far and one more."""
    parser = Parser("hint", "One hint more each time.")
    parser.add_argument("name", nargs="?", help="an exercise; the next to do if left out")
    options = parser.read(arguments, console)
    console.asked = options.name or _next_to_do()
    opened = open_exercise(console.asked)
    exercise = opened.exercise
    progress = progress_of(opened.course)
    total = len(exercise.hints)
    key = progress_key(opened.folder, opened.seed)
    shown_now = min(progress.entry(key).hints_shown + 1, total)
    progress.record_hints(key, shown_now)
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
    parser = Parser("reset", "Begin an exercise anew; a backup is kept.")
    parser.add_argument("name", nargs="?", help="an exercise, as exercise3")
    add_variant(parser, "in this variant, with other names and ports")
    parser.add_argument("--plain", action="store_true", help="in no variant any more")
    options = parser.read(arguments, console)
    if options.plain and options.variant is not None:
        parser.error("--plain and --variant do not go together")
    seed = "" if options.plain else options.variant
    opened = open_exercise(_name("reset", options.name, console), seed)
    if opened.course.packed:
        raise UsageError("this is no course folder, so there is nothing to reset")
    backup = reset(opened.folder, beginning(opened))
    answer = shown(opened.folder.answer)
    if console.as_json:
        kept = shown(backup) if backup else None
        console.document(
            {"schema": RESET, "exercise": opened.exercise.name, "answer": answer, "backup": kept}
        )
        return ALL_WELL
    variant = f", in the variant {opened.seed!r}" if opened.seed else ""
    lines = [f"{answer} is as it was at the start{variant}."]
    if backup is not None:
        lines.append(f"What you had is kept in {shown(backup)}.")
    check = ("check", f"{COMMAND} {opened.exercise.name}")
    console.lines([*lines, "", *command_lines([check], console.style)])
    return ALL_WELL


def show_solution(arguments: Sequence[str], console: Console) -> int:
    """The solution: to those who passed, or who ask twice."""
    parser = Parser("solution", "The solution, once passed or asked for twice.")
    parser.add_argument("name", nargs="?", help="an exercise, as exercise3")
    options = parser.read(arguments, console)
    opened = open_exercise(_name("solution", options.name, console))
    name = opened.exercise.name
    progress = progress_of(opened.course)
    key = progress_key(opened.folder, opened.seed)
    entry = progress.entry(key)
    if not entry.passed and not entry.solution_asked:
        progress.record_solution_asked(key)
        if console.as_json:
            console.document({"schema": SOLUTION, "exercise": name, "files": None})
        console.message(
            f"You have not passed {name} yet. This helps without giving it all away:",
            f"  {COMMAND} hint {name}",
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


def _next_to_do() -> str:
    """The exercise that a learner is at. Raises UsageError where all are passed."""
    course = find_course()
    name = next_name(course, progress_of(course))
    if not name:
        raise UsageError("every exercise is passed: name the one that you want")
    return name


def _name(command: str, given: str | None, console: Console) -> str:
    """The name that was given. Raises UsageError where none was, with what may be meant."""
    if given is None:
        course = find_course()
        example = next_name(course, progress_of(course)) or "exercise1"
        raise UsageError(f"name the exercise, as `{COMMAND} {command} {example}`")
    console.asked = given
    return given


def _notes(notes: Sequence[str], console: Console) -> None:
    for note in notes:
        console.message(f"checker: {note}")
