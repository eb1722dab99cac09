"""`up`, `down`, `status`: what a person or a test asks for."""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.cluster import build, preconditions, remains
from tests.cluster.versions import PROXY_MODES, ClusterError, state

START_SECONDS = 300  # fifteen, on a machine that does nothing else


@dataclass(frozen=True)
class Cluster:
    """A running cluster, as `up` leaves it.

    `nodes` are name → {"address": …, "pid": of the process that holds its namespaces}.
    """

    name: str
    version: str
    kubeconfig: Path
    proxy_mode: str | None
    nodes: dict[str, dict[str, str | int]]
    external: int | None


def up(
    name: str,
    *,
    api_only: bool = False,
    proxy_mode: str = PROXY_MODES[0],
    port: int | None = None,
    owner: int | None = None,
) -> Cluster:
    """Starts the cluster `name` and returns when it is ready; one that runs is taken as it is.

    With `owner`, a process id, it goes down when that process ends. Builds what the
    cache lacks. Raises ClusterError with a sentence for a person.
    """
    running = status(name)
    if running is not None:
        if not api_only and running.proxy_mode != proxy_mode:
            raise ClusterError(
                f"the cluster {name} is running with proxy mode {running.proxy_mode}, "
                f"not {proxy_mode}: `down` it first, or choose another --name"
            )
        return running
    preconditions.check(api_only=api_only)
    build.build()
    command = [sys.executable, "-m", "tests.cluster", "supervise", "--name", name]
    command += ["--proxy-mode", proxy_mode]
    command += ["--api-only"] if api_only else []
    command += ["--port", str(port)] if port is not None else []
    command += ["--owner", str(owner)] if owner is not None else []
    supervisor = subprocess.Popen(
        command,
        cwd=Path(__file__).resolve().parents[2],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # It outlives this command; Ctrl-C is passed on below, when it is time.
        start_new_session=True,
    )
    try:
        return _ready(name, supervisor)
    except BaseException:
        if supervisor.poll() is None:
            supervisor.terminate()
            supervisor.wait(60)
        raise


def _ready(name: str, supervisor: "subprocess.Popen[str]") -> Cluster:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if supervisor.poll() is not None:
            said = supervisor.stderr.read().strip() if supervisor.stderr else ""
            raise ClusterError(said or f"the cluster {name} ended while it was starting")
        running = status(name)
        if running is not None:
            return running
        time.sleep(0.1)
    raise ClusterError(
        f"the cluster {name} was not ready after {START_SECONDS} seconds: "
        f"see {state(name) / 'logs'}"
    )


def status(name: str) -> Cluster | None:
    """The running cluster `name`, or None."""
    if _supervisor(name) is None:
        return None
    try:
        facts = json.loads((state(name) / "cluster.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return Cluster(
        name=name,
        version=facts["version"],
        kubeconfig=Path(facts["kubeconfig"]),
        proxy_mode=facts["proxyMode"],
        nodes={node["name"]: node for node in facts["nodes"]},
        external=facts.get("external"),
    )


def down(name: str) -> None:
    """Ends the cluster `name` and removes all that it left, whatever state it is in.

    Raises ClusterError if something stays.
    """
    pid = _supervisor(name)
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        if not _gone(name, 30):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            _gone(name, 10)
    remains.clean(name)
    still = remains.left(name)
    if still:
        raise ClusterError(f"{still[0]} is still there and can't be removed (try as root)")
    state(name).with_suffix(".lock").unlink(missing_ok=True)


def _gone(name: str, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if _supervisor(name) is None:
            return True
        time.sleep(0.1)
    return False


def _supervisor(name: str) -> int | None:
    """The process id of the supervisor that holds the cluster's lock, if one does."""
    try:
        lock = state(name).with_suffix(".lock").open(encoding="utf-8")
    except OSError:
        return None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            text = lock.read().strip()
            return int(text) if text.isdigit() else None
        return None
