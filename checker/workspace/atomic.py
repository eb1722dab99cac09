"""Writing files so that no one ever sees half of one, and one process at a time."""

from __future__ import annotations

import filecmp
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from checker.workspace.errors import FolderError, reason

#: How long to wait for another run that holds the lock, in seconds. Each holds it for milliseconds.
LOCK_PATIENCE = 5.0


def write_text(path: Path, text: str) -> None:
    """Replace `path` by `text` in one step. Raises FolderError and leaves `path` as it was."""
    temporary = unfinished(path)
    try:
        with temporary.open("w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            # A power cut after the rename must not leave an empty file.
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise FolderError(f"{path} cannot be written: {reason(error)}") from error


def write_if_new(path: Path, pieces: Iterable[str]) -> None:
    """As `write_text`, unless `path` holds that text already; not all of it is in memory at once.

    It does not wait for the disk: it is for what can be made again, and for many files.
    """
    temporary = unfinished(path)
    try:
        with temporary.open("w", encoding="utf-8", newline="") as stream:
            stream.writelines(pieces)
        if path.is_file() and filecmp.cmp(temporary, path, shallow=False):
            temporary.unlink()
        else:
            temporary.replace(path)
    except OSError as error:
        raise FolderError(f"{path} cannot be written: {reason(error)}") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def unfinished(path: Path) -> Path:
    """A hidden name beside `path`, not used by anyone else, for what is to take its place."""
    return path.with_name(f".{path.name}.{os.urandom(4).hex()}.new")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other runs out of `folder` meanwhile. Raises FolderError where that fails."""
    try:
        handle = _open_for_lock(folder)
    except OSError as error:
        raise FolderError(f"{folder} cannot be locked: {reason(error)}") from error
    try:
        deadline = time.monotonic() + LOCK_PATIENCE
        while not _try_lock(handle):
            if time.monotonic() > deadline:
                raise FolderError(f"{folder} is held by another run of the checker")
            time.sleep(0.02)
        yield
    finally:
        # This gives the lock back; so does the end of the process, however it comes.
        os.close(handle)


def _open_for_lock(folder: Path) -> int:
    if sys.platform == "win32":
        # Windows locks files only; the file stays, as deleting it would race with others.
        return os.open(folder / ".progress.lock", os.O_RDWR | os.O_CREAT)
    return os.open(folder, os.O_RDONLY)


def _try_lock(handle: int) -> bool:
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        # A file system without locks (some network drives): better unlocked than not at all.
        return True
    return True
