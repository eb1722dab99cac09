"""The exercises of the course, and the pages of the book that they stand in."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from checker.course import Exercise

ROOT = Path(__file__).parents[2]


@cache
def load(name: str) -> Exercise | None:
    """The exercise of that name; None where the course has none."""
    from checker.course import load_exercise
    from checker.workspace.course_folder import CourseFolder

    folder = CourseFolder(ROOT).exercise(name)
    return None if folder is None else load_exercise(name, folder.toml(), folder.files())


@cache
def exercise_pages() -> dict[str, str]:
    """The page (without an ending) that each exercise stands in, in the order of the exercises."""
    found: dict[str, str] = {}
    book = ROOT / "book"
    for path in sorted([*book.glob("*.md"), *book.glob("*/*.md"), *book.glob("*/*.ipynb")]):
        if not path.relative_to(book).as_posix().startswith("_"):
            text = path.read_text(encoding="utf-8")
            page = path.relative_to(book).with_suffix("").as_posix()
            found |= dict.fromkeys(re.findall(r"\{exercise\} (exercise[0-9]+)", text), page)
    return dict(sorted(found.items(), key=lambda item: int(item[0].removeprefix("exercise"))))


@cache
def course() -> list[dict[str, Any]]:
    """The exercises of the course that have a page: name, number, title, summary, page."""
    known = []
    for name, page in exercise_pages().items():
        found = load(name)
        if found is not None:
            known.append(
                {
                    "name": name,
                    "number": found.number,
                    "title": found.title,
                    "summary": found.summary,
                    "href": f"{page}.html#{name}",
                }
            )
    return known
