"""Noticing that files were saved: by the platform's events where watchfiles is installed.

What counts is what lies there, not what an event says: editors write in several steps, replace a
file by another one, or delete and create it. So an event is only a reason to look, and without
events the files are looked at again and again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

#: How often to look, in seconds: without events, and with them (a network drive may send none).
POLL, POLL_BESIDES_EVENTS = 0.3, 2.0
#: A file counts as written when it has held still for so long, and as deleted after being away for
#: so long; nothing is waited for longer than the last.
_STILL, _AWAY, _PATIENCE = 0.1, 0.6, 3.0


class _Print(NamedTuple):
    """What changes when a file is written or replaced; None where there is no file."""

    modified: int
    size: int
    inode: int


class Watched:
    """Some files, and whether they were saved since one last `settle`d."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = tuple(files)
        self._settled = self._look()

    def changed(self) -> bool:
        """Whether a file is another one than it was."""
        return self._look() != self._settled

    def settle(self) -> None:
        """Wait until the files hold still, for a few seconds at most; they count as seen then."""
        end = time.monotonic() + _PATIENCE
        self._settled = self._look()
        while time.monotonic() < end:
            time.sleep(_AWAY if None in self._settled else _STILL)
            now = self._look()
            if now == self._settled:
                return
            self._settled = now

    def _look(self) -> tuple[_Print | None, ...]:
        return tuple(_print(file) for file in self._files)


def _print(file: Path) -> _Print | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return _Print(found.st_mtime_ns, found.st_size, found.st_ino)


class _Notifier(Protocol):
    def __call__(
        self, folder: Path, *, stop_event: threading.Event, notify: Callable[[], None]
    ) -> None: ...


class Events:
    """Calls `notify`, in a thread of its own, when anything below `folder` changes.

    A context: nothing is called any more after it. `interval` is how often to look besides.
    """

    def __init__(self, folder: Path, notify: Callable[[], None]) -> None:
        self._folder = folder
        self._notify = notify
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Events:
        follow = _watchfiles()
        if follow is not None:
            options = {"stop_event": self._stop, "notify": self._notify}
            # A daemon, as nothing of it may keep the process from ending.
            self._thread = threading.Thread(
                target=follow, args=(self._folder,), kwargs=options, daemon=True
            )
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._thread is not None:
            # Code that is not Python's own must not run on while Python ends.
            self._thread.join(_PATIENCE)

    @property
    def interval(self) -> float:
        """Seconds after which to look although nothing was heard."""
        alive = self._thread is not None and self._thread.is_alive()
        return POLL_BESIDES_EVENTS if alive else POLL


def _watchfiles() -> _Notifier | None:
    """What follows the platform's events; None where watchfiles is not there or does not load."""
    try:
        from watchfiles import watch
    except ImportError:
        return None

    def follow(folder: Path, *, stop_event: threading.Event, notify: Callable[[], None]) -> None:
        try:
            changes = watch(
                folder,
                watch_filter=None,
                debounce=100,
                step=20,
                stop_event=stop_event,
                rust_timeout=500,
                yield_on_timeout=False,
                raise_interrupt=False,
            )
            for _ in changes:
                notify()
        except Exception:
            # No events here (a limit, a strange drive): polling goes on.
            return

    return follow
