"""Targets that are names: the lookup, and the connection to what it found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from checker.api.finding import ObjectRef
from checker.network import sentences as say
from checker.network.address import Target
from checker.network.answer import EndpointVerdict, Verdict
from checker.network.cluster import DNS_NAMESPACE, DNS_SERVICE
from checker.network.dns import (
    Record,
    from_hosts,
    lookup,
    names_to_try,
    published,
    uses_cluster_dns,
)
from checker.network.endpoints import Endpoint
from checker.network.fields import text, texts
from checker.network.services import Service
from checker.network.story import Story, combine
from checker.network.tracing import Sender, Way, dial_localhost, dial_pod, dial_service
from checker.network.walk import Packet, Walk

if TYPE_CHECKING:
    from checker.network.model import Pod


def to_name(target: Target) -> Way:
    """Looks a name up from the source, then dials what it finds."""
    name, port = target.name, target.port

    def go(walk: Walk, sender: Sender, packet: Packet, story: Story | None) -> Verdict:
        if sender.pod is None:
            return _from_outside(walk, sender, packet, name, port, story)
        pod = sender.pod
        known = from_hosts(name, pod)
        record = Record(name, address=known) if known is not None else _literal(walk, name)
        if record is None:
            verdict, record = _ask(walk, packet, pod, name, story)
            if record is None:
                return verdict
        return _dial(walk, sender, packet, name, record, port, story)

    return go


def _literal(walk: Walk, name: str) -> Record | None:
    """An address written as one needs no lookup."""
    record = lookup(walk.cluster, name)
    return record if record is not None and record.name == record.address else None


def _from_outside(
    walk: Walk, sender: Sender, packet: Packet, name: str, port: int | str, story: Story | None
) -> Verdict:
    """Nodes and the world outside do not ask the cluster's DNS server."""
    record = lookup(walk.cluster, name)
    if name == "localhost" and sender.node is not None:
        record = Record(name, address="127.0.0.1")
    if record is not None and record.address:
        return _dial(walk, sender, packet, name, record, port, story)
    if record is not None and record.outside:
        if story is not None:
            story.add("dns", "unknown", say.dns_outside(name))
        return "cannot-tell"
    if story is not None:
        story.add("dns", "fail", say.dns_policy(name, say.NO_POD))
    return "dns-failure"


def _ask(
    walk: Walk, packet: Packet, pod: Pod, name: str, story: Story | None
) -> tuple[Verdict, Record | None]:
    """The lookup: the pod's resolver, the way to the DNS server, the server's answer."""
    own_servers = texts(pod.template.spec, "dnsConfig", "nameservers")
    server = walk.cluster.services[(DNS_NAMESPACE, DNS_SERVICE)]
    if text(pod.template.spec, "dnsPolicy") == "None":
        asks_cluster = own_servers[:1] == [server.address]
    else:
        asks_cluster, own_servers = uses_cluster_dns(pod), []
    if own_servers and not asks_cluster:
        if story is not None:
            story.add_pod("dns", "unknown", say.dns_own_servers(name), pod, "dnsConfig")
        return "cannot-tell", None
    if not asks_cluster:
        return _ask_the_nodes(walk, pod, name, story), None
    reached = _reach_server(walk, packet, story)
    if reached not in ("connected", "cannot-tell"):
        return "dns-failure", None
    tried = names_to_try(name, pod)
    found = (lookup(walk.cluster, full) for full in tried)
    record = next((one for one in found if one is not None), None)
    if record is None or (record.endpoints is not None and not record.endpoints):
        refused = _refused(walk, tried)
        if refused is not None:
            return walk.refused_service(refused, story), None
        if story is not None:
            _tell_failure(pod, name, tried, record, story)
        return "dns-failure", None
    if reached != "connected":
        if story is not None:
            story.add_pod("dns", "unknown", say.dns_unreachable(reached), pod)
        return "cannot-tell", None
    return "connected", record


def _reach_server(walk: Walk, packet: Packet, story: Story | None) -> Verdict:
    """The way of the question, by UDP to port 53 of the DNS server's Service; told if it fails."""
    server = walk.cluster.services[(DNS_NAMESPACE, DNS_SERVICE)]
    lookups = Walk(walk.cluster, "UDP")
    reached = lookups.to_service(packet, server, 53, None)
    if reached == "intermittent":
        # The resolver asks again.
        return "connected"
    if story is not None and reached not in ("connected", "cannot-tell"):
        inner = Story()
        lookups.to_service(packet, server, 53, inner)
        last = inner.hops[-1]
        detail = f"{say.dns_unreachable(reached)}; {last.detail}"
        story.hops.append(last._replace(stage="dns", status="fail", detail=detail))
    return reached


def _ask_the_nodes(walk: Walk, pod: Pod, name: str, story: Story | None) -> Verdict:
    """The node's own name server knows the world outside, as far as anyone can tell."""
    record = lookup(walk.cluster, name)
    outside = record is not None and bool(record.outside)
    if story is not None:
        if outside:
            story.add_pod("dns", "unknown", say.dns_outside(name), pod, "dnsPolicy")
        else:
            policy = text(pod.template.spec, "dnsPolicy", default="ClusterFirst")
            detail = say.dns_policy(name, say.dns_policy_reason(policy))
            story.add_pod("dns", "fail", detail, pod, "dnsPolicy")
    return "cannot-tell" if outside else "dns-failure"


