"""Ctrl-C, a polite kill and a closed terminal: all end a run, and none ends its cleaning up."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

_ENDING = ("SIGINT", "SIGTERM", "SIGHUP")


@contextlib.contextmanager
def polite_end() -> Iterator[None]:
    """Within, what asks the process to end raises KeyboardInterrupt, as Ctrl-C does."""
    with _handled(_interrupt):
        yield


@contextlib.contextmanager
def held_back() -> Iterator[None]:
    """Within, what asks the process to end waits; then it raises KeyboardInterrupt.

    For what must not be left half done, and takes seconds only: a person who sees nothing happen
    presses Ctrl-C again.
    """
    asked: list[int] = []
    with _handled(lambda number, _frame: asked.append(number)):
        yield
    if asked:
        raise KeyboardInterrupt


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextlib.contextmanager
def _handled(handler: signal._HANDLER) -> Iterator[None]:
    """Only the main thread may set handlers, and only it is interrupted."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {}
    for name in _ENDING:
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        # Ignored by whoever started us (nohup) stays ignored; None is a handler not of Python's.
        if number is not None and signal.getsignal(number) not in (signal.SIG_IGN, None):
            before[number] = signal.signal(number, handler)
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
