"""How warnings leave the server: each once, and not too many of them.

After `k8s.io/apiserver/pkg/endpoints/filters: WithWarningRecorder`.
"""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import category

_TOTAL, _EACH = 4096, 256


def as_sent(warnings: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The fields and lines that arrive: beyond 4096 characters lines are cut, then left out."""
    seen: dict[str, str] = {}
    for field, line in warnings:
        # `NewWarningHeader` refuses control characters; the warning is then not sent.
        if line.isprintable() or not any(category(char) == "Cc" for char in line):
            seen.setdefault(line, field)
    if sum(map(len, seen)) <= _TOTAL:
        return [(field, line) for line, field in seen.items()]
    sent: list[tuple[str, str]] = []
    written = 0
    for line, field in seen.items():
        if written >= _TOTAL:
            break
        written += min(len(line), _EACH)
        sent.append((field, line[:_EACH]))
    return sent
