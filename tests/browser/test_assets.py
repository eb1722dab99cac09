"""What the widget is built from, and what comes out: pinned, whole, from one host."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.browser.conftest import WIDGET

HASHED = re.compile(r"(widget|pyodide)-[0-9a-f]{12}")


def test_lock_file_names_no_host() -> None:
    """Packages come from whatever registry npm is set to, each held to its hash."""
    lock = json.loads((WIDGET / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert "resolved" not in entry, name
        assert entry["integrity"].startswith("sha512-"), name


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_assets_are_whole(lively_site: Path) -> None:
    folders = {path.name for path in (lively_site / "_static").iterdir() if path.is_dir()}
    (widget,) = [name for name in folders if name.startswith("widget-") and HASHED.match(name)]
    (pyodide,) = [name for name in folders if name.startswith("pyodide-") and HASHED.match(name)]
    files = {path.name for path in (lively_site / "_static" / widget).iterdir()}
    assert {"main.js", "worker.js", "widget.css", "python.zip", "licences.txt"} <= files
    licences = (lively_site / "_static" / widget / "licences.txt").read_text(encoding="utf-8")
    for name in ("Kubernetes Ports", "PyYAML", "pyodide", "@codemirror/view", "@lezer/common"):
        assert name in licences
    # No list of packages that Pyodide could fetch from elsewhere.
    lock = (lively_site / "_static" / pyodide / "pyodide-lock.json").read_text(encoding="utf-8")
    assert json.loads(lock)["packages"] == {}
