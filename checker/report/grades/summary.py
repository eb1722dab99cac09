"""What a terminal is told of a graded class: how many, what is misunderstood, where to read on."""

from __future__ import annotations

from checker.report.grades.document import ClassGrades
from checker.report.text.layout import command_lines, count, hang
from checker.report.text.style import Style

_MOST_BELIEFS = 5


def summary_lines(grades: ClassGrades, index: str, style: Style) -> list[str]:
    """The lines; `index` is the path of the page."""
    handed = [
        result
        for learner in grades.learners
        for result in learner.results
        if result["status"] != "missing"
    ]
    passed = sum(result["status"] == "pass" for result in handed)
    lines = [
        ", ".join(
            (
                count(len(grades.learners), "learner"),
                count(len(handed), "answer"),
                f"{passed:,} of them right.",
            )
        )
    ]
    beliefs = grades.beliefs()
    if beliefs:
        lines += ["", style.strong("What the class believes")]
        for belief in beliefs[:_MOST_BELIEFS]:
            lead = f"  {len(belief.learners):>4}  "
            lines += hang(lead, len(lead), f"{belief.believes} ({belief.exercise})", style.width)
    unread = len(grades.notes) + sum(len(learner.notes) for learner in grades.learners)
    if unread:
        lines += ["", f"{count(unread, 'thing')} not read or odd: the page says which."]
    return [*lines, "", *command_lines([("open", index)], style)]
