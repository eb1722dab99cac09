"""Makes what the cluster runs and keeps it in the cache: a quarter of an hour once, then nothing.

Every part is made beside its place and moved there when it is whole, so that an
interrupted build leaves no half part behind; a later run goes on where it ended.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cluster import images, packages
from tests.cluster.versions import (
    AGNHOST_IMAGE,
    COREDNS_IMAGE,
    HERE,
    KUBERNETES,
    PARTS,
    PAUSE_IMAGE,
    ClusterError,
    cache,
    part,
)

# Names by which the binaries are called: each is a link to one that chooses by its name.
KUBERNETES_PROGRAMS = (
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kubelet",
    "kube-proxy",
    "kubectl",
)
NETWORK_PROGRAMS = ("coredns", "kube-network-policies")

NEEDED_BYTES = 6 * 1024**3  # the Go build cache, mostly


def say(sentence: str) -> None:
    """Progress for a person, on standard error."""
    sys.stderr.write(f"cluster: {sentence}\n")
    sys.stderr.flush()


def environment() -> dict[str, str]:
    """PATH and library paths with which the cache's programs find each other."""
    system = part("system")
    libraries = sorted(system.glob("usr/lib/*-linux-gnu"))
    programs = [part("kubernetes"), part("network")]
    programs += [system / folder for folder in ("usr/sbin", "usr/bin", "sbin", "bin")]
    return {
        "PATH": os.pathsep.join([*map(str, programs), os.environ.get("PATH", os.defpath)]),
        "LD_LIBRARY_PATH": os.pathsep.join(map(str, libraries)),
        "XTABLES_LIBDIR": os.pathsep.join(str(path / "xtables") for path in libraries),
    }


def is_built() -> bool:
    """Whether everything is in the cache, for these sources."""
    return all(part(name).is_dir() for name in PARTS)


def build() -> Path:
    """Makes the parts that the cache lacks; its folder.

    Raises ClusterError with a sentence where a part can't be made.
    """
    if is_built():
        return cache()
    makers = {"system": _system, "kubernetes": _kubernetes, "network": _network, "images": _images}
    with _locked(cache()):
        # What an interrupted run left beside its place is of no use.
        for rest in cache().glob("*.part*"):
            shutil.rmtree(rest)
        for name, make in makers.items():
            if not part(name).is_dir():
                _make(part(name), make)
                _forget_older(name)
    return cache()


def _make(place: Path, make: Callable[[Path], None]) -> None:
    beside = place.with_name(place.name + ".part")
    beside.mkdir(parents=True)
    try:
        make(beside)
        beside.rename(place)
    except OSError as error:
        raise ClusterError(
            f"can't write the cluster's cache {place}: {error.strerror or error}"
        ) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _forget_older(name: str) -> None:
    """Keeps the newest two of a part: this one, and the one of the branch left a moment ago."""
    folders = [p for p in cache().glob(f"{name}-*") if not p.name.endswith(".part")]
    for old in sorted(folders, key=lambda p: p.stat().st_mtime)[:-2]:
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Two runs at once don't build the same thing twice."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ClusterError(f"can't make the cache {folder}: {error.strerror}") from error
    free = shutil.disk_usage(folder).free
    if free < NEEDED_BYTES:
        raise ClusterError(
            f"{folder} has {free / 1024**3:.1f} GiB free and building Kubernetes needs "
            f"{NEEDED_BYTES // 1024**3}: make room, or set XDG_CACHE_HOME to another disk"
        )
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _system(folder: Path) -> None:
    say("fetching etcd, containerd, runc, CNI plugins and nftables from Debian's packages")
    packages.unpack_all(folder)
    # The packages leave this link to the system's "alternatives".
    for name in ("iptables", "iptables-save", "iptables-restore", "ip6tables"):
        link = folder / "usr/sbin" / name
        target = folder / "usr/sbin/xtables-nft-multi"
        if target.exists() and not link.exists():
            link.unlink(missing_ok=True)
            link.symlink_to(target.name)


def _kubernetes(folder: Path) -> None:
    say(f"building Kubernetes {KUBERNETES} (about ten minutes, once)")
    major, minor, _ = KUBERNETES.lstrip("v").split(".")
    version = "k8s.io/component-base/version"
    stamp = {
        "gitVersion": KUBERNETES,
        "gitMajor": major,
        "gitMinor": minor,
        "gitTreeState": "clean",
        "gitCommit": "0" * 40,
        "buildDate": "1970-01-01T00:00:00Z",
    }
    flags = " ".join(f"-X {version}.{key}={value}" for key, value in stamp.items())
    _go("node", folder / "kubernetes", ".", flags)
    _go("node", folder / "agnhost", "k8s.io/kubernetes/test/images/agnhost")
    _go("node", folder / "pause", "./pause")
    for name in KUBERNETES_PROGRAMS:
        (folder / name).symlink_to("kubernetes")


def _network(folder: Path) -> None:
    say("building CoreDNS and the policy engine (about two minutes, once)")
    _go("network", folder / "network", ".")
    for name in NETWORK_PROGRAMS:
        (folder / name).symlink_to("network")


def _go(module: str, out: Path, package: str, flags: str = "") -> None:
    if shutil.which("go") is None:
        raise ClusterError(
            "Go is not here: Kubernetes is built from its modules (Go 1.26 or newer, "
            f"see {HERE / 'README.md'})"
        )
    done = subprocess.run(
        # Without symbols it is half as large; without paths it doesn't depend on the folder.
        ["go", "build", "-trimpath", "-mod=readonly", "-ldflags", f"-s -w {flags}",
         "-o", out, package],
        cwd=HERE / "go" / module,
        env={**os.environ, "CGO_ENABLED": "0", "GOWORK": "off"},
        stdout=sys.stderr,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )  # fmt: skip
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise ClusterError(f"go build of {package} failed: {last}")


def _images(folder: Path) -> None:
    say("making the container images")
    agnhost, pause = part("kubernetes") / "agnhost", part("kubernetes") / "pause"
    network = part("network") / "network"
    images.write_image(
        folder / "agnhost.tar", [AGNHOST_IMAGE], {"/agnhost": agnhost},
        entrypoint=["/agnhost"], command=["pause"],
    )  # fmt: skip
    images.write_image(
        folder / "pause.tar", [PAUSE_IMAGE], {"/pause": pause}, entrypoint=["/pause"]
    )
    images.write_image(
        folder / "coredns.tar", [COREDNS_IMAGE], {"/coredns": network}, entrypoint=["/coredns"]
    )
