"""Conditions as TOML tables: one key says which kind, its table says the rest."""

from __future__ import annotations

import re

from checker.course.exercise import (
    AllOf,
    AnswerCondition,
    AnyOf,
    Condition,
    FieldCondition,
    FindingCondition,
    Flow,
    FlowCondition,
    Not,
    ObjectCondition,
    ValueTest,
)
from checker.course.selection import check_path
from checker.course.tables import Table

VERDICTS = (
    "connected",
    "refused",
    "timeout",
    "dns-failure",
    "rejected",
    "intermittent",
    "cannot-tell",
)
PROTOCOLS = ("TCP", "UDP", "SCTP")


def read_condition(table: Table) -> Condition:
    """The condition of a table such as `{field = {object = "Service/web", path = …}}`."""
    condition: Condition | None = None
    for kind, reader in (
        ("field", _field),
        ("finding", _finding),
        ("flow", _flow),
        ("answer", _answer),
        ("object", _object),
    ):
        if table.has(kind):
            condition = reader(table.table(kind))
            break
    else:
        if table.has("all"):
            condition = AllOf(tuple(read_condition(entry) for entry in table.tables("all")))
        elif table.has("any"):
            condition = AnyOf(tuple(read_condition(entry) for entry in table.tables("any")))
        elif table.has("not"):
            condition = Not(read_condition(table.table("not")))
    if condition is None:
        raise table.fail("?", "field, finding, flow, answer, object, all, any or not is needed")
    table.finish()
    return condition


def read_value_test(table: Table) -> ValueTest:
    """The keys of a table that say what a value may be, at least one of them."""
    test = ValueTest(
        equals=table.value("equals", None),
        one_of=table.values("in") if table.has("in") else None,
        matches=expression(table, "matches") or None,
        at_least=_bound(table, "at_least"),
        at_most=_bound(table, "at_most"),
        exists=table.flag("exists", True) if table.has("exists") else None,
        changed=table.flag("changed", True) if table.has("changed") else None,
    )
    if test == ValueTest():
        raise table.fail("?", "equals, in, matches, at_least, at_most, exists or changed is needed")
    return test


def read_flow(table: Table, expect: tuple[str, ...]) -> Flow:
    """A connection; `expect` are the verdicts that are right where the table names none."""
    flow = Flow(
        source=table.text("from"),
        target=table.text("to"),
        protocol=table.choice("protocol", PROTOCOLS, "TCP"),
        expect=table.texts("expect", list(expect)),  # type: ignore[arg-type]  # checked below
    )
    for verdict in flow.expect:
        if verdict not in VERDICTS:
            raise table.fail("expect", f"{verdict!r} is none of {', '.join(VERDICTS)}")
    table.finish()
    return flow


def path(table: Table, key: str, default: str | None = None) -> str:
    """A field path with choices, as `checker.course.selection` has it."""
    text = table.text(key, default)
    complaint = check_path(text)
    if complaint:
        raise table.fail(key, complaint)
    return text


def expression(table: Table, key: str) -> str:
    """A regular expression, empty where there is none."""
    text = table.text(key, "")
    try:
        re.compile(text)
    except re.error as error:
        raise table.fail(key, f"not a regular expression: {error}") from None
    return text


def _bound(table: Table, key: str) -> float | None:
    bound = table.value(key, None)
    if bound is not None and (isinstance(bound, bool) or not isinstance(bound, int | float)):
        raise table.fail(key, f"a number is needed, not {bound!r}")
    return bound


def _field(table: Table) -> FieldCondition:
    condition = FieldCondition(
        object=table.text("object"),
        path=path(table, "path"),
        every=table.flag("every", False),
        written=table.flag("written", False),
        test=read_value_test(table),
    )
    table.finish()
    return condition


def _finding(table: Table) -> FindingCondition:
    condition = FindingCondition(
        rule=expression(table, "rule"),
        object=table.text("object", ""),
        field=expression(table, "field"),
        message=expression(table, "message"),
    )
    table.finish()
    return condition


def _flow(table: Table) -> FlowCondition:
    return FlowCondition(read_flow(table, ("connected",)))


def _answer(table: Table) -> AnswerCondition:
    condition = AnswerCondition(table.text("question"), read_value_test(table))
    table.finish()
    return condition


def _object(table: Table) -> ObjectCondition:
    name = table.text("object")
    least = table.number("at_least", 0)
    most = table.number("at_most") if table.has("at_most") else None
    if table.has("exists"):
        least, most = (1, None) if table.flag("exists", True) else (0, 0)
    if least == 0 and most is None:
        raise table.fail("?", "exists, at_least or at_most is needed")
    table.finish()
    return ObjectCondition(name, least, most)
