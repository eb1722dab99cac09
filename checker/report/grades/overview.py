"""`index.html`: the grades, and what the class has misunderstood."""

from __future__ import annotations

from checker.report.grades.document import Belief, ClassGrades, Learner
from checker.report.grades.page import SIGNS, WORDS, name, page, problems, prose, text
from checker.report.text.layout import count


def overview_page(grades: ClassGrades) -> str:
    """The page; it links to the learners' own."""
    learners = grades.learners
    body = ["<h1>Grades</h1>", f"<p>{_summary(grades)}</p>", *_beliefs(grades)]
    body += ["<h2>Grades by exercise</h2>", *_legend(), '<div class="scroll" tabindex="0">']
    body += ["<table>", _head(grades)]
    body += [_row(learner, grades.max_points) for learner in learners]
    body += ["</table>", "</div>", *_problems(grades)]
    return page("Grades", body)


def _summary(grades: ClassGrades) -> str:
    results = [result for one in grades.learners for result in one.results]
    handed = [result for result in results if result["status"] != "missing"]
    passed = sum(result["status"] == "pass" for result in handed)
    return (
        f"{count(len(grades.learners), 'learner')}, "
        f"{count(len(handed), 'answer')}, {passed:,} of them right."
    )


def _beliefs(grades: ClassGrades) -> list[str]:
    beliefs = grades.beliefs()
    lines = ["<h2>What the class believes</h2>"]
    if not beliefs:
        return [*lines, "<p>No answer shows a misconception.</p>"]
    lines += ['<div class="scroll" tabindex="0">', "<table>"]
    lines.append(
        '<tr><th class="n" scope="col">Learners</th><th scope="col">They seem to believe</th>'
        '<th scope="col">In fact</th><th scope="col">Chapter</th><th scope="col">Exercise</th></tr>'
    )
    return [*lines, *map(_belief, beliefs), "</table>", "</div>"]


def _belief(belief: Belief) -> str:
    return (
        f'<tr><td class="n">{len(belief.learners)}</td><td>{prose(belief.believes)}</td>'
        f"<td>{prose(belief.truth)}</td><td>{text(belief.chapter)}</td>"
        f"<td>{text(belief.exercise)}</td></tr>"
    )


def _legend() -> list[str]:
    words = (f'<span class="tag {key}">{SIGNS[key]} {told}</span>' for key, told in WORDS.items())
    return [f"<p>{' '.join(words)}</p>"]


def _head(grades: ClassGrades) -> str:
    cells = (
        f'<th class="n" scope="col" title="{text(one.title)}">'
        f"{text(one.name.removeprefix('exercise'))}</th>"
        for one in grades.exercises
    )
    total = '<th class="n" scope="col">Total</th>'
    return f'<tr><th scope="col">Learner</th>{"".join(cells)}{total}</tr>'


def _row(learner: Learner, most: int) -> str:
    cells = (
        f'<td class="n {result["status"]}" title="{WORDS[result["status"]]}">'
        f"{SIGNS[result['status']]}"
        f"{'' if result['status'] == 'missing' else ' ' + str(result['points'])}</td>"
        for result in learner.results
    )
    link = f'<a href="{text(learner.page)}">{name(learner.name)}</a>'
    total = f'<td class="n">{learner.points} of {most}</td>'
    return f'<tr><th scope="row">{link}</th>{"".join(cells)}{total}</tr>'


def _problems(grades: ClassGrades) -> list[str]:
    lines = problems(grades.notes) if grades.notes else []
    for learner in grades.learners:
        if learner.notes:
            lines.append(f'<p><a href="{text(learner.page)}">{name(learner.name)}</a></p>')
            lines += problems(learner.notes)
    return ["<h2>What was not read</h2>", *lines] if lines else []
