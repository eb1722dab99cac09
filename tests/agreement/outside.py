"""The client outside our own cluster: the network namespace beside its nodes."""

import subprocess
import sys

from checker.live.clients.agnhost import arguments, classify
from checker.live.clients.outside import Reply
from checker.network.answer import Verdict
from tests.cluster.commands import Cluster
from tests.cluster.versions import ClusterError, part

_PATIENCE = 30
_GET = """
import http.client, sys
where, path, host = sys.argv[1:]
made = http.client.HTTPConnection(where, timeout=4)
made.request("GET", path, headers={"Host": host} if host else {})
answer = made.getresponse()
print(answer.status)
print(answer.read().decode())
"""


class NamespaceOutside:
    """Runs agnhost, and a small HTTP client, in the namespaces that the cluster calls external."""

    knows_pods = True  # there is no other network: what is not routed is dropped

    def __init__(self, cluster: Cluster) -> None:
        if cluster.external is None:
            raise ClusterError(f"the cluster {cluster.name} has nothing outside it")
        self._enter = ["nsenter", f"--target={cluster.external}", "--net"]
        self._agnhost = str(part("kubernetes") / "agnhost")

    def connect(self, address: str, protocol: str = "TCP") -> Verdict:
        """One connection."""
        command = [*self._enter, "--", self._agnhost, *arguments(address, protocol)]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_PATIENCE
        )
        return classify(done.returncode, done.stderr)

    def get(self, address: str, path: str, host: str = "") -> Reply | None:
        """An HTTP request."""
        command = [*self._enter, "--", sys.executable, "-c", _GET, address, path, host]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_PATIENCE
        )
        if done.returncode:
            return None
        status, _, body = done.stdout.partition("\n")
        return Reply(int(status), body)
