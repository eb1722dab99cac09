"""The process that starts a cluster, watches it, and takes it down.

It runs apart from the command that asked for it. It ends, and with it all that it
started, when told to (SIGTERM), when its owner's process ends (a test run that
crashed), or when it dies itself: the kernel kills its children then, and what
lives in their namespaces goes with them. Only files and cgroups can be left;
`remains.clean` takes those away, here or at the next start.
"""

import fcntl
import json
import os
import select
import shutil
import signal
import socket
import sys
import traceback
from pathlib import Path
from types import FrameType
from typing import IO, Any

from tests.cluster import build, remains
from tests.cluster.control_plane import ControlPlane
from tests.cluster.credentials import Credentials
from tests.cluster.processes import Processes
from tests.cluster.versions import KUBERNETES, ClusterError, state


class Stopped(Exception):  # noqa: N818  # nothing went wrong: it was asked to end
    """SIGTERM or SIGINT came."""


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise Stopped


def hold(folder: Path) -> IO[str] | None:
    """Takes the lock that says "this cluster is running"; None if another has it.

    The lock's file lies beside the folder, which a cleaning removes.
    """
    lock = folder.with_suffix(".lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def supervise(
    name: str, *, api_only: bool, proxy_mode: str, port: int | None, owner: int | None
) -> int:
    """Runs the cluster `name` until it is to end; 0, or 3 if it could not be started."""
    folder = state(name)
    lock = hold(folder)
    if lock is None:
        return _failed(folder, f"a cluster named {name} is running already")
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    processes: Processes | None = None
    try:
        remains.clean(name)
        folder.mkdir(parents=True, mode=0o700)
        processes = Processes(folder / "logs")
        if api_only:
            facts = _start_api(folder, processes, port)
        else:
            from tests.cluster import nodes

            facts = nodes.start(name, folder, processes, proxy_mode)
        _write(folder / "cluster.json", {"name": name, "version": KUBERNETES, **facts})
        _wait(processes, owner)
    except Stopped:
        return 0
    except ClusterError as error:
        # The logs are what a person needs now; the next start or `down` removes them.
        return _failed(folder, str(error))
    except OSError as error:
        return _failed(folder, f"the cluster can't be started: {error}")
    except Exception:
        return _failed(folder, f"this is a fault of tests/cluster: {traceback.format_exc()}")
    finally:
        # A second signal must not stop the cleaning.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if processes is not None:
            processes.stop()
        remains.clean(name, keep_logs=(folder / "failed").exists())
        lock.close()
    return 0


def _start_api(folder: Path, processes: Processes, port: int | None) -> dict[str, Any]:
    """The API server and its controllers on the loopback; needs no root and no namespaces."""
    ports = (_free_port(port), _free_port(), _free_port())
    credentials = Credentials(folder / "credentials", [], build.environment())
    credentials.make(["127.0.0.1"])
    plane = ControlPlane(
        processes,
        folder,
        credentials,
        # The address under which the `kubernetes` Service would find it; nobody does.
        address="192.0.2.1",
        bind="127.0.0.1",
        ports=ports,
    )
    server = f"https://127.0.0.1:{ports[0]}"
    plane.start_server()
    plane.start_controllers(server, scheduler=False)
    kubeconfig = credentials.kubeconfig("admin", server, folder / "kubeconfig")
    return {"kubeconfig": str(kubeconfig), "nodes": [], "proxyMode": None}


def _free_port(wanted: int | None = None) -> int:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", wanted or 0))
        except OSError as error:
            raise ClusterError(
                f"port {wanted} is taken by another program: choose another with --port"
            ) from error
        return int(probe.getsockname()[1])


def _wait(processes: Processes, owner: int | None) -> None:
    """Returns when the owner's process ends; raises ClusterError when a program does."""
    watched = []
    if owner is not None:
        try:
            watched.append(os.pidfd_open(owner))
        except ProcessLookupError:
            return
    while True:
        if select.select(watched, [], [], 2)[0]:
            return
        processes.check()


def _write(path: Path, value: object) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
    part.rename(path)


def _failed(folder: Path, sentence: str) -> int:
    """Leaves the sentence for the command that waits."""
    try:
        if folder.is_dir():
            (folder / "failed").write_text(sentence, encoding="utf-8")
    except OSError:
        # A full disk: standard error, which the command reads, still works.
        shutil.rmtree(folder / "logs", ignore_errors=True)
    sys.stderr.write(sentence + "\n")
    return 3
