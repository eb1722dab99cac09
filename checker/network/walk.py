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

import ipaddress
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from checker.network import sentences as say
from checker.network.answer import EndpointVerdict, Stage, Verdict
from checker.network.assumed import API_SERVER_PORT
from checker.network.cluster import Cluster
from checker.network.endpoints import Endpoint, EndpointSet, distinct, is_on, near
from checker.network.listening import listen
from checker.network.model import Node, Pod
from checker.network.nodesockets import on_node
from checker.network.policies import EGRESS, INGRESS, Decision, Party
from checker.network.services import Service, ServicePort
from checker.network.story import Story, combine
from checker.network.telling import (
    endpoints_hop,
    forwarding_hop,
    no_endpoints_hop,
    no_local_hop,
    policy_hop,
)

if TYPE_CHECKING:
    from checker.api.resource import Resource

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
        self._kinds: dict[int, list[Endpoint]] = {}
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
        return listen(pod, port, self.protocol, story, sender=packet.pod)

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
        if target is not None and target.host_network:
            target = None
        if packet.pod is not None:
            left = self._egress(packet.pod, target, address, port, story)
            if left is not True:
                return left
        if target is None:
            return True
        return self._ingress(packet, target, port, story, entry)

    def _egress(
        self, pod: Pod, target: Pod | None, address: str, port: int, story: Story | None
    ) -> bool | Verdict | None:
        for policy in self.cluster.refused_policies.isolating(pod, EGRESS):
            return self._refused_policy(policy.resource, "egress-policy", story)
        decision = self.cluster.policies.decide(
            EGRESS, pod, Party(target, address), target, port, self.protocol
        )
        if story is not None and decision.isolated:
            name = target.name if target is not None else address
            policy_hop(self.cluster, decision, "egress", pod, name, port, self.protocol, story)
        return decision.allowed

    def _ingress(
        self, packet: Packet, target: Pod, port: int, story: Story | None, entry: Node | None
    ) -> bool | Verdict | None:
        policies = self.cluster.policies
        for policy in self.cluster.refused_policies.isolating(target, INGRESS):
            return self._refused_policy(policy.resource, "ingress-policy", story)
        if not policies.isolating(target, INGRESS):
            return True
        answers = [
            Decision(True, False)
            if party is None
            else policies.decide(INGRESS, target, party, target, port, self.protocol)
            for party in self._seen_as(packet, target, entry)
        ]
        if len({one.allowed for one in answers}) > 1:
            if story is not None:
                story.add_pod("ingress-policy", "unknown", say.placement_open(target.name), target)
            return None
        decision = answers[0]
        if story is not None and decision.isolated:
            name = packet.pod.name if packet.pod is not None else packet.address
            policy_hop(self.cluster, decision, "ingress", target, name, port, self.protocol, story)
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

    def _refused_policy(self, resource: "Resource", stage: Stage, story: Story | None) -> Verdict:
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
                story.add_service("service", "fail", detail + more, service, "spec.ports")
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
        if known.refused is not None:
            if story is not None:
                forwarding_hop(service, port, known, story)
                template = known.refused.template
                detail = say.refused_object(template.kind, template.name)
                story.add("endpoints", "fail", detail, template.resource)
            return "rejected"
        ready, unsure = known.ready, known.open
        if not ready and not unsure:
            verdict, more = self.rejection(packet)
            if story is not None:
                no_endpoints_hop(self.cluster, service, port, known, more, story)
            return verdict
        node = entry or packet.node
        if local:
            found = self._local(service, port, known, node, local, story)
            if isinstance(found, str):
                return found
            ready, unsure = found
        elif service.traffic_distribution:
            ready = near(service, ready, node)
        if story is None and len(ready) > 1:
            ready = self._distinct(known, ready)
        verdict, picked = self._over(packet, [*ready, *unsure], entry)
        if unsure and (not ready or verdict != self._over(packet, ready, entry)[0]):
            verdict = "cannot-tell"
        if story is not None:
            forwarding_hop(service, port, known, story)
            endpoints_hop(service, port, known, ready, unsure, story)
            if ready:
                self._tell_one(packet, picked, [*ready, *unsure], entry, story)
        return verdict

    def _local(
        self,
        service: Service,
        port: ServicePort,
        known: EndpointSet,
        node: Node | None,
        policy: str,
        story: Story | None,
    ) -> tuple[list[Endpoint], list[Endpoint]] | Verdict:
        """The endpoints of the packet's node, those certain and those not; or the verdict where
        there are none, or nobody knows of any.
        """
        every = (*known.ready, *known.open)
        mine = [one for one in known.ready if is_on(one, node) is True]
        maybe = [one for one in every if is_on(one, node) is not False]
        if not maybe:
            if story is not None and node is not None:
                no_local_hop(service, port, known, node, policy, story)
            return "timeout"
        if mine:
            return mine, [one for one in maybe if one not in mine]
        if story is not None:
            name = node.name if node is not None else "the node"
            forwarding_hop(service, port, known, story)
            detail = say.local_is_open(service.name, name)
            story.add_service("endpoints", "unknown", detail, service, "spec")
        return "cannot-tell"

    def _distinct(self, known: EndpointSet, ready: list[Endpoint]) -> list[Endpoint]:
        """For the verdict alone, one of equal endpoints is enough; kept, for many will ask."""
        if ready is not known.ready:
            return distinct(ready)
        found = self._kinds.get(id(known))
        if found is None:
            found = self._kinds[id(known)] = distinct(ready)
        return found

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
        if endpoint.pod is not None:
            return self.verdict_at(packet, endpoint.pod, endpoint.port, entry)
        return self.to_address(packet, endpoint.address, endpoint.port, None)

    def verdict_at(self, packet: Packet, pod: Pod, port: int, entry: Node | None = None) -> Verdict:
        """What `to_pod` comes to, worked out once for equal senders and pods."""
        sender: int | str = packet.address
        if packet.pod is not None:
            sender = packet.pod.sender
        elif packet.own:
            sender = f"on {packet.address}"
        key = (sender, pod.kind, port, entry.name if entry is not None else "")
        verdict = self._memo.get(key)
        if verdict is None:
            verdict = self._memo[key] = self.to_pod(packet, pod, port, None, entry)
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
        """What the sender sees of kube-proxy's REJECT, an ICMP message from its node.

        A pod that any policy selects never sees it, whatever the policy says: its packets wait in
        the engine's queue, and the kernel drops one that waits with a connection that was never
        confirmed (Linux `nfnetlink_queue.c: nf_ct_drop_unconfirmed`; seen with
        kube-network-policies 1.1).
        """
        pod = packet.pod
        if pod is None:
            return "refused", ""
        selecting = self.cluster.policies.selecting(pod)
        if not selecting:
            return "refused", ""
        return "timeout", "; " + say.reject_lost(pod.name, [one.name for one in selecting])

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
            return on_node(self.cluster, self.protocol, node, port, story, sender=packet.pod)
        if (address, port) == (self.cluster.api_server, API_SERVER_PORT) and self.protocol == "TCP":
            if story is not None:
                story.add("listener", "pass", say.api_server(f"{address}:{port}"))
            return "connected"
        unallocated = _is_in(address, (self.cluster.settings.service_cidr,))
        nowhere = unallocated or _is_in(address, _NOWHERE)
        if story is not None:
            if unallocated:
                story.add("service", "fail", say.no_service_at(address))
            elif nowhere:
                story.add("listener", "fail", say.outside_nowhere(address))
            else:
                story.add("listener", "unknown", say.outside_unknown(f"{address}:{port}"))
        return "timeout" if nowhere else "cannot-tell"


def _is_in(address: str, ranges: Sequence[str]) -> bool:
    try:
        one = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(one in ipaddress.ip_network(cidr, strict=False) for cidr in ranges)
