"""cloud-provider-kind: what gives a kind cluster LoadBalancer addresses, Ingress and Gateway.

It is a program of kind's own people that runs beside the cluster, on the machine or in a
container, for as long as it is wanted. Its classes for Ingress and Gateway stay when it ends, so
only a process or a container says that it runs (cloud-provider-kind: pkg/ingress, pkg/gateway).
"""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping

from checker.live import programs
from checker.live.errors import LiveError

NAME = "cloud-provider-kind"
WHAT_FOR = "LoadBalancer addresses, Ingress and Gateway"
PAGE = "https://github.com/kubernetes-sigs/cloud-provider-kind"
#: Pinned, so that a class meets one behaviour; the newest when kind v0.33.0 came.
IMAGE = "registry.k8s.io/cloud-provider-kind/cloud-controller-manager:v0.11.1"

#: How to start it, by platform.system(): a command each line. On macOS and Windows nodes' addresses
#: are not the machine's neighbours, so it has to run there itself, with the rights to add some.
START: Mapping[str, tuple[str, ...]] = {
    "Linux": (
        f"docker run --detach --rm --name {NAME} --network kind \\",
        "  --volume /var/run/docker.sock:/var/run/docker.sock \\",
        f"  {IMAGE}",
    ),
    "Darwin": (f"brew install {NAME}", f"sudo {NAME}"),
    "Windows": (
        f"go install sigs.k8s.io/{NAME}@v0.11.1",
        f"{NAME}        (in a shell that runs as administrator)",
    ),
}


def is_provided() -> bool:
    """Whether it runs on this machine, as a program or in a container."""
    return _as_program() or any(_in_container(one) for one in programs.ENGINES)


def start_lines(system: str | None = None) -> tuple[str, ...]:
    """The commands that start it on a system; on one that is not known, as on Linux."""
    return START.get(system or platform.system(), START["Linux"])


def _as_program() -> bool:
    if platform.system() == "Windows":
        command = ["tasklist", "/FO", "CSV", "/NH", "/FI", f"IMAGENAME eq {NAME}.exe"]
        own = re.compile(rf'^"{NAME}\.exe"', re.MULTILINE)
    else:
        # The first word only: an editor with a file of this name is not it.
        command = ["ps", "-A", "-o", "args="]
        own = re.compile(rf"^(sudo\s+)?(\S*/)?{NAME}(\s|$)", re.MULTILINE)
    return own.search(_said(command)) is not None


def _in_container(engine: str) -> bool:
    images = _said([engine, "ps", "--format", "{{.Image}}"])
    return any(f"{NAME}/" in one or one.startswith(NAME) for one in images.split())


def _said(command: list[str]) -> str:
    try:
        return programs.run(command, 10)
    except LiveError:
        return ""
