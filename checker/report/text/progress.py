"""The learner's loop as text: how far one is, what comes next, hints, solutions."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from checker.report.text.layout import columns, command_lines, count, labelled, spread
from checker.report.text.markdown import render
from checker.report.text.style import Style

_BAR = 24
_INDENT = "  "


class ExerciseRow(NamedTuple):
    """One exercise as `list` shows it. `points` are those of the best check so far."""

    name: str
    title: str
    chapter: str
    passed: bool
    attempts: int
    points: int
    max_points: int
    hints_shown: int


class NextExercise(NamedTuple):
    """What one needs to begin an exercise. `files` are those to edit."""

    row: ExerciseRow
    situation: str
    task: str
    files: Sequence[str]
    readme: str
    #: Whether the learner's own copy is there already.
    begun: bool
    #: The folder of what stands beside the answer, empty where there is none.
    given: str = ""


def overview_text(
    rows: Sequence[ExerciseRow], following: NextExercise | None, command: str, style: Style
) -> list[str]:
    """The screen of `python -m checker`: progress, and the next exercise."""
    more = [("all exercises", f"{command} list")]
    if following is not None:
        more.insert(0, ("on every save", f"{command} watch"))
    lines = ["", style.strong("Kubernetes Ports"), "", *_progress(rows, style), ""]
    if following is None:
        lines += [style.good("Every exercise is passed."), ""]
        return [*lines, *command_lines(more, style)]
    return [*lines, *next_text(following, command, style, more)[1:]]


def next_text(
    following: NextExercise,
    command: str,
    style: Style,
    more: Sequence[tuple[str, str]] = (),
) -> list[str]:
    """The next exercise: what it is about, what to do, and how. `more` are further commands."""
    row = following.row
    lines = ["", f"{style.strong('Next:')} {style.strong(row.name)} {style.marks.dot} {row.title}"]
    for text in (following.situation, following.task):
        if text:
            lines += ["", *render(text, style, _INDENT)]
    check = f"{command} {row.name}"
    if following.begun:
        commands = [*labelled("edit", following.files), ("check", check)]
    else:
        commands = [("begin", check), *labelled("then edit", following.files)]
    commands.append(("a hint", f"{command} hint {row.name}"))
    if following.readme:
        commands.append(("the task", following.readme))
    if following.given:
        commands.append(("what is given", following.given))
    return [*lines, "", *command_lines([*commands, *more], style)]


def list_text(rows: Sequence[ExerciseRow], command: str, style: Style) -> list[str]:
    """All exercises with their state."""
    name_width = max((len(row.name) for row in rows), default=0)
    lines = ["", *_progress(rows, style), ""]
    following = next((row for row in rows if not row.passed), None)
    for row in rows:
        score = _score(row)
        plain = f"{_INDENT}x {row.name:<{name_width}}  {row.title}"
        mark = style.good(style.marks.good) if row.passed else style.faint(style.marks.waiting)
        name = f"{row.name:<{name_width}}"
        if row is following:
            mark, name = style.strong(style.marks.arrow[-1]), style.strong(name)
        left = f"{_INDENT}{mark} {name}  {row.title}"
        lines.append(spread(left, score, style, columns(plain) + columns(score)).rstrip())
    if following is not None:
        lines += ["", *command_lines([("next", f"{command} {following.name}")], style)]
    return lines


def hints_text(
    exercise: str, hints: Sequence[str], total: int, command: str, style: Style
) -> list[str]:
    """The hints shown so far, the newest last."""
    lines = [""]
    for number, hint in enumerate(hints, 1):
        label = f"Hint {number} of {total}"
        lines += [style.strong(label), *render(hint, style, _INDENT), ""]
    if len(hints) < total:
        follow = [("one more", f"{command} hint {exercise}")]
    else:
        lines += ["That was the last hint.", ""]
        follow = [("the solution", f"{command} solution {exercise}")]
    return [*lines, *command_lines(follow, style)]


def solution_text(exercise: str, files: Mapping[str, str], style: Style) -> list[str]:
    """The solution's explanation, then its files as they are."""
    lines = ["", *render(files.get("README.md", ""), style)]
    for name, text in files.items():
        if name != "README.md":
            lines += ["", style.strong(f"{style.marks.rule * 2} {exercise}/{name}")]
            lines += [line.rstrip() for line in text.splitlines()]
    return lines


def course_document(rows: Sequence[ExerciseRow]) -> dict[str, Any]:
    """`checker/course/v1`: progress, exercise by exercise."""
    following = next((row.name for row in rows if not row.passed), None)
    return {
        "schema": "checker/course/v1",
        "passed": sum(row.passed for row in rows),
        "total": len(rows),
        "next": following,
        "exercises": [
            {
                "name": row.name,
                "title": row.title,
                "chapter": row.chapter,
                "status": "pass" if row.passed else "begun" if row.attempts else "new",
                "points": row.points,
                "max_points": row.max_points,
                "attempts": row.attempts,
                "hints_shown": row.hints_shown,
            }
            for row in rows
        ],
    }


def _score(row: ExerciseRow) -> str:
    if not row.attempts:
        return ""
    return f"{row.points}/{row.max_points} points"


def _progress(rows: Sequence[ExerciseRow], style: Style) -> list[str]:
    passed = sum(row.passed for row in rows)
    told = f"{passed} of {count(len(rows), 'exercise')} passed"
    size = min(_BAR, style.width - len(told) - 4)
    filled = passed * size // len(rows) if rows else 0
    bar = style.good(style.marks.full * filled) + style.faint(style.marks.empty * (size - filled))
    return [f"{_INDENT}{bar}  {told}"]
