"""Taking away what a cluster leaves when its processes are gone: cgroups, files, a link.

Processes and what is in their namespaces need no cleaning (see supervisor); all here
bears the cluster's name, so that nothing of anybody else's is touched.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.cluster.versions import state

CGROUPS = Path("/sys/fs/cgroup")


def cgroup_name(name: str) -> str:
    """The cgroup under which all of this cluster's nodes are."""
    return f"kubernetes-ports-{name}"


def hierarchies() -> list[Path]:
    """Where cgroups are made: one folder on cgroup v2, one a controller on v1."""
    if (CGROUPS / "cgroup.controllers").exists():
        return [CGROUPS]
    if not CGROUPS.is_dir():
        return []
    return sorted(
        {path.resolve() for path in CGROUPS.iterdir() if (path / "cgroup.procs").exists()}
    )


def clean(name: str, *, keep_logs: bool = False) -> None:
    """Removes every remainder of the cluster `name`, which must not be running."""
    folder = state(name)
    _cgroups(cgroup_name(name))
    for link in _links(name):
        subprocess.run(["ip", "link", "delete", link], check=False, capture_output=True)
    _mounts(folder)
    if keep_logs and folder.is_dir():
        for path in folder.iterdir():
            if path.name in ("logs", "failed"):
                continue
            _remove(path)
    else:
        _remove(folder)


def left(name: str) -> list[str]:
    """What is there of the cluster `name`, each as a few words; empty when all is clean."""
    folder = state(name)
    found = [f"the folder {folder}"] if folder.exists() else []
    found += [
        f"the cgroup {path / cgroup_name(name)}"
        for path in hierarchies()
        if (path / cgroup_name(name)).exists()
    ]
    found += [f"the mount {mount}" for mount in _mounts_below(folder)]
    found += [f"process {pid}" for pid in _members(cgroup_name(name))]
    found += [f"the interface {link}" for link in _links(name)]
    return found


def _links(name: str) -> list[str]:
    """The cluster's interface on this machine: it goes with the namespaces, but not at once."""
    found = []
    for path in Path("/sys/class/net").glob("kports*/ifalias"):
        try:
            if path.read_text().strip() == cgroup_name(name):
                found.append(path.parent.name)
        except OSError:
            continue
    return found


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _members(cgroup: str) -> Iterator[int]:
    for hierarchy in hierarchies():
        for procs in (hierarchy / cgroup).rglob("cgroup.procs"):
            try:
                yield from map(int, procs.read_text().split())
            except OSError:
                continue


def _cgroups(cgroup: str) -> None:
    """Kills what runs in them, then removes them, the deepest first."""
    if not any((hierarchy / cgroup).exists() for hierarchy in hierarchies()):
        return
    for _ in range(50):
        members = set(_members(cgroup))
        if not members:
            break
        for pid in members:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.1)
    for hierarchy in hierarchies():
        folders = [path for path in (hierarchy / cgroup).rglob("*") if path.is_dir()]
        for folder in [*sorted(folders, key=lambda p: -len(p.parts)), hierarchy / cgroup]:
            for _ in range(20):
                try:
                    folder.rmdir()
                except FileNotFoundError:
                    break
                except OSError:
                    # A process that was just killed leaves its cgroup a moment later.
                    time.sleep(0.05)
                else:
                    break


def _mounts_below(folder: Path) -> list[str]:
    with Path("/proc/self/mountinfo").open(encoding="utf-8") as table:
        points = [line.split()[4] for line in table]
    return sorted((p for p in points if p.startswith(f"{folder}/")), reverse=True)


def _mounts(folder: Path) -> None:
    for point in _mounts_below(folder):
        subprocess.run(["umount", "--lazy", point], check=False, capture_output=True)
