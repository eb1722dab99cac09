"""Nodes, and which pod is on which.

A pod sits where `nodeName`, `nodeSelector`, required node affinity and taints leave one node. Two
pods that want one host port never share a node. Where a workload's own spreading (required
anti-affinity, DoNotSchedule constraints, host ports) gives every node its share, pods are dealt
out in turn: which one is where does not matter among equals. Everything else stays open: `node`
is None and `candidates` names the nodes that could be. `pkg/scheduler/framework/plugins`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from checker.network import sentences as say
from checker.network.fields import flag, items, labels, mapping, number, text, texts
from checker.network.model import ANY_ADDRESS, Node, Pod, PodTemplate
from checker.network.selectors import Selector, meets_node_expression
from checker.network.workloads import host_ports

if TYPE_CHECKING:
    from checker.api.resource import Resource
    from checker.api.settings import ClusterSettings

#: kind's Docker network. Its first address is the machine that the nodes run on.
NODE_NETWORK = "172.18.0.0/16"
_HOSTNAME = "kubernetes.io/hostname"


def nodes_of(
    resources: Sequence[Resource], settings: ClusterSettings, mentioned: Sequence[str]
) -> list[Node]:
    """The Node objects of the input, or else as many nodes as the settings say.

    The latter have the names that pods ask for (`mentioned`), in their order, for who writes
    `nodeName: worker-2` has such a node; more are added if the settings have too few. The rest
    are `node-1`, `node-2`, ….
    """
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
                {_HOSTNAME: resource.ref.name, **labels(value, "metadata", "labels")},
                _valid(text(value, "spec", "podCIDR"), ipaddress.ip_network) or ranges(index),
                tuple(_taints(value)),
                resource,
            )
        )
    count = 0 if found else max(1, len(mentioned), min(settings.nodes, 5000))
    for index in range(count):
        name = mentioned[index] if index < len(mentioned) else f"node-{index + 1}"
        address = str(network[index + 2])
        nodes.append(Node(name, address, {_HOSTNAME: name}, ranges(index), (), None))
    return nodes


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
            labels(template.spec, "nodeSelector").get(_HOSTNAME, ""),
        ):
            if name:
                found[name] = None
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
        first = int(network.network_address) + (index * step) % network.num_addresses
        return f"{ipaddress.ip_address(first)}/{width}"

    return of


def place(workloads: Sequence[Sequence[Pod]], nodes: Sequence[Node]) -> None:
    """Gives every pod its node or its candidates, or says why it stays Pending."""
    used: dict[str, list[tuple[str, str, int]]] = {node.name: [] for node in nodes}
    for pods in workloads:
        if pods:
            _place_workload(pods, nodes, used)


def _place_workload(
    pods: Sequence[Pod], nodes: Sequence[Node], used: dict[str, list[tuple[str, str, int]]]
) -> None:
    template = pods[0].template
    by_name = text(template.spec, "nodeName")
    if by_name:
        node = next((one for one in nodes if one.name == by_name), None)
        for pod in pods:
            if node is None:
                pod.pending = (say.no_such_node(by_name, [one.name for one in nodes]), "nodeName")
            else:
                # The scheduler is not asked, so neither are host ports.
                pod.node, pod.candidates = node, (node,)
                used[node.name] += [wanted[:3] for wanted in host_ports(template)]
        return
    fitting = [node for node in nodes if _fits(template, node)]
    if template.kind == "DaemonSet":
        _place_daemons(pods, fitting, used)
        return
    wanted = host_ports(template)
    apart = _keeps_apart(template)
    dealt = apart or bool(wanted) or _spreads(template)
    taken: set[str] = set()
    scheduled: list[Pod] = []
    for pod in pods:
        free = [
            node
            for node in fitting
            if not any(_clash(one, used[node.name]) for one in wanted)
            and not (apart and node.name in taken)
        ]
        if not free:
            pod.pending = _why_pending(template, fitting, nodes, wanted)
            continue
        pod.candidates = tuple(free)
        if len(free) == 1 or dealt:
            pod.node = free[len(scheduled) % len(free)] if not (apart or wanted) else free[0]
            taken.add(pod.node.name)
            used[pod.node.name] += [one[:3] for one in wanted]
        scheduled.append(pod)
    if dealt and len(fitting) > 1 and len(scheduled) % len(fitting):
        # Some nodes get one more than others: which ones is open. Every node has the rest.
        certain = len(scheduled) - len(scheduled) % len(fitting)
        for pod in scheduled[certain:]:
            pod.node, pod.candidates = None, tuple(fitting)


def _place_daemons(
    pods: Sequence[Pod], fitting: Sequence[Node], used: dict[str, list[tuple[str, str, int]]]
) -> None:
    for pod, node in zip(pods, fitting, strict=False):
        wanted = host_ports(pod.template)
        clash = next((one for one in wanted if _clash(one, used[node.name])), None)
        if clash:
            pod.pending = (say.host_port_taken(clash[0], clash[2], node.name), clash[3])
            continue
        pod.node, pod.candidates = node, (node,)
        used[node.name] += [one[:3] for one in wanted]


def daemon_nodes(template: PodTemplate, nodes: Sequence[Node]) -> int:
    """How many nodes a DaemonSet's pods run on."""
    return sum(_fits(template, node) for node in nodes)


