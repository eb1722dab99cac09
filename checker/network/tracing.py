"""`trace`: one connection, from the notation to the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.network import sentences as say
from checker.network.address import (
    BadEndpoint,
    Source,
    Target,
    parse_protocol,
    parse_source,
    parse_target,
)
from checker.network.answer import EndpointVerdict, Trace, Verdict
from checker.network.dialing import absent, dial_localhost, dial_pod, dial_service
from checker.network.model import Node, Pod
from checker.network.naming import nodes_named, pod_named, service_named, workload_named
from checker.network.nodewalk import to_node
from checker.network.sender import Sender, Way
from checker.network.story import Story, agree, combine
from checker.network.walk import Packet, Walk

if TYPE_CHECKING:
    from checker.network.cluster import Cluster


def trace(cluster: Cluster, source: str, target: str, protocol: str = "TCP") -> Trace:
    """One connection, hop by hop. `source` and `target` are the contract's `F` and `T`.

    Raises BadEndpoint for a source or target that is malformed or not there.
    """
    said_source, said_target = parse_source(source), parse_target(target)
    protocol = parse_protocol(protocol)
    senders, namespace = _senders(cluster, said_source)
    way = _way(cluster, said_target, namespace, said_source, protocol)
    walk = Walk(cluster, protocol)
    verdicts: dict[int, Verdict] = {}
    seen: dict[object, Verdict] = {}
    for index, sender in enumerate(senders):
        key: object = index
        if sender.pod is not None and said_target.kind != "localhost":
            key = sender.pod.group
        if key not in seen:
            seen[key] = _go(walk, sender, way, None)
        verdicts[index] = seen[key]
    verdict = combine(verdicts.values())
    # Told is the first sender that does not get through, if there is one.
    index = next((i for i, one in verdicts.items() if one != "connected"), 0)
    story = Story()
    walk.endpoints = ()
    _go(walk, senders[index], way, story)
    return Trace(
        source,
        target,
        protocol,  # type: ignore[arg-type]  # parse_protocol has seen to it
        verdict,
        tuple(story.hops),
        walk.endpoints,
    )


def _senders(cluster: Cluster, source: Source) -> tuple[list[Sender], str]:
    """Who may send, and the namespace that names in the target default to."""
    namespace = cluster.settings.namespace
    if source.kind == "external":
        return [Sender(None, None)], namespace
    if source.kind == "node":
        return [Sender(None, node) for node in nodes_named(cluster, source.name)], namespace
    if source.kind == "pod":
        pod = pod_named(cluster, source.name, namespace)
        return [Sender(pod, None)], pod.namespace
    _, pods = workload_named(cluster, source.name, namespace)
    alive = [pod for pod in pods if pod.pending is None] or pods
    return [Sender(pod, None) for pod in alive], pods[0].namespace


def _go(walk: Walk, sender: Sender, way: Way, story: Story | None) -> Verdict:
    """From one sender; over all nodes that it may be on."""
    pod = sender.pod
    if pod is not None:
        silent = _silent(pod, story)
        if silent is not None:
            return silent
    packets = sender.packets()
    if len(packets) == 1:
        return way(walk, sender, packets[0], story)
    verdicts = [way(walk, sender, packet, None) for packet in packets]
    verdict = agree(verdicts)
    if story is not None:
        if verdict == "cannot-tell" and pod is not None and "cannot-tell" not in verdicts:
            story.add_pod("pod", "unknown", say.placement_open(pod.name), pod)
        else:
            way(walk, sender, packets[0], story)
    return verdict


def _silent(pod: Pod, story: Story | None) -> Verdict | None:
    """What everything comes to that is sent by a pod that does not run."""
    template = pod.template
    if not template.accepted or template.forbidden is not None:
        return absent(pod, story)
    if pod.pending is None and not template.finished:
        return None
    reason, field = pod.pending or (template.readiness.reason, template.readiness.field)
    if story is not None:
        story.add_pod("pod", "fail", say.source_pending(pod.name, reason), pod, field)
    return "timeout"


# Ways, one for each kind of target


def _way(cluster: Cluster, target: Target, namespace: str, source: Source, protocol: str) -> Way:
    kind = target.kind
    if kind == "svc":
        return _to_service(cluster, target, namespace, protocol)
    # Ways that few traces go are imported when one does.
    if kind == "dns":
        from checker.network.resolving import to_name

        return to_name(target)
    if kind == "ingress":
        from checker.network.frontdoor import to_ingress

        return to_ingress(target)
    port = target.port
    assert isinstance(port, int)  # noqa: S101  # the parser lets names through for svc/ and dns/ only
    if kind == "pod":
        pod = pod_named(cluster, target.name, namespace)
        return lambda walk, sender, packet, story: dial_pod(walk, packet, pod, port, story)
    if kind == "deploy":
        return _to_workload(cluster, target.name, namespace, port)
    if kind == "node":
        return _to_nodes(nodes_named(cluster, target.name), port)
    if source.kind == "external":
        raise BadEndpoint(say.localhost_source(source.kind))
    return lambda walk, sender, packet, story: dial_localhost(walk, sender, packet, port, story)


def _to_workload(cluster: Cluster, name: str, namespace: str, port: int) -> Way:
    _, pods = workload_named(cluster, name, namespace)
    alive = [pod for pod in pods if pod.pending is None] or pods

    def go(walk: Walk, sender: Sender, packet: Packet, story: Story | None) -> Verdict:
        seen: dict[int, Verdict] = {}
        picked, shown = alive[0], []
        for pod in alive:
            key = -1 if pod is packet.pod else pod.group
            if key not in seen:
                seen[key] = dial_pod(walk, packet, pod, port, None)
                if seen[key] != "connected" and (
                    pod is alive[0] or all(one == "connected" for one in list(seen.values())[:-1])
                ):
                    picked = pod
            shown.append(EndpointVerdict(pod.name, port, seen[key]))
        if story is not None:
            dial_pod(walk, packet, picked, port, story)
            walk.endpoints = tuple(shown)
        return combine(seen.values())

    return go


def _to_nodes(nodes: list[Node], port: int) -> Way:
    def go(walk: Walk, sender: Sender, packet: Packet, story: Story | None) -> Verdict:
        verdicts = [to_node(walk, packet, node, port, None) for node in nodes]
        if story is not None:
            index = next((i for i, one in enumerate(verdicts) if one != "connected"), 0)
            to_node(walk, packet, nodes[index], port, story)
        return combine(verdicts)

    return go


def _to_service(cluster: Cluster, target: Target, namespace: str, protocol: str) -> Way:
    service = service_named(cluster, target.name, namespace)
    port = target.port
    if isinstance(port, str) and service.accepted:
        named = service.find_named(port, protocol)
        if named is None:
            have = [one.name for one in service.ports if one.name]
            raise BadEndpoint(say.no_port_name(port, service.name, have))
    return lambda walk, sender, packet, story: dial_service(
        walk, sender, packet, service, port, story
    )
