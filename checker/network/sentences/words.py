"""Numbers and lists, as sentences have them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def count(number: int, thing: str, things: str = "") -> str:
    """`1 pod`, `2 pods`, `no pod`."""
    if number == 0:
        return f"no {thing}"
    return f"{number} {thing if number == 1 else things or thing + 's'}"


def listed(names: Iterable[Any], most: int = 6) -> str:
    """`a, b and c`, cut short where there are many."""
    words = [str(name) for name in names]
    if len(words) > most:
        words = [*words[:most], f"{len(words) - most} more"]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
