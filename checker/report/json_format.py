"""Results as JSON, in the contract's schemas. `schemas/` describes each for validators."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    # For annotations alone: telling of a failure must not need the rooms that failed.
    from checker.api.finding import Finding, ObjectRef
    from checker.course.result import CheckResult, ExerciseReport
    from checker.manifests import Location
    from checker.network.answer import Matrix, Trace

FINDINGS = "checker/findings/v1"
TRACE = "checker/trace/v1"
MATRIX = "checker/matrix/v1"
REPORT = "checker/report/v1"
COURSE = "checker/course/v1"
HINTS = "checker/hints/v1"
SOLUTION = "checker/solution/v1"
RESET = "checker/reset/v1"
RULE = "checker/rule/v1"
SELF_CHECK = "checker/self-check/v1"
ERROR = "checker/error/v1"

Document = dict[str, Any]


class Failure(NamedTuple):
    """Why there is no result, and where, as far as that is known."""

    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None


def encode(document: Mapping[str, Any], *, ascii_only: bool = False) -> str:
    """The document as text with a line break at its end."""
    return json.dumps(document, indent=2, ensure_ascii=ascii_only) + "\n"


def findings_document(
    findings: "Sequence[Finding]", files: int, objects: int, failure: Failure | None = None
) -> Document:
    """`lint`'s result; with `failure` it holds what could be said all the same."""
    tally = dict.fromkeys(("error", "warning", "note"), 0)
    for finding in findings:
        tally[finding.severity] += 1
    document: Document = {
        "schema": FINDINGS,
        "findings": [finding_document(finding) for finding in findings],
        "summary": {
            "files": files,
            "objects": objects,
            **{f"{severity}s": number for severity, number in tally.items()},
        },
    }
    return _with_error(document, failure)


def finding_document(finding: "Finding") -> Document:
    """One finding."""
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "source": finding.source,
        "object": object_document(finding.object),
        "field": finding.field,
        "message": finding.message,
        "why": finding.why,
        "fix": finding.fix,
        "location": location_document(finding.location),
        "url": finding.url,
    }


def object_document(ref: "ObjectRef | None") -> Document | None:
    """An object's identity; a cluster-scoped one has an empty namespace."""
    if ref is None:
        return None
    return {
        "apiVersion": ref.api_version,
        "kind": ref.kind,
        "namespace": ref.namespace,
        "name": ref.name,
    }


def location_document(location: "Location | None") -> Document | None:
    """A place: file, and line and column from 1."""
    if location is None:
        return None
    return {"file": location.file, "line": location.line, "column": location.column}


def trace_document(trace: "Trace") -> Document:
    """One connection followed."""
    return {
        "schema": TRACE,
        "from": trace.source,
        "to": trace.target,
        "protocol": trace.protocol,
        "verdict": trace.verdict,
        "hops": [
            {
                "stage": hop.stage,
                "status": hop.status,
                "object": object_document(hop.object),
                "field": hop.field,
                "detail": hop.detail,
                "location": location_document(hop.location),
            }
            for hop in trace.hops
        ],
        "endpoints": [endpoint._asdict() for endpoint in trace.endpoints],
    }


def matrix_document(matrix: "Matrix") -> Document:
    """Who reaches whom; equal pods are one row with its members."""
    return {
        "schema": MATRIX,
        "protocol": matrix.protocol,
        "sources": [_axis(axis.name, axis.members) for axis in matrix.sources],
        "targets": [_axis(axis.name, axis.members) for axis in matrix.targets],
        "verdicts": [list(row) for row in matrix.verdicts],
    }


def _axis(name: str, members: Sequence[str]) -> Document:
    return {"name": name, "members": list(members)}


def report_document(report: "ExerciseReport") -> Document:
    """An exercise's result."""
    document: Document = {
        "schema": REPORT,
        "exercise": report.exercise,
        "title": report.title,
        "status": report.status,
        "points": report.points,
        "max_points": report.max_points,
        "checks": [_check(check) for check in report.checks],
        "findings": [finding_document(finding) for finding in report.findings],
    }
    if report.status != "error":
        return document
    place = report.error_location
    failure = Failure(report.error or "", *(place or ()))
    return _with_error(document, failure)


def _check(check: "CheckResult") -> Document:
    told = check.misconception
    return {
        "id": check.id,
        "title": check.title,
        "status": check.status,
        "mode": check.mode,
        "points": check.points if check.status == "pass" else 0,
        "max_points": check.max_points,
        "message": check.message,
        "why": check.why,
        "fix": check.fix,
        "misconception": None if told is None else told._asdict(),
        "location": location_document(check.location),
        "trace": None if check.trace is None else trace_document(check.trace),
    }


def failure_document(schema: str, failure: Failure, asked: str = "") -> Document:
    """The document of `schema` for a command that came to no result.

    `asked` is the exercise, or what else the command was asked for.
    """
    empty: dict[str, Document] = {
        FINDINGS: findings_document([], 0, 0),
        TRACE: {"from": "", "to": "", "protocol": "TCP", "verdict": None}
        | {"hops": [], "endpoints": []},
        MATRIX: {"protocol": "TCP", "sources": [], "targets": [], "verdicts": []},
        REPORT: {"exercise": asked, "title": "", "status": "error", "points": 0, "max_points": 0}
        | {"checks": [], "findings": []},
    }
    return _with_error({"schema": schema, **empty.get(schema, {})}, failure)


def _with_error(document: Document, failure: Failure | None) -> Document:
    if failure is not None:
        place = {"file": failure.file, "line": failure.line, "column": failure.column}
        location = {key: value for key, value in place.items() if value is not None}
        document["error"] = {"message": failure.message, "location": location or None}
    return document
