"""Every exercise in the page: its start fails, wrong answers are told why, its solution passes.

What the page says is what the terminal says, document for document.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Profiles
from tests.browser.widget import COURSE, Widget, exercise_of, solution_of, terminal_report

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("machine")]

NAMES = [folder.name for folder in COURSE.exercises()]


@pytest.fixture(scope="module")
def chapter(profiles: Profiles) -> Iterator[Page]:
    """One page for all exercises: Python need not start anew for each of a chapter."""
    page = profiles.open({})
    yield page
    page.close()


@pytest.mark.parametrize("name", NAMES)
def test_page_says_what_the_terminal_says(
    chapter: Page, pages: dict[str, str], name: str, tmp_path: Path
) -> None:
    if not chapter.url.endswith(pages[name]):
        chapter.goto(pages[name])
    widget = Widget(chapter, f"[data-exercise={name}]")
    file = widget.root.locator(".ports-caption code").inner_text()
    exercise = exercise_of(name)

    assert widget.check() == "fail", "the start is no answer"
    assert widget.report()["points"] < exercise.max_points
    assert widget.button("solution").is_disabled()

    for wrong, text in COURSE.wrong_answers(name).items():
        stated = re.match(r"# fails: (\S+)(?: misconception: (\S+))?", text)
        assert stated, wrong
        widget.write(text)
        assert widget.check() == "fail", wrong
        assert widget.report() == terminal_report(name, file, text, tmp_path), wrong
        # What hangs on an open placement cannot be told, and does not pass either.
        failed = widget.root.locator(
            ":is([data-check-status=fail], [data-check-status=cannot-tell])"
        )
        assert failed.first.get_attribute("data-check") == stated[1], wrong
        told = widget.status.locator("[data-misconception]")
        misconceptions = [told.nth(place) for place in range(told.count())]
        ids = [one.get_attribute("data-misconception") for one in misconceptions]
        expected = [stated[2]] if stated[2] and stated[2] != "none" else []
        assert ids == expected, wrong

    solution = solution_of(name)
    widget.write(solution)
    assert widget.check() == "pass"
    report = widget.report()
    assert report["points"] == report["max_points"] == exercise.max_points
    assert report == terminal_report(name, file, solution, tmp_path)
    assert widget.button("solution").is_enabled()


def test_failing_hop_is_in_the_picture_and_its_line_is_marked(
    page: Page, pages: dict[str, str]
) -> None:
    """Exercise 3 forwards to 8080 where nobody listens: the listener's hop is where it dies."""
    page.goto(pages["exercise3"])
    widget = Widget(page, "[data-exercise=exercise3]")
    widget.check()
    picture = widget.root.locator("svg[role=img]")
    assert picture.locator("title").first.text_content()
    assert picture.locator("desc").text_content()
    assert "refused here" in picture.text_content()
    # The line of targetPort carries a mark, in the text and in the gutter.
    marked = widget.content.locator(".cm-line", has=page.locator(".cm-lintRange-error"))
    assert "targetPort: 8080" in marked.all_inner_texts()[0]
    assert widget.root.locator(".cm-lint-marker-error").count() >= 1


def test_hints_come_one_at_a_time_and_are_remembered(page: Page, pages: dict[str, str]) -> None:
    hints = exercise_of("exercise3").hints
    page.goto(pages["exercise3"])
    widget = Widget(page, "[data-exercise=exercise3]")
    shown = widget.root.locator(".ports-hints li")
    assert shown.count() == 0
    for number in range(1, len(hints) + 1):
        widget.button("hint").click()
        assert shown.count() == number
    assert widget.button("hint").is_disabled()
    page.reload()
    widget = Widget(page, "[data-exercise=exercise3]")
    assert shown.count() == len(hints)


def test_solution_is_shown_after_the_last_hint(page: Page, pages: dict[str, str]) -> None:
    """In the terminal one asks twice; in the page one goes through the hints. Both are counted."""
    page.goto(pages["exercise4"])
    widget = Widget(page, "[data-exercise=exercise4]")
    for _ in exercise_of("exercise4").hints:
        assert widget.button("solution").is_disabled()
        widget.button("hint").click()
    widget.button("solution").click()
    shown = widget.root.locator(".ports-solution pre[aria-label=Solution]")
    shown.wait_for()
    assert shown.inner_text().strip() == solution_of("exercise4").strip()
    kept = json.loads(page.evaluate("localStorage.getItem('kubernetes-ports:progress')"))
    assert kept["exercises"]["exercise4"]["solution_asked"] == 1
    assert kept["exercises"]["exercise4"].get("status") is None


def test_solution_is_shown_after_passing(page: Page, pages: dict[str, str]) -> None:
    page.goto(pages["exercise3"])
    widget = Widget(page, "[data-exercise=exercise3]")
    widget.write(solution_of("exercise3"))
    assert widget.check() == "pass"
    widget.button("solution").click()
    shown = widget.root.locator(".ports-solution pre[aria-label=Solution]")
    shown.wait_for()
    assert shown.inner_text().strip() == solution_of("exercise3").strip()
    page.reload()
    widget = Widget(page, "[data-exercise=exercise3]")
    assert widget.button("solution").is_enabled()
    assert "passed" in widget.root.locator(".exercise-title").inner_text()


@pytest.mark.context(java_script_enabled=False)
def test_without_script_there_is_manifest_and_command(page: Page, pages: dict[str, str]) -> None:
    page.goto(pages["exercise3"])
    text = page.locator("[data-exercise=exercise3]").inner_text()
    assert "targetPort: 8080" in text
    assert "python -m checker exercise3" in text
