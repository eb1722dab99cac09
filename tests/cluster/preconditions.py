"""What the machine must allow, asked before anything is started: one sentence a fault."""

import os
import shutil
import subprocess
import sys
import tempfile

from tests.cluster import remains
from tests.cluster.versions import ClusterError

NEEDED_BYTES = 1024**3  # the nodes' containers, logs and etcd


def check(*, api_only: bool) -> None:
    """Raises ClusterError for the first thing that is not as it must be."""
    if sys.platform != "linux":
        raise ClusterError("the cluster needs Linux (elsewhere Docker is used, with kind)")
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if free < NEEDED_BYTES:
        raise ClusterError(
            f"{tempfile.gettempdir()} has {free // 1024**2} MiB free and a cluster needs "
            f"{NEEDED_BYTES // 1024**2}: make room, or set TMPDIR to a folder on another disk"
        )
    if api_only:
        return
    if os.geteuid() != 0:
        raise ClusterError(
            "nodes need root, for network namespaces and containers: run this as root, "
            "or add --api-only for an API server without nodes"
        )
    for program in ("ip", "nsenter", "unshare", "mount"):
        if shutil.which(program) is None:
            raise ClusterError(f"{program} is not here: install iproute2 and util-linux")
    done = subprocess.run(
        ["unshare", "--net", "--mount", "--pid", "--fork", "--mount-proc", "true"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise ClusterError(
            "this machine allows no network namespaces "
            f"({done.stderr.strip() or 'unshare failed'}): in a container, run it --privileged"
        )
    if not remains.hierarchies():
        raise ClusterError("no cgroups are mounted at /sys/fs/cgroup: containers need them")
