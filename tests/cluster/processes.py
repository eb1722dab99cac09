"""Starting long-lived programs so that none outlives the one that started it."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.cluster.versions import ClusterError

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def _die_with_parent() -> None:
    """Runs in the child: the kernel kills it when its parent ends, however that ends."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Processes:
    """The programs of one cluster, each with a log of its own.

    Start them from the main thread: the kernel ties them to the thread that forked.
    """

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        env: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[bytes]:
        """Starts `command` with its output in logs/NAME.log."""
        with (self.logs / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **(env or {})},
                # Ctrl-C in the terminal goes to the supervisor, which ends them in order.
                start_new_session=True,
                preexec_fn=_die_with_parent,  # no threads are running here
            )
        self.running[name] = process
        return process

    def wait_until(self, what: str, ready: Callable[[], bool], seconds: float) -> None:
        """Polls `ready`; a program that ends meanwhile, or too much time, is a ClusterError."""
        end = time.monotonic() + seconds
        while True:
            if ready():
                return
            self.check()
            if time.monotonic() > end:
                raise ClusterError(
                    f"{what} was not ready after {seconds:.0f} seconds: see {self.logs}"
                )
            time.sleep(0.1)

    def check(self) -> None:
        """Raises ClusterError if a program has ended by itself."""
        for name, process in self.running.items():
            if process.poll() is not None:
                raise ClusterError(
                    f"{name} ended with {process.returncode}: {self._last_words(name)}"
                    f" (all of it: {self.logs / name}.log)"
                )

    def _last_words(self, name: str) -> str:
        text = (self.logs / f"{name}.log").read_text(encoding="utf-8", errors="replace")
        lines = [line for line in text.splitlines() if line.strip()]
        errors = [line for line in lines if line.startswith(("Error", "E", "F", "panic"))]
        return (errors or lines or ["it said nothing"])[-1][:400]

    def stop(self) -> None:
        """Kills all, the last started first: nothing of theirs is worth an orderly end."""
        for process in reversed(self.running.values()):
            process.kill()
        for process in self.running.values():
            process.wait()
        self.running.clear()
