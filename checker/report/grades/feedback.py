"""One learner's page: each answer, the first thing wrong with it, and the next step."""

from __future__ import annotations

from collections.abc import Mapping

from checker.course import Exercise
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
from checker.report.json_format import Document

_CHECK_WORDS = {
    "pass": "✓",
    "fail": "✗",
    "not-reached": "– (not reached)",
    "cannot-tell": "? (cannot tell)",
}


def feedback_page(learner: Learner, exercises: Mapping[str, Exercise], book: Book) -> str:
    """The page of a learner; the results are whole, not slim."""
    most = sum(exercise.max_points for exercise in exercises.values())
    body = [
        f"<h1>{name(learner.name)}</h1>",
        f"<p>{learner.points} of {most} points.</p>",
    ]
    missing = []
    for result in learner.results:
        if result["status"] == "missing":
            missing.append(result["exercise"])
        else:
            body += _exercise(result, exercises[result["exercise"]], book)
    if missing:
        body += ["<h2>Not handed in</h2>", f"<p>{text(', '.join(missing))}</p>"]
    if learner.notes:
        body += ["<h2>What was not read</h2>", problems(learner.notes).rstrip()]
    start, end = page_start(f"{learner.name}: feedback"), page_end()
    return "\n".join((f"{start}{body[0]}", *body[1:], end))


def _exercise(result: Document, exercise: Exercise, book: Book) -> list[str]:
    status = result["status"]
    lines = [
        f"<h2>{text(exercise.name)} · {text(exercise.title)}</h2>",
        f'<p><span class="tag {status}">{SIGNS[status]} {WORDS[status]}</span>',
        f"{result['points']} of {result['max_points']} points",
        f'<span class="muted"><code>{name(result["file"])}</code></span></p>',
    ]
    if result["checks"]:
        lines.append('<ul class="checks">')
        lines += [f"<li>{_CHECK_WORDS[how]} {prose(title)}</li>" for title, how in result["checks"]]
        lines.append("</ul>")
    if result["message"]:
        lines.append(f"<p><strong>{prose(result['message'])}</strong>{_place(result)}</p>")
    if result["picture"]:
        lines.append(f"<figure>{result['picture']}</figure>")
    if result["why"]:
        lines.append(f"<p>Why: {prose(result['why'])}</p>")
    lines += _belief(result, book)
    if result["fix"]:
        lines.append(f"<p>Next: {prose(result['fix'])}</p>")
    return lines


def _place(result: Document) -> str:
    place = result["location"]
    if place is None:
        return ""
    return f' <span class="muted"><code>{name(place["file"])}</code>, line {place["line"]}</span>'


def _belief(result: Document, book: Book) -> list[str]:
    if result["told"] is None:
        return []
    believes, truth, chapter = result["told"]
    return [
        f"<p>You may believe: {prose(believes)}</p>",
        f"<p>In fact: {prose(truth)}</p>",
        f"<p>Read chapter {book.link(chapter)}.</p>",
    ]
