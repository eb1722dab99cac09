"""What a terminal is told of a graded class: how many, what is misunderstood, where to read on."""

from __future__ import annotations

from checker.report.grades.document import ClassGrades
from checker.report.text.layout import command_lines, count, hang
from checker.report.text.style import Style

_MOST_BELIEFS = 5


def class_line(grades: ClassGrades) -> str:
    """The class in one sentence."""
    tally = grades.tally
    answers = count(tally.answers, "answer")
    return f"{count(tally.learners, 'learner')}, {answers}, {tally.passed:,} of them right."


def summary_lines(grades: ClassGrades, index: str, style: Style) -> list[str]:
    """The lines; `index` is the path of the page."""
    lines = [class_line(grades)]
    beliefs = grades.tally.beliefs
    if beliefs:
        lines += ["", style.strong("What the class believes")]
        for belief in beliefs[:_MOST_BELIEFS]:
            lead = f"  {len(belief.learners):>4}  "
            lines += hang(lead, len(lead), f"{belief.believes} ({belief.exercise})", style.width)
    odd = grades.tally.odd
    if odd:
        lines += ["", f"{count(odd, 'thing')} not read or odd: the page says which."]
    return [*lines, "", *command_lines([("open", index)], style)]
