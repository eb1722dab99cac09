"""The files of a new exercise, written where nothing is yet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from checker.workspace.atomic import write_text
from checker.workspace.course_folder import shown
from checker.workspace.errors import FolderError, InputError, reason


def write_exercise(course: Path, files: Mapping[str, str]) -> list[Path]:
    """Write `files` (texts by their path in the course); gives their paths.

    Raises InputError where one of the exercise's folders is there already, before anything is
    written, and FolderError where writing fails.
    """
    paths = {course / name: text for name, text in files.items()}
    for name in files:
        # exercises/NAME, solutions/NAME; the wrong answers lie one deeper, below tests/.
        parts = name.split("/")
        folder = course.joinpath(*parts[: 3 if parts[0] == "tests" else 2])
        if folder.exists() or folder.is_symlink():
            raise InputError("is there already; nothing was written", shown(folder))
    for path, text in paths.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FolderError(f"{path.parent} cannot be made: {reason(error)}") from error
        write_text(path, text)
    return list(paths)
