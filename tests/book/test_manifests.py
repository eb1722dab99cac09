"""Every manifest that the book shows is a file, and the checker says of it what is expected."""

from __future__ import annotations

import json
import re
import tomllib

import pytest

from checker.cli import main
from tests.book.conftest import BOOK, ROOT

MANIFESTS = BOOK / "manifests"
EXPECTED: dict[str, list[str]] = tomllib.loads(
    (MANIFESTS / "expected.toml").read_text(encoding="utf-8")
)["rules"]
FILES = sorted(path.relative_to(MANIFESTS).as_posix() for path in MANIFESTS.rglob("*.yaml"))


def pages() -> dict[str, str]:
    """The text of each page's source; a notebook's cells one after another."""
    texts = {}
    for path in sorted([*BOOK.rglob("*.md"), *BOOK.rglob("*.ipynb")]):
        if {"_build", "node_modules", "_widget", "README.md"} & set(path.parts):
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".ipynb":
            cells = json.loads(text)["cells"]
            text = "\n\n".join("".join(cell["source"]) for cell in cells)
        texts[path.relative_to(BOOK).as_posix()] = text
    return texts


PAGES = pages()


@pytest.mark.parametrize("file", FILES)
def test_checker_finds_what_is_expected(
    file: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`expected.toml` lists every error and warning; a file that it does not name has none."""
    monkeypatch.chdir(ROOT)
    main(["lint", "--format", "json", f"book/manifests/{file}"])
    document = json.loads(capsys.readouterr().out)
    assert "error" not in document, document
    told = [finding for finding in document["findings"] if finding["severity"] != "note"]
    assert sorted(finding["rule"] for finding in told) == sorted(EXPECTED.get(file, [])), told


def test_expectations_are_of_files_that_are_there() -> None:
    assert set(EXPECTED) <= set(FILES)


@pytest.mark.parametrize("page", PAGES)
def test_no_manifest_is_pasted_into_a_page(page: str) -> None:
    fence = re.compile(r"^```\{?(?:code-block|code)?\}? ?ya?ml\n(.*?)^```", re.S | re.M)
    for block in fence.findall(PAGES[page]):
        assert not re.search(r"^kind:", block, re.M), f"a manifest in {page}: make it a file"


def test_every_manifest_is_used() -> None:
    everything = "\n".join(PAGES.values())
    assert [file for file in FILES if file not in everything] == []


@pytest.mark.parametrize("page", PAGES)
def test_included_files_are_manifests_or_of_an_exercise(page: str) -> None:
    for name in re.findall(r"^```\{literalinclude\} (\S+)", PAGES[page], re.M):
        path = ((BOOK / page).parent / name).resolve()
        assert path.is_file(), name
        assert path.is_relative_to(MANIFESTS) or path.is_relative_to(ROOT / "exercises"), name
