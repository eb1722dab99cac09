"""Field paths as Kubernetes prints them: `spec.ports[0].name`, `spec.selector[app]`.

After `k8s.io/apimachinery/pkg/util/validation/field: Path`. A path is a linked list from the
leaf up, so that making a child is cheap and the text is only built when something is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Step = str | int


class FieldPath:
    """A path to a field, immutable. `FieldPath("spec").child("ports").index(0)`."""

    __slots__ = ("_form", "parent", "step")

    def __init__(self, step: Step, parent: FieldPath | None = None, _form: str = ".") -> None:
        self.step = step
        self.parent = parent
        self._form = _form

    def child(self, *names: str) -> FieldPath:
        """The field `name` of this object, or of its child and so on for several names."""
        path = self
        for name in names:
            path = FieldPath(name, path)
        return path

    def index(self, position: int) -> FieldPath:
        """The element at `position` (from 0) of this list."""
        return FieldPath(position, self, "[")

    def key(self, name: str) -> FieldPath:
        """The entry `name` of this map; prints as `[name]`."""
        return FieldPath(name, self, "[")

    def steps(self) -> tuple[Step, ...]:
        """The keys and indexes to follow from the object's root."""
        return tuple(path.step for path in self._from_root())

    def _from_root(self) -> Iterator[FieldPath]:
        chain = []
        path: FieldPath | None = self
        while path is not None:
            chain.append(path)
            path = path.parent
        return reversed(chain)

    def __str__(self) -> str:
        text = ""
        for path in self._from_root():
            if path._form == "[":
                text += f"[{path.step}]"
            elif text:
                text += f".{path.step}"
            else:
                text = str(path.step)
        return text

    def __repr__(self) -> str:
        return f"FieldPath({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FieldPath) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    @staticmethod
    def parse(text: str) -> FieldPath:
        """Read a printed path back. Numbers in brackets are indexes, all else are keys.

        Raises ValueError for text that is no path.
        """
        path: FieldPath | None = None
        position = 0
        for match in re.finditer(r"\.?([^.\[\]]+)|\[([^\]]*)\]", text):
            if match.start() != position:
                break
            position = match.end()
            name, key = match.groups()
            if name is not None:
                path = FieldPath(name, path)
            elif path is None:
                break
            elif key.isascii() and key.isdigit():
                path = path.index(int(key))
            else:
                path = path.key(key)
        if path is None or position != len(text):
            raise ValueError(f"not a field path: {text!r}")
        return path


def lookup(value: Any, steps: tuple[Step, ...], default: Any = None) -> Any:
    """What stands at `steps` below `value`, or `default` where the way does not exist."""
    for step in steps:
        if not isinstance(value, dict | list):
            return default
        try:
            value = value[step]  # type: ignore[index]  # a text step on a list raises TypeError
        except (KeyError, IndexError, TypeError):
            return default
    return value
