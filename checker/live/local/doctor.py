"""What a local cluster needs of this machine, what is missing, and how to get it."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from checker.live import programs
from checker.live.errors import LiveError

#: Three nodes, the control plane's among them, and the exercises' pods.
MEMORY_GIB = 4
#: The first whose release has a node image of Kubernetes 1.36.
OLDEST_KIND = (0, 32, 0)

#: How to get a thing, by platform.system(): Linux, Darwin, Windows.
ADVICE: Mapping[str, Mapping[str, str]] = {
    "engine": {
        "Linux": "install Docker Engine (https://docs.docker.com/engine/install/) and add yourself "
        "to its group: `sudo usermod -aG docker $USER`, then log in anew",
        "Darwin": "install Docker Desktop (`brew install --cask docker`) or podman "
        "(`brew install podman`)",
        "Windows": "install Docker Desktop with WSL 2 (`winget install Docker.DockerDesktop`)",
    },
    "engine-start": {
        "Linux": "start it: `sudo systemctl start docker`; if it says permission denied, "
        "`sudo usermod -aG docker $USER` and log in anew",
        "Darwin": "start Docker Desktop (`open -a Docker`), or `podman machine start`",
        "Windows": "start Docker Desktop, and switch it to Linux containers",
    },
    "kind": {
        "Linux": "put the one file of https://kind.sigs.k8s.io/docs/user/quick-start/ into a "
        "folder of your PATH",
        "Darwin": "`brew install kind`",
        "Windows": "`winget install Kubernetes.kind`",
    },
    "kubectl": {
        "Linux": "`sudo snap install kubectl --classic`, or see "
        "https://kubernetes.io/docs/tasks/tools/install-kubectl-linux/",
        "Darwin": "`brew install kubectl`",
        "Windows": "`winget install Kubernetes.kubectl`",
    },
    "memory": {
        "Linux": f"close something, or use a machine with {MEMORY_GIB} GiB free for the cluster",
        "Darwin": f"give Docker Desktop {MEMORY_GIB} GiB: Settings, Resources, Memory",
        "Windows": f"give WSL {MEMORY_GIB} GiB: `memory={MEMORY_GIB}GB` below `[wsl2]` in "
        "%UserProfile%\\.wslconfig, then `wsl --shutdown`",
    },
    "inotify": {
        "Linux": "`sudo sysctl fs.inotify.max_user_watches=524288 "
        "fs.inotify.max_user_instances=512`"
    },
}


class Finding(NamedTuple):
    """One thing looked at. `advice` says how to get it where it is not `good`."""

    title: str
    good: bool
    detail: str
    advice: str = ""


def examine(system: str | None = None) -> list[Finding]:
    """All that a local cluster needs. `system` is what platform.system() says of the machine."""
    system = system or platform.system()
    return [_engine(system), *_programs(system), _memory(system), *_inotify(system)]


def advice_for(topic: str, system: str) -> str:
    """How to get a thing on that system; on one that is not known, as on Linux."""
    by_system = ADVICE[topic]
    return by_system.get(system, by_system["Linux"])


def _engine(system: str) -> Finding:
    title = "Docker or podman"
    if not any(programs.found(one) for one in programs.ENGINES):
        return Finding(title, False, "not installed", advice_for("engine", system))
    try:
        return Finding(title, True, f"{programs.engine()} answers")
    except programs.NotAnsweringError as error:
        detail = f"{error.program} does not answer: {error.reason}"
        return Finding(title, False, detail, advice_for("engine-start", system))
    except LiveError as error:
        # KIND_EXPERIMENTAL_PROVIDER names one that is not here.
        return Finding(title, False, str(error), advice_for("engine", system))


def _programs(system: str) -> list[Finding]:
    found = []
    for program, command in (("kind", ["version"]), ("kubectl", ["version", "--client"])):
        advice = advice_for(program, system)
        if not programs.found(program):
            found.append(Finding(program, False, "not installed", advice))
            continue
        try:
            said = (programs.run([program, *command]).strip() or "works").splitlines()[0]
        except LiveError as error:
            found.append(Finding(program, False, str(error), advice))
            continue
        if program == "kind" and _is_old(said):
            detail = f"{said} is older than v{'.'.join(map(str, OLDEST_KIND))}"
            found.append(Finding(program, False, detail, advice))
            continue
        found.append(Finding(program, True, said))
    return found


def _is_old(said: str) -> bool:
    """Whether `kind version` names one from before the course's node image; else it may do."""
    version = re.search(r"v(\d+)\.(\d+)\.(\d+)", said)
    return version is not None and tuple(map(int, version.groups())) < OLDEST_KIND


def _memory(system: str) -> Finding:
    title = f"{MEMORY_GIB} GiB of memory"
    size = memory_gib()
    if size is None:
        return Finding(title, True, "cannot be told here")
    # Machines of 4 GiB say 3.8: the kernel keeps some.
    good = size >= MEMORY_GIB * 0.93
    return Finding(title, good, f"{size:.1f} GiB", "" if good else advice_for("memory", system))


def memory_gib() -> float | None:
    """The memory that containers have; None where nothing tells in a way that is known here.

    The engine knows: on macOS and Windows it runs in a virtual machine that has less than all.
    """
    for engine, value in (("docker", "{{.MemTotal}}"), ("podman", "{{.Host.MemTotal}}")):
        try:
            said = programs.run([engine, "info", "--format", value], 20).strip()
        except LiveError:
            continue
        # A docker without its daemon says 0 and is content.
        if said.isdigit() and int(said):
            return int(said) / 2**30
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    except (AttributeError, ValueError, OSError):
        return None


def _inotify(system: str) -> list[Finding]:
    """Kind's known issue on Linux: nodes whose programs run out of file watches."""
    if system != "Linux" or not sys.platform.startswith("linux"):
        return []
    try:
        instances = int(Path("/proc/sys/fs/inotify/max_user_instances").read_text().strip())
    except (OSError, ValueError):
        return []
    good = instances >= 256
    advice = "" if good else advice_for("inotify", system)
    return [Finding("file watches", good, f"max_user_instances is {instances}", advice)]
