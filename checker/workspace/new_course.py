"""A course folder made from the course that this package has: exercises, and nothing else.

Solutions stay in the package: a learner asks for them by the command.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from checker.workspace.atomic import write_text
from checker.workspace.course_folder import (
    EXERCISE_FILE,
    CourseFolder,
    checkout_course,
    packed_course,
)
from checker.workspace.errors import FolderError, InputError, reason


def make_course(folder: Path) -> int:
    """Write the exercises into `folder`; gives their number.

    A course folder of an earlier version is brought up to date: answers, backups and progress
    stay. Raises InputError for a folder that holds anything else, FolderError if it cannot be
    written.
    """
    course = packed_course() or checkout_course()
    if course is None:
        raise FolderError("this installation of the checker holds no course")
    if folder.exists():
        if not folder.is_dir():
            raise InputError("is a file; name a folder that does not exist yet", str(folder))
        if not CourseFolder(folder).exercises() and _holds_anything(folder):
            raise InputError(
                "holds other files; name a folder that does not exist yet", str(folder)
            )
        with suppress(OSError):
            if folder.resolve() == course.path.resolve():
                raise InputError("is the course's own checkout: work right there", str(folder))
    exercises = course.exercises()
    for exercise in exercises:
        target = folder / "exercises" / exercise.name
        for name, text in {EXERCISE_FILE: exercise.toml(), **exercise.files()}.items():
            _write(target / name, text)
    return len(exercises)


def _holds_anything(folder: Path) -> bool:
    try:
        return any(folder.iterdir())
    except OSError as error:
        raise FolderError(f"{folder} cannot be read: {reason(error)}") from error


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderError(f"{path.parent} cannot be made: {reason(error)}") from error
    write_text(path, text)
