"""What the book cites of Kubernetes' source is there: file and name, in the release it cites.

The source is not a dependency: where Go's module cache on this machine does not hold it, there is
nothing to compare with.
"""

from __future__ import annotations

import os
import re
import runpy
from pathlib import Path

import pytest

from tests.book.conftest import BOOK
from tests.book.test_manifests import PAGES

RELEASE = str(runpy.run_path(str(BOOK / "_ext" / "sources.py"))["RELEASE"])
CITED = sorted(
    {
        (page, path, symbol)
        for page, text in PAGES.items()
        for path, symbol in re.findall(r"\{src\}`([^:`]+)(?::([^`]+))?`", text)
    }
)


def module_cache() -> Path:
    home = os.environ.get("GOPATH") or str(Path.home() / "go")
    return Path(os.environ.get("GOMODCACHE") or Path(home) / "pkg" / "mod")


def file_of(path: str) -> Path:
    """Where Go keeps a file of the repository; staging holds the modules of k8s.io."""
    staging = re.fullmatch(r"staging/src/k8s\.io/([^/]+)/(.*)", path)
    modules = module_cache() / "k8s.io"
    if staging:
        return modules / f"{staging[1]}@{RELEASE.replace('v1.', 'v0.', 1)}" / staging[2]
    return modules / f"kubernetes@{RELEASE}" / path


def test_cited_source_exists() -> None:
    missing = []
    compared = 0
    for page, path, symbol in CITED:
        file = file_of(path)
        module = next(parent for parent in [file, *file.parents] if "@" in parent.name)
        if not module.exists():
            continue
        compared += 1
        if not file.exists():
            missing.append(f"{page}: {path}")
        elif file.is_file():
            text = file.read_text(encoding="utf-8")
            words = re.findall(r"[A-Za-z_][A-Za-z0-9_]+", symbol)
            missing += [
                f"{page}: {path} holds no {word}"
                for word in words
                if not re.search(rf"\b{word}\b", text)
            ]
    if not compared:
        pytest.skip(f"Go's module cache holds no source of Kubernetes {RELEASE}")
    assert missing == []