def _refused(walk: Walk, tried: Sequence[str]) -> Service | None:
    """A Service of one of these names that the API server refuses."""
    for full in tried:
        parts = full.split(".")
        if len(parts) >= 3:
            service = walk.cluster.find_service(parts[1], parts[0])
            if service is not None and not service.accepted:
                return service
    return None


def _tell_failure(
    pod: Pod, name: str, tried: Sequence[str], record: Record | None, story: Story
) -> None:
    if record is not None and record.headless is not None:
        service = record.headless
        ref = ObjectRef("v1", "Service", service.namespace, service.name)
        detail = say.dns_no_addresses(name, service.name)
        story.add("dns", "fail", detail, service.resource, "spec.selector", ref)
        return
    story.add_pod("dns", "fail", say.dns_unknown_name(name, tried), pod)


def _dial(
    walk: Walk,
    sender: Sender,
    packet: Packet,
    name: str,
    record: Record,
    port: int | str,
    story: Story | None,
) -> Verdict:
    if story is not None:
        _tell_record(name, record, story)
    if record.service is not None:
        return dial_service(walk, sender, packet, record.service, port, story)
    if record.endpoints is not None:
        return _dial_endpoints(walk, sender, packet, record.endpoints, record.headless, port, story)
    if record.outside:
        return "cannot-tell"
    if isinstance(port, str):
        return "cannot-tell"
    return _dial_address(walk, sender, packet, record.address, port, story)


def _dial_address(
    walk: Walk, sender: Sender, packet: Packet, address: str, port: int, story: Story | None
) -> Verdict:
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
                ref = ObjectRef("v1", "Service", claimed.namespace, claimed.name)
                detail = say.external_address(address, claimed.name)
                story.add("service", "pass", detail, claimed.resource, "spec.externalIPs", ref)
            # Pods and nodes use all endpoints, whatever externalTrafficPolicy says.
            entry = None if claimed.external_local else packet.node
            return walk.proxied(packet, claimed, declared, "", entry, story)
    node = next((one for one in walk.cluster.nodes if one.address == address), None)
    if node is not None:
        from checker.network.nodewalk import to_node

        return to_node(walk, packet, node, port, story)
    return walk.to_address(packet, address, port, story)


def _tell_record(name: str, record: Record, story: Story) -> None:
    for alias in record.aliases:
        detail = say.external_name(alias.name, alias.external_name)
        ref = ObjectRef("v1", "Service", alias.namespace, alias.name)
        story.add("dns", "pass", detail, alias.resource, "spec.externalName", ref)
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
        ref = ObjectRef("v1", "Service", service.namespace, service.name)
        detail = say.dns_resolves(name, record.name, what)
        story.add("dns", "pass", detail, service.resource, "metadata.name", ref)
    else:
        story.add("dns", "pass", say.dns_resolves(name, record.name, record.address))


def dial_headless(
    walk: Walk,
    sender: Sender,
    packet: Packet,
    service: Service,
    port: int | str,
    story: Story | None,
) -> Verdict:
    """To the pods of a headless Service, at their own ports: nothing is translated."""
    endpoints = published(walk.cluster, service)
    ref = ObjectRef("v1", "Service", service.namespace, service.name)
    if not endpoints:
        if story is not None:
            if service.ports:
                from checker.network.noendpoints import explain

                known = walk.cluster.endpoints(service, service.ports[0])
                detail, pod, field = explain(walk.cluster, service, service.ports[0], known)
                if pod is not None:
                    story.add_pod("endpoints", "fail", detail, pod, field)
                else:
                    story.add("endpoints", "fail", detail, service.resource, field, ref)
            else:
                detail = say.dns_no_addresses(service.name, service.name)
                story.add("endpoints", "fail", detail, service.resource, "spec.selector", ref)
        return "refused"
    if story is not None and isinstance(port, int):
        detail = say.headless_dials(service.name, port, len(endpoints))
        story.add("service", "pass", detail, service.resource, "spec.clusterIP", ref)
    return _dial_endpoints(walk, sender, packet, endpoints, service, port, story)


def _dial_endpoints(
    walk: Walk,
    sender: Sender,
    packet: Packet,
    endpoints: Sequence[Endpoint],
    service: Service | None,
    port: int | str,
    story: Story | None,
) -> Verdict:
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
    if story is not None:
        index = next((i for i, one in enumerate(verdicts) if one != "connected"), 0)
        go(endpoints[index], story)
        walk.endpoints = tuple(
            EndpointVerdict(one.pod.name if one.pod else one.address, number(one), verdict)
            for one, verdict in zip(endpoints, verdicts, strict=True)
        )
    if any(one.ready is None for one in endpoints) and len(endpoints) == 1:
        return "cannot-tell"
    return combine(verdicts)


def follow_external_name(
    walk: Walk,
    sender: Sender,
    packet: Packet,
    service: Service,
    port: int | str,
    story: Story | None,
) -> Verdict:
    """An ExternalName has no address to dial: what its name stands for is dialled, if known."""
    ref = ObjectRef("v1", "Service", service.namespace, service.name)
    record = lookup(walk.cluster, service.external_name, (service,))
    if record is None or record.outside:
        if story is not None:
            detail = say.external_name(service.name, service.external_name)
            field = "spec.externalName"
            story.add("service", "unknown", detail, service.resource, field, ref)
        return "cannot-tell"
    return _dial(walk, sender, packet, service.name, record, port, story)
