"""Where probes run: by entering namespaces of our own nodes, or by kubectl and docker on kind."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.cluster.api import Api, path_of
from tests.cluster.commands import Cluster
from tests.cluster.versions import ClusterError, part
from tests.conformance.probing import Said

# DNS lookups have timeouts of their own, beyond agnhost's.
_PATIENCE = 60


class NamespaceRunner:
    """Enters the network and mount namespaces of a container: what runs there sees what it sees.

    (A test holds it against `kubectl exec`, which takes five times as long.)
    """

    def __init__(self, cluster: Cluster, api: Api) -> None:
        self.cluster = cluster
        self.api = api
        self.agnhost = str(part("kubernetes") / "agnhost")
        self._processes: dict[str, int] = {}

    def in_pod(self, namespace: str, pod: str, arguments: Sequence[str]) -> Said:
        """Runs agnhost in the pod."""
        found = self.api.get(path_of("v1", "Pod", namespace, pod))
        pid = self._process_of(found["metadata"]["uid"], pod)
        return _run([*_enter(pid), "/agnhost", *arguments])

    def on_node(self, node: str, arguments: Sequence[str]) -> Said:
        """Runs agnhost on the node."""
        return _run([*_enter(int(self.cluster.nodes[node]["pid"])), self.agnhost, *arguments])

    def outside(self, arguments: Sequence[str]) -> Said:
        """Runs agnhost on the machine outside."""
        if self.cluster.external is None:
            raise ClusterError(f"the cluster {self.cluster.name} has nothing outside it")
        return _run([*_enter(self.cluster.external), self.agnhost, *arguments])

    def _process_of(self, uid: str, pod: str) -> int:
        """A process of a container of the pod that has agnhost: its cgroup names the pod."""
        pid = self._processes.get(uid)
        if pid is not None and Path(f"/proc/{pid}").exists():
            return pid
        for path in Path("/proc").glob("[0-9]*/cgroup"):
            try:
                if uid not in path.read_text():
                    continue
                if (path.parent / "root" / "agnhost").exists():
                    self._processes[uid] = int(path.parent.name)
                    return self._processes[uid]
            except OSError:
                continue
        raise ClusterError(f"pod {pod} runs no container with /agnhost to probe from")


class KubectlRunner:
    """`kubectl exec`, `docker exec` and `docker run`: what there is on kind."""

    def __init__(self, kubeconfig: Path, image: str, nodes: dict[str, str]) -> None:
        self.kubeconfig = kubeconfig
        self.image = image
        self.nodes = nodes  # a scenario's name for it → kind's

    def in_pod(self, namespace: str, pod: str, arguments: Sequence[str]) -> Said:
        """Runs agnhost in the pod's first container."""
        return _run(
            ["kubectl", f"--kubeconfig={self.kubeconfig}", f"--namespace={namespace}",
             "exec", pod, "--", "/agnhost", *arguments]
        )  # fmt: skip

    def on_node(self, node: str, arguments: Sequence[str]) -> Said:
        """Runs agnhost in the network of the node's container."""
        return self._docker(f"container:{self.nodes[node]}", arguments)

    def outside(self, arguments: Sequence[str]) -> Said:
        """Runs agnhost beside the nodes, on kind's Docker network."""
        return self._docker("kind", arguments)

    def _docker(self, network: str, arguments: Sequence[str]) -> Said:
        return _run(["docker", "run", "--rm", f"--network={network}", self.image, *arguments])


def _enter(pid: int) -> list[str]:
    return ["nsenter", f"--target={pid}", "--net", "--mount", "--"]


def _run(command: Sequence[str]) -> Said:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_PATIENCE
        )
    except subprocess.TimeoutExpired:
        raise ClusterError(f"`{' '.join(command)}` did not end in {_PATIENCE} seconds") from None
    return Said(done.returncode, done.stderr)
