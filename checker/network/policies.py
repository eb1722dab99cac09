"""NetworkPolicy, as the engine that kind runs evaluates it.

A pod is isolated in a direction if a policy with that policyType selects it. A connection is
allowed if the source's egress and the destination's ingress both allow it; rules and policies add
up. Ports are those of the destination *pod*, after all translation. Selectors never match what
has no pod's address: nodes, pods on the host network, the world outside.

`sigs.k8s.io/kube-network-policies` 1.1, `pkg/networkpolicy: EvaluatePolicyDirection`: a named
port means, for each destination pod, the container ports of its regular containers with that name
and protocol (`pkg/api: NewPodInfo`), and none outside a pod.

Everything is three-valued: an ipBlock that covers a part of a node's range may or may not hold a
pod whose address only the cluster knows.
"""

import ipaddress
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from checker.network.fields import items, mapping, number, text, texts
from checker.network.model import Pod
from checker.network.selectors import Selector

if TYPE_CHECKING:
    from checker.api.resource import Resource

INGRESS, EGRESS = "Ingress", "Egress"
_KEYS = {INGRESS: ("ingress", "from"), EGRESS: ("egress", "to")}

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


class Party(NamedTuple):
    """One end of a connection as policies see it: a pod, or an address that is no pod's."""

    pod: Pod | None
    address: str


class PolicyPort(NamedTuple):
    """A port of a rule: number, range or name; neither means all of the protocol."""

    protocol: str
    port: int | str | None
    end: int | None


class Peer(NamedTuple):
    """A peer of a rule: an ipBlock, or selectors of namespaces and pods."""

    block: Network | None
    excepted: tuple[Network, ...]
    pods: Selector | None
    namespaces: Selector | None
    position: int


class Rule(NamedTuple):
    """A rule allows what comes over one of its ports from, or to, one of its peers."""

    ports: tuple[PolicyPort, ...]
    peers: tuple[Peer, ...]
    position: int


class Policy:
    """A NetworkPolicy, read once."""

    __slots__ = ("name", "namespace", "resource", "rules", "selector", "types")

    def __init__(self, resource: "Resource") -> None:
        self.resource = resource
        self.namespace = resource.ref.namespace
        self.name = resource.ref.name
        spec = mapping(resource.value, "spec")
        self.selector = Selector(mapping(spec, "podSelector"))
        self.rules = {way: tuple(_rules(spec, *_KEYS[way])) for way in (INGRESS, EGRESS)}
        types = texts(spec, "policyTypes")
        if not types:
            # `SetDefaults_NetworkPolicy`
            types = [INGRESS, EGRESS] if items(spec, "egress") else [INGRESS]
        self.types = frozenset(types)

    def __repr__(self) -> str:
        return f"<Policy {self.namespace}/{self.name}>"


def _rules(spec: dict[str, Any], key: str, peers_key: str) -> list[Rule]:
    rules = []
    for index, value in enumerate(items(spec, key)):
        ports = tuple(_port(one) for one in items(value, "ports"))
        peers = tuple(_peer(one, at) for at, one in enumerate(items(value, peers_key)))
        rules.append(Rule(ports, peers, index))
    return rules


def _port(value: dict[str, Any]) -> PolicyPort:
    port = value.get("port")
    end = number(value, "endPort") or None
    return PolicyPort(
        text(value, "protocol", default="TCP"),
        port if isinstance(port, int | str) and not isinstance(port, bool) else None,
        end,
    )


def _peer(value: dict[str, Any], index: int) -> Peer:
    block = _network(text(value, "ipBlock", "cidr")) if "ipBlock" in value else None
    excepted = tuple(
        network
        for network in map(_network, texts(value, "ipBlock", "except"))
        if network is not None
    )
    pods = Selector(value["podSelector"]) if value.get("podSelector") is not None else None
    namespaces = value.get("namespaceSelector")
    return Peer(
        block,
        excepted,
        pods,
        Selector(namespaces) if namespaces is not None else None,
        index,
    )


def _network(cidr: str) -> Network | None:
    try:
        return ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        return None


class Decision(NamedTuple):
    """What the policies of one direction say. `policy` and `rule` are who allowed it; for a
    denial `policy` is the one to look at, and `near` how close its best rule came.
    """

    allowed: bool | None
    isolated: bool
    policy: Policy | None = None
    rule: Rule | None = None
    #: For a denial: `none` (no rules), `port` (a rule fits but for its ports), `peer` (a rule
    #: fits but for its peers), `both`.
    near: str = ""
    peer: Peer | None = None


