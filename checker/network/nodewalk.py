"""What a node's own address answers: node ports, host ports, or else the node itself.

`pkg/proxy/nftables/proxier.go`: `service-nodeports`, the `external-` chains with their two short
cuts (pods of this node, and the node itself, use all endpoints under `externalTrafficPolicy:
Local`). Host ports: the CNI plugin portmap. Traffic from a pod to *another* node is given the
address of its own node on the way, as kindnet does for all that leaves the pods' range.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.network import sentences as say
from checker.network.answer import Verdict
from checker.network.model import ANY_ADDRESS, ContainerPort, Node, Pod
from checker.network.nodesockets import on_node
from checker.network.story import Story

if TYPE_CHECKING:
    from checker.network.services import Service, ServicePort
    from checker.network.walk import Packet, Walk


def to_node(walk: Walk, packet: Packet, node: Node, port: int, story: Story | None) -> Verdict:
    """To a node's address, from wherever the packet is."""
    claimed = _by_external_address(walk, packet, node, port, story)
    if claimed is not None:
        return claimed
    here = packet.node is not None and packet.node.name == node.name
    if packet.pod is not None and not here:
        stopped = _stopped(walk, packet, node, port, story)
        if stopped is not None:
            return stopped
        source = packet.node.address if packet.node is not None else ""
        packet = packet._replace(pod=None, address=source)
    if not here:
        packet = packet._replace(node=node, own=False)
    found = walk.cluster.node_port(port, walk.protocol)
    if found is not None:
        return _by_node_port(walk, packet, node, *found, story)
    mapped = _host_port(walk, node, port, node.address)
    if mapped is not None:
        return _by_host_port(walk, packet, node.name, port, mapped, story)
    if packet.pod is not None:
        stopped = _stopped(walk, packet, node, port, story)
        if stopped is not None:
            return stopped
    return on_node(walk.cluster, walk.protocol, node, port, story, sender=packet.pod)


def _by_external_address(
    walk: Walk, packet: Packet, node: Node, port: int, story: Story | None
) -> Verdict | None:
    """To a node's address that a Service has among its externalIPs; None where none has.

    Every node takes such packets for the Service's: a pod's do not leave their own node as such.
    """
    for service in walk.cluster.services.values():
        declared = service.find_port(port, walk.protocol)
        if node.address not in service.external_ips or declared is None or not service.accepted:
            continue
        if story is not None:
            detail = say.external_address(node.address, service.name)
            story.add_service("service", "pass", detail, service, "spec.externalIPs")
        if packet.node is None:
            local = "externalTrafficPolicy" if service.external_local else ""
            entry = None if local else node
            return walk.proxied(packet._replace(node=node), service, declared, local, entry, story)
        entry = None if service.external_local else packet.node
        return walk.proxied(packet, service, declared, "", entry, story)
    return None


def _stopped(
    walk: Walk, packet: Packet, node: Node, port: int, story: Story | None
) -> Verdict | None:
    """What policies make of a pod's packet to a node itself; None where they let it through."""
    allowed = walk.policies(packet, None, node.address, port, story)
    if isinstance(allowed, str):
        return allowed
    if allowed is True:
        return None
    return "timeout" if allowed is False else "cannot-tell"


def _by_node_port(
    walk: Walk,
    packet: Packet,
    node: Node,
    service: Service,
    declared: ServicePort,
    story: Story | None,
) -> Verdict:
    _tell_node_port(walk, node.name, service, declared, story)
    if not service.accepted:
        return walk.refused_service(service, story)
    if not service.external_local:
        return walk.proxied(packet, service, declared, "", node, story)
    if packet.pod is not None or packet.own:
        return walk.proxied(packet, service, declared, "", None, story)
    return walk.proxied(packet, service, declared, "externalTrafficPolicy", None, story)


def _tell_node_port(
    walk: Walk, where: str, service: Service, declared: ServicePort, story: Story | None
) -> None:
    if story is not None:
        detail = say.node_port(where, declared.node_port, walk.protocol, service.name)
        field = declared.field("nodePort")
        story.add_service("node-port", "pass", detail, service, field)


def _by_host_port(
    walk: Walk,
    packet: Packet,
    where: str,
    port: int,
    mapped: tuple[Pod, ContainerPort, bool],
    story: Story | None,
) -> Verdict:
    pod, declared, sure = mapped
    if not sure:
        if story is not None:
            story.add_pod("host-port", "unknown", say.placement_open(pod.name), pod, declared.field)
        return "cannot-tell"
    if story is not None:
        detail = say.host_port(where, port, pod.name, declared.port)
        story.add_pod("host-port", "pass", detail, pod, f"{declared.field}.hostPort")
    return walk.to_pod(packet, pod, declared.port, story)


def _host_port(
    walk: Walk, node: Node, port: int, address: str
) -> tuple[Pod, ContainerPort, bool] | None:
    """The pod whose host port this is; False where it may be on another node.

    The runtime maps the ports of regular containers alone, a native sidecar's are left out.
    """
    perhaps: tuple[Pod, ContainerPort, bool] | None = None
    for pod in walk.cluster.host_port_pods():
        if pod.host_network or pod.pending is not None or not pod.template.accepted:
            continue
        for one in pod.template.ports:
            if (
                one.host_port == port
                and one.protocol == walk.protocol
                and one.role == "regular"
                and one.host_ip in ("", ANY_ADDRESS, address)
            ):
                if pod.node is not None and pod.node.name == node.name:
                    return pod, one, True
                if pod.node is None and any(own.name == node.name for own in pod.candidates):
                    perhaps = (pod, one, False)
    return perhaps


def to_localhost(walk: Walk, node: Node, port: int, story: Story | None) -> Verdict:
    """To 127.0.0.1 in a node's own network namespace."""
    found = walk.cluster.node_port(port, walk.protocol)
    if found is not None:
        service, declared = found
        if walk.cluster.settings.proxy_mode == "iptables":
            _tell_node_port(walk, "localhost", service, declared, story)
            return walk.proxied(walk.own(node), service, declared, "", node, story)
        if story is not None:
            detail = say.node_port_localhost(port)
            field = declared.field("nodePort")
            story.add_service("node-port", "fail", detail, service, field)
        return "refused"
    mapped = _host_port(walk, node, port, "127.0.0.1")
    if mapped is not None and mapped[2]:
        return _by_host_port(walk, walk.own(node), "localhost", port, mapped, story)
    return on_node(walk.cluster, walk.protocol, node, port, story, inside=True)
