"""Other checkers of manifests, for comparison: `python -m tests.benchmarks.peers` brings them.

Each is built by Go from its own module, at the version that is named here, into a cache outside
the checkout. `kubernetes-validate` comes with the tools of development (pip). Whatever is not
there is skipped by the benchmark, which says so.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

CACHE = (
    Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "kubernetes-ports" / "peers"
)


class Peer(NamedTuple):
    """A program that Go builds."""

    name: str
    module: str
    version: str
    #: The package with its `main`, inside the module.
    package: str
    home: str
    #: Where the module's source is found, if that is not its own path.
    source: str = ""

    def program(self) -> Path | None:
        """The program, if it was built here. One on the path might be another version."""
        built = CACHE / f"{self.name}-{self.version}"
        return built if built.exists() else None


KUBECONFORM = Peer(
    "kubeconform",
    "github.com/yannh/kubeconform",
    "v0.8.0",
    "cmd/kubeconform",
    "https://github.com/yannh/kubeconform",
)
KUBE_LINTER = Peer(
    "kube-linter",
    "golang.stackrox.io/kube-linter",
    "v0.8.3",
    "cmd/kube-linter",
    "https://github.com/stackrox/kube-linter",
    # What golang.stackrox.io forwards to; a module proxy may know it under this path only.
    source="github.com/stackrox/kube-linter",
)
KUBE_SCORE = Peer(
    "kube-score",
    "github.com/zegl/kube-score",
    "v1.20.0",
    "cmd/kube-score",
    "https://github.com/zegl/kube-score",
)
NETPOL_ANALYZER = Peer(
    "netpol-analyzer",
    "github.com/np-guard/netpol-analyzer",
    "v1.4.4",
    "cmd/netpolicy",
    "https://github.com/np-guard/netpol-analyzer",
)
POPEYE = Peer(
    "popeye", "github.com/derailed/popeye", "v0.22.1", "", "https://github.com/derailed/popeye"
)
PEERS = (KUBECONFORM, KUBE_LINTER, KUBE_SCORE, NETPOL_ANALYZER, POPEYE)
VALIDATE_HOME = "https://pypi.org/project/kubernetes-validate/"


def kubernetes_validate() -> tuple[Path, str] | None:
    """The program beside this Python, and its version."""
    program = Path(sys.executable).parent / "kubernetes-validate"
    try:
        return (program, version("kubernetes-validate")) if program.exists() else None
    except PackageNotFoundError:
        return None


def build(peer: Peer) -> None:
    """Builds one into the cache. Raises CalledProcessError, with Go's own words on standard error.

    A module around it, rather than `go install`: only so can its source be found elsewhere, and
    what it needs be held to the checksums that its own authors recorded.
    """
    CACHE.mkdir(parents=True, exist_ok=True)
    package = f"{peer.module}/{peer.package}".rstrip("/")
    target = CACHE / f"{peer.name}-{peer.version}"
    with tempfile.TemporaryDirectory() as folder:
        lines = ["module peer", "", "go 1.24", "", f"require {peer.module} {peer.version}"]
        if peer.source:
            lines += ["", f"replace {peer.module} => {peer.source} {peer.version}"]
        Path(folder, "go.mod").write_text("\n".join(lines) + "\n", encoding="utf-8")
        environment = {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-mod=mod"}
        fetch = ["go", "mod", "download", "-json", f"{peer.source or peer.module}@{peer.version}"]
        fetched = subprocess.run(
            fetch, cwd=folder, env=environment, check=True, stdout=subprocess.PIPE
        )
        sums = Path(json.loads(fetched.stdout)["Dir"], "go.sum")
        Path(folder, "go.sum").write_bytes(sums.read_bytes())
        build = ["go", "build", "-trimpath", "-o", str(target), package]
        subprocess.run(build, cwd=folder, env=environment, check=True)


def main(names: Sequence[str]) -> int:
    """Builds what is missing, all or those named; says where each is."""
    unknown = set(names) - {peer.name for peer in PEERS}
    if unknown:
        sys.stderr.write(f"peers: no such peer: {', '.join(sorted(unknown))}\n")
        return 2
    missing = [
        peer for peer in PEERS if peer.program() is None and (not names or peer.name in names)
    ]
    if missing and not shutil.which("go"):
        sys.stderr.write("peers: Go builds them, and is not here: https://go.dev/dl\n")
        return 3
    failed = False
    for peer in missing:
        sys.stderr.write(f"peers: building {peer.name} {peer.version} from {peer.home}\n")
        try:
            build(peer)
        except subprocess.CalledProcessError:
            failed = True
            sys.stderr.write(f"peers: {peer.name} could not be built; it will be skipped\n")
    for peer in PEERS:
        sys.stdout.write(f"{peer.name} {peer.version}: {peer.program() or 'not here'}\n")
    validate = kubernetes_validate()
    told = f"{validate[1]}: {validate[0]}" if validate else f"not here; {VALIDATE_HOME}"
    sys.stdout.write(f"kubernetes-validate {told}\n")
    return 3 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
