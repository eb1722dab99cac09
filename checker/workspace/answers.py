"""The learner's own files: made from `start/`, read, reset with a backup."""

import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from checker.manifests import Source
from checker.workspace.atomic import unfinished
from checker.workspace.course_folder import ExerciseFolder, answer_names, shown
from checker.workspace.errors import FolderError, InputError, reason
from checker.workspace.input_files import STANDARD_INPUT, read_file, read_paths


class Answer(NamedTuple):
    """What to grade. `made` is the folder that this run made from `start/`, if it did.

    `unread` names files that lie in the answer's folder while files of the answer are missing.
    """

    sources: list[Source]
    made: Path | None
    unread: tuple[str, ...]


def own_answer(folder: ExerciseFolder, start: Mapping[str, str], names: Sequence[str]) -> Answer:
    """The learner's own answer, made from `start` where there is none yet.

    `start` are texts by their path in the answer's folder; only those in `names` are the answer.

    Raises FolderError where it cannot be made, InputError where a file cannot be read.
    """
    made = make_answer(folder, start)
    return _read_folder(folder.answer, names, made)


def make_answer(folder: ExerciseFolder, start: Mapping[str, str]) -> Path | None:
    """Make the answer's folder where there is none yet; gives it if it was made.

    Raises FolderError where it cannot be made, InputError where something else is in its place.
    """
    # Whether there is anything is asked first: between two questions somebody else may make it.
    if folder.answer.is_symlink() or folder.answer.exists():
        if folder.answer.is_dir():
            return None
        raise InputError("is no folder; move it away and check again", shown(folder.answer))
    _make(folder, start)
    return folder.answer


def answer_at(path: str, names: Sequence[str], stdin: BinaryIO | None) -> Answer:
    """The answer at `path`: one stream (a file or `-`), or a folder's files of these names.

    Raises InputError.
    """
    if path != STANDARD_INPUT and Path(path).is_dir():
        return _read_folder(Path(path), names, None)
    return Answer(read_paths([path], stdin), None, ())


def reset(folder: ExerciseFolder, start: Mapping[str, str]) -> Path | None:
    """Make the answer anew. Gives the backup's path, None where there was nothing to keep.

    Raises FolderError.
    """
    backup = None
    if folder.answer.exists():
        backup = _free_name(folder.backups)
        try:
            folder.backups.mkdir(exist_ok=True)
            folder.answer.rename(backup)
        except OSError as error:
            raise FolderError(
                f"{shown(folder.answer)} cannot be kept aside, so nothing was reset: "
                f"{reason(error)}"
            ) from error
    _make(folder, start)
    return backup


def _read_folder(folder: Path, names: Sequence[str], made: Path | None) -> Answer:
    present = answer_names(folder)
    sources = []
    for name in names:
        file = folder / name
        if name in present or file.is_symlink() or file.exists():
            text = read_file(file)
            sources.append(Source(shown(file) if folder.is_absolute() else str(file), text))
    complete = len(sources) == len(names)
    unread = () if complete else tuple(name for name in present if _is_strange(name, names))
    return Answer(sources, made, unread)


def _is_strange(name: str, names: Sequence[str]) -> bool:
    """Whether a file may be the answer under a wrong name; editors' and our own files are not."""
    return name not in names and name != "README.md" and not name.startswith(".")


def _make(folder: ExerciseFolder, start: Mapping[str, str]) -> None:
    """Make `answer/` in one step: whoever looks sees all of it or nothing."""
    temporary = unfinished(folder.answer)
    try:
        temporary.mkdir()
        for name, text in start.items():
            file = temporary / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="")
        temporary.rename(folder.answer)
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        # Another run may have made it in the meantime.
        if not folder.answer.is_dir():
            raise FolderError(f"{shown(folder.answer)} cannot be made: {reason(error)}") from error


def _free_name(folder: Path) -> Path:
    stamp = time.strftime("%Y-%m-%dT%H-%M-%S")
    path, count = folder / stamp, 1
    while path.exists():
        count += 1
        path = folder / f"{stamp}-{count}"
    return path
