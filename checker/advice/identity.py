"""Which finding is which, from one run to the next: for fingerprints and for baselines.

A finding keeps its identity when lines move, when an entry of a list moves, and when a message is
worded anew: it is known by its file, its rule, its object and its field without list positions.
Findings that are alike in all of these are counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from checker.api.finding import Finding

#: Part of every fingerprint: another way to make them is another version.
VERSION = "checkerFinding/v1"


class Identity(NamedTuple):
    """What a finding is known by. `object` is `Kind/NAMESPACE/NAME`; empty where there is none."""

    file: str
    rule: str
    object: str
    field: str

    def fingerprint(self, occurrence: int) -> str:
        """32 hexadecimal digits for the finding that is the `occurrence`th of this identity."""
        import hashlib

        # Names may hold bytes that are no UTF-8, which Python keeps as lone surrogates.
        parts = "\0".join((*self, str(occurrence))).encode("utf-8", "surrogatepass")
        return hashlib.sha256(parts).hexdigest()[:32]


def identity(finding: Finding) -> Identity:
    """What this finding is known by."""
    ref = finding.object
    return Identity(
        "" if finding.location is None else finding.location.file,
        finding.rule,
        "" if ref is None else f"{ref.kind}/{ref.namespace}/{ref.name}",
        _without_positions(finding.field),
    )


def fingerprints(findings: Iterable[Finding]) -> Iterator[str]:
    """A fingerprint for each finding, all different; alike ones are told apart by their order."""
    seen: Counter[Identity] = Counter()
    for finding in findings:
        known = identity(finding)
        seen[known] += 1
        yield known.fingerprint(seen[known])


def _without_positions(field: str) -> str:
    """`spec.ports[].name` for `spec.ports[3].name`; keys of maps, as in `labels[app]`, stay."""
    first, *rest = field.split("[")
    return "[".join((first, *map(_without_position, rest)))


def _without_position(part: str) -> str:
    """`].name` for `3].name`."""
    position = part.partition("]")[0]
    return part[len(position) :] if position.isdigit() else part
