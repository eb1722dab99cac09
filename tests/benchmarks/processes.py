"""The peak of memory of a program and of each process that it starts, as Linux counts it."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

#: How often to look, in seconds. The system keeps the peak, so only a last moment can be missed.
_OFTEN = 1.0


class Peaks(NamedTuple):
    """In MB, each of what it holds resident; `workers` are the processes that it started."""

    parent: float
    workers: list[float]


def run_watched(command: Sequence[object], folder: Path) -> Peaks:
    """Run a command to its end in a folder. Raises CalledProcessError where it fails."""
    process = subprocess.Popen([*map(str, command)], cwd=folder, stdout=subprocess.DEVNULL)
    seen: dict[int, float] = {}
    over = threading.Event()

    def look() -> None:
        while not over.wait(_OFTEN):
            for number in (process.pid, *_children(process.pid)):
                seen[number] = max(_peak(number), seen.get(number, 0.0))

    watch = threading.Thread(target=look)
    watch.start()
    try:
        code = process.wait()
    finally:
        over.set()
        watch.join()
    if code:
        raise subprocess.CalledProcessError(code, [*map(str, command)])
    return Peaks(seen.pop(process.pid, 0.0), sorted(seen.values(), reverse=True))


def _children(process: int) -> list[int]:
    return [
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/stat")
        if _is_child(path, process)
    ]


def _is_child(stat: Path, process: int) -> bool:
    try:
        # The name of the program, in brackets, may hold anything.
        return int(stat.read_text(encoding="utf-8").rpartition(")")[2].split()[1]) == process
    except OSError:
        return False


def _peak(process: int) -> float:
    try:
        text = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    return next(
        (int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("VmHWM:")),
        0.0,
    )
