"""`dev mutate`: every solution changed in one place at a time; the checks must notice."""

from __future__ import annotations

from collections.abc import Sequence

from checker.cli.arguments import Parser
from checker.cli.console import Console
from checker.cli.course import exercise_folders, load
from checker.cli.errors import ALL_WELL, FALLS_SHORT, UsageError
from checker.course.mutation_score import NotSolvedError, Score, score, total
from checker.report.text.layout import count, hang
from checker.workspace.course_folder import CourseFolder, ExerciseFolder, find_course

SCHEMA = "checker/mutation/v1"
_HEADS = ("mutants", "fail", "equivalent", "listed", "survive")


def mutate(arguments: Sequence[str], console: Console) -> int:
    """Print the score of each exercise and of all; 1 where a mutant survives."""
    console.schema = SCHEMA
    parser = Parser("dev mutate", "Mutants of every solution: which ones do the checks miss?")
    parser.add_argument("names", nargs="*", metavar="NAME", help="exercises; all if left out")
    options = parser.read(arguments, console)
    course = find_course()
    folders = exercise_folders(course, options.names)
    scores = []
    for number, folder in enumerate(folders, 1):
        console.progress(f"{number} of {len(folders)}: mutants of {folder.name} …")
        scores.append(_score(course, folder))
    console.progress("")
    if console.as_json:
        console.document(_document(scores))
    else:
        console.lines(_text(scores, console))
    return FALLS_SHORT if any(one.survivors for one in scores) else ALL_WELL


def _score(course: CourseFolder, folder: ExerciseFolder) -> Score:
    try:
        return score(load(folder), course.solution(folder.name))
    except NotSolvedError as error:
        raise UsageError(f"{error}: `dev check {folder.name}` says more") from error


def _document(scores: list[Score]) -> dict[str, object]:
    rows = [_numbers(one) | {"survivors": list(one.survivors)} for one in scores]
    names = [{"name": one.exercise} for one in scores]
    return {
        "schema": SCHEMA,
        "exercises": [name | row for name, row in zip(names, rows, strict=True)],
        "total": _numbers(total(scores)),
    }


def _numbers(one: Score) -> dict[str, object]:
    row = (one.mutants, one.fails, one.equivalent, one.listed, len(one.survivors))
    return dict(zip(_HEADS, row, strict=True))


def _text(scores: list[Score], console: Console) -> list[str]:
    style = console.style
    width = max(len(one.exercise) for one in scores)
    lines = [f"  {'':<{width}}" + "".join(f"  {head:>{len(head)}}" for head in _HEADS)]
    for one in [*scores, total(scores)] if len(scores) > 1 else scores:
        mark = style.bad(style.marks.bad) if one.survivors else style.good(style.marks.good)
        cells = zip(_HEADS, _numbers(one).values(), strict=True)
        numbers = "".join(f"  {number:>{len(head)}}" for head, number in cells)
        lines.append(f"{mark} {one.exercise:<{width}}{numbers}")
    survivors = total(scores).survivors
    for what in survivors:
        lines += hang("    ", 4, what, style.width)
    if survivors:
        lines += [
            "",
            *hang(
                "",
                0,
                f"{count(len(survivors), 'mutant')} passed that should not: add a check, or list "
                "the change below [[harmless]] with the reason why it does no harm.",
                style.width,
            ),
        ]
    return lines
