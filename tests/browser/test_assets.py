"""What the widget is built from, and what comes out: pinned, whole, from one host."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.browser.conftest import ROOT, WIDGET

HASHED = re.compile(r"(widget|pyodide)-[0-9a-f]{12}")


def test_lock_file_names_no_host() -> None:
    """Packages come from whatever registry npm is set to, each held to its hash."""
    lock = json.loads((WIDGET / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert "resolved" not in entry, name
        assert entry["integrity"].startswith("sha512-"), name


def test_new_assets_have_every_page_written_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that Sphinx leaves as it is would ask for a folder that is no longer there."""
    pytest.importorskip("sphinx", reason="the book needs the extra `book`")
    monkeypatch.syspath_prepend(ROOT / "book/_ext")
    spec = importlib.util.spec_from_file_location("widget", ROOT / "book/_ext/widget.py")
    assert spec is not None
    assert spec.loader is not None
    extension = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(extension)
    monkeypatch.setattr(extension, "assets_folder", lambda: "widget-new")
    env = SimpleNamespace(found_docs={"try", "index"}, ports_assets="widget-old")
    unchanged: set[str] = set()
    assert extension.outdated(None, env, *[unchanged] * 3) == ["index", "try"]
    assert extension.outdated(None, env, *[unchanged] * 3) == []


@pytest.mark.browser
@pytest.mark.xdist_group("machine")
def test_assets_are_whole(lively_site: Path) -> None:
    folders = {path.name for path in (lively_site / "_static").iterdir() if path.is_dir()}
    (widget,) = [name for name in folders if name.startswith("widget-") and HASHED.match(name)]
    (pyodide,) = [name for name in folders if name.startswith("pyodide-") and HASHED.match(name)]
    files = {path.name for path in (lively_site / "_static" / widget).iterdir()}
    assert {
        "main.js",
        "worker.js",
        "widget.css",
        "python.zip",
        "memory.bin",
        "licences.txt",
    } <= files
    licences = (lively_site / "_static" / widget / "licences.txt").read_text(encoding="utf-8")
    for name in ("Kubernetes Ports", "PyYAML", "pyodide", "@codemirror/view", "@lezer/common"):
        assert name in licences
    # No list of packages that Pyodide could fetch from elsewhere.
    lock = (lively_site / "_static" / pyodide / "pyodide-lock.json").read_text(encoding="utf-8")
    assert json.loads(lock)["packages"] == {}
