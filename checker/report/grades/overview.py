"""`index.html`: the grades, and what the class has misunderstood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.report.grades.document import Belief, ClassGrades
from checker.report.grades.learner import Learner
from checker.report.grades.page import (
    SIGNS,
    WORDS,
    Book,
    name,
    page_end,
    page_start,
    problems,
    prose,
    text,
)
from checker.report.grades.summary import class_line
from checker.report.text.layout import count

#: So many beliefs are seen at once: what a lesson has time for. The rest is folded.
_FIRST = 10


def overview_page(grades: ClassGrades, book: Book, version: str = "") -> Iterator[str]:
    """The page, line by line; it links to the learners' own.

    With a `version` it looks whether there is a newer one (`following`), and shows that.
    """
    yield page_start("Grades", version)
    yield "<h1>Grades</h1>\n"
    if version:
        command = "<code>grade --watch</code>"
        yield f'<p class="muted">This page follows the class while {command} runs.</p>\n'
    yield f"<p>{text(class_line(grades))}</p>\n"
    yield from _beliefs(grades, book)
    yield "<h2>Grades by exercise</h2>\n"
    yield f"{_legend()}\n"
    yield '<div class="scroll" tabindex="0" role="region" aria-label="Grades">\n'
    yield '<table class="grades">\n'
    yield f"<thead>{_head(grades)}\n{_passed(grades)}</thead>\n<tbody>\n"
    for learner in grades.learners:
        yield f"{_row(learner, grades.max_points)}\n"
    yield "</tbody>\n</table>\n</div>\n"
    if grades.tally.odd:
        yield from _problems(grades)
    yield page_end(version)


def _beliefs(grades: ClassGrades, book: Book) -> Iterator[str]:
    yield "<h2>What the class believes</h2>\n"
    beliefs = grades.tally.beliefs
    if not beliefs:
        yield "<p>No answer shows a misconception.</p>\n"
        return
    yield from _belief_table(beliefs[:_FIRST], grades, book, "What the class believes")
    rest = beliefs[_FIRST:]
    if rest:
        most = len(rest[0].learners)
        told = f"{count(len(rest), 'belief')} more, each of {count(most, 'learner')} at most"
        yield f"<details>\n<summary>{told}</summary>\n"
        yield from _belief_table(rest, grades, book, "What fewer believe")
        yield "</details>\n"


def _belief_table(
    beliefs: Sequence[Belief], grades: ClassGrades, book: Book, label: str
) -> Iterator[str]:
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{label}">\n'
    heads = ("Learners", "They seem to believe", "In fact", "Read", "Exercise")
    cells = "".join(f'<th scope="col">{head}</th>' for head in heads)
    yield f'<table class="beliefs">\n<thead><tr>{cells}</tr></thead>\n<tbody>\n'
    for belief in beliefs:
        yield f"{_belief(belief, grades.tally.learners, book)}\n"
    yield "</tbody>\n</table>\n</div>\n"


def _belief(belief: Belief, learners: int, book: Book) -> str:
    held = len(belief.learners)
    return (
        f'<tr><td class="n">{held} of {learners}'
        f'<span class="bar"><span style="width:{100 * held / learners:.3g}%"></span></span></td>'
        f"<td><strong>{prose(belief.believes)}</strong></td>"
        f"<td>{prose(belief.truth)}</td><td>{book.link(belief.chapter)}</td>"
        f"<td>{text(belief.exercise)}</td></tr>"
    )


def _legend() -> str:
    words = (f'<span class="tag {key}">{SIGNS[key]} {told}</span>' for key, told in WORDS.items())
    return f"<p>{' '.join(words)}</p>"


def _head(grades: ClassGrades) -> str:
    cells = (
        f'<th class="n" scope="col" title="{text(one.title)}">'
        f"{text(one.name.removeprefix('exercise'))}</th>"
        for one in grades.exercises
    )
    total = '<th class="n" scope="col">Total</th>'
    return f'<tr><th scope="col">Learner</th>{total}{"".join(cells)}</tr>'


def _passed(grades: ClassGrades) -> str:
    passed = grades.tally.passed_by_exercise
    cells = (f'<td class="n">{passed[exercise.name]}</td>' for exercise in grades.exercises)
    total = f'<td class="n">{grades.tally.passed:,}</td>'
    return f'<tr><th scope="row">passed by</th>{total}{"".join(cells)}</tr>'


def _row(learner: Learner, most: int) -> str:
    cells = (
        f'<td class="n {result["status"]}" title="{WORDS[result["status"]]}">'
        f"{SIGNS[result['status']]}"
        f"{'' if result['status'] == 'missing' else ' ' + str(result['points'])}</td>"
        for result in learner.results
    )
    link = f'<a href="{text(learner.page)}">{name(learner.name)}</a>'
    total = f'<td class="n">{learner.points} of {most}</td>'
    return f'<tr><th scope="row">{link}</th>{total}{"".join(cells)}</tr>'


def _problems(grades: ClassGrades) -> Iterator[str]:
    yield "<h2>What was not read</h2>\n"
    if grades.notes:
        yield problems(grades.notes)
    for learner in grades.learners:
        if learner.notes:
            yield f'<p><a href="{text(learner.page)}">{name(learner.name)}</a></p>\n'
            yield problems(learner.notes)
