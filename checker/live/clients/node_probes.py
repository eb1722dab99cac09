"""Clients on nodes: a pod with the node's network on each node that a connection starts at.

Their namespace is the run's own and ends with it. It alone lets pods have their node's network;
nothing else is asked for: no capability, no privilege, no port. A cluster that forbids it is not
asked what its nodes see.
"""

from __future__ import annotations

from collections.abc import Iterable

from checker.live.clients.probing import Place
from checker.live.errors import CannotAskError, LiveError, NotAllowedError, NotAppliedError
from checker.live.images import AGNHOST
from checker.live.runs.nodes import NodeNames
from checker.live.runs.readiness import wait_until_ready
from checker.live.runs.run import Run


class NodeProbes:
    """The run's pods on nodes, made when the first connection from one is to be tried."""

    def __init__(self, run: Run, names: NodeNames) -> None:
        self.run = run
        self.names = names
        self._places: dict[str, Place] = {}
        self._refused = ""

    def prepare(self, nodes: Iterable[str]) -> None:
        """Put a pod on each of these nodes (by the model's names) and wait for it.

        A cluster that does not let us makes `at` raise. Raises LiveError.
        """
        wanted = sorted(set(nodes))
        if not wanted:
            return
        # No namespace of the manifests begins with a hyphen, so none is this one.
        space = self.run.own_name("-nodes")
        try:
            self.run.make_namespace(space, level="privileged")
            self.run.wait_for_account(space)
            for number, name in enumerate(wanted):
                self.run.put(_pod(space, f"node-{number}", self.names.at(name).name))
        except (CannotAskError, NotAppliedError, NotAllowedError) as error:
            self._refused = str(error)
            return
        try:
            wait_until_ready(self.run.api, [space], 60)
        except LiveError as error:
            self._refused = str(error)
            return
        for number, name in enumerate(wanted):
            self._places[name] = Place(space, f"node-{number}", "main")

    def at(self, node: str) -> Place:
        """Where connections from the node start. Raises CannotAskError."""
        if node in self._places:
            return self._places[node]
        reason = self._refused or "it was not asked for one"
        raise CannotAskError(f"this cluster takes no pod with its node's network ({reason})")


def _pod(space: str, name: str, node: str) -> dict[str, object]:
    container = {
        "name": "main",
        "image": AGNHOST,
        "args": ["pause"],
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        },
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": space},
        "spec": {
            "nodeName": node,
            "hostNetwork": True,
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "terminationGracePeriodSeconds": 0,
            "tolerations": [{"operator": "Exists"}],
            "containers": [container],
        },
    }
