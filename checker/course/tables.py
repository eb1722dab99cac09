"""TOML tables read with types: every complaint names the file and the key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker.course.exercise import ExerciseError

_MISSING: Any = object()


class Table:
    """One TOML table. Each reader takes its key out; `finish` complains about what is left.

    Reading a key that must be there and is not, or that has another type, raises ExerciseError.
    """

    def __init__(self, value: Any, place: str) -> None:
        if not isinstance(value, Mapping):
            raise ExerciseError(f"{place}: a table is needed here, not {_kind(value)}")
        self._left = dict(value)
        self.place = place

    def fail(self, key: str, message: str) -> ExerciseError:
        """An error about `key` of this table, to be raised."""
        return ExerciseError(f"{self.place}{_join(self.place)}{key}: {message}")

    def has(self, key: str) -> bool:
        """Whether `key` is there and not read yet."""
        return key in self._left

    def peek(self, key: str) -> Any:
        """Whatever stands at `key`, without taking it out; None where there is nothing."""
        return self._left.get(key)

    def value(self, key: str, default: Any = _MISSING) -> Any:
        """Whatever stands at `key`."""
        found = self._left.pop(key, default)
        if found is _MISSING:
            raise self.fail(key, "this key is missing")
        return found

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not empty, without blanks around it."""
        found = self.value(key, _MISSING if default is None else default)
        if not isinstance(found, str) or (default is None and not found.strip()):
            raise self.fail(key, f"a text is needed, not {_kind(found)}")
        return " ".join(found.split())

    def paragraphs(self, key: str) -> str:
        """A text that keeps its lines."""
        found = self.value(key)
        if not isinstance(found, str) or not found.strip():
            raise self.fail(key, "a text is needed")
        return found.strip()

    def number(self, key: str, default: int | None = None) -> int:
        """A whole number of 0 or more."""
        found = self.value(key, _MISSING if default is None else default)
        if isinstance(found, bool) or not isinstance(found, int) or found < 0:
            raise self.fail(key, f"a whole number of 0 or more is needed, not {found!r}")
        return found

    def flag(self, key: str, default: bool) -> bool:
        """A truth value."""
        found = self.value(key, default)
        if not isinstance(found, bool):
            raise self.fail(key, f"true or false is needed, not {found!r}")
        return found

    def choice(self, key: str, choices: tuple[str, ...], default: str | None = None) -> Any:
        """One of `choices`."""
        found = self.value(key, _MISSING if default is None else default)
        if found not in choices:
            raise self.fail(key, f"{found!r} is none of {', '.join(choices)}")
        return found

    def values(self, key: str, default: list[Any] | None = None) -> tuple[Any, ...]:
        """A list of anything."""
        found = self.value(key, _MISSING if default is None else default)
        if not isinstance(found, list):
            raise self.fail(key, f"a list is needed, not {_kind(found)}")
        return tuple(found)

    def texts(self, key: str, default: list[str] | None = None) -> tuple[str, ...]:
        """A list of texts, each without blanks around it."""
        found = self.values(key, default)
        if not all(isinstance(item, str) and item.strip() for item in found):
            raise self.fail(key, "a list of texts is needed")
        return tuple(item.strip() for item in found)

    def table(self, key: str) -> Table:
        """The table at `key`, empty where there is none."""
        return Table(self.value(key, {}), f"{self.place}{_join(self.place)}{key}")

    def tables(self, key: str) -> list[Table]:
        """The tables of the list at `key`, empty where there is none."""
        place = f"{self.place}{_join(self.place)}{key}"
        return [
            Table(item, f"{place}[{position}]")
            for position, item in enumerate(self.values(key, []))
        ]

    def left(self) -> tuple[str, ...]:
        """The keys not read yet."""
        return tuple(self._left)

    def rest(self) -> dict[str, Any]:
        """Everything not read yet, for a table whose keys are free."""
        left, self._left = self._left, {}
        return left

    def finish(self) -> None:
        """Raises where a key was not read: it is misspelt or belongs elsewhere."""
        for key in self._left:
            raise self.fail(key, "no such key here")


def _join(place: str) -> str:
    return ": " if place.endswith(".toml") else "."


def _kind(value: Any) -> str:
    names = {dict: "a table", list: "a list", str: "a text", bool: "true or false", int: "a number"}
    return names.get(type(value), type(value).__name__)
