"""The programs that a cluster on this machine needs: are they here, do they work, what do they say.

Docker or podman runs kind's nodes; kind makes the cluster; kubectl is what learners talk to it
with. Programs are called with a time limit, and their failures become sentences.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence

from checker.live.errors import LiveError

#: What runs containers, the preferred first.
ENGINES = ("docker", "podman")


def found(program: str) -> bool:
    """Whether it is on the PATH."""
    return shutil.which(program) is not None


def run(command: Sequence[str], seconds: float = 30) -> str:
    """Run a program to its end; its output. Raises LiveError with its last words."""
    try:
        done = subprocess.run(  # noqa: S603  # our own words, no shell
            command,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=seconds,
            stdin=subprocess.DEVNULL,
        )
    except FileNotFoundError:
        raise LiveError(f"{command[0]} is not installed") from None
    except subprocess.TimeoutExpired:
        raise LiveError(f"`{' '.join(command)}` did not end in {seconds:.0f} s") from None
    except OSError as error:
        raise LiveError(f"{command[0]} cannot be started: {error}") from error
    if done.returncode:
        words = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()
        raise LiveError(f"`{' '.join(command)}` failed: {words[-1].strip()}")
    return done.stdout


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
    raise LiveError(
        f"{here[0]} is installed but does not answer ({reason}): start it; "
        "`python -m checker cluster doctor` says how"
    )
