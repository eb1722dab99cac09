"""The checker as people run it: a process of its own, in a course folder of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
#: Generous: only a hang may meet it.
TIMEOUT = 60


class Run(NamedTuple):
    """What a process left behind. `peak` is its largest memory, in MiB (0 where not measured)."""

    code: int
    out: str
    err: str

    @property
    def all(self):
        return self.out + self.err


class Checker:
    """Runs `python -m checker` with `course` as the current folder."""

    def __init__(self, course: Path):
        self.course = course

    def __call__(self, *arguments, stdin="", env=None, cwd=None, timeout=TIMEOUT):
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("CHECKER_", "NO_COLOR", "COLUMNS", "PYTHON"))
        }
        environment |= {"PYTHONPATH": str(CHECKOUT), "PYTHONIOENCODING": "utf-8", **(env or {})}
        done = subprocess.run(
            [sys.executable, "-m", "checker", *map(str, arguments)],
            input=stdin if isinstance(stdin, bytes) else stdin.encode(),
            capture_output=True,
            cwd=cwd or self.course,
            env=environment,
            timeout=timeout,
            check=False,
        )
        encoding = environment["PYTHONIOENCODING"].partition(":")[0]
        return Run(done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding))


@pytest.fixture
def course(tmp_path):
    """A course folder with the first three exercises and their solutions."""
    folder = tmp_path / "course"
    for name in ("exercise1", "exercise2", "exercise3"):
        for part in ("exercises", "solutions"):
            shutil.copytree(
                CHECKOUT / part / name,
                folder / part / name,
                ignore=shutil.ignore_patterns("answer", "backups", ".*"),
            )
    return folder


@pytest.fixture
def checker(course):
    return Checker(course)


@pytest.fixture
def hand_ins(tmp_path):
    """The folder of a class, empty."""
    folder = tmp_path / "class"
    folder.mkdir()
    return folder
