"""After a check: one next step where it fails, why it works where it passes."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from checker.api.finding import Finding
from checker.course.result import CheckResult, ExerciseReport, ToldMisconception
from checker.manifests import Location
from checker.report.text.excerpt import excerpt
from checker.report.text.layout import columns, command_lines, hang, labelled, spread, wrap
from checker.report.text.markdown import render
from checker.report.text.style import Style
from checker.report.text.way import draw_way, endpoint_lines

_INDENT = "  "


class Surroundings(NamedTuple):
    """What the screen tells beside the report: commands to run, files to open, what comes next.

    `files` are what the learner edits; `readme` tells the task; `next_exercise` is empty after
    the last one, `chapter` where an exercise names none.
    """

    command: str
    files: Sequence[str] = ()
    readme: str = ""
    chapter: str = ""
    works: str = ""
    other_ways: Sequence[str] = ()
    next_exercise: str = ""
    own_answer: bool = True


def exercise_screen(
    report: ExerciseReport, texts: Mapping[str, str], around: Surroundings, style: Style
) -> list[str]:
    """The whole screen. `texts` are the answer's sources by their names."""
    lines = ["", *_headline(report, style), ""]
    if report.status == "error":
        return [*lines, *_error(report, texts, around, style)]
    lines.extend(_checks(report, style))
    lines.append("")
    if report.status == "pass":
        return [*lines, *_passed(report, around, style)]
    failed = first_failure(report)
    if failed is not None:
        lines.extend(_failure(failed, report.findings, texts, style))
    return [*lines, *_next_commands(report, around, style)]


def first_failure(report: ExerciseReport) -> CheckResult | None:
    """The check to speak of: the first that fails, or else the first that cannot tell."""
    for status in ("fail", "cannot-tell"):
        for check in report.checks:
            if check.status == status:
                return check
    return None


def _headline(report: ExerciseReport, style: Style) -> list[str]:
    marks = style.marks
    plain = f"{report.exercise} {marks.dot} {report.title}"
    left = f"{style.strong(report.exercise)} {marks.dot} {style.strong(report.title)}"
    words = {"pass": "passed", "fail": "not yet", "error": "cannot be read"}
    result = words[report.status]
    if report.status != "error":
        result += f", {report.points} of {report.max_points} points"
    # These count in no points: "4 of 4" would read like all of it.
    if unknown := sum(check.status == "cannot-tell" for check in report.checks):
        result += f", {unknown} open"
    mark, paint = (marks.good, style.good) if report.status == "pass" else (marks.bad, style.bad)
    taken = columns(plain) + columns(result) + 2
    verdict = paint(f"{mark} {result}")
    if taken + 2 > style.width:
        return [left, verdict]
    return [spread(left, verdict, style, taken)]


def _checks(report: ExerciseReport, style: Style) -> list[str]:
    lines = []
    for check in report.checks:
        mark, score = _mark(check, style), _score(check)
        room = style.width - len(_INDENT) - 2 - 13
        rows = hang(f"{_INDENT}{mark} ", len(_INDENT) + 2, check.title, room + len(_INDENT) + 2)
        taken = len(_INDENT) + 2 + columns(wrap(check.title, room)[0]) + len(score)
        rows[0] = spread(rows[0], style.faint(score), style, taken)
        lines.extend(rows)
    return lines


def _mark(check: CheckResult, style: Style) -> str:
    if check.status == "pass":
        return style.good(style.marks.good)
    if check.status == "fail":
        return style.bad(style.marks.bad)
    if check.status == "cannot-tell":
        return style.warning(style.marks.unknown)
    return style.faint(style.marks.waiting)


def _score(check: CheckResult) -> str:
    if check.status == "not-reached":
        return "not reached"
    if check.status == "cannot-tell":
        return "cannot tell"
    if check.mode == "live":
        return "live"
    return f"{check.points if check.status == 'pass' else 0}/{check.max_points}"


def _failure(
    check: CheckResult, findings: Sequence[Finding], texts: Mapping[str, str], style: Style
) -> list[str]:
    lines = hang(f"{_mark(check, style)} ", 2, check.message or check.title, style.width)
    location = check.location or _place_of_death(check)
    if location is not None:
        lines += ["", *_indented(excerpt(texts, location, _inner(style)))]
    if check.trace is not None:
        lines += [
            "",
            style.strong(f"The packet's way to {check.trace.target} ({check.trace.protocol})"),
            "",
        ]
        lines += draw_way(check.trace, style)
        if check.trace.verdict == "intermittent":
            lines += ["", *endpoint_lines(check.trace, style)]
    if check.why:
        lines += ["", *_told("Why", check.why, style)]
    if check.misconception is not None:
        lines += ["", *_misconception(check.misconception, style)]
    if check.fix:
        lines += ["", *_told("Next", check.fix, style)]
    return [*lines, ""]


def _place_of_death(check: CheckResult) -> Location | None:
    for hop in check.trace.hops if check.trace else ():
        if hop.status != "pass" and hop.location is not None:
            return hop.location
    return None


def _misconception(told: ToldMisconception, style: Style) -> list[str]:
    lines = _told("You may believe", told.believes, style)
    lines += _told("In fact", told.truth, style)
    if told.chapter:
        lines += wrap(f"Read chapter {told.chapter}.", style.width, _INDENT)
    return lines


def _told(label: str, text: str, style: Style) -> list[str]:
    """A labelled paragraph: the label bold above, the text indented below."""
    return [style.strong(label), *render(text, style, _INDENT)]


def _error(
    report: ExerciseReport, texts: Mapping[str, str], around: Surroundings, style: Style
) -> list[str]:
    lines = hang(f"{style.bad(style.marks.bad)} ", 2, report.error or "", style.width)
    if report.error_location is not None:
        lines += ["", *_indented(excerpt(texts, report.error_location, _inner(style)))]
    return [*lines, "", *_next_commands(report, around, style)]


def _passed(report: ExerciseReport, around: Surroundings, style: Style) -> list[str]:
    lines = []
    traces = [check.trace for check in report.checks if check.trace is not None]
    if traces:
        trace = traces[-1]
        lines += [style.strong(f"The packet's way to {trace.target} ({trace.protocol})"), ""]
        lines += [*draw_way(trace, style), ""]
    if around.works:
        lines += [*_told("Why it works", around.works, style), ""]
    if around.other_ways:
        lines.append(style.strong("Other right ways"))
        for way in around.other_ways:
            lines += hang(f"{_INDENT}{style.marks.dot} ", 4, " ".join(way.split()), style.width)
        lines.append("")
    commands = [("solution", f"{around.command} solution {report.exercise}")]
    if around.next_exercise:
        commands.insert(0, ("next", f"{around.command} {around.next_exercise}"))
    else:
        lines += [style.good("That was the last exercise."), ""]
    return [*lines, *command_lines(commands, style)]


def _next_commands(report: ExerciseReport, around: Surroundings, style: Style) -> list[str]:
    commands = []
    if around.own_answer:
        if around.files:
            commands += labelled("edit", around.files)
        if around.readme:
            commands.append(("task", around.readme))
        commands.append(("check again", f"{around.command} {report.exercise}"))
    commands.append(("a hint", f"{around.command} hint {report.exercise}"))
    return command_lines(commands, style)


def _indented(lines: Sequence[str]) -> list[str]:
    return [_INDENT + line for line in lines]


def _inner(style: Style) -> Style:
    return style._replace(width=style.width - len(_INDENT))