def _clash(wanted: tuple[str, str, int, str], used: Sequence[tuple[str, str, int]]) -> bool:
    """`pkg/scheduler/framework: HostPortInfo.CheckConflict`; 0.0.0.0 meets every address."""
    protocol, address, port, _ = wanted
    return any(
        protocol == other[0]
        and port == other[2]
        and (address == other[1] or ANY_ADDRESS in (address, other[1]))
        for other in used
    )


def _why_pending(
    template: PodTemplate,
    fitting: Sequence[Node],
    nodes: Sequence[Node],
    wanted: Sequence[tuple[str, str, int, str]],
) -> tuple[str, str]:
    if not fitting:
        field = "nodeSelector" if mapping(template.spec, "nodeSelector") else "affinity"
        if field == "affinity" and not mapping(template.spec, "affinity"):
            field = "tolerations"
        return say.no_node_fits(len(nodes)), field
    if wanted:
        protocol, _, port, field = wanted[0]
        return say.host_port_everywhere(protocol, port, len(fitting)), field
    return say.kept_apart(len(fitting)), "affinity.podAntiAffinity"


def _fits(template: PodTemplate, node: Node) -> bool:
    spec = template.spec
    if any(node.labels.get(key) != value for key, value in labels(spec, "nodeSelector").items()):
        return False
    required = mapping(
        spec, "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"
    )
    if required and not any(
        _meets_term(term, node) for term in items(required, "nodeSelectorTerms")
    ):
        return False
    tolerations = items(spec, "tolerations")
    return all(
        effect == "PreferNoSchedule" or _tolerated(key, value, effect, tolerations, template)
        for key, value, effect in node.taints
    )


def _meets_term(term: dict[str, Any], node: Node) -> bool:
    expressions = items(term, "matchExpressions")
    fields = items(term, "matchFields")
    if not expressions and not fields:
        return False
    return all(
        meets_node_expression(node.labels, text(e, "key"), text(e, "operator"), texts(e, "values"))
        for e in expressions
    ) and all(
        meets_node_expression(
            {"metadata.name": node.name}, text(e, "key"), text(e, "operator"), texts(e, "values")
        )
        for e in fields
    )


def _tolerated(
    key: str, value: str, effect: str, tolerations: Sequence[dict[str, Any]], template: PodTemplate
) -> bool:
    if template.kind == "DaemonSet" and key == "node.kubernetes.io/unschedulable":
        return True
    for one in tolerations:
        if text(one, "effect") not in ("", effect):
            continue
        operator = text(one, "operator", default="Equal")
        if operator == "Exists" and text(one, "key") in ("", key):
            return True
        if operator == "Equal" and text(one, "key") == key and text(one, "value") == value:
            return True
    return False


def _keeps_apart(template: PodTemplate) -> bool:
    """Whether required anti-affinity keeps the workload's pods on nodes of their own."""
    terms = items(
        template.spec,
        "affinity",
        "podAntiAffinity",
        "requiredDuringSchedulingIgnoredDuringExecution",
    )
    return any(
        text(term, "topologyKey") == _HOSTNAME
        and "labelSelector" in term
        and Selector(term["labelSelector"]).matches(template.labels)
        for term in terms
    )


def _spreads(template: PodTemplate) -> bool:
    """Whether a constraint gives every node the same number of the workload's pods, plus one."""
    return any(
        text(one, "topologyKey") == _HOSTNAME
        and text(one, "whenUnsatisfiable", default="DoNotSchedule") == "DoNotSchedule"
        and number(one, "maxSkew", default=1) == 1
        and "labelSelector" in one
        and Selector(one["labelSelector"]).matches(template.labels)
        for one in items(template.spec, "topologySpreadConstraints")
    )


def address_pods(pods: Sequence[Pod]) -> None:
    """Gives every pod with a node, or with candidates, an address from a node's range."""
    following: dict[str, int] = {}
    for pod in pods:
        if pod.pending is not None or not pod.candidates or pod.template.finished:
            continue
        node = pod.node or pod.candidates[0]
        if pod.host_network:
            pod.address = node.address
            continue
        network = ipaddress.ip_network(node.pod_cidr, strict=False)
        offset = following.get(node.pod_cidr, 2)
        following[node.pod_cidr] = offset + 1
        number_ = (int(network.network_address) + offset) % (1 << network.max_prefixlen)
        made = ipaddress.IPv4Address if network.version == 4 else ipaddress.IPv6Address
        pod.address = str(made(number_))
