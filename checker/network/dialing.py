"""Connections to what a target stands for: a pod, a Service, a record of the DNS, an address.

One may lead to another: an ExternalName to a record, a record to an address, an address to a
Service.
"""

from __future__ import annotations

from collections.abc import Sequence

from checker.network import sentences as say
from checker.network.answer import EndpointVerdict, Verdict
from checker.network.dns import Record, lookup, published
from checker.network.endpoints import Endpoint
from checker.network.listening import listen
from checker.network.model import Pod
from checker.network.nodewalk import to_localhost, to_node
from checker.network.noendpoints import explain
from checker.network.sender import Sender
from checker.network.services import Service
from checker.network.story import Story, combine
from checker.network.walk import Packet, Walk


def dial_localhost(
    walk: Walk, sender: Sender, packet: Packet, port: int, story: Story | None
) -> Verdict:
    """To the sender's own loopback address; no policy is asked."""
    pod = sender.pod
    if pod is not None and not pod.host_network:
        return listen(pod, port, walk.protocol, story, inside=True)
    assert packet.node is not None  # noqa: S101  # only senders on a node come here
    return to_localhost(walk, packet.node, port, story)


def dial_pod(walk: Walk, packet: Packet, pod: Pod, port: int, story: Story | None) -> Verdict:
    """To a pod's address."""
    gone = absent(pod, story)
    if gone is not None:
        return gone
    if packet.outside and not pod.host_network:
        if story is not None:
            story.add_pod("pod", "fail", say.pod_from_outside(pod.name), pod)
        return "timeout"
    if packet.pod is pod and not pod.host_network:
        # A pod's own address never leaves its network namespace.
        if story is not None:
            story.add_pod("pod", "pass", say.somewhere(pod.name, pod.address), pod)
        return listen(pod, port, walk.protocol, story)
    if story is None:
        return walk.verdict_at(packet, pod, port)
    return walk.to_pod(packet, pod, port, story)


def absent(pod: Pod, story: Story | None) -> Verdict | None:
    """What a pod comes to that has no address: never made, not scheduled, or ended."""
    template = pod.template
    if not template.accepted:
        if story is not None:
            detail = say.refused_object(template.kind, template.name)
            story.add("pod", "fail", detail, template.resource)
        return "rejected"
    if template.forbidden is not None:
        if story is not None:
            story.add_pod("pod", "fail", template.forbidden[0], pod, template.forbidden[1])
        return "rejected"
    if template.finished:
        if story is not None:
            detail = say.target_finished(pod.name, template.readiness.reason)
            story.add_pod("pod", "fail", detail, pod, template.readiness.field)
        return "timeout"
    if pod.pending is not None:
        if story is not None:
            detail = say.target_pending(pod.name, pod.pending[0])
            story.add_pod("pod", "fail", detail, pod, pod.pending[1])
        return "timeout"
    return None


def dial_service(
    walk: Walk,
    sender: Sender,
    packet: Packet,
    service: Service,
    port: int | str,
    story: Story | None,
) -> Verdict:
    """To a Service's address, or a headless one's pods."""
    if not service.accepted:
        return walk.refused_service(service, story)
    if service.kind == "ExternalName":
        return _follow_external_name(walk, sender, packet, service, port, story)
    if service.is_headless:
        return _dial_headless(walk, sender, packet, service, port, story)
    if isinstance(port, str):
        named = service.find_named(port, walk.protocol)
        port = named.port if named is not None else 0
    if packet.outside:
        if story is not None:
            told = (
                say.load_balancer_pending
                if service.kind == "LoadBalancer"
                else say.cluster_ip_from_outside
            )
            detail = told(service.name)
            story.add_service("service", "fail", detail, service, "spec.type")
        return "timeout"
    return walk.to_service(packet, service, port, story)


def _dial_headless(
    walk: Walk,
    sender: Sender,
    packet: Packet,
    service: Service,
    port: int | str,
    story: Story | None,
) -> Verdict:
    """To the pods of a headless Service, at their own ports: nothing is translated."""
    endpoints = published(walk.cluster, service)
    if not endpoints:
        if story is not None:
            if service.ports:
                known = walk.cluster.endpoints(service, service.ports[0])
                detail, pod, field = explain(walk.cluster, service, service.ports[0], known)
                if pod is not None:
                    story.add_pod("endpoints", "fail", detail, pod, field)
                else:
                    story.add_service("endpoints", "fail", detail, service, field)
            else:
                detail = say.dns_no_addresses(service.name, service.name)
                story.add_service("endpoints", "fail", detail, service, "spec.selector")
        return "refused"
    if story is not None and isinstance(port, int):
        detail = say.headless_dials(service.name, port, len(endpoints))
        story.add_service("service", "pass", detail, service, "spec.clusterIP")
    return _dial_endpoints(walk, sender, packet, endpoints, service, port, story)


def _follow_external_name(
    walk: Walk,
    sender: Sender,
    packet: Packet,
    service: Service,
    port: int | str,
    story: Story | None,
) -> Verdict:
    """An ExternalName has no address to dial: what its name stands for is dialled, if known."""
    record = lookup(walk.cluster, service.external_name, (service,))
    if record is None or record.outside:
        if story is not None:
            detail = say.external_name(service.name, service.external_name)
            field = "spec.externalName"
            story.add_service("service", "unknown", detail, service, field)
        return "cannot-tell"
    return dial_record(walk, sender, packet, service.name, record, port, story)