class Policies:
    """All policies of a cluster, indexed by the pods that they isolate."""

    def __init__(
        self,
        policies: Sequence[Policy],
        namespaces: Mapping[str, Mapping[str, str]],
        node_ranges: Sequence[str],
    ) -> None:
        self._by_namespace: dict[str, list[Policy]] = {}
        #: By namespace and the first label that a policy asks for, None where it asks for none.
        self._asking: dict[tuple[str, tuple[str, str] | None], list[tuple[int, Policy]]] = {}
        for position, policy in enumerate(policies):
            self._by_namespace.setdefault(policy.namespace, []).append(policy)
            label = next(iter(policy.selector.labels.items()), None)
            self._asking.setdefault((policy.namespace, label), []).append((position, policy))
        self._namespaces = namespaces
        self._ranges = [ipaddress.ip_network(cidr, strict=False) for cidr in node_ranges]
        self._of_group: dict[tuple[int, str], tuple[Policy, ...]] = {}
        self._peer_memo: dict[tuple[int, int], bool | None] = {}
        self._distinct: list[tuple[Peer, Policy]] | None = None
        #: Which peers choose a group of pods, and what a policy says in one direction, numbered.
        self._chosen_by: dict[int, int] = {}
        self._content: dict[tuple[int, str], int] = {}
        self._numbers: dict[object, int] = {}

    def isolating(self, pod: Pod, way: str) -> tuple[Policy, ...]:
        """The policies that isolate the pod in this direction. Host-network pods have none."""
        key = (pod.group, way)
        found = self._of_group.get(key)
        if found is None:
            found = ()
            if not pod.host_network:
                found = tuple(
                    policy
                    for policy in self._candidates(pod)
                    if way in policy.types and policy.selector.matches(pod.labels)
                )
            self._of_group[key] = found
        return found

    def _candidates(self, pod: Pod) -> list[Policy]:
        """The policies that may select the pod, in their order; quick where there are many."""
        found: list[tuple[int, Policy]] = []
        for label in (None, *pod.labels.items()):
            found += self._asking.get((pod.namespace, label), ())
        return [policy for _, policy in sorted(found, key=lambda one: one[0])]

    def as_sender(self, pod: Pod) -> tuple[object, ...]:
        """Equal for pods of whose packets no policy makes a difference: what lets them out reads
        alike, the same peers choose them, and policies select both or neither.
        """
        return (self._says(pod, EGRESS), self._chosen(pod), bool(self.selecting(pod)))

    def as_target(self, pod: Pod) -> tuple[object, ...]:
        """Equal for pods to which no policy makes a difference."""
        return (self._says(pod, INGRESS), self._chosen(pod))

    def _says(self, pod: Pod, way: str) -> frozenset[int]:
        """What the pod's policies of one direction say, whoever says it."""
        found = set()
        for policy in self.isolating(pod, way):
            key = (id(policy), way)
            number_ = self._content.get(key)
            if number_ is None:
                said = _content(policy, way)
                number_ = self._content[key] = self._numbers.setdefault(said, len(self._numbers))
            found.add(number_)
        return frozenset(found)

    def _chosen(self, pod: Pod) -> int:
        """Which peers choose the pod, a bit each."""
        found = self._chosen_by.get(pod.group)
        if found is None:
            if self._distinct is None:
                self._distinct = self._distinct_peers()
            found = 0
            for place, (peer, policy) in enumerate(self._distinct):
                if self.selects(peer, pod, policy):
                    found |= 1 << place
            self._chosen_by[pod.group] = found
        return found

    def _distinct_peers(self) -> list[tuple[Peer, Policy]]:
        """One of those peers each that choose the same pods, for they are written alike."""
        found: dict[object, tuple[Peer, Policy]] = {}
        for policies in self._by_namespace.values():
            for policy in policies:
                for rules in policy.rules.values():
                    for rule in rules:
                        for peer in rule.peers:
                            if peer.block is None:
                                found.setdefault(_chooses(peer, policy), (peer, policy))
        return list(found.values())

    def selecting(self, pod: Pod) -> tuple[Policy, ...]:
        """All policies that select the pod, of whatever direction."""
        both = (*self.isolating(pod, INGRESS), *self.isolating(pod, EGRESS))
        return tuple(dict.fromkeys(both))

    def decide(
        self, way: str, pod: Pod | None, other: Party, target: Pod | None, port: int, protocol: str
    ) -> Decision:
        """What `pod`'s policies of one direction say about a connection with `other`.

        `target` is the destination pod, whose container ports give names their numbers; None
        for a destination that is no pod. `port` is the destination's, after translation.
        """
        if pod is None:
            return Decision(True, False)
        policies = self.isolating(pod, way)
        if not policies:
            return Decision(True, False)
        unknown: Decision | None = None
        best = Decision(False, True, policies[0], None, "none")
        rank = -1
        for policy in policies:
            for rule in policy.rules[way]:
                fits_port = allows_port(rule.ports, target, port, protocol)
                fits_peer, peer = self._allows_peer(rule.peers, other, policy)
                if fits_port and fits_peer:
                    return Decision(True, True, policy, rule, "", peer)
                if fits_port and fits_peer is None:
                    unknown = unknown or Decision(None, True, policy, rule, "peer", peer)
                near = "port" if fits_peer else "peer" if fits_port else "both"
                value = ("both", "peer", "port").index(near)
                if value > rank:
                    best, rank = Decision(False, True, policy, rule, near), value
        return unknown or best

    def _allows_peer(
        self, peers: tuple[Peer, ...], other: Party, policy: Policy
    ) -> tuple[bool | None, Peer | None]:
        if not peers:
            return True, None
        unknown: Peer | None = None
        for peer in peers:
            matched = self._matches(peer, other, policy)
            if matched:
                return True, peer
            if matched is None:
                unknown = unknown or peer
        return (None, unknown) if unknown is not None else (False, None)

    def _matches(self, peer: Peer, other: Party, policy: Policy) -> bool | None:
        if other.pod is None:
            return peer.block is not None and _holds(peer, other.address)
        key = (id(peer), other.pod.group)
        if key in self._peer_memo:
            return self._peer_memo[key]
        result: bool | None
        if peer.block is not None:
            result = self._holds_pod(peer, other.pod)
            if result is None and other.pod.node is None:
                # Not a fact of the group, for the pods may differ in their candidates.
                return None
        else:
            result = self.selects(peer, other.pod, policy)
        self._peer_memo[key] = result
        return result

    def selects(self, peer: Peer, pod: Pod, policy: Policy) -> bool:
        """Whether a peer's selectors choose the pod; `policy` is whose rule it is in."""
        if pod.host_network or (peer.pods is None and peer.namespaces is None):
            return False
        if peer.pods is not None and not peer.pods.matches(pod.labels):
            return False
        if peer.namespaces is None:
            return pod.namespace == policy.namespace
        return peer.namespaces.matches(self._namespaces.get(pod.namespace, {}))

    def _holds_pod(self, peer: Peer, pod: Pod) -> bool | None:
        """A pod's address is any of its node's range, as far as anyone can know beforehand."""
        if pod.host_network:
            return _holds(peer, pod.address)
        ranges = [
            ipaddress.ip_network(node.pod_cidr, strict=False)
            for node in ((pod.node,) if pod.node else pod.candidates)
        ] or self._ranges
        answers = {_holds_range(peer, one) for one in ranges}
        return answers.pop() if len(answers) == 1 else None


