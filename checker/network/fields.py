"""Reading stored objects whose shape cannot be relied on: what the API server refuses comes here
too, as far as it could be decoded.

Each function gives the value if it is of the kind asked for, and an empty one otherwise.
"""

from __future__ import annotations

from typing import Any


def mapping(value: Any, *names: str) -> dict[str, Any]:
    """The object at `names` below `value`, `{}` where there is none."""
    for name in names:
        if not isinstance(value, dict):
            return {}
        value = value.get(name)
    return value if isinstance(value, dict) else {}


def items(value: Any, *names: str) -> list[dict[str, Any]]:
    """The list of objects at `names`; what is no object in it is taken as an empty one."""
    *way, last = names
    found = mapping(value, *way).get(last)
    if not isinstance(found, list):
        return []
    return [item if isinstance(item, dict) else {} for item in found]


def texts(value: Any, *names: str) -> list[str]:
    """The list of strings at `names`; numbers become their text."""
    *way, last = names
    found = mapping(value, *way).get(last)
    return [str(item) for item in found] if isinstance(found, list) else []


def text(value: Any, *names: str, default: str = "") -> str:
    """The string at `names`, `default` where there is none or an empty one."""
    *way, last = names
    found = mapping(value, *way).get(last)
    return found if isinstance(found, str) and found else default


def number(value: Any, *names: str, default: int = 0) -> int:
    """The integer at `names`, `default` where there is none."""
    *way, last = names
    found = mapping(value, *way).get(last)
    return found if isinstance(found, int) and not isinstance(found, bool) else default


def flag(value: Any, *names: str, default: bool = False) -> bool:
    """The boolean at `names`, `default` where there is none."""
    *way, last = names
    found = mapping(value, *way).get(last)
    return found if isinstance(found, bool) else default


def labels(value: Any, *names: str) -> dict[str, str]:
    """The map of strings at `names`."""
    return {str(key): str(item) for key, item in mapping(value, *names).items() if item is not None}


def port(value: Any, name: str) -> int | str:
    """An IntOrString; 0 where it is missing."""
    found = value.get(name) if isinstance(value, dict) else None
    if isinstance(found, int | str) and not isinstance(found, bool):
        return found
    return 0
