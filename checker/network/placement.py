"""Nodes, and which pod is on which.

A pod sits where `nodeName`, `nodeSelector`, required node affinity, other pods (required affinity
to them or away from them) and taints leave one node. Two pods that want one host port never share
a node. Where a workload's own spreading (required
anti-affinity, DoNotSchedule constraints, host ports) gives every node its share, pods are dealt
out in turn: which one is where does not matter among equals. Everything else stays open: `node`
is None and `candidates` names the nodes that could be. `pkg/scheduler/framework/plugins`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Sequence
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
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
#: What else a kubelet says of its node (`pkg/kubelet/kubelet_node_status.go: initialNode`); which
#: architecture, only a Node object can tell: the commonest is assumed.
_KUBELETS = {
    "kubernetes.io/os": "linux",
    "kubernetes.io/arch": "amd64",
    "beta.kubernetes.io/os": "linux",
    "beta.kubernetes.io/arch": "amd64",
}


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
                _node_labels(resource.ref.name, labels(value, "metadata", "labels")),
                _valid(text(value, "spec", "podCIDR"), ipaddress.ip_network) or ranges(index),
                tuple(_taints(value)),
                resource,
            )
        )
    count = 0 if found else max(1, len(mentioned), min(settings.nodes, 5000))
    for index in range(count):
        name = mentioned[index] if index < len(mentioned) else f"node-{index + 1}"
        address = str(network[index + 2])
        nodes.append(Node(name, address, _node_labels(name, {}), ranges(index), (), None))
    return nodes


def _node_labels(name: str, said: dict[str, str]) -> dict[str, str]:
    """A node's labels: its kubelet's, and what its manifest says, which comes before."""
    return {_HOSTNAME: name, **_KUBELETS, **said}


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
        # Of its own version: the number of an address near :: would be one of IPv4's as well.
        return f"{network.network_address + (index * step) % network.num_addresses}/{width}"

    return of


def place(workloads: Sequence[Sequence[Pod]], nodes: Sequence[Node]) -> None:
    """Gives every pod its node or its candidates, or says why it stays Pending."""
    used: dict[str, list[tuple[str, str, int]]] = {node.name: [] for node in nodes}
    placed: list[Pod] = []
    # Who wants to be near others waits until those have a node.
    for pods in sorted(filter(None, workloads), key=lambda pods: _looks_around(pods[0].template)):
        _place_workload(pods, nodes, used, placed)
        placed += pods


def _looks_around(template: PodTemplate) -> bool:
    return bool(items(template.spec, "affinity", "podAffinity", _REQUIRED))


def _place_workload(
    pods: Sequence[Pod],
    nodes: Sequence[Node],
    used: dict[str, list[tuple[str, str, int]]],
    placed: Sequence[Pod],
) -> None:
    template = pods[0].template
    by_name = text(template.spec, "nodeName")
    if by_name:
        node = next((one for one in nodes if one.name == by_name), None)
        for pod in pods:
            if node is None:
                pod.pending = (say.no_such_node(by_name, [one.name for one in nodes]), "nodeName")
            else:
                _put(pod, node, used)
        return
    fitting = [node for node in nodes if _fits(template, node)]
    if template.kind == "DaemonSet":
        _place_daemons(pods, fitting, used)
        return
    fitting = _beside_others(template, fitting, placed)
    wanted = host_ports(template)
    most = _most_per_node(template, nodes, fitting)
    dealt = most is not None or bool(wanted) or any(_spread_constraints(template))
    taken = dict.fromkeys((node.name for node in fitting), 0)
    scheduled: list[Pod] = []
    for pod in pods:
        free = [
            node
            for node in fitting
            if not any(_clash(one, used[node.name]) for one in wanted)
            and not (most is not None and taken[node.name] >= most)
        ]
        if not free:
            pod.pending = _why_pending(template, fitting, nodes, wanted)
            continue
        if most is not None:
            # The emptiest first: skew allows no other.
            free = [node for node in free if taken[node.name] == min(taken[n.name] for n in free)]
        pod.candidates = tuple(free)
        if len(free) == 1 or dealt:
            in_turn = most is None and not wanted
            pod.node = free[len(scheduled) % len(free)] if in_turn else free[0]
            taken[pod.node.name] += 1
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
        _put(pod, node, used)


def _put(pod: Pod, node: Node, used: dict[str, list[tuple[str, str, int]]]) -> None:
    """Puts the pod on the one node that it can have, if its host ports are free there. Where its
    nodeName says so the scheduler is not asked, but the kubelet is no less strict
    (`pkg/kubelet/lifecycle/predicate.go`).
    """
    wanted = host_ports(pod.template)
    clash = next((one for one in wanted if _clash(one, used[node.name])), None)
    if clash:
        pod.pending = (say.host_port_taken(clash[0], clash[2], node.name), clash[3])
        return
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
    if not _keeps_apart(template):
        return say.skew_too_great(len(fitting)), "topologySpreadConstraints"
    return say.kept_apart(len(fitting)), "affinity.podAntiAffinity"


def _fits(template: PodTemplate, node: Node) -> bool:
    return _is_chosen(template, node) and _is_tolerated(template, node)


def _is_chosen(template: PodTemplate, node: Node) -> bool:
    """Whether nodeSelector and required node affinity allow the node."""
    spec = template.spec
    if any(node.labels.get(key) != value for key, value in labels(spec, "nodeSelector").items()):
        return False
    required = mapping(spec, "affinity", "nodeAffinity", _REQUIRED)
    return not required or any(
        _meets_term(term, node) for term in items(required, "nodeSelectorTerms")
    )


def _is_tolerated(template: PodTemplate, node: Node) -> bool:
    """Whether the template's tolerations cover the node's taints."""
    tolerations = items(template.spec, "tolerations")
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
        _REQUIRED,
    )
    return any(
        text(term, "topologyKey") == _HOSTNAME
        and "labelSelector" in term
        and Selector(term["labelSelector"]).matches(template.labels)
        for term in terms
    )


def _beside_others(template: PodTemplate, fitting: list[Node], placed: Sequence[Pod]) -> list[Node]:
    """The nodes that required affinity to other workloads' pods, or away from them, leaves
    (`plugins/interpodaffinity`); all of them while it is open where those pods are.
    """
    for kind in ("podAffinity", "podAntiAffinity"):
        for term in items(template.spec, "affinity", kind, _REQUIRED):
            elsewhere = term.get("namespaces") or "namespaceSelector" in term
            if text(term, "topologyKey") != _HOSTNAME or "labelSelector" not in term or elsewhere:
                continue
            selector = Selector(term["labelSelector"])
            others = [
                pod
                for pod in placed
                if pod.namespace == template.namespace and selector.matches(pod.labels)
            ]
            taken = {pod.node.name for pod in others if pod.node is not None}
            if kind == "podAntiAffinity":
                fitting = [node for node in fitting if node.name not in taken]
            elif others and all(pod.node is not None for pod in others):
                fitting = [node for node in fitting if node.name in taken]
    return fitting


def _spread_constraints(template: PodTemplate) -> Iterator[dict[str, Any]]:
    """The constraints that keep the numbers of the workload's pods on the nodes alike."""
    for one in items(template.spec, "topologySpreadConstraints"):
        if (
            text(one, "topologyKey") == _HOSTNAME
            and text(one, "whenUnsatisfiable", default="DoNotSchedule") == "DoNotSchedule"
            and number(one, "maxSkew", default=1) == 1
            and "labelSelector" in one
            and Selector(one["labelSelector"]).matches(template.labels)
        ):
            yield one


def _most_per_node(
    template: PodTemplate, nodes: Sequence[Node], fitting: Sequence[Node]
) -> int | None:
    """How many of the workload's pods a node takes at most; None for any number.

    A node that counts for the skew and takes none of the pods keeps the smallest number at 0, and
    so do fewer nodes than `minDomains`: one pod a node is all then. A tainted node counts, unless
    `nodeTaintsPolicy` says Honor
    (`plugins/podtopologyspread/common.go: matchNodeInclusionPolicies`).
    """
    if _keeps_apart(template):
        return 1
    able = {node.name for node in fitting}
    for one in _spread_constraints(template):
        counted = [
            node
            for node in nodes
            if (text(one, "nodeAffinityPolicy") == "Ignore" or _is_chosen(template, node))
            and (text(one, "nodeTaintsPolicy") != "Honor" or _is_tolerated(template, node))
        ]
        if len(counted) < number(one, "minDomains", default=1):
            return 1
        if any(node.name not in able for node in counted):
            return 1
    return None


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
