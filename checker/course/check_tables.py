"""Checks as TOML tables: `kind` says which of the readers below takes the rest."""

from __future__ import annotations

from collections.abc import Callable

from checker.course.condition_tables import PROTOCOLS, read_condition, read_flow
from checker.course.exercise import (
    Accepted,
    Case,
    Check,
    CheckSpec,
    Endpoints,
    Fields,
    FindingsGone,
    Flow,
    Flows,
    Gate,
    Keep,
    KeptObject,
    Matrix,
    NoFlows,
    Predictions,
)
from checker.course.selection import check_path
from checker.course.tables import Table


def read_check(table: Table) -> Check:
    """One entry of `[[checks]]`."""
    kind = table.choice("kind", tuple(_READERS))
    check = Check(
        id=table.text("id"),
        kind=kind,
        title=table.text("title"),
        points=table.number("points"),
        why=table.text("why"),
        fix=table.text("fix"),
        spec=_READERS[kind](table),
    )
    table.finish()
    return check


def _accepted(table: Table) -> Accepted:
    return Accepted(table.flag("strict", True))


def _flow_list(table: Table, expect: tuple[str, ...]) -> tuple[Flow, ...]:
    flows = tuple(read_flow(entry, expect) for entry in table.tables("flows"))
    if not flows:
        raise table.fail("flows", "at least one connection is needed")
    return flows


def _flows(table: Table) -> Flows:
    return Flows(_flow_list(table, ("connected",)))


def _no_flows(table: Table) -> NoFlows:
    return NoFlows(_flow_list(table, ("refused", "timeout", "dns-failure")))


def _endpoints(table: Table) -> Endpoints:
    ports = table.values("ports", [])
    pods = table.table("pods").rest()
    if not all(type(port) is int for port in [*ports, *pods.values()]):
        raise table.fail("ports", "port numbers are needed, in `ports` and in `pods`")
    return Endpoints(
        source=table.text("from"),
        target=table.text("to"),
        protocol=table.choice("protocol", PROTOCOLS, "TCP"),
        ports=ports,
        pods=pods,
        at_least=table.number("at_least", 1),
    )


def _keep(table: Table) -> Keep:
    return Keep(tuple(_kept_object(entry) for entry in table.tables("objects")))


def _kept_object(table: Table) -> KeptObject:
    kept = KeptObject(
        object=table.text("object"),
        fields=_paths(table, "fields"),
        but=_paths(table, "but"),
        exists=table.flag("exists", False),
    )
    if kept.exists and (kept.fields or kept.but):
        raise table.fail("exists", "asks for the object alone, so neither fields nor but fit")
    table.finish()
    return kept


def _paths(table: Table, key: str) -> tuple[str, ...]:
    one = isinstance(table.peek(key), str)
    paths = (table.text(key),) if one else table.texts(key, [])
    for text in paths:
        complaint = check_path(text)
        if complaint:
            raise table.fail(key, complaint)
    return paths


def _fields(table: Table) -> Fields:
    return Fields(
        require=read_condition(table.table("require")),
        object=table.text("object"),
        path=_paths(table, "path"),
        message=table.text("message"),
    )


def _findings_gone(table: Table) -> FindingsGone:
    return FindingsGone(table.texts("rules"))


def _predictions(table: Table) -> Predictions:
    expect = {}
    for question, right in table.table("expect").rest().items():
        expect[question] = tuple(right) if isinstance(right, list) else (right,)
    together = table.has("require")
    if not (expect or together):
        raise table.fail("expect", "the right answers are needed, or a condition as `require`")
    return Predictions(
        expect=expect,
        questions=(*expect, *table.texts("questions", [])),
        require=read_condition(table.table("require")) if together else None,
        message=table.text("message") if together else "",
    )


def _gate(table: Table) -> Gate:
    gate = Gate(tuple(_case(entry) for entry in table.tables("cases")))
    if not gate.cases:
        raise table.fail("cases", "a gate needs cases to judge")
    return gate


def _case(table: Table) -> Case:
    case = Case(table.text("file"), table.flag("bad", False), table.text("about"))
    table.finish()
    return case


def _matrix(table: Table) -> Matrix:
    allowed = set()
    for pair in table.values("allowed"):
        if not (isinstance(pair, list) and len(pair) == 2 and all(type(e) is str for e in pair)):
            raise table.fail("allowed", "pairs of a source and a target are needed")
        allowed.add((pair[0], pair[1]))
    return Matrix(
        sources=table.texts("sources"),
        targets=table.texts("targets"),
        protocol=table.choice("protocol", PROTOCOLS, "TCP"),
        allowed=frozenset(allowed),
    )


_READERS: dict[str, Callable[[Table], CheckSpec]] = {
    "accepted": _accepted,
    "flow": _flows,
    "no-flow": _no_flows,
    "endpoints": _endpoints,
    "keep": _keep,
    "field": _fields,
    "finding-gone": _findings_gone,
    "answers": _predictions,
    "matrix": _matrix,
    "gate": _gate,
}
