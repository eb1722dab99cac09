"""The book as a reader gets it: built without a warning, whole, and from one host."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

from tests.book.conftest import ROOT

pytestmark = [pytest.mark.book, pytest.mark.xdist_group("book")]

#: Attributes by which a page makes the browser fetch something, by element.
FETCHES = {
    "script": ("src",),
    "link": ("href",),
    "img": ("src", "srcset"),
    "source": ("src", "srcset"),
    "iframe": ("src",),
    "object": ("data",),
    "embed": ("src",),
    "audio": ("src",),
    "video": ("src", "poster"),
    "use": ("href", "xlink:href"),
    "image": ("href", "xlink:href"),
}
#: Links that name something and fetch nothing.
RELATIONS = {"canonical", "author", "license", "next", "prev", "search", "index"}


class Page(HTMLParser):
    """What a page links to, what it fetches, and which anchors it has."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.anchors: set[str] = {""}
        self.exercises: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if "data-exercise" in given:
            self.exercises.append(given["data-exercise"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "link" and given.get("rel") in RELATIONS:
            return
        for name in FETCHES.get(tag, ()):
            if given.get(name):
                parts = given[name].split(",") if name == "srcset" else [given[name]]
                self.fetched += [part.split()[0] for part in parts if part.split()]


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {
        path: Page(path) for path in sorted(site.rglob("*.html")) if "_static" not in path.parts
    }


def test_every_page_is_there(pages: dict[Path, Page], site: Path) -> None:
    """What _toc.yml lists is built, and nothing of the source tree is left without a page."""
    names = {path.relative_to(site).with_suffix("").as_posix() for path in pages}
    book = ROOT / "book"
    sources = {
        path.relative_to(book).with_suffix("").as_posix()
        for pattern in ("*.md", "chapters/*", "notebooks/*.ipynb", "reference/*", "teaching/*")
        for path in book.glob(pattern)
        if path.suffix in (".md", ".ipynb") and path.name != "README.md"
    }
    assert sources - names == set()


def test_pages_fetch_from_their_own_host_only(pages: dict[Path, Page], site: Path) -> None:
    foreign = [
        f"{page.path.relative_to(site)}: {address}"
        for page in pages.values()
        for address in page.fetched
        if re.match(r"(?:[a-z]+:)?//", address)
    ]
    assert foreign == []


#: What a style sheet fetches, and what a script loads; addresses that are mere text do not count.
STYLE_LOADS = re.compile(r"(?:url\(\s*['\"]?|@import\s+['\"])((?:https?:)?//[^'\")\s]+)")
SCRIPT_LOADS = re.compile(
    r"(?:import\s*\(|importScripts\s*\(|fetch\s*\(|\bsrc\s*=|\bfrom)\s*"
    r"['\"`]((?:https?:)?//[^'\"`\s]+)"
)


def test_styles_and_scripts_load_from_their_own_host_only(site: Path) -> None:
    foreign = []
    for suffixes, loads in (((".css",), STYLE_LOADS), ((".js", ".mjs"), SCRIPT_LOADS)):
        for path in sorted(path for path in site.rglob("*") if path.suffix in suffixes):
            text = path.read_text(encoding="utf-8", errors="replace")
            foreign += [f"{path.relative_to(site)}: {match}" for match in loads.findall(text)]
    assert foreign == []


def test_every_link_within_the_book_arrives(pages: dict[Path, Page], site: Path) -> None:
    broken = []
    for page in pages.values():
        for link in page.links + page.fetched:
            if re.match(r"[a-z]+:|//", link) or page.path.name in ("search.html", "genindex.html"):
                continue
            address, anchor = urldefrag(link)
            target = (page.path.parent / unquote(address.partition("?")[0])).resolve()
            if not address:
                target = page.path
            if not target.exists():
                broken.append(f"{page.path.relative_to(site)}: {link}")
            elif anchor and target in pages and unquote(anchor) not in pages[target].anchors:
                broken.append(f"{page.path.relative_to(site)}: {link} (no such anchor)")
    assert broken == []


def test_every_exercise_stands_in_one_page(pages: dict[Path, Page]) -> None:
    exercises = {path.parent.name for path in ROOT.glob("exercises/*/exercise.toml")}
    shown = [name for page in pages.values() for name in page.exercises]
    assert sorted(set(shown)) == sorted(exercises)
    assert len(shown) == len(set(shown)), "an exercise has one place, or its progress has two"


def test_an_exercise_shows_its_manifest_and_command_without_script(site: Path) -> None:
    if not (ROOT / "exercises/exercise3/exercise.toml").exists():
        pytest.skip("no exercise3 in this course folder")
    page = next(p for p in site.rglob("*.html") if 'data-exercise="exercise3"' in p.read_text())
    section = re.search(
        r'<section class="exercise" id="exercise3".*?</section>', page.read_text(), re.S
    )
    assert section
    text = re.sub(r"<[^>]+>", "", section[0])
    assert "python -m checker exercise3" in text
    assert "kind: Service" in text


def test_pages_say_in_which_language_they_are_and_name_every_picture(site: Path) -> None:
    for path in site.rglob("*.html"):
        if "_static" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        assert re.search(r'<html[^>]* lang="en"', text), path
        for image in re.findall(r"<img\b[^>]*>", text):
            assert re.search(r'\balt="[^"]', image), f"{path.name}: {image[:200]}"
