"""Every rule: its examples do what they say, its texts are whole, its page is there."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from checker.advice import Rule, explain, rules
from checker.advice.rule import is_rule, rule_ids
from checker.api import admit
from checker.api.texts import DEFAULTS
from checker.manifests import Source, read
from tests.advice.linting import found, lint

RULES = [rule for rule in rules() if is_rule(rule.id)]
TABLES = {
    rule.id: tomllib.loads(
        (files("checker.advice") / "rules" / f"{rule.id}.toml").read_text(encoding="utf-8")
    )
    for rule in RULES
}


def by_id(rule: Rule) -> str:
    return rule.id


@pytest.mark.parametrize("rule", RULES, ids=by_id)
def test_bad_example_gives_this_rule_alone_on_its_line(rule: Rule) -> None:
    found = lint(rule.bad)
    assert {one.rule for one in found} == {rule.id}, found
    line = next(n for n, text in enumerate(rule.bad.splitlines(), 1) if text.endswith("# here"))
    examples = TABLES[rule.id]["examples"]
    assert (line, examples["field"]) in {
        (one.location and one.location.line, one.field) for one in found
    }, found


@pytest.mark.parametrize("rule", RULES, ids=by_id)
def test_good_example_gives_none(rule: Rule) -> None:
    assert lint(rule.good) == []


@pytest.mark.parametrize("rule", RULES, ids=by_id)
def test_a_check_that_is_not_asked_would_have_found_nothing(rule: Rule) -> None:
    """`lint` asks the checks about kinds that the input has; `found` asks them all."""
    for text in (rule.bad, rule.good, *rule.bad.split("---\n")):
        asked = {(one.rule, one.field) for one in lint(text)}
        assert {(one.rule, one.field) for one in found(text)} == asked


@pytest.mark.parametrize("rule", RULES, ids=by_id)
def test_texts_are_whole(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.id)
    assert not rule.id.startswith("api-")
    assert rule.severity in ("error", "warning", "note")
    for text in (rule.what, rule.why, rule.fix):
        assert text.rstrip(")").endswith("."), text
        assert "{" not in text, "placeholders belong to the cases"
    assert not rule.title.endswith(".")
    assert rule.url.startswith("https://")
    for case, said in TABLES[rule.id]["says"].items():
        assert set(said) <= {"message", "severity", "why", "fix"}, case
        assert said.get("severity", "note") in ("error", "warning", "note")
        assert not said["message"].endswith(".")


def test_rule_ids_are_unique_and_explained() -> None:
    ids = [rule.id for rule in rules()]
    assert len(set(ids)) == len(ids)
    assert set(rule_ids()) <= set(ids)
    for rule in rules():
        assert explain(rule.id) == rule
    assert explain("no-such-rule") is None


API_RULES = [rule for rule in rules() if rule.id not in TABLES]


def test_every_rule_of_admission_is_explained() -> None:
    """`checker.api.texts` has a why and a fix for each; nothing else is missing or left over."""
    assert {rule.id for rule in API_RULES} == set(DEFAULTS)


@pytest.mark.parametrize("rule", [one for one in API_RULES if one.bad], ids=by_id)
def test_examples_of_admission(rule: Rule) -> None:
    found = admit(read([Source("bad.yaml", rule.bad)]).manifests).findings
    kinds = {(one.rule, one.severity, one.source) for one in found}
    assert (rule.id, rule.severity, rule.source) in kinds
    # A custom resource's wrong type keeps other rules from being asked, which is an error, too.
    assert len(kinds) == (2 if rule.id == "api-type-invalid" else 1)
    assert admit(read([Source("good.yaml", rule.good)]).manifests).findings == []


def test_every_page_is_a_chapter() -> None:
    for rule in rules():
        assert re.fullmatch(r"chapters/\d\d-[a-z-]+", rule.page), rule.id


def test_every_page_is_in_the_book() -> None:
    book = Path(__file__).parents[2] / "book"
    for page in {rule.page for rule in rules()}:
        assert any((book / f"{page}.{ending}").is_file() for ending in ("md", "ipynb")), page
