"""The programs that a cluster on this machine needs: are they here, do they work, what do they say.

Docker or podman runs kind's nodes; kind makes the cluster; kubectl is what learners talk to it
with. Programs are called with a time limit, and their failures become sentences.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence

from checker.live.errors import LiveError

_LONGEST = 300

#: What runs containers, the preferred first.
ENGINES = ("docker", "podman")


class NotAnsweringError(LiveError):
    """A container engine is here, and is not running or not ours to use; `reason` is its own."""

    def __init__(self, program: str, reason: str) -> None:
        super().__init__(
            f"{program} is installed but does not answer ({reason}): start it; "
            "`python -m checker cluster doctor` says how"
        )
        self.program = program
        self.reason = reason


def found(program: str) -> bool:
    """Whether it is on the PATH."""
    return shutil.which(program) is not None


def run(command: Sequence[str], seconds: float = 30, *, shielded: bool = False) -> str:
    """Run a program to its end; its output. Raises LiveError with its last words.

    `shielded` keeps a terminal's Ctrl-C from it, which is for all processes in the foreground.
    """
    done = _completed(command, seconds, shielded=shielded)
    if done.returncode:
        words = _last_words(done.stderr.strip() or done.stdout.strip())
        raise LiveError(f"`{' '.join(command)}` failed: {words}")
    return done.stdout


def ended(command: Sequence[str], seconds: float = 30) -> tuple[int, str]:
    """Run a program whose failure is an answer: its exit code, what it said on standard error.

    Raises LiveError where it cannot be run.
    """
    done = _completed(command, seconds)
    return done.returncode, done.stderr


def _completed(
    command: Sequence[str], seconds: float, *, shielded: bool = False
) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603  # our own words, no shell
            command,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=seconds,
            stdin=subprocess.DEVNULL,
            start_new_session=shielded,
        )
    except FileNotFoundError:
        raise LiveError(f"{command[0]} is not installed") from None
    except subprocess.TimeoutExpired:
        raise LiveError(f"`{' '.join(command)}` did not end in {seconds:.0f} s") from None
    except OSError as error:
        raise LiveError(f"{command[0]} cannot be started: {error}") from error


def _last_words(text: str) -> str:
    """The last line that names an error; programs like to end with a word on their help."""
    lines = [line.strip() for line in text.splitlines() if line.strip()] or ["no message"]
    telling = [line for line in lines if re.search(r"error|cannot|failed|denied", line, re.I)]
    said = (telling or lines)[-1]
    return said if len(said) <= _LONGEST else f"… {said[-_LONGEST:]}"


def engine() -> str:
    """The container engine that answers. Raises LiveError that says what is missing."""
    wanted = os.environ.get("KIND_EXPERIMENTAL_PROVIDER")
    here = [one for one in ENGINES if found(one) and wanted in (None, one)]
    if not here:
        raise LiveError(
            f"{wanted or 'Docker (or podman)'} is not installed, and a local cluster needs it: "
            "`python -m checker cluster doctor` says how to get it"
        )
    reason = ""
    for one in here:
        try:
            run([one, "info"], 20)
        except LiveError as error:
            reason = reason or str(error)
            continue
        return one
    raise NotAnsweringError(here[0], reason)
