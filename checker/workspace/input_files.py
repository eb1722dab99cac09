"""Paths to sources: files, folders with all that is below them, and `-` for standard input.

Nothing here can block or fill the memory: files are measured before they are read, and only
regular files are opened (a pipe that the shell opened for us, as `/dev/fd/63`, is read like
standard input).
"""

from __future__ import annotations

# Not pathlib: it is a tenth of a short run, and most of the time of walking a large folder.
import os
import stat
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO

from checker.manifests import LIMITS, Source
from checker.workspace.errors import InputError, reason

if TYPE_CHECKING:
    from checker.workspace.excluding import Excluded

#: Endings that make a file in a folder a manifest. A file that is named itself is always read.
SUFFIXES = (".yaml", ".yml", ".json")
#: What some editors begin a UTF-8 file with.
_MARK = b"\xef\xbb\xbf"
STANDARD_INPUT = "-"
STANDARD_INPUT_NAME = "<stdin>"

#: Version control's own files are never manifests, and there are thousands of them.
_SKIPPED_FOLDERS = frozenset({".git", ".hg", ".svn"})


def read_paths(
    paths: Sequence[str],
    stdin: BinaryIO | None,
    unreadable: list[InputError] | None = None,
    is_excluded: Excluded | None = None,
) -> list[Source]:
    """The texts at `paths`, each file once, in the order given; folders sorted by name.

    `stdin` is read where a path is `-`. Raises InputError for the first
    that cannot be read; with `unreadable`, which takes these, only for a path that leads nowhere.
    `is_excluded` says what below folders is left out.
    """
    sources: list[Source] = []
    seen: set[tuple[int, int]] = set()
    # What is given twice is read once; of standard input nothing would be left.
    for path in dict.fromkeys(paths):
        piped = path == STANDARD_INPUT
        for file in (path,) if piped else _files(path, unreadable, is_excluded):
            try:
                if piped:
                    sources.append(_read_standard_input(stdin))
                    continue
                status = _status(file)
                identity = (status.st_dev, status.st_ino)
                # Windows' file systems may say 0 for every file.
                if status.st_ino and identity in seen:
                    continue
                seen.add(identity)
                sources.append(Source(file, _read(file, status)))
            except InputError as error:
                if unreadable is None:
                    raise
                unreadable.append(error)
    return sources


def read_file(file: str | os.PathLike[str]) -> str:
    """The text of one file. Raises InputError."""
    name = os.fspath(file)
    return _read(name, _status(name))


def _read(name: str, status: os.stat_result) -> str:
    if stat.S_ISDIR(status.st_mode):
        raise InputError("is a folder, where a file should be", name)
    piped = stat.S_ISFIFO(status.st_mode) and name.startswith(("/dev/fd/", "/proc/self/fd/"))
    if not stat.S_ISREG(status.st_mode) and not piped:
        raise InputError("is no regular file, so it is not read", name)
    if status.st_size > LIMITS.text:
        raise InputError(_too_large(status.st_size), name)
    try:
        # Without O_NONBLOCK, a pipe that took the file's place since would block for ever.
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
        if not piped:
            flags |= getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(os.open(name, flags), "rb") as stream:
            return _decode(_read_limited(stream, name, status.st_size), name)
    except OSError as error:
        raise InputError(f"cannot be read: {reason(error)}", name) from error


def _read_standard_input(stdin: BinaryIO | None) -> Source:
    if stdin is None:
        raise InputError("cannot be read: it is closed", STANDARD_INPUT_NAME)
    try:
        data = _read_limited(stdin, STANDARD_INPUT_NAME)
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else "it is closed"
        raise InputError(f"cannot be read: {why}", STANDARD_INPUT_NAME) from error
    return Source(STANDARD_INPUT_NAME, _decode(data, STANDARD_INPUT_NAME))


def _read_limited(stream: BinaryIO, name: str, expected: int = 0) -> bytes:
    # Room for what is expected is quicker to have than room for the limit.
    data = stream.read(expected + 1) if expected else b""
    if not 0 < len(data) <= expected:
        # A pipe, a file that its system has no size for, or one that has grown since.
        data += stream.read(LIMITS.text + 1 - len(data))
    if len(data) > LIMITS.text:
        raise InputError(_too_large(None), name)
    return data


def _too_large(size: int | None) -> str:
    limit = LIMITS.text // (1024 * 1024)
    if size is None:
        return f"is larger than {limit} MiB, which no manifest should be"
    return f"is {size / (1024 * 1024):.0f} MiB large; a manifest should be at most {limit} MiB"


def _decode(data: bytes, name: str) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError("is UTF-16 text (PowerShell's > writes that); save it as UTF-8", name, 1)
    data = data.removeprefix(_MARK)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        if b"\0" in data[:8192]:
            raise InputError("is a binary file, not YAML", name, line) from error
        byte = data[error.start]
        raise InputError(
            f"is not UTF-8 text (byte 0x{byte:02x} in line {line}); save it as UTF-8", name, line
        ) from error


def _status(file: str) -> os.stat_result:
    try:
        return os.stat(file)
    except FileNotFoundError as error:
        if os.path.islink(file):
            raise InputError("is a link to a file that does not exist", file) from error
        raise InputError("does not exist", file) from error
    except ValueError as error:
        raise InputError("is no path: it holds a NUL character", repr(file)) from error
    except OSError as error:
        raise InputError(f"cannot be read: {reason(error)}", file) from error


def _files(
    path: str, unreadable: list[InputError] | None, is_excluded: Excluded | None
) -> Iterator[str]:
    if not path:
        raise InputError("is empty", "a path")
    root = tidy(path)
    if not stat.S_ISDIR(_status(root).st_mode):
        yield root
        return
    found = False
    for file in _below(root, unreadable, is_excluded):
        found = True
        yield file
    if not found and not unreadable:
        but = " that is not excluded" if is_excluded else ""
        raise InputError(f"is a folder without a .yaml, .yml or .json file in it{but}", root)


def tidy(path: str) -> str:
    """The path without `./` and needless slashes, as a source's name has it.

    `..` stays, as there may be links before it.
    """
    untidy = path == "." or path.endswith(("/", "/.")) or "./" in path or "//" in path
    if os.sep == "/" and not untidy:
        return path
    from pathlib import Path

    return str(Path(path))


def _below(
    folder: str, unreadable: list[InputError] | None, is_excluded: Excluded | None
) -> Iterator[str]:
    """Manifests below `folder`. Links to folders are not followed: they may lead in circles."""
    folders = [folder]
    while folders:
        current = folders.pop()
        try:
            with os.scandir(current) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            failure = InputError(f"cannot be read: {reason(error)}", current)
            if unreadable is None:
                raise failure from error
            unreadable.append(failure)
            continue
        inner = []
        for entry in entries:
            name = entry.name
            # `./web.yaml` is shown as `web.yaml`.
            path = name if current == "." else entry.path
            if is_excluded is not None and is_excluded(name, path):
                continue
            if entry.is_dir(follow_symlinks=False):
                if name not in _SKIPPED_FOLDERS:
                    inner.append(path)
            elif name.lower().endswith(SUFFIXES) and not _leads_to_folder(entry):
                yield path
        folders.extend(reversed(inner))


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        # A link that leads in circles: reading it says so.
        return False
