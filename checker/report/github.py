"""`lint` as GitHub's workflow commands, which become annotations beside the lines they are about.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # For annotations alone: telling of a failure must not need the rooms that failed.
    from checker.api.finding import Finding
    from checker.report.json_format import Failure

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def finding_annotations(findings: Sequence[Finding]) -> list[str]:
    """One line a finding, the gravest first: GitHub shows ten of each kind a step, and no more."""
    order = list(_COMMANDS)
    ranked = sorted(findings, key=lambda finding: order.index(finding.severity))
    return [_finding(finding) for finding in ranked]


def failure_annotation(failure: Failure) -> str:
    """The line for a command that came to no result, or for a file that cannot be read."""
    return _annotation(
        "error", (failure.file, failure.line, failure.column), "checker", failure.message
    )


def _finding(finding: Finding) -> str:
    from checker.report.text.findings import finding_message

    parts = [finding_message(finding)]
    if finding.object is not None:
        parts.append(f"in {finding.object}")
    parts += [
        f"{word}: {text}" for word, text in (("why", finding.why), ("fix", finding.fix)) if text
    ]
    place = finding.location or (None, None, None)
    return _annotation(_COMMANDS[finding.severity], place, finding.rule, "\n".join(parts))


def _annotation(
    command: str, place: tuple[str | None, int | None, int | None], title: str, message: str
) -> str:
    given = zip(("file", "line", "col", "title"), (*place, title), strict=True)
    properties = [f"{name}={_property(str(value))}" for name, value in given if value is not None]
    return f"::{command} {','.join(properties)}::{_data(message)}"


def _data(text: str) -> str:
    """As `escapeData` of GitHub's actions/toolkit does it: a line break would end the command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
