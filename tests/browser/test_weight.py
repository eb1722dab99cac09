"""What a page weighs before Python starts: under a megabyte, compressed as `make serve` does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("machine")]

#: Bytes that came over the wire for the page and all that it asked for.
WEIGHT = """() => [performance.getEntriesByType("navigation")[0],
  ...performance.getEntriesByType("resource")]
  .reduce((sum, { transferSize }) => sum + transferSize, 0)"""
#: The worker and what it fetches.
PYTHON = "**/{worker.js,python.zip,memory.bin,pyodide*}"


def test_every_page_is_lighter_than_a_megabyte(
    chromium: Browser, address: str, lively_site: Path
) -> None:
    weights = {}
    for path in sorted(lively_site.rglob("*.html")):
        name = path.relative_to(lively_site).as_posix()
        if name.startswith("_static/"):
            continue
        # Nothing is in the cache of a new context.
        context = chromium.new_context(base_url=address)
        page = context.new_page()
        page.route(PYTHON, lambda route: route.abort())
        page.goto(name, wait_until="networkidle")
        weights[name] = page.evaluate(WEIGHT)
        context.close()
    assert min(weights.values()) > 10_000, "what came is measured"
    assert {name: weight for name, weight in weights.items() if weight >= 1_000_000} == {}
