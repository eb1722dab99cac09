"""A class's report as a file in a browser: it follows the class, and nobody loses their place."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.classroom import make_class
from tests.course.repository import ROOT, names

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("machine")]

PATIENCE = 60_000
RIGHT = (ROOT / "solutions/exercise3/web.yaml").read_text(encoding="utf-8")


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Path]:
    """The report of a class that is watched."""
    hand_ins, report = tmp_path / "class", tmp_path / "report"
    make_class(hand_ins, 60, names())
    command = [sys.executable, "-m", "checker", "grade", hand_ins, "--out", report, "--watch"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + PATIENCE / 1000
        while not (report / "version.js").exists():
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield report
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE / 1000) == 0


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 700, "height": 500})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    yield page
    context.close()


def test_the_page_follows_and_keeps_its_place(watched: Path, page: Page) -> None:
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("console", lambda told: failures.append(told.text) if told.type == "error" else None)
    page.goto((watched / "index.html").as_uri())
    page.evaluate("scrollTo(0, 900)")
    page.evaluate("[...document.querySelectorAll('.scroll')].at(-1).scrollLeft = 150")
    first = page.evaluate("document.documentElement.dataset.version")
    (watched.parent / "class/zoe").mkdir()
    (watched.parent / "class/zoe/exercise3.yaml").write_text(RIGHT)
    page.wait_for_function(
        "before => document.documentElement.dataset.version !== before", arg=first
    )
    page.get_by_role("link", name="zoe").wait_for(state="attached")
    page.wait_for_function("scrollY === 900")
    assert page.evaluate("[...document.querySelectorAll('.scroll')].at(-1).scrollLeft") == 150
    assert failures == []


def test_nothing_but_its_own_script_runs(watched: Path, page: Page) -> None:
    """A page of a class holds names that anybody chose."""
    page.goto((watched / "index.html").as_uri())
    refused = page.evaluate(
        """() => new Promise((done) => {
          document.addEventListener("securitypolicyviolation", () => done(true));
          const script = document.createElement("script");
          script.textContent = "document.title = 'taken over'";
          document.head.append(script);
        })"""
    )
    assert refused
    assert page.title() == "Grades"
