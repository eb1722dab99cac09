"""Debian's packages, unpacked into a folder instead of installed: the system stays as it is.

apt is run with lists, an archive folder and sources of its own. A program is
taken from the newest suite whose build runs on this machine's C library.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.cluster.versions import ClusterError

# Tools that follow the system's own suite, with the libraries that it lacks.
TOOLS = ("iptables", "nftables", "openssl", "iproute2", "util-linux")

# package → (program in it, arguments that show that it runs, least version or None).
# Newer suites first; "system" is the suite that the machine runs.
PROGRAMS: dict[str, tuple[str, tuple[str, ...], str | None]] = {
    "containerd": ("usr/bin/containerd", ("--version",), "2."),
    "etcd-server": ("usr/bin/etcd", ("--version",), "3.5"),
    "containernetworking-plugins": ("usr/lib/cni/ptp", ("--version",), None),
    "runc": ("usr/sbin/runc", ("--version",), None),
}
SUITES = ("forky", "sid", "trixie", "system")


def unpack_all(folder: Path) -> None:
    """Fills `folder` with the file systems of all packages (as `usr/…`).

    Raises ClusterError with a sentence when a package can't be had.
    """
    for program in ("apt-get", "dpkg-deb"):
        if shutil.which(program) is None:
            raise ClusterError(
                f"{program} is not here: the node is made from Debian packages, so it needs "
                "Debian or Ubuntu (or Docker, where kind is used instead)"
            )
    work = folder.with_name(folder.name + ".apt")
    found: set[str] = set()
    try:
        for suite in SUITES:
            wanted = [name for name in PROGRAMS if name not in found]
            if suite == "system":
                wanted += TOOLS
            if not wanted:
                break
            apt = _Apt(work / suite, suite)
            if not apt.update():
                continue
            for name in wanted:
                if name in TOOLS:
                    apt.unpack(name, folder, with_dependencies=True)
                elif _runs(name, apt, folder, work / "try"):
                    found.add(name)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    missing = [name for name in PROGRAMS if name not in found]
    if missing:
        raise ClusterError(
            f"no Debian suite has a {' or '.join(missing)} that runs here "
            f"(tried {', '.join(SUITES)}): check that apt-get update works"
        )


def _runs(name: str, apt: "_Apt", folder: Path, trial: Path) -> bool:
    """Unpacks the package apart, and into `folder` only if its program runs and is new enough."""
    program, arguments, least = PROGRAMS[name]
    shutil.rmtree(trial, ignore_errors=True)
    if not apt.unpack(name, trial, with_dependencies=False):
        return False
    try:
        done = subprocess.run(
            [trial / program, *arguments], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    said = done.stdout + done.stderr
    if done.returncode != 0 or "GLIBC_" in said:
        return False
    if least is not None:
        version = re.search(r"\b(\d+\.\d+)", said)
        # A package keeps its upstream's name of the version: compare what leads it.
        if version is None or _number(version[1]) < _number(least):
            return False
    shutil.copytree(trial, folder, symlinks=True, dirs_exist_ok=True)
    return True


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part)


class _Apt:
    """apt-get with its own lists and archive, for one suite."""

    def __init__(self, folder: Path, suite: str) -> None:
        self.folder = folder
        for part in ("lists/partial", "archives/partial"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        self.options = [
            "-o", f"Dir::State::lists={folder}/lists",
            "-o", f"Dir::Cache={folder}",
            "-o", f"Dir::Cache::archives={folder}/archives",
            "-o", "APT::Sandbox::User=root",
            "-o", "Acquire::Languages=none",
            "-o", "Acquire::Retries=3",
            "-o", "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false",
        ]  # fmt: skip
        if suite != "system":
            (folder / "status").touch()
            sources = folder / "other.sources"
            sources.write_text(_sources_of(suite), encoding="utf-8")
            self.options += [
                "-o", f"Dir::State::status={folder}/status",
                "-o", f"Dir::Etc::sourcelist={sources}",
                "-o", "Dir::Etc::sourceparts=-",
            ]  # fmt: skip

    def run(self, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["apt-get", "-qq", *self.options, *arguments],
            cwd=cwd, capture_output=True, text=True, check=False, timeout=600,
            env={**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"},
        )  # fmt: skip

    def update(self) -> bool:
        done = self.run("update", cwd=self.folder)
        return done.returncode == 0 and any(
            p.name.endswith("_Packages") or "_Packages" in p.name
            for p in (self.folder / "lists").iterdir()
        )

    def unpack(self, package: str, into: Path, *, with_dependencies: bool) -> bool:
        """Downloads and unpacks; True if something is there (or the system has it already)."""
        archives = self.folder / "archives"
        for old in archives.glob("*.deb"):
            old.unlink()
        if with_dependencies:
            done = self.run(
                "install", "--yes", "--download-only", "--no-install-recommends", package,
                cwd=archives,
            )  # fmt: skip
        else:
            done = self.run("download", package, cwd=archives)
        if done.returncode != 0:
            return False
        into.mkdir(parents=True, exist_ok=True)
        for deb in sorted(archives.glob("*.deb")):
            subprocess.run(["dpkg-deb", "-x", deb, into], check=True, timeout=120)
        return True


def _sources_of(suite: str) -> str:
    """The system's own Debian source, with another suite: the same mirror, the same key."""
    for path in sorted(Path("/etc/apt/sources.list.d").glob("*.sources")):
        for stanza in path.read_text(encoding="utf-8", errors="replace").split("\n\n"):
            fields = dict(re.findall(r"(?m)^([A-Za-z-]+):\s*(.+)$", stanza))
            if "security" in fields.get("URIs", "") or "debian" not in fields.get("URIs", ""):
                continue
            fields |= {"Types": "deb", "Suites": suite, "Components": "main"}
            return "".join(f"{key}: {value}\n" for key, value in fields.items())
    for path in [Path("/etc/apt/sources.list")]:
        lines = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        for line in lines.splitlines():
            match = re.match(r"deb\s+(\[[^]]*\]\s+)?(\S+debian/?)\s+\S+", line)
            if match and "security" not in match[2]:
                key = re.search(r"signed-by=([^\s\]]+)", match[1] or "")
                return f"Types: deb\nURIs: {match[2]}\nSuites: {suite}\nComponents: main\n" + (
                    f"Signed-By: {key[1]}\n" if key else ""
                )
    raise ClusterError(
        "apt has no Debian source in /etc/apt: containerd 2 and etcd 3.5 come from Debian's mirror"
    )