def _chooses(peer: Peer, policy: Policy) -> tuple[object, ...]:
    """Equal for peers that choose the same, for they are written alike."""
    where = peer.namespaces.key() if peer.namespaces else policy.namespace
    return (peer.block, peer.excepted, peer.pods.key() if peer.pods else None, where)


def _content(policy: Policy, way: str) -> object:
    """Equal for policies that say the same in one direction about the pods that they select."""
    return tuple(
        (rule.ports, tuple(_chooses(peer, policy) for peer in rule.peers))
        for rule in policy.rules[way]
    )


def _holds(peer: Peer, address: str) -> bool:
    try:
        one = ipaddress.ip_address(address)
    except ValueError:
        return False
    if peer.block is None or one not in peer.block:
        return False
    return not any(one in network for network in peer.excepted)


def _holds_range(peer: Peer, network: Network) -> bool | None:
    """Whether a peer's block holds all of a range (True), none (False) or some of it (None)."""
    block = peer.block
    if block is None or block.version != network.version or not block.overlaps(network):
        return False
    if any(
        one.version == network.version and network.subnet_of(one)  # type: ignore[arg-type]
        for one in peer.excepted  # the versions are equal, which mypy cannot see
    ):
        return False
    whole = network.subnet_of(block)  # type: ignore[arg-type]  # as above
    if whole and not any(one.overlaps(network) for one in peer.excepted):
        return True
    return None


def allows_port(
    ports: tuple[PolicyPort, ...], target: Pod | None, port: int, protocol: str
) -> bool:
    """`evaluatePorts`: no ports means all; a name means what the target's containers declare."""
    if not ports:
        return True
    for one in ports:
        if one.protocol != protocol:
            continue
        if one.port is None:
            return True
        if isinstance(one.port, int):
            if one.port == port or (one.end is not None and one.port < port <= one.end):
                return True
        elif target is not None and any(
            declared.name == one.port
            and declared.port == port
            and declared.protocol == protocol
            and declared.role == "regular"
            for declared in target.template.ports
        ):
            return True
    return False
