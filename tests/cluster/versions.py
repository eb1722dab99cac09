"""What the cluster is made of, and where it is kept: the one place for versions and folders."""

import functools
import hashlib
import os
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent

KUBERNETES = "v1.36.3"
AGNHOST = "2.63.0"  # test/utils/image/manifest.go of that Kubernetes
PAUSE = "3.10.2"  # likewise

AGNHOST_IMAGE = f"registry.k8s.io/e2e-test-images/agnhost:{AGNHOST}"
PAUSE_IMAGE = f"registry.k8s.io/pause:{PAUSE}"
COREDNS_IMAGE = "registry.k8s.io/coredns/coredns:v1.14.2"

# kind's defaults, which the checker's model has too.
POD_NETWORK = "10.244.0.0/16"
SERVICE_NETWORK = "10.96.0.0/16"
KUBERNETES_SERVICE = "10.96.0.1"
DNS_SERVICE = "10.96.0.10"
NODE_PORTS = "30000-32767"

PROXY_MODES = ("nftables", "iptables")


class ClusterError(Exception):
    """One sentence for a person: what is wrong with the environment, and what to do."""


# The parts of the cache, and the sources that decide what is in each: a part is made
# anew when one of its sources changes, and only then.
_SOURCES = {
    "kubernetes": ("go/node",),
    "network": ("go/network",),
    "system": ("packages.py",),
    "images": ("go/node", "go/network", "images.py"),
}
PARTS = tuple(_SOURCES)


def cache() -> Path:
    """Where the built parts are kept, outside any checkout: one folder a Kubernetes version."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "kubernetes-ports" / "cluster" / KUBERNETES


@functools.cache
def part(name: str) -> Path:
    """The folder of one of PARTS in the cache; its name holds a digest of its sources."""
    digest = hashlib.sha256()
    for source in _SOURCES[name]:
        path = HERE / source
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return cache() / f"{name}-{digest.hexdigest()[:12]}"


def state(name: str) -> Path:
    """Where the running cluster `name` keeps its files; `down` removes it.

    Not on /run or /dev/shm: pods' file systems need a disk.
    """
    return Path(tempfile.gettempdir()) / f"kubernetes-ports-cluster-{name}"
