"""Targets that are names: the lookup, from where the question is asked to the answer."""

from __future__ import annotations

from collections.abc import Sequence

from checker.network import sentences as say
from checker.network.address import Target
from checker.network.answer import Verdict
from checker.network.assumed import DNS_NAMESPACE, DNS_SERVICE
from checker.network.dialing import dial_address, dial_record
from checker.network.dns import Record, from_hosts, lookup, names_to_try, uses_cluster_dns
from checker.network.fields import text, texts
from checker.network.model import Pod
from checker.network.sender import Sender, Way
from checker.network.services import Service
from checker.network.story import Story
from checker.network.walk import Packet, Walk

#: Name servers of everyone's: reached or not, they do not know what the cluster's DNS knows.
_PUBLIC = frozenset(
    "8.8.8.8 8.8.4.4 1.1.1.1 1.0.0.1 9.9.9.9 149.112.112.112 208.67.222.222 208.67.220.220".split()  # noqa: SIM905
)


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
        return dial_record(walk, sender, packet, name, record, port, story)

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
        return dial_record(walk, sender, packet, name, record, port, story)
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
    server = walk.cluster.services[(DNS_NAMESPACE, DNS_SERVICE)]
    if text(pod.template.spec, "dnsPolicy") == "None":
        own_servers = texts(pod.template.spec, "dnsConfig", "nameservers")
        verdict = _ask_own_servers(walk, packet, pod, name, own_servers, server.address, story)
        if verdict is not None:
            return verdict, None
    elif not uses_cluster_dns(pod):
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


def _ask_own_servers(
    walk: Walk,
    packet: Packet,
    pod: Pod,
    name: str,
    servers: Sequence[str],
    cluster_dns: str,
    story: Story | None,
) -> Verdict | None:
    """The name servers of dnsConfig, in their order; None where the cluster's is the first that
    can answer. One that certainly does not is followed by the next.
    """
    lookups = Walk(walk.cluster, "UDP")
    record = lookup(walk.cluster, name.rstrip("."))
    is_outside = record is not None and bool(record.outside)
    asked = () if _PUBLIC.issuperset(servers) and not is_outside else servers
    for address in asked:
        if address == cluster_dns:
            return None
        heard = dial_address(lookups, Sender(pod, None), packet, address, 53, None)
        if heard not in ("refused", "timeout"):
            if story is not None:
                story.add_pod("dns", "unknown", say.dns_own_servers(name), pod, "dnsConfig")
            return "cannot-tell"
    if story is not None:
        detail = say.dns_servers_silent(name, servers)
        story.add_pod("dns", "fail", detail, pod, "dnsConfig.nameservers")
    return "dns-failure"


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
        detail = say.dns_no_addresses(name, service.name)
        story.add_service("dns", "fail", detail, service, "spec.selector")
        return
    story.add_pod("dns", "fail", say.dns_unknown_name(name, tried), pod)
