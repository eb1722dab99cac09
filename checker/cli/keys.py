"""Single keys from a terminal, without Enter, and noticing that the input has ended.

A thread reads, so that whoever waits for keys can wait for other things as well. Where standard
input is no terminal there are no keys, only its end.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from typing import Any

#: What stands for the end of standard input, and for Ctrl-C where it comes as a key.
END = "\x04"
_INTERRUPT = "\x03"
_ESCAPE = b"\x1b"


class Keys:
    """Gives each key to `notify`, from a thread. A context: it leaves the terminal as it was.

    `there` says whether there are keys to be pressed at all.
    """

    def __init__(self, notify: Callable[[str], None]) -> None:
        self._notify = notify
        self._handle = _standard_input()
        self._before: Any = None
        self._signals: dict[int, Any] = {}
        self.there = self._handle is not None and _is_ours(self._handle)

    def __enter__(self) -> Keys:
        if self._handle is None:
            return self
        read = self._until_end
        if self.there and sys.platform == "win32":
            read = self._console_keys
        elif self.there:
            self._take_terminal()
            read = self._terminal_keys
        # A daemon: it waits in a read that nothing but a key or the end of the process ends.
        threading.Thread(target=read, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._give_back()

    if sys.platform == "win32":

        def _take_terminal(self) -> None:
            """Nothing: the console gives single keys as it is."""

        def _give_back(self) -> None:
            """Nothing was taken."""

        def _console_keys(self) -> None:
            import msvcrt

            while True:
                key = msvcrt.getwch()
                if key in ("\x00", "\xe0"):
                    # An arrow or a function key: its code follows, and is no letter.
                    msvcrt.getwch()
                else:
                    self._notify(END if key in (END, _INTERRUPT, "\x1a") else key)

    else:

        def _take_terminal(self) -> None:
            import signal
            import termios

            assert self._handle is not None  # noqa: S101  # only called where there is a terminal
            self._before = termios.tcgetattr(self._handle)
            self._single_keys()
            # After Ctrl-Z and `fg` the shell has set the terminal to its own liking. Whoever ends
            # the process politely must not leave a terminal behind that shows no typing.
            for number, handler in (
                (signal.SIGCONT, lambda *_: self._single_keys()),
                (signal.SIGTERM, _interrupt),
                (signal.SIGHUP, _interrupt),
            ):
                self._signals[number] = signal.signal(number, handler)

        def _single_keys(self) -> None:
            import termios
            import tty

            handle = self._handle
            if handle is not None:
                # Unlike raw mode this leaves Ctrl-C, Ctrl-Z and the output alone.
                tty.setcbreak(handle, termios.TCSADRAIN)

        def _give_back(self) -> None:
            import signal
            import termios

            for number, handler in self._signals.items():
                signal.signal(number, handler)
            if self._before is not None and self._handle is not None:
                try:
                    termios.tcsetattr(self._handle, termios.TCSADRAIN, self._before)
                except termios.error:
                    # The terminal has been closed under us.
                    return

        def _console_keys(self) -> None:
            """Only Windows has a console."""

    def _terminal_keys(self) -> None:
        """Keys until the terminal ends."""
        while part := self._read():
            # An arrow's sequence has letters in it that were not pressed.
            for key in "" if part.startswith(_ESCAPE) else part.decode(errors="replace"):
                self._notify(key)
        self._notify(END)

    def _until_end(self) -> None:
        while self._read():
            pass
        self._notify(END)

    def _read(self) -> bytes:
        try:
            return os.read(self._handle, 1024) if self._handle is not None else b""
        except OSError:
            return b""


def _standard_input() -> int | None:
    """The file descriptor of standard input; None where it is closed."""
    try:
        return sys.stdin.fileno()
    except (AttributeError, OSError, ValueError):
        return None


def _is_ours(handle: int) -> bool:
    """Whether it is a terminal from which this process may read (in the background it may not)."""
    if not os.isatty(handle):
        return False
    if sys.platform == "win32":
        return True
    try:
        return os.tcgetpgrp(handle) == os.getpgrp()
    except OSError:
        return False


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
