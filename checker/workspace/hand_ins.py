"""What a learner handed in: where in their folder the answers lie, and their texts.

A folder may be a course folder with `exercises/NAME/answer/`, hold folders named like exercises or
single files named like them, or have any of these a level deeper, as a clone or an unpacked archive
has. Nothing is run or unpacked, no link is followed, and every folder ends: what is left out for
that is told.
"""

from __future__ import annotations

import heapq
import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from checker.manifests import Source
from checker.workspace.course_folder import EXERCISE_FILE
from checker.workspace.errors import InputError, reason
from checker.workspace.input_files import SUFFIXES, read_file

#: How many files and folders of one learner are looked at, and how deep.
MOST_ENTRIES = 20_000
#: Of one folder so many, those that are named like exercises first: it leaves some for the others.
MOST_IN_FOLDER = 2_000
DEEPEST = 8
#: What Windows' editor makes of `web.yaml` where endings are hidden.
_SAVED_AS_TEXT = (".yaml.txt", ".yml.txt")
#: An exercise in the middle of a name: people and systems add theirs, `(1)` or `final`.
_LOOSE = re.compile(r"(?<![a-z])(?:exercise|ex)[ _.-]*0*([0-9]{1,9})(?![0-9])")
#: How many files of other names are read where an answer's own are not there.
_MOST_STRANGE = 20
_MOST_STRANGE_TOLD = 5
#: In bytes: far more than an answer needs.
_LARGEST = 256 * 1024
#: How many sentences one learner's folder may cost.
_MOST_PROBLEMS = 20

#: Folders of a course, or of tools, where YAML lies that is nobody's answer.
_SKIPPED = frozenset(
    ("solutions", "wrong_answers", "backups", "start", "given", "cases", "node_modules", "venv")
)
_LEFT_BY_SYSTEMS = frozenset(("__macosx", "__pycache__", "thumbs.db", "desktop.ini"))
#: What may lie hidden beside the learners. Any other folder is a learner's, even `..%2fetc`.
_HIDDEN_FOLDERS = frozenset(
    (".git", ".hg", ".svn", ".github", ".idea", ".vscode", ".cache", ".venv", ".ipynb_checkpoints")
)
_PACKED = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".zst")


#: What a hand-in looks like without reading it, to be compared: a digest, as a class is many.
Look = bytes


class Note(NamedTuple):
    """Something to tell of a file or folder; the path is from the learner's folder, with `/`."""

    file: str
    message: str


class Place(NamedTuple):
    """Where an answer lies: a folder, or one file that holds all of it."""

    path: Path
    name: str
    is_folder: bool


class HandIn(NamedTuple):
    """One learner's answers by exercise, and what was left out."""

    answers: Mapping[str, Place]
    notes: Sequence[Note]


def learners_in(folder: Path, but: Path) -> tuple[list[str], list[Note]]:
    """The names of the learners' folders in order, and what else lies there.

    `but` is a folder that is no learner's. A link is a learner's whose hand-in is not read.
    Raises InputError.
    """
    try:
        with os.scandir(folder) as scan:
            entries = sorted(scan, key=lambda entry: (entry.name.casefold(), entry.name))
    except OSError as error:
        raise InputError(f"cannot be read: {reason(error)}", str(folder)) from error
    except ValueError as error:
        raise InputError("is no path: it holds a NUL character", repr(str(folder))) from error
    names, notes = [], []
    for entry in entries:
        lower = entry.name.lower()
        if lower in _HIDDEN_FOLDERS | _LEFT_BY_SYSTEMS or _same(Path(entry.path), but):
            continue
        if entry.is_dir(follow_symlinks=False) or Path(entry.path).is_dir():
            names.append(entry.name)
        elif not _is_hidden(entry.name):
            notes.append(Note(readable(entry.name), f"is no learner's folder{_packed(entry.name)}"))
    return names, notes


def find_answers(folder: Path, exercises: Sequence[str], but: Path) -> HandIn:
    """The answers in one learner's folder; `exercises` are the course's names. Never raises."""
    if folder.is_symlink():
        return HandIn({}, [Note(".", "is a link, which is not followed")])
    search = _Search(folder, exercises, but)
    search.run()
    return HandIn(search.places, search.notes_to_tell())


