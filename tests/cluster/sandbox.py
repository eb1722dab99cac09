"""Namespaces for a part of the cluster: network, mounts, processes and host name of its own.

They have no name in the file system: a process holds them, and when it is killed
the kernel ends everything inside, takes the interfaces away and undoes the mounts.
"""

import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.cluster.processes import Processes
from tests.cluster.versions import ClusterError, part

# kubelet sets these of the machine to what it wants (pkg/util/sysctl); inside it
# sees files that say so already, and the machine keeps its own.
_KUBELET_WANTS = {
    "vm/overcommit_memory": "1",
    "vm/panic_on_oom": "0",
    "kernel/panic": "10",
    "kernel/panic_on_oops": "1",
    "kernel/keys/root_maxkeys": "1000000",
    "kernel/keys/root_maxbytes": "25000000",
}

# Folders of the system in which a node's programs write whatever their flags say.
_WRITTEN = ("/etc", "/opt", "/var/lib")


class Sandbox:
    """One set of namespaces, called `name`; its files are in `folder`."""

    def __init__(self, name: str, folder: Path, processes: Processes) -> None:
        self.name = name
        self.folder = folder
        self.processes = processes
        self.pid = 0

    @property
    def enter(self) -> list[str]:
        """What to put before a command to run it inside."""
        return ["nsenter", f"--target={self.pid}", "--net", "--mount", "--pid", "--uts", "--"]

    def start(self) -> None:
        """Makes the namespaces; `pid` is then the process, seen from outside, that holds them."""
        self.folder.mkdir(parents=True)
        script = self.folder / "inside.sh"
        script.write_text("\n".join(["set -e", *self._mounts(), ""]), encoding="utf-8")
        holder = self.processes.start(
            f"{self.name}.namespaces",
            [
                "unshare", "--net", "--mount", "--propagation=private", "--uts", "--pid",
                "--fork", "--kill-child", "--mount-proc", "--",
                "sh", str(script), str(part("kubernetes") / "pause"),
            ],
        )  # fmt: skip
        children = Path(f"/proc/{holder.pid}/task/{holder.pid}/children")
        self.processes.wait_until(
            f"the namespaces of {self.name}", lambda: self._holds(children), 20
        )

    def _holds(self, children: Path) -> bool:
        """Whether the script is through with its mounts and is the holding process by now."""
        try:
            pids = children.read_text().split()
            if not pids:
                return False
            self.pid = int(pids[0])
            return Path(f"/proc/{self.pid}/comm").read_text().strip() == "pause"
        except OSError:
            return False

    def _mounts(self) -> list[str]:
        """A shell script: what is private to the inside, in the end becoming the holder."""
        lines = [
            f"hostname {self.name}",
            # pods' network namespaces, sockets and pid files; host-local's addresses
            "mount -t tmpfs -o mode=755 tmpfs /run",
            "mkdir -p /run/netns /run/lock",
            "mount -t tmpfs -o mode=755 tmpfs /var/log",
        ]
        for system in _WRITTEN:
            if not Path(system).is_dir():
                continue
            own = self.folder / "over" / system.strip("/").replace("/", "-")
            layers = f"lowerdir={system},upperdir={own}/upper,workdir={own}/work"
            lines += [
                f"mkdir -p {own}/upper {own}/work",
                f"mount -t overlay -o {layers} overlay {system}",
            ]
        for key, value in _KUBELET_WANTS.items():
            if not Path("/proc/sys", key).exists():
                continue
            own = self.folder / "sysctl" / key.replace("/", ".")
            lines += [
                f"mkdir -p {own.parent}",
                f"echo {value} > {own}",
                f"mount --bind {own} /proc/sys/{key}",
            ]
        return [*lines, 'exec "$1"']

    def run(self, *command: str | Path, env: Mapping[str, str] | None = None) -> str:
        """Runs a command inside to its end; its output. ClusterError if it fails."""
        return run([*self.enter, *command], env)

    def sysctl(self, **values: int) -> None:
        """Sets network settings inside: `net_ipv4_ip_forward=1`."""
        for key, value in values.items():
            self.run("sh", "-c", f"echo {value} > /proc/sys/{key}")

    def spawn(
        self, name: str, command: Sequence[str | Path], env: Mapping[str, str] | None = None
    ) -> None:
        """Starts a long-lived program inside."""
        self.processes.start(f"{self.name}.{name}", [*self.enter, *command], env)


def run(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> str:
    """Runs a command to its end; its output. ClusterError with its last words if it fails."""
    for attempt in (1, 2):
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=120,
            env=dict(env) if env is not None else None,
        )  # fmt: skip
        if done.returncode == 0:
            return done.stdout
        if attempt == 1 and "busy" in done.stderr:
            time.sleep(0.5)
            continue
        break
    words = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
    raise ClusterError(f"`{' '.join(map(str, command))}` failed: {words}")
