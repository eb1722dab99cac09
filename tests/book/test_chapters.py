"""Each chapter is built like the others, and what points into the book finds its page."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise

import pytest

from checker.advice import rules
from checker.course.chapters import CHAPTERS as TITLES
from tests.book.conftest import ROOT
from tests.book.test_manifests import PAGES

CHAPTERS = sorted(page for page in PAGES if page.startswith("chapters/"))


def headings(page: str) -> list[str]:
    fenced = re.sub(r"^```.*?^```", "", PAGES[page], flags=re.S | re.M)
    return re.findall(r"^## (.+)$", fenced, re.M)


def test_there_are_sixteen() -> None:
    assert [int(page.removeprefix("chapters/")[:2]) for page in CHAPTERS] == list(range(1, 17))


def test_titles_are_those_that_learners_are_sent_to() -> None:
    titles = {
        int(page.removeprefix("chapters/")[:2]): re.findall(r"^# (.+)$", PAGES[page], re.M)[0]
        for page in CHAPTERS
    }
    assert titles == TITLES


def test_exercises_stand_in_the_chapter_that_they_name() -> None:
    stands = {
        name: int(page.removeprefix("chapters/")[:2])
        for page in CHAPTERS
        for name in re.findall(r"\{exercise\} (exercise[0-9]+)", PAGES[page])
    }
    named = {
        path.parent.name: tomllib.loads(path.read_text(encoding="utf-8"))["chapter"]
        for path in ROOT.glob("exercises/*/exercise.toml")
    }
    assert stands == named


@pytest.mark.parametrize("page", CHAPTERS)
def test_chapter_predicts_shows_settles_and_cites(page: str) -> None:
    text = PAGES[page]
    assert ":class: goals" in text
    shown = r"^```\{(?:trace|lint|matrix)\}|^way = trace"
    assert re.search(shown, text[text.index(":class: predict") :], re.M)
    assert ":class: myth" in text or page.startswith(("chapters/07", "chapters/10"))
    assert headings(page)[0] == "Predict"
    assert headings(page)[-1] == "Sources"


@pytest.mark.parametrize("page", CHAPTERS)
def test_headings_do_not_skip_a_level(page: str) -> None:
    fenced = re.sub(r"^```.*?^```", "", PAGES[page], flags=re.S | re.M)
    levels = [len(marks) for marks in re.findall(r"^(#+) ", fenced, re.M)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    for before, after in pairwise(levels):
        assert after <= before + 1


def test_every_rule_points_to_a_page_of_the_book() -> None:
    pages = {page.rpartition(".")[0] for page in PAGES}
    assert {rule.id: rule.page for rule in rules() if rule.page and rule.page not in pages} == {}


def test_audit_has_every_claim_with_verdict_demonstration_and_source() -> None:
    claims = re.split(r"^### ", PAGES["reference/myths.md"], flags=re.M)[1:]
    assert len(claims) == 32
    for claim in claims:
        assert re.search(r"^\*\*(?:Mostly false|False|Partly|True|Half|Outdated)", claim, re.M), (
            claim
        )
        assert re.search(r"^Shown: .*\]\(", claim, re.M), claim
        assert re.search(r"^Source: ", claim, re.M), claim