def read_answer(
    folder: Path, place: Place, names: Sequence[str]
) -> tuple[list[Source], list[Note]]:
    """The texts of an answer, whose files should have these names. Raises InputError.

    The sources are named by their paths from the learner's `folder`. Where none of the names is
    there, every manifest in its folder is read: it may be the answer under another name.
    """
    if not place.is_folder:
        return [Source(place.name, _read(folder, place.name))], []
    notes = []
    chosen = []
    for name in names:
        if os.path.lexists(place.path / name):
            chosen.append(name)
        elif os.path.lexists(place.path / f"{name}.txt"):
            chosen.append(f"{name}.txt")
            notes.append(Note(place.name, f"has no {name}; read instead: {name}.txt"))
    if not chosen:
        entries = _entries(place.path, MOST_IN_FOLDER, lambda entry: entry.name)
        chosen = [entry.name for entry in entries if _is_manifest(entry)][:_MOST_STRANGE]
        if chosen:
            instead = ", ".join(map(readable, chosen[:5]))
            notes.append(Note(place.name, f"has no {', '.join(names)}; read instead: {instead}"))
    elif len(chosen) < len(names):
        missing = ", ".join(name for name in names if not {name, f"{name}.txt"} & set(chosen))
        notes.append(Note(place.name, f"has no {missing}"))
    paths = [f"{place.name}/{name}" for name in chosen]
    return [Source(readable(path), _read(folder, path)) for path in paths], notes


def look_of(folder: Path, exercises: Sequence[str], but: Path) -> Look:
    """What `find_answers` finds, and times and sizes of the answers' files. Never raises.

    As long as it stays the same, there is nothing new to grade.
    """
    found = find_answers(folder, exercises, but)
    answers = (look for place in found.answers.values() for look in _looks(place))
    # The text of Python's own values: it shows bytes that are no UTF-8, too.
    return sha256(repr((*found.notes, *answers)).encode()).digest()


def _looks(place: Place) -> Iterator[object]:
    yield place.name
    if not place.is_folder:
        yield _status(place.path)
        return
    try:
        entries = _entries(place.path, MOST_IN_FOLDER, lambda entry: entry.name)
    except InputError as error:
        yield what_of(error)
        return
    for entry in entries:
        yield entry.name, _status(Path(entry.path))