def dial_record(
    walk: Walk,
    sender: Sender,
    packet: Packet,
    name: str,
    record: Record,
    port: int | str,
    story: Story | None,
) -> Verdict:
    """To what a name stands for; `name` is what the client wrote."""
    if story is not None:
        _tell_record(name, record, story)
    if record.service is not None:
        return dial_service(walk, sender, packet, record.service, port, story)
    if record.endpoints is not None:
        tries_all = walk.protocol == "TCP"
        return _dial_endpoints(
            walk, sender, packet, record.endpoints, record.headless, port, story, tries_all
        )
    if record.outside or isinstance(port, str):
        return "cannot-tell"
    return dial_address(walk, sender, packet, record.address, port, story)


def dial_address(
    walk: Walk, sender: Sender, packet: Packet, address: str, port: int, story: Story | None
) -> Verdict:
    """To an address: a Service's, a pod's, a node's, or anybody's."""
    if address.startswith("127.") and (sender.pod is not None or sender.node is not None):
        return dial_localhost(walk, sender, packet, port, story)
    service = walk.cluster.service_at(address)
    if service is not None:
        return dial_service(walk, sender, packet, service, port, story)
    pod = walk.cluster.pods_by_address.get(address)
    if pod is not None:
        return dial_pod(walk, packet, pod, port, story)
    claimed = walk.cluster.service_outside(address)
    if claimed is not None and packet.node is not None and claimed.accepted:
        declared = claimed.find_port(port, walk.protocol)
        if declared is not None:
            if story is not None:
                detail = say.external_address(address, claimed.name)
                story.add_service("service", "pass", detail, claimed, "spec.externalIPs")
            # Pods and nodes use all endpoints, whatever externalTrafficPolicy says.
            entry = None if claimed.external_local else packet.node
            return walk.proxied(packet, claimed, declared, "", entry, story)
    node = next((one for one in walk.cluster.nodes if one.address == address), None)
    if node is not None:
        return to_node(walk, packet, node, port, story)
    return walk.to_address(packet, address, port, story)


def _dial_endpoints(
    walk: Walk,
    sender: Sender,
    packet: Packet,
    endpoints: Sequence[Endpoint],
    service: Service | None,
    port: int | str,
    story: Story | None,
    tries_all: bool = False,
) -> Verdict:
    """To several addresses. `tries_all`: those of a name, for who gets a refusal from one asks the
    next (RFC 6724, section 2; Go's `net.Dialer`, curl); else one of them.
    """

    def number(endpoint: Endpoint) -> int:
        if isinstance(port, int):
            return port
        # A named port is what the SRV record says: the pod's own.
        named = service.find_named(port, walk.protocol) if service is not None else None
        if service is not None and named is not None:
            for one in walk.cluster.endpoints(service, named).endpoints:
                if one.address == endpoint.address:
                    return one.port
        return 0

    def go(endpoint: Endpoint, told: Story | None) -> Verdict:
        if endpoint.pod is not None:
            return dial_pod(walk, packet, endpoint.pod, number(endpoint), told)
        return walk.to_address(packet, endpoint.address, number(endpoint), told)

    verdicts: list[Verdict] = []
    for one in endpoints:
        verdict = go(one, None)
        # Whether an unready pod has the name is not known, so neither is what it answers.
        verdicts.append("cannot-tell" if one.ready is None and verdict == "connected" else verdict)
    falls_over = tries_all and set(verdicts) == {"connected", "refused"}
    if story is not None:
        index = next((i for i, one in enumerate(verdicts) if one != "connected"), 0)
        if falls_over:
            index = verdicts.index("connected")
            name = service.name if service is not None else endpoints[0].address
            detail = say.dns_next_address(name, verdicts.count("refused"), len(verdicts))
            story.add("endpoints", "pass", detail)
        go(endpoints[index], story)
        walk.endpoints = tuple(
            EndpointVerdict(one.pod.name if one.pod else one.address, number(one), verdict)
            for one, verdict in zip(endpoints, verdicts, strict=True)
        )
    if any(one.ready is None for one in endpoints) and len(endpoints) == 1:
        return "cannot-tell"
    return "connected" if falls_over else combine(verdicts)


def _tell_record(name: str, record: Record, story: Story) -> None:
    for alias in record.aliases:
        detail = say.external_name(alias.name, alias.external_name)
        story.add_service("dns", "pass", detail, alias, "spec.externalName")
    if record.outside:
        story.add("dns", "unknown", say.dns_outside(record.outside))
        return
    service = record.service or record.headless
    if service is not None:
        what = (
            f"Service {service.name}, {service.address}"
            if record.service is not None
            else say.count(len(record.endpoints or ()), "pod address", "pod addresses")
        )
        detail = say.dns_resolves(name, record.name, what)
        story.add_service("dns", "pass", detail, service, "metadata.name")
    else:
        story.add("dns", "pass", say.dns_resolves(name, record.name, record.address))
