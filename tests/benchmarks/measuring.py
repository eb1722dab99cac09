"""What a command takes: wall time, processor time and the peak of memory, several commands fairly.

Commands are run in turn, round by round, so that whatever else the machine does meets all of them.
A median of rounds is what counts.
"""

from __future__ import annotations

import compileall
import os
import statistics
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

CHECKOUT = Path(__file__).resolve().parents[2]
LAUNCHER = Path(__file__).with_name("launcher.py")
#: Seconds. What takes longer than SLOW is run once; what takes longer than LIMIT is stopped.
SLOW = 8.0
LIMIT = 100.0


class Run(NamedTuple):
    """One run of one command."""

    seconds: float
    processor: float
    peak_mb: float
    code: int


class TooSlowError(Exception):
    """A command did not end within the limit."""


def run(command: Sequence[str], output: Path | None = None) -> Run:
    """Runs a command once, its output thrown away or written to a file. Raises TooSlowError."""
    launch = [sys.executable, "-I", "-S", str(LAUNCHER), str(output or "-"), *command]
    # A pyc file that this run would write belongs to no other's time.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(
        launch, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True
    ) as process:
        try:
            told, _ = process.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            raise TooSlowError(command[0]) from None
    if process.returncode:
        raise OSError(f"{command[0]} could not be started")
    wall, processor, peak, code = told.split()
    return Run(float(wall), float(processor), int(peak) / 1024, int(code))


def in_turn(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, list[Run]]:
    """Each command as often as there are rounds, after one run that warms the disk's cache.

    Of a slow command that first run is the only one; one that takes longer than the limit has none.
    """
    runs: dict[str, list[Run]] = {}
    for name, command in commands.items():
        try:
            first = run(command)
        except TooSlowError:
            runs[name] = []
            continue
        if first.seconds > SLOW:
            runs[name] = [first]
    left = {name: command for name, command in commands.items() if name not in runs}
    for _ in range(rounds):
        for name, command in left.items():
            runs.setdefault(name, []).append(run(command))
    return {name: runs[name] for name in commands}


def summary(runs: Sequence[Run]) -> dict[str, float]:
    """Medians, and the largest peak of memory."""
    return {
        "seconds": round(statistics.median(one.seconds for one in runs), 4),
        "fastest": round(min(one.seconds for one in runs), 4),
        "slowest": round(max(one.seconds for one in runs), 4),
        "processor": round(statistics.median(one.processor for one in runs), 4),
        "peak_mb": round(max(one.peak_mb for one in runs), 1),
        "rounds": len(runs),
    }


def learners_python(folder: Path) -> Path:
    """A new environment with PyYAML and the checker: a learner's Python, without our tools.

    The tools of development hook themselves into every start of Python.
    """
    import yaml

    # As pip does for what it installs.
    compileall.compile_dir(CHECKOUT / "checker", quiet=1)
    venv.create(folder, with_pip=False, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    installed = Path(yaml.__file__).parents[1]
    for name in ("yaml", "_yaml"):
        if (installed / name).exists():
            (packages / name).symlink_to(installed / name)
    (packages / "checker").symlink_to(CHECKOUT / "checker")
    return folder / "bin" / "python"
