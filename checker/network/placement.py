"""Which pod is on which node.

A pod sits where `nodeName`, `nodeSelector`, required node affinity, other pods (required affinity
to them or away from them) and taints leave one node. Two pods that want one host port never share a
node. Where a workload's own spreading (required anti-affinity, DoNotSchedule constraints, host
ports) gives every node its share, pods are dealt out in turn: which one is where does not matter
among equals. Everything else stays open: `node` is None and `candidates` names the nodes that could
be. `pkg/scheduler/framework/plugins`.
"""

import ipaddress
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from checker.network import sentences as say
from checker.network.fields import items, labels, mapping, number, text, texts
from checker.network.model import ANY_ADDRESS, Node, Pod, PodTemplate
from checker.network.nodes import HOSTNAME, REQUIRED
from checker.network.selectors import Selector, meets_node_expression
from checker.network.workloads import host_ports


class _Others(NamedTuple):
    """The pods that one with wishes about others looks at."""

    all: list[Pod]
    #: Those that have their node, or will never have one.
    placed: list[Pod]
    #: Those of them that keep others away from their node, with whom.
    keeping: list[tuple[Pod, Selector]]


def place(workloads: Sequence[Sequence[Pod]], nodes: Sequence[Node]) -> None:
    """Gives every pod its node or its candidates, or says why it stays Pending."""
    used: dict[str, list[tuple[str, str, int]]] = {node.name: [] for node in nodes}
    others = _Others([pod for pods in workloads for pod in pods], [], [])
    # Who wants to be near others waits until those have a node.
    for pods in sorted(filter(None, workloads), key=lambda pods: _looks_around(pods[0].template)):
        gates = items(pods[0].template.spec, "schedulingGates")
        for pod in pods if gates else ():
            pod.pending = (say.scheduling_gate(text(gates[0], "name")), "schedulingGates[0]")
        # A pod may be pending already, as its controller never makes it, or deletes it.
        wanted = [pod for pod in pods if pod.pending is None]
        if wanted:
            _place_workload(wanted, nodes, used, others)
        others.placed.extend(pods)
        for selector in _near_nodes_of(pods[0].template, "podAntiAffinity"):
            others.keeping.extend((pod, selector) for pod in pods)


def _looks_around(template: PodTemplate) -> bool:
    return bool(items(template.spec, "affinity", "podAffinity", REQUIRED))


def _place_workload(
    pods: Sequence[Pod],
    nodes: Sequence[Node],
    used: dict[str, list[tuple[str, str, int]]],
    others: _Others,
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
    fitting = _beside_others(template, fitting, others)
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
    required = mapping(spec, "affinity", "nodeAffinity", REQUIRED)
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
        REQUIRED,
    )
    return any(
        text(term, "topologyKey") == HOSTNAME
        and "labelSelector" in term
        and Selector(term["labelSelector"]).matches(template.labels)
        for term in terms
    )


def _beside_others(template: PodTemplate, fitting: list[Node], pods: _Others) -> list[Node]:
    """The nodes that required affinity to other workloads' pods, or away from them, leaves, theirs
    away from this one's included (`plugins/interpodaffinity: Filter`); all of them while it is
    open where those pods are. None is left to who wants to be near pods that are not there, unless
    it is one itself.
    """
    for selector in _near_nodes_of(template, "podAffinity"):
        if not any(_is_meant(pod, selector, template.namespace) for pod in pods.all):
            return []
        there = [pod for pod in pods.placed if _is_meant(pod, selector, template.namespace)]
        if there and all(pod.node is not None for pod in there):
            taken = {pod.node.name for pod in there if pod.node is not None}
            fitting = [node for node in fitting if node.name in taken]
    kept_from = {
        pod.node.name
        for selector in _near_nodes_of(template, "podAntiAffinity")
        for pod in pods.placed
        if pod.node is not None and _is_meant(pod, selector, template.namespace)
    }
    kept_from |= {
        pod.node.name
        for pod, selector in pods.keeping
        if pod.node is not None
        and pod.namespace == template.namespace
        and selector.matches(template.labels)
    }
    return [node for node in fitting if node.name not in kept_from | _filled(template, pods)]


def _filled(template: PodTemplate, pods: _Others) -> set[str]:
    """The nodes that others have between them, whoever has which: as many pods as nodes, of which
    none goes with another one, nor with the template's.
    """
    wishes = list(_near_nodes_of(template, "podAntiAffinity"))
    rivals = [
        pod
        for pod in (pods.placed if wishes else dict.fromkeys(pod for pod, _ in pods.keeping))
        if pod.node is None and pod.pending is None and _keep_apart(template, pod.template)
    ]
    names = {node.name for pod in rivals for node in pod.candidates}
    if not rivals or len(rivals) < len(names) or len(rivals) > 20:
        return set()
    apart = all(_keep_apart(a.template, b.template) for a, b in combinations(rivals, 2))
    return names if apart else set()


def _keep_apart(one: PodTemplate, other: PodTemplate) -> bool:
    """Whether one of two pods of a namespace keeps the other from its node."""
    return one.namespace == other.namespace and any(
        selector.matches(away.labels)
        for keeper, away in ((one, other), (other, one))
        for selector in _near_nodes_of(keeper, "podAntiAffinity")
    )


def _near_nodes_of(template: PodTemplate, kind: str) -> Iterator[Selector]:
    """The selectors of required terms that are about single nodes and pods of the own namespace."""
    for term in items(template.spec, "affinity", kind, REQUIRED):
        elsewhere = term.get("namespaces") or "namespaceSelector" in term
        if text(term, "topologyKey") == HOSTNAME and "labelSelector" in term and not elsewhere:
            yield Selector(term["labelSelector"])


def _is_meant(pod: Pod, selector: Selector, namespace: str) -> bool:
    """Whether a pod counts for a term: one that may run, for others are on no node."""
    return (
        pod.namespace == namespace
        and pod.pending is None
        and not pod.template.finished
        and selector.matches(pod.labels)
    )


def _spread_constraints(template: PodTemplate) -> Iterator[dict[str, Any]]:
    """The constraints that keep the numbers of the workload's pods on the nodes alike."""
    for one in items(template.spec, "topologySpreadConstraints"):
        if (
            text(one, "topologyKey") == HOSTNAME
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
