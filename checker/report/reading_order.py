"""Findings in the order in which somebody reads the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checker.api.finding import Finding


def in_reading_order(findings: Sequence[Finding], texts: Mapping[str, str]) -> list[Finding]:
    """Findings sorted by file (in the order read), then line; what has no place comes last."""
    order = {name: position for position, name in enumerate(texts)}

    def key(finding: Finding) -> tuple[int, int]:
        if finding.location is None:
            return len(order), 0
        return order.get(finding.location.file, len(order)), finding.location.line

    return sorted(findings, key=key)
