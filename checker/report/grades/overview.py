"""`index.html`: the grades, and what the class has misunderstood."""

from __future__ import annotations

from collections.abc import Iterator

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
    yield '<div class="scroll" tabindex="0" role="region" aria-label="Grades">\n<table>\n'
    yield f"{_head(grades)}\n"
    for learner in grades.learners:
        yield f"{_row(learner, grades.max_points)}\n"
    yield "</table>\n</div>\n"
    if grades.tally.odd:
        yield from _problems(grades)
    yield page_end(version)


def _beliefs(grades: ClassGrades, book: Book) -> Iterator[str]:
    yield "<h2>What the class believes</h2>\n"
    beliefs = grades.tally.beliefs
    if not beliefs:
        yield "<p>No answer shows a misconception.</p>\n"
        return
    yield '<div class="scroll" tabindex="0" role="region" aria-label="What the class believes">\n'
    yield (
        '<table>\n<tr><th class="n" scope="col">Learners</th><th scope="col">They seem to believe'
        '</th><th scope="col">In fact</th><th scope="col">Read</th>'
        '<th scope="col">Exercise</th></tr>\n'
    )
    for belief in beliefs:
        yield f"{_belief(belief, grades.tally.learners, book)}\n"
    yield "</table>\n</div>\n"


def _belief(belief: Belief, learners: int, book: Book) -> str:
    return (
        f'<tr><td class="n">{len(belief.learners)} of {learners}</td>'
        f"<td>{prose(belief.believes)}</td>"
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