def _status(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.lstat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def readable(name: str) -> str:
    """A file name as text: bytes that are no UTF-8 are shown as escapes."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


class _Folder(NamedTuple):
    path: Path
    name: str
    depth: int
    #: The exercise that it, or else a folder above, is named like.
    exercise: str | None
    #: Whether the name has more in it than the exercise.
    loosely: bool = False


class _Search:
    """Breadth first and by name, so that the same folder gives the same answers."""

    def __init__(self, root: Path, exercises: Sequence[str], but: Path) -> None:
        self._root = root
        self._names = _by_key(exercises)
        self._but = but
        self._left = MOST_ENTRIES
        self._waiting = deque([_Folder(root, "", 0, None)])
        self.places: dict[str, Place] = {}
        self.notes: list[Note] = []
        #: What has more in its name than an exercise: an answer if there is no better one.
        self._loose: list[tuple[str, Place]] = []
        #: Folders that are named like an exercise and hold no answer themselves.
        self._bare: dict[str, str] = {}
        #: What there is instead, where there is no answer at all.
        self._strange: list[str] = []

    def run(self) -> None:
        while self._waiting and self._left > 0:
            folder = self._waiting.popleft()
            try:
                entries = _entries(folder.path, MOST_IN_FOLDER + 1, self._rank)
            except InputError as error:
                self.note(folder.name, what_of(error))
                continue
            if len(entries) > MOST_IN_FOLDER:
                told = f"holds very many files; {MOST_IN_FOLDER:,} of them were looked at"
                self.note(folder.name, told)
            self._visit(folder, entries[:MOST_IN_FOLDER])
            self._left -= len(entries)
        if self._waiting:
            told = "holds very many files and folders; only those further up were looked at"
            self.note("", told)
        self._settle()

    def _rank(self, entry: os.DirEntry[str]) -> tuple[bool, bool, str]:
        """What could be an answer comes first, then folders: no flood of files hides them."""
        is_folder = entry.is_dir(follow_symlinks=False)
        known = entry.name in ("answer", EXERCISE_FILE) or self._exercise(entry.name, is_folder)
        return not known, not is_folder, entry.name

    def _settle(self) -> None:
        """Decide what could not be decided before all was seen."""
        for exercise, place in self._loose:
            if exercise not in self.places:
                self.note(place.name, f"is taken for the answer to {exercise}, because of its name")
            self._add(exercise, place)
        for exercise, name in self._bare.items():
            if exercise not in self.places and not any(
                note.file == readable(name) or note.file.startswith(f"{readable(name)}/")
                for note in self.notes
            ):
                self.note(name, "holds no answer: there is no .yaml file in it")
        if not self.places and not self.notes:
            told = "holds no answer: no folder or file in it is named like an exercise"
            there = ", ".join(map(readable, self._strange[:_MOST_STRANGE_TOLD]))
            self.note("", f"{told}; there is {there}" if there else told)

    def _exercise(self, name: str, is_folder: bool) -> str | None:
        """The exercise that a folder or a file is named like; a file by more than a number."""
        stem = name if is_folder else _stem(name)
        return None if stem.isdigit() and not is_folder else self._names.get(_key(stem))

    def _loosely(self, name: str, shown: str) -> str | None:
        """The exercise that is a part of a name, as in `exercise3 (1).yaml`."""
        match = _LOOSE.search(name.lower())
        if match is None:
            return None
        exercise = self._names.get(match[1])
        if exercise is None:
            self.note(shown, "is named like an exercise that the course does not have")
        return exercise

    def _visit(self, folder: _Folder, entries: Sequence[os.DirEntry[str]]) -> None:
        if folder.exercise is not None and self._is_answer(folder, entries):
            return
        for entry in entries:
            name = f"{folder.name}/{entry.name}" if folder.name else entry.name
            if entry.is_symlink():
                self.note(name, "is a link, which is not followed")
            elif entry.is_dir(follow_symlinks=False):
                self._enter(folder, entry, name)
            elif _packed(entry.name):
                self.note(name, f"is not read{_packed(entry.name)}")
            elif _is_manifest(entry):
                self._file(Place(Path(entry.path), name, is_folder=False))

    def _file(self, place: Place) -> None:
        exercise = self._exercise(place.path.name, is_folder=False)
        if exercise is not None:
            self._add(exercise, place)
        elif (loose := self._loosely(_stem(place.path.name), place.name)) is not None:
            self._loose.append((loose, place))
        else:
            self._strange.append(place.name)

    def _is_answer(self, folder: _Folder, entries: Sequence[os.DirEntry[str]]) -> bool:
        """Whether nothing more is to be looked for in a folder that is named like an exercise."""
        exercise = folder.exercise or ""
        for entry in entries:
            if entry.name == "answer" and entry.is_dir(follow_symlinks=False):
                self._take(folder, Place(Path(entry.path), f"{folder.name}/answer", is_folder=True))
                return True
        if any(entry.name == EXERCISE_FILE for entry in entries):
            # A course folder's exercise that was never begun.
            return True
        manifests = [entry.name for entry in entries if _is_manifest(entry)]
        if folder.loosely and any(self._exercise(name, is_folder=False) for name in manifests):
            # `ex1-3` holds several answers.
            return False
        if manifests or folder.name.endswith("/answer"):
            self._take(folder, Place(folder.path, folder.name, is_folder=True))
            return True
        if not folder.path.name.isdigit():
            # A number alone may be anything.
            self._bare.setdefault(exercise, folder.name)
        return False

    def _take(self, folder: _Folder, place: Place) -> None:
        exercise = folder.exercise or ""
        if folder.loosely:
            self._loose.append((exercise, place))
        else:
            self._add(exercise, place)

    def _enter(self, above: _Folder, entry: os.DirEntry[str], name: str) -> None:
        path = Path(entry.path)
        if _is_hidden(entry.name) or _same(path, self._but):
            return
        if entry.name.lower() in _SKIPPED:
            self._strange.append(f"{name} (not looked at)")
            return
        if above.depth + 1 >= DEEPEST:
            self.note(name, f"lies deeper than {DEEPEST} folders and is not looked at")
            return
        exercise = self._exercise(entry.name, is_folder=True)
        loosely = exercise is None and above.exercise is None
        if loosely:
            exercise = self._loosely(entry.name, name)
        elif exercise is None:
            exercise, loosely = above.exercise, above.loosely
        self._waiting.append(_Folder(path, name, above.depth + 1, exercise, loosely))

    def _add(self, exercise: str, place: Place) -> None:
        first = self.places.setdefault(exercise, place)
        if first is not place:
            self.note(
                place.name,
                f"is a second answer to {exercise} and is not read; {readable(first.name)} is",
            )

    def note(self, name: str, message: str) -> None:
        """Keep a sentence; the first for a folder without a name, the root, is for all of it."""
        if len(self.notes) <= _MOST_PROBLEMS:
            self.notes.append(Note(readable(name) or ".", message))

    def notes_to_tell(self) -> list[Note]:
        """The sentences, cut short where there are too many."""
        if len(self.notes) <= _MOST_PROBLEMS:
            return self.notes
        return [*self.notes[:_MOST_PROBLEMS], Note(".", "has more of this kind, not told here")]


def _by_key(exercises: Iterable[str]) -> dict[str, str]:
    return {_key(name): name for name in exercises}


def _key(name: str) -> str:
    """What `exercise3`, `Exercise 03`, `ex_3` and `3` have in common."""
    lower = name.lower().strip()
    match = re.fullmatch(r"(?:exercise|ex)?[ _.-]*0*([0-9]{1,9})", lower)
    return match[1] if match else lower


def _stem(name: str) -> str:
    """A file's name without its ending, and without the one that Notepad adds."""
    if name.lower().endswith(_SAVED_AS_TEXT):
        name = name[: -len(".txt")]
    return os.path.splitext(name)[0]  # noqa: PTH122  # quick, for a flood


def _entries(
    path: Path, most: int, rank: Callable[[os.DirEntry[str]], Any]
) -> list[os.DirEntry[str]]:
    """The first `most` entries by rank, of however many there are. Raises InputError."""
    try:
        with os.scandir(path) as scan:
            return heapq.nsmallest(most, scan, key=rank)
    except OSError as error:
        raise InputError(f"cannot be read: {reason(error)}", str(path)) from error


def _read(folder: Path, name: str) -> str:
    """The text of one file of theirs. Raises InputError, with the name that they know it by."""
    path = folder / name
    try:
        if path.is_symlink():
            raise InputError("is a link, which is not followed", readable(name))
        before = path.stat()
        if before.st_size > _LARGEST:
            told = f"is {before.st_size / 1024:,.0f} KiB large; an answer should be at most 256 KiB"
            raise InputError(told, readable(name))
        text = read_file(path)
        after = path.stat()
    except InputError as error:
        raise InputError(what_of(error), readable(name), error.line) from error
    except OSError as error:
        raise InputError(f"cannot be read: {reason(error)}", readable(name)) from error
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
        raise InputError("changed while it was read; grade again", readable(name))
    return text


def what_of(error: InputError) -> str:
    """What is wrong, without the file's name before it."""
    return error.message.removeprefix(f"{error.file} ")


def _is_manifest(entry: os.DirEntry[str]) -> bool:
    return (
        entry.name.lower().endswith(SUFFIXES + _SAVED_AS_TEXT)
        and not entry.name.startswith(".")
        and not entry.is_dir(follow_symlinks=False)
    )


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name.lower() in _LEFT_BY_SYSTEMS


def _packed(name: str) -> str:
    """What to do where a name is an archive's, else empty."""
    return ": unpack it and grade again" if name.lower().endswith(_PACKED) else ""


def _same(one: Path, other: Path) -> bool:
    try:
        return one.name == other.name and one.samefile(other)
    except OSError:
        return False
