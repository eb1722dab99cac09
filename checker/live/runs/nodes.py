"""The manifests' nodes and the cluster's: which is which, and pods held to those.

The model has as many nodes as the manifests or the exercise say, by names that the cluster's nodes
do not have. Each gets one of the cluster's that take pods, and the run's pods are held to those:
else a pod could be where the model knows of no node.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from checker.live.errors import CannotAskError
from checker.live.server.connection import Api
from checker.network.model import Node

HOSTNAME = "kubernetes.io/hostname"


class RealNode(NamedTuple):
    """A node of the cluster: its name, its label `kubernetes.io/hostname`, its address."""

    name: str
    hostname: str
    address: str


class NodeNames:
    """The cluster's nodes, by the names of the manifests'."""

    def __init__(self, real: Mapping[str, RealNode]) -> None:
        self.real = dict(real)

    def at(self, name: str) -> RealNode:
        """The node that stands for one of the model's. Raises CannotAskError."""
        if name not in self.real:
            raise CannotAskError(f"{name} keeps pods away, so no node of the cluster stands for it")
        return self.real[name]

    def pod_spec(self, spec: dict[str, Any]) -> None:
        """Rename the nodes in a pod's spec, in place, and hold its pods to those of the run."""
        name = spec.get("nodeName")
        if isinstance(name, str) and name:
            if name in self.real:
                spec["nodeName"] = self.real[name].name
            return
        selector = spec.get("nodeSelector")
        if isinstance(selector, dict) and selector.get(HOSTNAME) in self.real:
            selector[HOSTNAME] = self.real[selector[HOSTNAME]].hostname
        affinity = spec.setdefault("affinity", {})
        if not isinstance(affinity, dict):
            return
        own = affinity.setdefault("nodeAffinity", {})
        if not isinstance(own, dict):
            return
        for term in _terms(own):
            for expression in term.get("matchExpressions") or ():
                if expression.get("key") == HOSTNAME:
                    values = expression.get("values") or []
                    expression["values"] = [self._hostname(one) for one in values]
        required = own.setdefault("requiredDuringSchedulingIgnoredDuringExecution", {})
        here = {
            "key": HOSTNAME,
            "operator": "In",
            "values": sorted(one.hostname for one in self.real.values()),
        }
        # Terms are alternatives, so each of them has to say it.
        for term in required.setdefault("nodeSelectorTerms", [{}]):
            term.setdefault("matchExpressions", []).append(here)

    def _hostname(self, name: str) -> str:
        return self.real[name].hostname if name in self.real else name


def _terms(affinity: Mapping[str, Any]) -> list[dict[str, Any]]:
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution") or {}
    preferred = affinity.get("preferredDuringSchedulingIgnoredDuringExecution") or ()
    found = [*(required.get("nodeSelectorTerms") or ())]
    found += [one["preference"] for one in preferred if "preference" in one]
    return found


def choose_nodes(api: Api, nodes: Sequence[Node], seed: int) -> NodeNames:
    """A node of the cluster for each of the model's, beginning anywhere: neighbours share them.

    Raises CannotAskError where the cluster has too few that take pods.
    """
    able = sorted(_able(api.items("/api/v1/nodes")))
    if len(able) < len(nodes):
        raise CannotAskError(
            f"this needs {len(nodes)} nodes that take pods, and the cluster has {len(able)}"
        )
    start = seed % len(able)
    turned = [*able[start:], *able[:start]]
    return NodeNames({node.name: real for node, real in zip(nodes, turned, strict=False)})


def _able(nodes: Sequence[Mapping[str, Any]]) -> list[RealNode]:
    """The nodes that are ready and that nothing keeps pods away from."""
    found = []
    for node in nodes:
        spec, status = node.get("spec") or {}, node.get("status") or {}
        ready = any(
            one["type"] == "Ready" and one["status"] == "True"
            for one in status.get("conditions") or ()
        )
        kept_off = any(
            one.get("effect") in ("NoSchedule", "NoExecute") for one in spec.get("taints") or ()
        )
        address = next(
            (
                one["address"]
                for one in status.get("addresses") or ()
                if one["type"] == "InternalIP"
            ),
            "",
        )
        if ready and not kept_off and not spec.get("unschedulable") and address:
            name = str(node["metadata"]["name"])
            labels = node["metadata"].get("labels") or {}
            found.append(RealNode(name, str(labels.get(HOSTNAME, name)), str(address)))
    return found
