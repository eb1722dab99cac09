"""Progress in the browser, and the file that carries it to the terminal and back."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import ROOT
from tests.browser.widget import Widget, solution_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("machine")]


def exported(page: Page) -> dict[str, Any]:
    page.goto("progress.html")
    with page.expect_download() as download:
        page.locator("[data-action=export]").click()
    assert download.value.suggested_filename == "progress.json"
    document: dict[str, Any] = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    return document


def imported(page: Page, file: Path) -> str:
    page.goto("progress.html")
    with page.expect_file_chooser() as chooser:
        page.locator("[data-action=import]").click()
    chooser.value.set_files(file)
    done = page.locator("[data-progress] [role=status][data-status]")
    done.wait_for()
    return done.inner_text()


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course folder of its own, with the exercises of this one."""
    shutil.copytree(
        ROOT / "exercises", tmp_path / "exercises", ignore=shutil.ignore_patterns("answer")
    )
    return tmp_path


def checker(course: Path, *arguments: str) -> dict[str, Any]:
    result = subprocess.run(
        [sys.executable, "-m", "checker", *arguments, "--format", "json"],
        cwd=course,
        capture_output=True,
        text=True,
        timeout=120,
    )
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def test_terminal_reads_what_the_page_exports(
    page: Page, pages: dict[str, str], course: Path
) -> None:
    page.goto(pages["exercise3"])
    widget = Widget(page, "[data-exercise=exercise3]")
    widget.write(solution_of("exercise3"))
    assert widget.check() == "pass"
    widget.write("kind: [")
    assert widget.check() == "error"
    document = exported(page)
    (course / "progress.json").write_text(json.dumps(document), encoding="utf-8")
    listed = {each["name"]: each for each in checker(course, "list")["exercises"]}
    assert listed["exercise3"]["status"] == "pass"
    # And writes on in it.
    checker(course, "exercise4")
    kept = json.loads((course / "progress.json").read_text(encoding="utf-8"))
    assert kept["exercises"]["exercise3"] == document["exercises"]["exercise3"]
    assert kept["exercises"]["exercise4"]["attempts"] == 1


def test_page_reads_what_the_terminal_wrote(
    page: Page, pages: dict[str, str], course: Path
) -> None:
    answer = course / "exercises/exercise3/answer"
    answer.mkdir()
    (answer / "web.yaml").write_text(solution_of("exercise3"), encoding="utf-8")
    assert checker(course, "exercise3")["status"] == "pass"
    assert "1 exercise" in imported(page, course / "progress.json")
    assert "passed" in page.locator("[data-progress-of=exercise3]").inner_text()
    assert page.locator(".ports-total").inner_text().startswith("1 of ")
    page.goto(pages["exercise3"])
    widget = Widget(page, "[data-exercise=exercise3]")
    assert widget.button("solution").is_enabled()
    assert page.locator(".bd-sidebar-primary .ports-done").count() == 1


def test_answers_travel_and_replace_nothing(
    page: Page, pages: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "progress.json"
    answers = {"exercise3": "theirs: 3", "exercise4": "theirs: 4", "other": "no"}
    document = {"schema": "checker/progress/v1", "exercises": {}, "answers": answers}
    file.write_text(json.dumps(document), encoding="utf-8")
    page.goto(pages["exercise3"])
    Widget(page, "[data-exercise=exercise3]").write("mine: 3")
    imported(page, file)
    page.goto(pages["exercise3"])
    assert Widget(page, "[data-exercise=exercise3]").text() == "mine: 3"
    assert Widget(page, "[data-exercise=exercise4]").text() == "theirs: 4"


def test_other_files_are_refused_in_a_sentence(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "progress.json"
    newer = '{"schema": "checker/progress/v2", "exercises": {}}'
    for text in ("", "no json", "[]", "{}", newer, "null"):
        file.write_text(text, encoding="utf-8")
        assert "progress.json" in imported(page, file), text
        said = page.locator("[data-progress] [role=status]")
        assert said.get_attribute("data-status") == "error", text


def test_odd_fields_do_no_harm(page: Page, pages: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "progress.json"
    odd = {"exercise3": None, "exercise4": {"points": "x", "status": 7}, "__proto__": {"a": 1}}
    document = {"schema": "checker/progress/v1", "exercises": odd, "answers": {"exercise3": 5}}
    file.write_text(json.dumps(document), encoding="utf-8")
    imported(page, file)
    page.goto(pages["exercise3"])
    assert Widget(page, "[data-exercise=exercise3]").button("solution").is_disabled()
