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


def put(learner: Path) -> None:
    learner.mkdir()
    (learner / "exercise3.yaml").write_text(RIGHT, encoding="utf-8")


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Path]:
    """The report of a class that is watched."""
    hand_ins, report = tmp_path / "class", tmp_path / "report"
    make_class(hand_ins, 60, names())
    put(hand_ins / ("x" * 200))
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
    page.evaluate("document.querySelector('details').open = true")
    put(watched.parent / "class/zoe")
    page.wait_for_function(
        "before => document.documentElement.dataset.version !== before", arg=first
    )
    page.get_by_role("link", name="zoe").wait_for(state="attached")
    page.wait_for_function("scrollY === 900")
    assert page.evaluate("[...document.querySelectorAll('.scroll')].at(-1).scrollLeft") == 150
    assert page.evaluate("document.querySelector('details').open")
    assert failures == []


@pytest.mark.parametrize("width", [1280, 390])
def test_everything_has_room(watched: Path, page: Page, width: int) -> None:
    """On a projector and a phone, whatever a learner's folder is called; on paper as well."""
    page.set_viewport_size({"width": width, "height": 800})
    page.goto((watched / "index.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    names = "Math.max(...[...document.querySelectorAll('th[scope=row]')].map(e => e.offsetWidth))"
    assert page.evaluate(names) < width / 2
    beliefs = "document.querySelector('.scroll')"
    assert page.evaluate(f"{beliefs}.scrollWidth <= {beliefs}.clientWidth")
    page.emulate_media(media="print")
    # A sheet of A4, landscape, less its margins, in CSS pixels.
    page.set_viewport_size({"width": 1046, "height": 718})
    assert page.evaluate("document.documentElement.scrollWidth") <= 1046


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
