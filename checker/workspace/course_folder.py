"""The course folder: where the exercises lie, what each holds, where the learner's work goes.

Looked for in this order: CHECKER_COURSE, the current folder and those above it, the checkout that
this package lies in, and last the course packed in the wheel, which can be read but not worked in.
"""

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from checker.workspace.errors import FolderError, InputError
from checker.workspace.input_files import read_file

COURSE_VARIABLE = "CHECKER_COURSE"
EXERCISE_FILE = "exercise.toml"

#: What of an exercise's folder belongs to the course; the rest is the learner's.
COURSE_PARTS = ("README.md", EXERCISE_FILE, "start", "given", "cases")


class ExerciseFolder(NamedTuple):
    """One exercise's folder in `exercises/`."""

    name: str
    path: Path

    @property
    def answer(self) -> Path:
        """Where the learner works."""
        return self.path / "answer"

    @property
    def backups(self) -> Path:
        """Where `reset` keeps what it replaces."""
        return self.path / "backups"

    def toml(self) -> str:
        """The text of `exercise.toml`. Raises FolderError."""
        return _course_text(self.path / EXERCISE_FILE)

    def files(self) -> dict[str, str]:
        """The course's texts by their path in this folder, as `start/web.yaml`."""
        texts = {}
        for part in COURSE_PARTS:
            if part != EXERCISE_FILE:
                texts.update(_texts(self.path / part, part))
        return texts


class CourseFolder(NamedTuple):
    """A course. A `packed` one lies in the installed package: an upgrade deletes what is in it."""

    path: Path
    packed: bool = False

    def exercises(self) -> list[ExerciseFolder]:
        """All exercises in their order: exercise2 before exercise10."""
        folder = self.path / "exercises"
        try:
            names = [entry.name for entry in folder.iterdir() if (entry / EXERCISE_FILE).is_file()]
        except OSError:
            return []
        return [ExerciseFolder(name, folder / name) for name in sorted(names, key=number_last)]

    def exercise(self, name: str) -> ExerciseFolder | None:
        """The exercise of exactly this name."""
        path = self.path / "exercises" / name
        return ExerciseFolder(name, path) if (path / EXERCISE_FILE).is_file() else None

    def solution(self, name: str) -> dict[str, str]:
        """The solution's texts by their path in `solutions/NAME/`, alternatives included."""
        return _texts(self.path / "solutions" / name, "", deep=True)

    def wrong_answers(self, name: str) -> dict[str, str]:
        """The texts of `tests/wrong_answers/NAME/` by file name; only a checkout has them."""
        return _texts(self.path / "tests" / "wrong_answers" / name, "")


def number_last(name: str) -> tuple[str, int]:
    """A key that sorts `exercise2` before `exercise10`."""
    match = re.fullmatch(r"(.*?)([0-9]{0,9})", name)
    if match is None:
        return name, 0
    return match[1], int(match[2] or 0)


def find_course(start: Path | None = None) -> CourseFolder:
    """The course folder to use from `start` (the current folder). Raises InputError."""
    named = os.environ.get(COURSE_VARIABLE)
    if named:
        if _is_course(Path(named)):
            return CourseFolder(Path(named))
        raise InputError(f"holds no exercises ({COURSE_VARIABLE} names it)", named)
    try:
        here = start or Path.cwd()
    except OSError:
        # The current folder was deleted under us.
        here = Path("/")
    for folder in (here, *here.parents):
        if _is_course(folder):
            return CourseFolder(folder)
    if (checkout := checkout_course()) is not None:
        return checkout
    if (packed := packed_course()) is not None:
        return packed
    raise InputError(
        "holds no exercises, nor does any folder above it: go to your course folder, or make "
        "one with `python -m checker init DIR`",
        str(here),
    )


def checkout_course() -> CourseFolder | None:
    """The checkout that this package runs from, if it runs from one."""
    folder = Path(__file__).resolve().parents[2]
    return CourseFolder(folder) if _is_course(folder) else None


def packed_course() -> CourseFolder | None:
    """The course in an installed package: for reading, as an upgrade would delete one's work."""
    folder = Path(__file__).resolve().parents[1] / "packed"
    return CourseFolder(folder, packed=True) if _is_course(folder) else None


def _is_course(folder: Path) -> bool:
    """Whether `folder/exercises` holds an exercise: any folder may be called `exercises`."""
    try:
        with os.scandir(folder / "exercises") as entries:
            return any((Path(entry.path) / EXERCISE_FILE).is_file() for entry in entries)
    except OSError:
        return False


def _texts(path: Path, name: str, *, deep: bool = False) -> dict[str, str]:
    """The texts at `path` (a file, or a folder's files), by name; nothing if it is not there."""
    if path.is_file():
        return {name: _course_text(path)}
    texts: dict[str, str] = {}
    if path.is_dir():
        for entry in sorted(path.iterdir()):
            if entry.is_file() or deep:
                texts.update(
                    _texts(entry, f"{name}/{entry.name}" if name else entry.name, deep=deep)
                )
    return texts


def _course_text(path: Path) -> str:
    try:
        return read_file(path)
    except InputError as error:
        raise FolderError(f"the course is damaged: {error.message}") from error


def answer_names(folder: Path) -> list[str]:
    """The names of the files in an answer's folder, for telling what was found instead."""
    try:
        return sorted(entry.name for entry in folder.iterdir() if entry.is_file())
    except OSError:
        return []


def shown(path: Path) -> str:
    """The path as people are shown it: relative where it lies below the current folder."""
    with suppress(ValueError, OSError):
        return str(path.resolve().relative_to(Path.cwd().resolve()))
    return str(path)
