"""The cluster's nodes: those of the input, or as many as its pods and the settings ask for."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from checker.network.fields import flag, items, labels, text, texts
from checker.network.model import Node, PodTemplate

if TYPE_CHECKING:
    from checker.api.resource import Resource
    from checker.api.settings import ClusterSettings

#: kind's Docker network. Its first address is the machine that the nodes run on.
NODE_NETWORK = "172.18.0.0/16"
HOSTNAME = "kubernetes.io/hostname"
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_ARCHITECTURE = ("kubernetes.io/arch", "beta.kubernetes.io/arch")
#: What else a kubelet says of its node (`pkg/kubelet/kubelet_node_status.go: initialNode`); which
#: architecture, only a Node object can tell: what pods ask for, or else the commonest, is assumed.
_KUBELETS = {
    "kubernetes.io/os": "linux",
    "kubernetes.io/arch": "amd64",
    "beta.kubernetes.io/os": "linux",
    "beta.kubernetes.io/arch": "amd64",
}


def nodes_of(
    resources: Sequence[Resource], settings: ClusterSettings, templates: Sequence[PodTemplate]
) -> list[Node]:
    """The Node objects of the input, or else as many nodes as the settings say.

    The latter have the names and the architectures that pods ask for, in their order, for who
    writes `nodeName: worker-2` has such a node; more are added if the settings have too few. The
    rest are `node-1`, `node-2`, ….
    """
    mentioned, architectures = mentioned_nodes(templates), _architectures(templates)
    found = [one for one in resources if one.ref.kind == "Node" and one.ref.api_version == "v1"]
    network = ipaddress.ip_network(NODE_NETWORK)
    ranges = _node_ranges(settings.pod_cidr)
    nodes = []
    for index, resource in enumerate(found):
        value = resource.value
        addresses = {
            text(one, "type"): text(one, "address") for one in items(value, "status", "addresses")
        }
        nodes.append(
            Node(
                resource.ref.name,
                _valid(addresses.get("InternalIP", ""), ipaddress.ip_address)
                or str(network[index + 2]),
                _node_labels(resource.ref.name, labels(value, "metadata", "labels")),
                _valid(text(value, "spec", "podCIDR"), ipaddress.ip_network) or ranges(index),
                tuple(_taints(value)),
                resource,
            )
        )
    count = max(len(mentioned), len(architectures), min(settings.nodes, 5000), 1)
    count = 0 if found else count
    for index in range(count):
        name = mentioned[index] if index < len(mentioned) else f"node-{index + 1}"
        address = str(network[index + 2])
        said = {}
        if architectures:
            said = dict.fromkeys(_ARCHITECTURE, architectures[index % len(architectures)])
        nodes.append(Node(name, address, _node_labels(name, said), ranges(index), (), None))
    return nodes


def _node_labels(name: str, said: dict[str, str]) -> dict[str, str]:
    """A node's labels: its kubelet's, and what its manifest says, which comes before."""
    return {HOSTNAME: name, **_KUBELETS, **said}


def _valid(said: str, read: Callable[[str], object]) -> str:
    """What a manifest says, if it can be read; else ""."""
    try:
        read(said)
    except ValueError:
        return ""
    return said


def mentioned_nodes(templates: Sequence[PodTemplate]) -> list[str]:
    """The names of nodes that pods ask for, by nodeName or by the node's own label."""
    found: dict[str, None] = {}
    for template in templates:
        for name in (
            text(template.spec, "nodeName"),
            labels(template.spec, "nodeSelector").get(HOSTNAME, ""),
        ):
            if name:
                found[name] = None
    return list(found)


def _architectures(templates: Sequence[PodTemplate]) -> list[str]:
    """The architectures that pods ask for."""
    found: dict[str, None] = {}
    for template in templates:
        selector = labels(template.spec, "nodeSelector")
        found |= dict.fromkeys(selector[key] for key in _ARCHITECTURE if key in selector)
        terms = items(template.spec, "affinity", "nodeAffinity", REQUIRED, "nodeSelectorTerms")
        for expression in (one for term in terms for one in items(term, "matchExpressions")):
            values = texts(expression, "values")
            is_one = text(expression, "operator") == "In" and len(values) == 1
            if is_one and text(expression, "key") in _ARCHITECTURE:
                found[values[0]] = None
    return list(found)


def _taints(value: dict[str, Any]) -> list[tuple[str, str, str]]:
    found = [
        (text(one, "key"), text(one, "value"), text(one, "effect"))
        for one in items(value, "spec", "taints")
    ]
    if flag(value, "spec", "unschedulable"):
        found.append(("node.kubernetes.io/unschedulable", "", "NoSchedule"))
    return found


def _node_ranges(pod_cidr: str) -> Any:
    network = ipaddress.ip_network(pod_cidr, strict=False)
    width = 24 if network.version == 4 else 64

    def of(index: int) -> str:
        if network.prefixlen >= width:
            return str(network)
        step = 1 << (network.max_prefixlen - width)
        # Of its own version: the number of an address near :: would be one of IPv4's as well.
        return f"{network.network_address + (index * step) % network.num_addresses}/{width}"

    return of
