"""One connection's way through the cluster, from where it is sent to the socket that answers.

A packet is sent by a pod, by a process on a node, or from outside. What netfilter does with it is
followed in its order:

1. on the sender's node kube-proxy translates a Service's address to one endpoint, or rejects it
   (`pkg/proxy/nftables/proxier.go`, chains `services`, `service-endpoints-check`,
   `cluster-ips-check`; `pkg/proxy/iptables` where the settings say so);
2. policies are asked after translation and before the source is rewritten, on the nodes of both
   pods (`kube-network-policies`, postrouting at srcnat - 5); what a process on the pod's own node
   sends is let through (`meta skuid 0 accept`);
3. the pod's own network namespace has a listener there, or answers with a reset.

A packet from another node, or translated by another node for a node port, comes with that node's
address, which no selector matches.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from checker.api.finding import ObjectRef
from checker.network import sentences as say
from checker.network.answer import EndpointVerdict, HopStatus, Stage, Verdict
from checker.network.endpoints import Endpoint, EndpointSet
from checker.network.listening import listen
from checker.network.model import Node, Pod
from checker.network.policies import EGRESS, INGRESS, Decision, Party
from checker.network.services import Service, ServicePort
from checker.network.story import Story, agree, combine

if TYPE_CHECKING:
    from checker.api.resource import Resource
    from checker.network.cluster import Cluster

_ZONE = "topology.kubernetes.io/zone"
#: RFC 5737: nobody has these addresses.
_NOWHERE = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")


class Packet(NamedTuple):
    """A packet under way, as the node that has it sees it."""

    #: The pod that sent it, unless it is on the host network or its address was rewritten.
    pod: Pod | None
    address: str
    #: The node that has it; None where that is open, or outside.
    node: Node | None
    #: Whether a process on `node` itself sent it.
    own: bool = False
    outside: bool = False


class Walk:
    """Follows packets of one protocol through one cluster."""

    def __init__(self, cluster: Cluster, protocol: str) -> None:
        self.cluster = cluster
        self.protocol = protocol
        self._memo: dict[tuple[object, ...], Verdict] = {}
        #: Filled by the last proxied connection of a told story.
        self.endpoints: tuple[EndpointVerdict, ...] = ()

    # Pods

    def to_pod(
        self,
        packet: Packet,
        pod: Pod,
        port: int,
        story: Story | None,
        entry: Node | None = None,
        others: int = -1,
    ) -> Verdict:
        """To a pod's own address and port.

        `entry` is the node that translated a node port and rewrites the source on the way to
        another node. `others`: how many more the proxy could have picked; -1 where none did.
        """
        if story is not None:
            if others >= 0:
                story.add_pod("pod", "pass", say.sent_to(pod.name, port, others), pod)
            elif pod.node is not None:
                detail = say.on_node(pod.name, pod.address, pod.node.name)
                story.add_pod("pod", "pass", detail, pod)
            else:
                story.add_pod("pod", "pass", say.somewhere(pod.name, pod.address), pod)
        allowed = self.policies(packet, pod, pod.address, port, story, entry)
        if allowed is None:
            heard = listen(pod, port, self.protocol, None)
            return "cannot-tell" if heard != "timeout" else heard
        if isinstance(allowed, str):
            return allowed
        if not allowed:
            return "timeout"
        return listen(pod, port, self.protocol, story)

    def policies(
        self,
        packet: Packet,
        target: Pod | None,
        address: str,
        port: int,
        story: Story | None,
        entry: Node | None = None,
    ) -> bool | Verdict | None:
        """Whether both directions allow it; "rejected" where a refused policy is in the way."""
        policies = self.cluster.policies
        if target is not None and target.host_network:
            target = None
        if packet.pod is not None:
            for policy in self.cluster.refused_policies.isolating(packet.pod, EGRESS):
                return self._refused_policy(policy.resource, "egress-policy", story)
            decision = policies.decide(
                EGRESS, packet.pod, Party(target, address), target, port, self.protocol
            )
            if story is not None and decision.isolated:
                name = target.name if target is not None else address
                self._tell_policy(decision, "egress", packet.pod, name, port, story)
            if decision.allowed is not True:
                return decision.allowed
        if target is None:
            return True
        for policy in self.cluster.refused_policies.isolating(target, INGRESS):
            return self._refused_policy(policy.resource, "ingress-policy", story)
        if not policies.isolating(target, INGRESS):
            return True
        answers: list[Decision] = []
        for party in self._seen_as(packet, target, entry):
            if party is None:
                answers.append(Decision(True, False))
            else:
                answers.append(policies.decide(INGRESS, target, party, target, port, self.protocol))
        allowed = {one.allowed for one in answers}
        if len(allowed) > 1:
            if story is not None:
                story.add_pod("ingress-policy", "unknown", say.placement_open(target.name), target)
            return None
        decision = answers[0]
        if story is not None and decision.isolated:
            name = packet.pod.name if packet.pod is not None else packet.address
            self._tell_policy(decision, "ingress", target, name, port, story)
        return decision.allowed

    def _seen_as(self, packet: Packet, target: Pod, entry: Node | None) -> list[Party | None]:
        """Who the packet comes from, to the node of `target`; None for what is let through there.

        Several where the target's node is open.
        """
        if packet.own:
            # A process on this node; its own pods take everything from it.
            entry = packet.node
            near: Party | None = None
        else:
            near = Party(packet.pod, packet.address)
        if entry is None:
            return [near]
        far = Party(None, entry.address)
        if target.node is not None:
            return [near if target.node.name == entry.name else far]
        if any(node.name == entry.name for node in target.candidates):
            return [near, far]
        return [far]

    def _tell_policy(
        self, decision: Decision, way: str, pod: Pod, other: str, port: int, story: Story
    ) -> None:
        stage: Stage = "egress-policy" if way == "egress" else "ingress-policy"
        policy, rule = decision.policy, decision.rule
        if policy is None:
            return
        field = "spec.podSelector"
        if rule is not None:
            field = f"spec.{way}[{rule.position}]"
            if decision.peer is not None:
                field += f".{'to' if way == 'egress' else 'from'}[{decision.peer.position}]"
            elif decision.near == "port":
                field += ".ports"
            elif decision.near == "peer":
                field += ".to" if way == "egress" else ".from"
        if decision.allowed:
            detail = say.policy_allows(way, policy.name, rule.position if rule else 0)
            story.add(stage, "pass", detail, policy.resource, field)
        elif decision.allowed is None:
            detail = say.policy_unknown(policy.name, other)
            story.add(stage, "unknown", detail, policy.resource, field)
        else:
            names = [
                one.name
                for one in self.cluster.policies.isolating(
                    pod, EGRESS if way == "egress" else INGRESS
                )
            ]
            detail = say.policy_denies(
                way, pod.name, decision.near, names, port, self.protocol, other
            )
            story.add(stage, "fail", detail, policy.resource, field)

    def _refused_policy(self, resource: Resource, stage: Stage, story: Story | None) -> Verdict:
        if story is not None:
            detail = say.refused_object(resource.ref.kind, resource.ref.name)
            story.add(stage, "fail", detail, resource)
        return "rejected"

    def own(self, node: Node) -> Packet:
        """What a process on a node sends."""
        return Packet(None, node.address, node, own=True)

    # Services

    def refused_service(self, service: Service, story: Story | None) -> Verdict:
        """A Service that the API server does not take is in the way."""
        if story is not None:
            detail = say.refused_object("Service", service.name)
            story.add("service", "fail", detail, service.resource)
        return "rejected"

    def to_service(
        self, packet: Packet, service: Service, port: int, story: Story | None
    ) -> Verdict:
        """To a port of a Service's cluster IP."""
        if not service.accepted:
            return self.refused_service(service, story)
        declared = service.find_port(port, self.protocol)
        mode = self.cluster.settings.proxy_mode
        if declared is None:
            verdict, more = self.rejection(packet) if mode == "nftables" else ("timeout", "")
            if story is not None:
                have = [f"{one.port}/{one.protocol}" for one in service.ports]
                detail = say.undeclared_port(service.name, port, self.protocol, have, mode)
                self._tell_service(service, "fail", detail + more, "spec.ports", story)
            return verdict
        local = "internalTrafficPolicy" if service.internal_local else ""
        return self.proxied(packet, service, declared, local, None, story)

    def proxied(
        self,
        packet: Packet,
        service: Service,
        port: ServicePort,
        local: str,
        entry: Node | None,
        story: Story | None,
    ) -> Verdict:
        """To one of the endpoints behind a Service's port.

        `local`: the traffic policy that wants those of the packet's node, or "".
        `entry`: the node that answers for a node port and rewrites the source.
        """
        known = self.cluster.endpoints(service, port)
        for left in known.left:
            if left.why == "refused":
                if story is not None:
                    self._tell_forwarding(service, port, known, story)
                    template = left.pod.template
                    detail = say.refused_object(template.kind, template.name)
                    story.add("endpoints", "fail", detail, template.resource)
                return "rejected"
        ready, unsure = known.ready, known.open
        if not ready and not unsure:
            verdict, more = self.rejection(packet)
            if story is not None:
                self._tell_no_endpoints(service, port, known, more, story)
            return verdict
        node = entry or packet.node
        if local:
            mine = [one for one in ready if _is_on(one, node) is True]
            maybe = [one for one in (*ready, *unsure) if _is_on(one, node) is not False]
            if not maybe:
                if story is not None and node is not None:
                    self._tell_no_local(service, port, known, node, local, story)
                return "timeout"
            if not mine:
                if story is not None:
                    name = node.name if node is not None else "the node"
                    self._tell_forwarding(service, port, known, story)
                    detail = say.local_is_open(service.name, name)
                    self._tell_service(service, "unknown", detail, "spec", story, "endpoints")
                return "cannot-tell"
            ready, unsure = mine, [one for one in maybe if one not in mine]
        elif service.traffic_distribution:
            ready = _near(service, ready, node)
        verdict, picked = self._over(packet, [*ready, *unsure], entry)
        if unsure and (not ready or verdict != self._over(packet, ready, entry)[0]):
            verdict = "cannot-tell"
        if story is not None:
            self._tell_forwarding(service, port, known, story)
            self._tell_endpoints(service, port, known, ready, unsure, story)
            if ready:
                self._tell_one(packet, picked, [*ready, *unsure], entry, story)
        return verdict

    def _over(
        self, packet: Packet, endpoints: Sequence[Endpoint], entry: Node | None
    ) -> tuple[Verdict, Endpoint]:
        """The verdict over all endpoints, and one to tell of: the first that fails, if any."""
        verdicts: list[Verdict] = []
        picked = endpoints[0] if endpoints else None
        for one in endpoints:
            verdict = self._to_endpoint(packet, one, entry)
            if verdict != "connected" and all(other == "connected" for other in verdicts):
                picked = one
            verdicts.append(verdict)
        assert picked is not None  # noqa: S101  # callers have looked
        return combine(verdicts), picked

    def _to_endpoint(self, packet: Packet, endpoint: Endpoint, entry: Node | None) -> Verdict:
        pod = endpoint.pod
        key = (
            packet.pod.group if packet.pod is not None else packet.address,
            packet.own,
            pod.group if pod is not None else endpoint.address,
            endpoint.port,
            entry.name if entry is not None else "",
        )
        verdict = self._memo.get(key)
        if verdict is None:
            if pod is not None:
                verdict = self.to_pod(packet, pod, endpoint.port, None, entry)
            else:
                verdict = self.to_address(packet, endpoint.address, endpoint.port, None)
            self._memo[key] = verdict
        return verdict

    def _tell_one(
        self,
        packet: Packet,
        picked: Endpoint,
        endpoints: Sequence[Endpoint],
        entry: Node | None,
        story: Story,
    ) -> None:
        self.endpoints = tuple(
            EndpointVerdict(
                one.pod.name if one.pod is not None else one.address,
                one.port,
                self._to_endpoint(packet, one, entry),
            )
            for one in endpoints
        )
        if picked.pod is not None:
            others = len(endpoints) - 1
            self.to_pod(packet, picked.pod, picked.port, story, entry, others)
        else:
            self.to_address(packet, picked.address, picked.port, story)

    def rejection(self, packet: Packet) -> tuple[Verdict, str]:
        """What the sender sees of kube-proxy's REJECT: an ICMP message from its node, which has
        to pass the policies that isolate the sender for ingress (seen in
        `kube-network-policies`: it belongs to no accepted connection).
        """
        pod = packet.pod
        if pod is None or (packet.node is None and not pod.candidates):
            return "refused", ""
        policies = self.cluster.policies.isolating(pod, INGRESS)
        if not policies:
            return "refused", ""
        node = packet.node or pod.candidates[0]
        gateway = str(ipaddress.ip_network(node.pod_cidr, strict=False)[1])
        decision = self.cluster.policies.decide(INGRESS, pod, Party(None, gateway), None, 0, "ICMP")
        if decision.allowed:
            return "refused", ""
        return "timeout", "; " + say.reject_lost(pod.name, [one.name for one in policies])

    # Addresses that are no pod's

    def to_address(self, packet: Packet, address: str, port: int, story: Story | None) -> Verdict:
        """To an address written by hand."""
        pod = self.cluster.pods_by_address.get(address)
        if pod is not None:
            return self.to_pod(packet, pod, port, story)
        node = next((one for one in self.cluster.nodes if one.address == address), None)
        allowed = self.policies(packet, None, address, port, story)
        if isinstance(allowed, str):
            return allowed
        if allowed is None:
            return "cannot-tell"
        if not allowed:
            return "timeout"
        if node is not None:
            from checker.network.nodewalk import on_node

            return on_node(self, node, port, story)
        try:
            one = ipaddress.ip_address(address)
            nowhere = any(one in ipaddress.ip_network(cidr) for cidr in _NOWHERE)
        except ValueError:
            nowhere = False
        if story is not None:
            if nowhere:
                story.add("listener", "fail", say.outside_nowhere(address))
            else:
                story.add("listener", "unknown", say.outside_unknown(f"{address}:{port}"))
        return "timeout" if nowhere else "cannot-tell"

    # Telling

    def _tell_service(
        self,
        service: Service,
        status: HopStatus,
        detail: str,
        field: str,
        story: Story,
        stage: Stage = "service",
    ) -> None:
        ref = ObjectRef("v1", "Service", service.namespace, service.name)
        story.add(stage, status, detail, service.resource, field, ref)

    def _tell_forwarding(
        self, service: Service, port: ServicePort, known: EndpointSet, story: Story
    ) -> None:
        number = len(known.ready)
        by_hand = known.endpoints and all(one.resource is not None for one in known.endpoints)
        if by_hand and not service.selector:
            detail = say.forwards_by_hand(service.name, port.port, port.protocol, number)
        else:
            detail = say.forwards(service.name, port.port, port.protocol, port.target, number)
        field = port.field("targetPort")
        self._tell_service(service, "pass", detail, field, story)

    def _tell_endpoints(
        self,
        service: Service,
        port: ServicePort,
        known: EndpointSet,
        ready: Sequence[Endpoint],
        unsure: Sequence[Endpoint],
        story: Story,
    ) -> None:
        by_hand = next((one for one in known.endpoints if one.resource is not None), None)
        if unsure and unsure[0].pod is not None:
            pod = unsure[0].pod
            detail = say.readiness_unknown(len(unsure), pod.readiness.reason)
            story.add_pod("endpoints", "unknown", detail, pod, pod.readiness.field)
        elif by_hand is not None and not service.selector:
            story.add(
                "endpoints", "pass", say.by_hand_ready(len(ready)), by_hand.resource, by_hand.field
            )
        else:
            left = sum(one.why == "port-name" for one in known.left)
            detail = say.all_ready(len(ready), max(known.selected, len(ready)), left)
            field = "spec.selector"
            named = next((one for one in ready if one.named is not None), None)
            if named is not None and named.pod is not None and named.named is not None:
                story.add_pod("endpoints", "pass", detail, named.pod, named.named.field)
            else:
                self._tell_service(service, "pass", detail, field, story, "endpoints")

    def _tell_no_local(
        self,
        service: Service,
        port: ServicePort,
        known: EndpointSet,
        node: Node,
        policy: str,
        story: Story,
    ) -> None:
        self._tell_forwarding(service, port, known, story)
        detail = say.no_local_endpoint(service.name, node.name, policy)
        self._tell_service(service, "fail", detail, f"spec.{policy}", story, "endpoints")

    def _tell_no_endpoints(
        self, service: Service, port: ServicePort, known: EndpointSet, more: str, story: Story
    ) -> None:
        from checker.network.noendpoints import explain

        self._tell_forwarding(service, port, known, story)
        detail, pod, field = explain(self.cluster, service, port, known)
        if pod is not None:
            story.add_pod("endpoints", "fail", detail + more, pod, field)
        else:
            self._tell_service(service, "fail", detail + more, field, story, "endpoints")


def _is_on(endpoint: Endpoint, node: Node | None) -> bool | None:
    """Whether an endpoint is on the node; None where the scheduler decides."""
    pod = endpoint.pod
    if pod is None or node is None:
        return False
    if pod.node is not None:
        return pod.node.name == node.name
    return None if any(one.name == node.name for one in pod.candidates) else False


def _near(service: Service, ready: list[Endpoint], node: Node | None) -> list[Endpoint]:
    """The endpoints that `trafficDistribution` prefers: of the same node or zone, if each has one
    and there is any (`proxy/topology.go`, `endpointslice/trafficdist`).
    """
    if node is None or any(one.pod is None or one.pod.node is None for one in ready):
        return ready
    here = [one for one in ready if one.pod and one.pod.node and one.pod.node.name == node.name]
    if service.traffic_distribution == "PreferSameNode" and here:
        return here
    zones = {
        id(one): one.pod.node.labels.get(_ZONE, "") for one in ready if one.pod and one.pod.node
    }
    zone = node.labels.get(_ZONE, "")
    if not zone or not all(zones.values()):
        return ready
    return [one for one in ready if zones[id(one)] == zone] or ready


__all__ = ["Packet", "Walk", "agree"]
