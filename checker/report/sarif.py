"""`lint` as SARIF 2.1.0, as GitHub's code scanning and other viewers take it.

File names are those that the findings carry: relative to the repository, or absolute.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    # For annotations alone: telling of a failure must not need the rooms that failed.
    from checker.advice import Rule
    from checker.api.finding import Finding
    from checker.report.json_format import Failure

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_HOME = "https://github.com/kubernetes-ports/kubernetes-ports"
#: GitHub's names of severities for rules that are about no vulnerability.
_SEVERITIES = {"error": "error", "warning": "warning", "note": "recommendation"}
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")

#: More results than these in a run, and GitHub refuses the log ("SARIF support for code scanning").
_MOST_RESULTS = 25_000

Node = dict[str, Any]


class Suppressed(NamedTuple):
    """A finding that is silenced: `inSource` by an annotation, `external` by a baseline."""

    finding: Finding
    kind: Literal["inSource", "external"]
    reason: str


def sarif_document(
    findings: Sequence[Finding],
    rules: Mapping[str, Rule],
    files: Sequence[str] = (),
    failures: Iterable[Failure] = (),
    suppressed: Sequence[Suppressed] = (),
) -> Node:
    """The log of one run. `rules` holds at least the rules of all findings, by id.

    A finding without a place is put at the beginning of the first of `files`: GitHub refuses a
    log with a result that has none. With `failures` the run counts as not successful. Of more
    findings than GitHub takes the gravest are kept, and a notification says so.
    """
    from checker import KUBERNETES_VERSION, __version__

    notifications = [_notification(failure) for failure in failures]
    invocation: Node = {"executionSuccessful": not notifications}
    every = [*findings, *(one.finding for one in suppressed)]
    if len(every) > _MOST_RESULTS:
        notifications.append(_left_out(len(every)))
        findings = _gravest(findings)
        suppressed = suppressed[: _MOST_RESULTS - len(findings)]
        every = [*findings, *(one.finding for one in suppressed)]
    used = sorted({finding.rule for finding in every})
    index = {rule: position for position, rule in enumerate(used)}
    results = _results(every, index, files)
    for result, one in zip(results[len(findings) :], suppressed, strict=True):
        told = {"kind": one.kind, "status": "accepted", "justification": one.reason}
        result["suppressions"] = [told]
    if notifications:
        invocation["toolExecutionNotifications"] = notifications
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "kubernetes-ports",
                        "version": __version__,
                        "informationUri": _HOME,
                        "rules": [_rule(rule, rules.get(rule)) for rule in used],
                        "properties": {"kubernetesVersion": KUBERNETES_VERSION},
                    }
                },
                "columnKind": "unicodeCodePoints",
                "invocations": [invocation],
                "results": results,
            }
        ],
    }


def _gravest(findings: Sequence[Finding]) -> list[Finding]:
    """As many as GitHub takes, in the order that they had."""
    ranks = ("error", "warning", "note")
    by_rank = sorted(range(len(findings)), key=lambda at: ranks.index(findings[at].severity))
    return [findings[at] for at in sorted(by_rank[:_MOST_RESULTS])]


def _left_out(number: int) -> Node:
    text = f"of {number:,} findings these are the {_MOST_RESULTS:,} gravest; GitHub takes no more"
    return {"level": "warning", "message": {"text": text}}


def _results(
    findings: Sequence[Finding], index: Mapping[str, int], files: Sequence[str]
) -> list[Node]:
    from checker.advice.identity import VERSION, fingerprints
    from checker.report.text.findings import finding_message

    results: list[Node] = []
    for finding, fingerprint in zip(findings, fingerprints(findings), strict=True):
        words = [finding_message(finding), finding.fix and f"Fix: {finding.fix}"]
        place = finding.location or (files[0] if files else "stdin", 1, 1)
        result: Node = {
            "ruleId": finding.rule,
            "ruleIndex": index[finding.rule],
            "level": finding.severity,
            "message": {"text": "\n".join(part for part in words if part)},
            "locations": [_location(*place)],
            "partialFingerprints": {VERSION: fingerprint},
        }
        ref = finding.object
        if ref is not None:
            name = f"{ref.kind}/{ref.namespace}/{ref.name}".replace("//", "/")
            logical = {"name": ref.name, "fullyQualifiedName": name, "kind": "resource"}
            result["locations"][0]["logicalLocations"] = [logical]
        results.append(result)
    return results


def _rule(rule_id: str, rule: Rule | None) -> Node:
    if rule is None:
        return {"id": rule_id}
    example = f"\n\nWrong:\n\n```yaml\n{rule.bad.rstrip()}\n```" if rule.bad else ""
    example += f"\n\nRight:\n\n```yaml\n{rule.good.rstrip()}\n```" if rule.good else ""
    told: Node = {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.what},
        "help": {
            "text": f"{rule.what}\n\nWhy: {rule.why}\n\nFix: {rule.fix}",
            "markdown": f"{rule.what}\n\n**Why:** {rule.why}\n\n**Fix:** {rule.fix}{example}",
        },
        "defaultConfiguration": {"level": rule.severity},
        "properties": {
            "problem.severity": _SEVERITIES[rule.severity],
            "tags": ["kubernetes", "networking", rule.source],
        },
    }
    if rule.url:
        told["helpUri"] = rule.url
    return told


def _notification(failure: Failure) -> Node:
    told: Node = {"level": "error", "message": {"text": failure.message}}
    if failure.file is not None:
        told["locations"] = [_location(failure.file, failure.line or 1, failure.column or 1)]
    return told


def _location(file: str, line: int, column: int) -> Node:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": uri(file)},
            "region": {"startLine": max(1, line), "startColumn": max(1, column)},
        }
    }


def uri(file: str) -> str:
    """A URI reference for a path with `/`: relative for a relative one, else of scheme `file`."""
    path = "".join(
        chr(byte) if byte in _UNRESERVED else f"%{byte:02X}"
        for byte in file.encode("utf-8", "surrogateescape")
    )
    if file.startswith("/"):
        return f"file://{path}"
    if file[1:3] == ":/":
        return f"file:///{path}"
    return path
