"""What a learner has done: `progress.json` in the course folder.

    {"schema": "checker/progress/v1",
     "exercises": {"exercise1": {"status": "pass", "points": 10, "max_points": 10, "attempts": 2,
                                 "passed_at": "2026-03-01T10:00:00Z", "hints_shown": 1}}}

The best result counts: an exercise once passed stays passed. Entries and fields that this version
does not know are kept as they are. A file of a newer schema is left alone, a broken one is moved
aside; neither is ever overwritten.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from checker.workspace.atomic import locked, write_text
from checker.workspace.course_folder import shown
from checker.workspace.errors import FolderError, reason

SCHEMA = "checker/progress/v1"
FILE = "progress.json"
_FAMILY = "checker/progress/"


class Progress:
    """The progress of one course folder. `notes` are sentences the learner should read."""

    def __init__(self, folder: Path, *, writable: bool = True) -> None:
        self.path = folder / FILE
        self.notes: list[str] = []
        self._writable = writable
        self._data = self._load()

    def entry(self, exercise: str) -> Entry:
        """What is known about one exercise."""
        return Entry(_exercises(self._data).get(exercise))

    def record_result(self, exercise: str, status: str, points: int, max_points: int) -> None:
        """Keep a check's result. Adds a note instead where it cannot be kept."""

        def change(fields: dict[str, Any]) -> None:
            entry = Entry(fields)
            fields["attempts"] = entry.attempts + 1
            if status == "pass" and not entry.passed:
                fields["passed_at"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            if status == "pass" or not entry.passed:
                fields["status"] = status
                if points * max(entry.max_points, 1) >= entry.points * max(max_points, 1):
                    fields["points"], fields["max_points"] = points, max_points

        self._update(exercise, change)

    def record_hints(self, exercise: str, shown: int) -> None:
        """Keep how many hints were shown."""

        def change(fields: dict[str, Any]) -> None:
            fields["hints_shown"] = max(shown, Entry(fields).hints_shown)

        self._update(exercise, change)

    def record_solution_asked(self, exercise: str) -> None:
        """Keep that the solution was asked for before it was earned."""

        def change(fields: dict[str, Any]) -> None:
            fields["solution_asked"] = Entry(fields).solution_asked + 1

        self._update(exercise, change)

    def _update(self, exercise: str, change: Callable[[dict[str, Any]], None]) -> None:
        if self._writable:
            try:
                with locked(self.path.parent):
                    # Another run may have written since: change what is there now.
                    self._data = self._load()
                    if self._writable:
                        change(_fields(self._data, exercise))
                        write_text(self.path, _encode(self._data))
                        return
            except FolderError as error:
                self._writable = False
                self.notes.append(f"progress is not kept: {error.message}")
        change(_fields(self._data, exercise))

    def _load(self) -> dict[str, Any]:
        empty: dict[str, Any] = {"schema": SCHEMA, "exercises": {}}
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return empty
        except OSError as error:
            self._writable = False
            self.notes.append(
                f"{shown(self.path)} cannot be read, so progress is not kept: {reason(error)}"
            )
            return empty
        except UnicodeDecodeError:
            self._keep_aside("is not UTF-8 text")
            return empty
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            self._keep_aside("is not JSON")
            return empty
        schema = data.get("schema") if isinstance(data, dict) else None
        if isinstance(schema, str) and schema.startswith(_FAMILY) and schema != SCHEMA:
            self._writable = False
            self.notes.append(
                f"{shown(self.path)} was written by another version of the checker ({schema}), "
                "so it is left as it is and this run is not kept; upgrade the checker to use it"
            )
            return empty
        if schema != SCHEMA or not isinstance(data.get("exercises"), dict):
            self._keep_aside(f"does not hold {SCHEMA}")
            return empty
        return data  # type: ignore[no-any-return]  # its schema says what it is

    def _keep_aside(self, why: str) -> None:
        if not self._writable:
            return
        stamp = time.strftime("%Y-%m-%dT%H-%M-%S")
        aside = self.path.with_name(f"progress.broken-{stamp}.json")
        try:
            self.path.rename(aside)
        except FileNotFoundError:
            # Another run has just done it.
            return
        except OSError as error:
            self._writable = False
            self.notes.append(f"{shown(self.path)} {why}, so progress is not kept: {reason(error)}")
        else:
            self.notes.append(f"{shown(self.path)} {why}: kept as {aside.name}, and begun anew")


class Entry:
    """One exercise's progress; whatever is missing or of a wrong type counts as nothing."""

    def __init__(self, fields: object) -> None:
        self._fields: dict[str, Any] = fields if isinstance(fields, dict) else {}

    def _count(self, name: str) -> int:
        value = self._fields.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0

    @property
    def passed(self) -> bool:
        return self._fields.get("status") == "pass"

    @property
    def attempts(self) -> int:
        return self._count("attempts")

    @property
    def points(self) -> int:
        """The points of the best check so far."""
        return self._count("points")

    @property
    def max_points(self) -> int:
        return self._count("max_points")

    @property
    def hints_shown(self) -> int:
        return self._count("hints_shown")

    @property
    def solution_asked(self) -> int:
        return self._count("solution_asked")


def _exercises(data: dict[str, Any]) -> dict[str, Any]:
    exercises: dict[str, Any] = data["exercises"]
    return exercises


def _fields(data: dict[str, Any], exercise: str) -> dict[str, Any]:
    exercises = _exercises(data)
    fields = exercises.get(exercise)
    if not isinstance(fields, dict):
        fields = exercises[exercise] = {}
    return fields


def _encode(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
