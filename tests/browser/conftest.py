"""The built book in a real browser: Debian's Chromium, no other host than the book's own server.

The book is built once for all tests, with the widget's assets; CHECKER_BOOK may name a folder of
pages that are built already. The machine may be busy, so waits are long; what is measured is in
tests/benchmarks.
"""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).parents[2]
WIDGET = ROOT / "book/_widget"
BUILD_BOOK = "from jupyter_book.cli.main import main; main()"

#: Milliseconds for whatever may need Python to start in the page first.
PATIENCE = 120_000
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)


class Profiles:
    """Browser contexts by their options, kept for the session: what is cached once is warm."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser = browser
        self._options = {"base_url": address, "viewport": {"width": 1280, "height": 900}}
        self._contexts: dict[str, BrowserContext] = {}

    def open(self, options: dict[str, Any]) -> Page:
        """A new page, with nothing of an earlier one in storage."""
        key = repr(options)
        if key not in self._contexts:
            self._contexts[key] = self._browser.new_context(**self._options | options)
            self._contexts[key].set_default_timeout(PATIENCE)
        page = self._contexts[key].new_page()
        if options.get("java_script_enabled", True):
            page.goto("genindex.html")
            page.evaluate("localStorage.clear()")
        return page

    def close(self) -> None:
        for context in self._contexts.values():
            context.close()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "context(**options): options of the browser's context")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; every other host is unknown to it."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (on Debian: apt install chromium)")
    api = pytest.importorskip("playwright.sync_api", reason="playwright drives the browser")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lively_site(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built pages, with the widget."""
    pytest.importorskip("jupyter_book", reason="the book needs the extra `book`")
    if ready := os.environ.get("CHECKER_BOOK"):
        return Path(ready)
    built = _run([sys.executable, str(WIDGET / "build.py")])
    if built.returncode == 3:
        pytest.skip(built.stdout.strip())
    assert built.returncode == 0, built.stdout + built.stderr
    target = tmp_path_factory.mktemp("lively-book")
    command = ["build", "--all", "--path-output", str(target), str(ROOT / "book")]
    result = _run([sys.executable, "-c", BUILD_BOOK, *command])
    assert result.returncode == 0, (result.stdout + result.stderr)[-4000:]
    return target / "_build/html"


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900)


@pytest.fixture(scope="session")
def address(lively_site: Path) -> Iterator[str]:
    """Where the book is served, as `make serve` serves it."""
    serving = runpy.run_path(str(WIDGET / "serve.py"))["server"](lively_site, 0)
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{serving.server_port}/"
    serving.shutdown()


@pytest.fixture(scope="session")
def profiles(chromium: Browser, address: str) -> Iterator[Profiles]:
    kept = Profiles(chromium, address)
    yield kept
    kept.close()


@pytest.fixture
def page(profiles: Profiles, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page with empty storage; options of its context come from the marker `context`.

    Fails where a script fails.
    """
    marker = request.node.get_closest_marker("context")
    opened = profiles.open(marker.kwargs if marker else {})
    failures: list[str] = []
    opened.on("pageerror", lambda error: failures.append(str(error)))
    yield opened
    opened.context.set_offline(False)
    opened.close()
    assert failures == []


@pytest.fixture(scope="session")
def pages(lively_site: Path) -> dict[str, str]:
    """The page that each exercise stands in."""
    found = {}
    for path in sorted(lively_site.rglob("*.html")):
        for part in path.read_text(encoding="utf-8").split('data-exercise="')[1:]:
            found[part.partition('"')[0]] = path.relative_to(lively_site).as_posix()
    return found
