"""One exercise in the page, as a learner uses it."""

from __future__ import annotations

import contextlib
import io
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from checker.cli import main
from checker.course import Exercise, load_exercise
from checker.report.page import one_stream
from checker.workspace.course_folder import CourseFolder
from tests.browser.conftest import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

COURSE = CourseFolder(ROOT)


class Widget:
    """The element of one exercise, or of `try`; it waits until its editor is there."""

    def __init__(self, page: Page, selector: str) -> None:
        self.page = page
        self.root = page.locator(selector)
        self.content.wait_for()

    @property
    def content(self) -> Locator:
        return self.root.locator(".cm-content")

    @property
    def status(self) -> Locator:
        return self.root.locator("[role=status]")

    def button(self, action: str) -> Locator:
        return self.root.locator(f"[data-action={action}]")

    def write(self, text: str) -> None:
        """Put `text` in place of everything, as one who selects all and types."""
        self.content.click(position={"x": 5, "y": 5})
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def text(self) -> str:
        return "\n".join(self.content.locator(".cm-line").all_inner_texts())

    def wait(self) -> str:
        """The status once it is no longer `working`."""
        done = self.root.locator("[role=status][data-status]:not([data-status=working])")
        done.wait_for()
        return str(done.get_attribute("data-status"))

    def check(self) -> str:
        self.button("check").click()
        return self.wait()

    def report(self) -> dict[str, Any]:
        """The document of the last check."""
        document: dict[str, Any] = json.loads(str(self.root.get_attribute("data-report")))
        return document


def exercise_of(name: str) -> Exercise:
    folder = COURSE.exercise(name)
    assert folder is not None
    return load_exercise(name, folder.toml(), folder.files())


def solution_of(name: str) -> str:
    """The solution as one text, as an editor holds it."""
    exercise, texts = exercise_of(name), COURSE.solution(name)
    if len(exercise.answer_files) == 1:
        return texts[exercise.answer_files[0]]
    return one_stream(exercise.answer_files, texts)


def terminal_report(name: str, file: str, text: str, folder: Path) -> dict[str, Any]:
    """What `python -m checker` prints as JSON for this answer.

    Its entry is called in this process: starting Python for each of two hundred answers would take
    longer than all else that the browser's tests do.
    """
    (folder / file).write_text(text, encoding="utf-8")
    printed = io.BytesIO()
    with (
        io.TextIOWrapper(printed, encoding="utf-8", write_through=True) as stream,
        contextlib.chdir(folder),
        contextlib.redirect_stdout(stream),
        mock.patch.dict(os.environ, CHECKER_COURSE=str(ROOT)),
    ):
        main([name, "--path", file, "--format", "json"])
        document: dict[str, Any] = json.loads(printed.getvalue())
    return document
