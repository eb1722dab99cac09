"""The field tables of Kubernetes' types, read when a kind is first met.

`checker.api.tables.generate` makes them and says how they are written.
"""

from __future__ import annotations

import json
from typing import Any

from checker.package_data import package_data

_structs: dict[str, dict[str, str]] = {}
_named: dict[str, str] = {}
_read: set[str] = set()


def need(table: str) -> None:
    """Reads the table of one API group, and the core one that all others build on."""
    if table in _read:
        return
    _read.add(table)
    content: dict[str, Any] = json.loads(package_data("checker.api.tables", f"{table}.json"))
    _structs.update(content["structs"])
    _named.update(content["named"])
    need("core")


def fields(struct: str) -> dict[str, str] | None:
    """The fields of `core/v1.Service`, JSON name (after the embedded struct's) to type."""
    return _structs.get(struct)


def plain_type(kind: str) -> str:
    """A type without its pointer, and a named type's underlying one: `core/v1.Protocol` is string.

    Structs stay as they are.
    """
    kind = kind.lstrip("*")
    while kind in _named:
        kind = _named[kind].lstrip("*")
    return kind


def go_name(kind: str) -> str:
    """A type as Go's reflection prints it: packages by their last name, `[]v1.ServicePort`."""
    kind = kind.lstrip("*").replace("byte", "uint8")
    for prefix, opening in (("[]", "[]"), ("map[", "map[")):
        if kind.startswith(prefix):
            if prefix == "[]":
                return "[]" + go_name(kind[2:])
            key, _, element = kind[len(opening) :].partition("]")
            return f"map[{go_name(key)}]{go_name(element)}"
    return kind.rsplit("/", 1)[-1]
