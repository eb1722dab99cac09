"""Whatever stands in an object, analysis gives findings and never an exception."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.advice import explain
from checker.advice.rule import rule_ids
from tests.advice.linting import lint, said

EXAMPLES = [
    document
    for rule_id in rule_ids()
    for document in yaml.safe_load_all(explain(rule_id).bad)  # type: ignore[union-attr]
]

VALUES = st.sampled_from(
    (
        *(None, True, 0, -1, 80, 8080, 70000, 1 << 70, 1.5),
        *("", "80", "http", "web", "a.b/c[d]", "é\n"),
        *([], {}, [None], [[]], {"": None}, ["web", 1], {"web": {"web": []}}, [{"port": {}}]),
    )
)


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        steps = enumerate(value)
    return [way, *(place for step, below in steps for place in places(below, (*way, step)))]


def put(value: Any, way: tuple[Any, ...], new: Any) -> Any:
    if not way:
        return new
    copy = value.copy()
    copy[way[0]] = put(value[way[0]], way[1:], new)
    return copy


@st.composite
def mutants(draw: st.DrawFn) -> list[Any]:
    objects = draw(st.lists(st.sampled_from(EXAMPLES), min_size=1, max_size=4))
    for _ in range(draw(st.integers(1, 4))):
        index = draw(st.integers(0, len(objects) - 1))
        ways = [way for way in places(objects[index]) if way]
        objects[index] = put(objects[index], draw(st.sampled_from(ways)), draw(VALUES))
    return objects


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutants())
def test_analysis_takes_anything(objects: list[Any]) -> None:
    for one in lint("\n---\n".join(map(json.dumps, objects)), refused=True):
        assert one.message
        assert one.location is not None


@pytest.mark.parametrize("rule_id", rule_ids())
def test_neither_order_nor_files_matter(rule_id: str) -> None:
    """All input is one input: whatever order it comes in, in one file or in several."""
    rule = explain(rule_id)
    assert rule is not None
    documents = rule.bad.split("---\n")
    for texts in (documents, documents[::-1], ["---\n".join(documents[::-1])]):
        assert said(*texts) == said(rule.bad)
