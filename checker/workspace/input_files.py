"""Paths to sources: files, folders with all that is below them, and `-` for standard input.

Nothing here can block or fill the memory: files are measured before they are read, and only
regular files are opened (a pipe that the shell opened for us, as `/dev/fd/63`, is read like
standard input).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from checker.manifests import LIMITS, Source
from checker.workspace.errors import InputError, reason

#: Endings that make a file in a folder a manifest. A file that is named itself is always read.
SUFFIXES = (".yaml", ".yml", ".json")
STANDARD_INPUT = "-"
STANDARD_INPUT_NAME = "<stdin>"

#: Version control's own files are never manifests, and there are thousands of them.
_SKIPPED_FOLDERS = frozenset({".git", ".hg", ".svn"})


def read_paths(paths: Sequence[str], stdin: BinaryIO | None) -> list[Source]:
    """The texts at `paths`, each file once, in the order given; folders sorted by name.

    `stdin` is read where a path is `-`. Raises InputError for the first that cannot be read.
    """
    sources: list[Source] = []
    seen: set[tuple[int, int]] = set()
    for path in paths:
        if path == STANDARD_INPUT:
            sources.append(_read_standard_input(stdin))
            continue
        for file in _files(path):
            status = _status(file)
            identity = (status.st_dev, status.st_ino)
            # Windows' file systems may say 0 for every file.
            if status.st_ino and identity in seen:
                continue
            seen.add(identity)
            sources.append(Source(str(file), read_file(file)))
    return sources


def read_file(file: Path) -> str:
    """The text of one file. Raises InputError."""
    name = str(file)
    status = _status(file)
    if stat.S_ISDIR(status.st_mode):
        raise InputError("is a folder, where a file should be", name)
    piped = stat.S_ISFIFO(status.st_mode) and file.as_posix().startswith(
        ("/dev/fd/", "/proc/self/fd/")
    )
    if not stat.S_ISREG(status.st_mode) and not piped:
        raise InputError("is no regular file, so it is not read", name)
    if status.st_size > LIMITS.text:
        raise InputError(_too_large(status.st_size), name)
    try:
        # Without O_NONBLOCK, a pipe that took the file's place since would block for ever.
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
        if not piped:
            flags |= getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(os.open(file, flags), "rb") as stream:
            return _decode(_read_limited(stream, name), name)
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


def _read_limited(stream: BinaryIO, name: str) -> bytes:
    data = stream.read(LIMITS.text + 1)
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
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        if b"\0" in data[:8192]:
            raise InputError("is a binary file, not YAML", name, line) from error
        byte = data[error.start]
        raise InputError(
            f"is not UTF-8 text (byte 0x{byte:02x} in line {line}); save it as UTF-8", name, line
        ) from error


def _status(file: Path) -> os.stat_result:
    try:
        return file.stat()
    except FileNotFoundError as error:
        if file.is_symlink():
            raise InputError("is a link to a file that does not exist", str(file)) from error
        raise InputError("does not exist", str(file)) from error
    except ValueError as error:
        raise InputError("is no path: it holds a NUL character", repr(str(file))) from error
    except OSError as error:
        raise InputError(f"cannot be read: {reason(error)}", str(file)) from error


def _files(path: str) -> Iterator[Path]:
    if not path:
        raise InputError("is empty", "a path")
    root = Path(path)
    if not stat.S_ISDIR(_status(root).st_mode):
        yield root
        return
    found = False
    for file in _below(root):
        found = True
        yield file
    if not found:
        raise InputError("is a folder without a .yaml, .yml or .json file in it", str(root))


def _below(folder: Path) -> Iterator[Path]:
    """Manifests below `folder`. Links to folders are not followed: they may lead in circles."""
    folders = [folder]
    while folders:
        current = folders.pop()
        try:
            with os.scandir(current) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            raise InputError(f"cannot be read: {reason(error)}", str(current)) from error
        inner = []
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _SKIPPED_FOLDERS:
                    inner.append(current / entry.name)
            elif entry.name.lower().endswith(SUFFIXES) and not _leads_to_folder(entry):
                yield current / entry.name
        folders.extend(reversed(inner))


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        # A link that leads in circles: reading it says so.
        return False
