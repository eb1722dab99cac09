"""What a node's own address answers: node ports, host ports, and processes on the node.

`pkg/proxy/nftables/proxier.go`: `service-nodeports`, the `external-` chains with their two short
cuts (pods of this node, and the node itself, use all endpoints under `externalTrafficPolicy:
Local`). Host ports: the CNI plugin portmap. Traffic from a pod to *another* node is given the
address of its own node on the way, as kindnet does for all that leaves the pods' range.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.api.finding import ObjectRef
from checker.network import sentences as say
from checker.network.answer import Verdict
from checker.network.listening import listen
from checker.network.model import ContainerPort, Node, Pod
from checker.network.story import Story

if TYPE_CHECKING:
    from checker.network.walk import Packet, Walk

#: What kubeadm's nodes run besides pods, bound to all addresses. The first node is the control
#: plane.
_ON_EVERY_NODE = {(10250, "TCP"): "the kubelet", (10256, "TCP"): "kube-proxy's health check"}
_ON_THE_FIRST = {(6443, "TCP"): "kube-apiserver"}
#: Ports that an operating system may or may not serve.
_PERHAPS = frozenset(((22, "TCP"), (2379, "TCP"), (2380, "TCP"), (111, "TCP"), (111, "UDP")))


def to_node(walk: Walk, packet: Packet, node: Node, port: int, story: Story | None) -> Verdict:
    """To a node's address, from wherever the packet is."""
    here = packet.node is not None and packet.node.name == node.name
    if packet.pod is not None and not here:
        allowed = walk.policies(packet, None, node.address, port, story)
        if isinstance(allowed, str):
            return allowed
        if allowed is not True:
            return "timeout" if allowed is False else "cannot-tell"
        source = packet.node.address if packet.node is not None else ""
        packet = packet._replace(pod=None, address=source)
    if not here:
        packet = packet._replace(node=node, own=False)
    found = walk.cluster.node_port(port, walk.protocol)
    if found is not None:
        service, declared = found
        if story is not None:
            detail = say.node_port(node.name, port, walk.protocol, service.name)
            ref = ObjectRef("v1", "Service", service.namespace, service.name)
            field = declared.field("nodePort")
            story.add("node-port", "pass", detail, service.resource, field, ref)
        if not service.accepted:
            return walk.refused_service(service, story)
        if not service.external_local:
            return walk.proxied(packet, service, declared, "", node, story)
        if packet.pod is not None or packet.own:
            return walk.proxied(packet, service, declared, "", None, story)
        return walk.proxied(packet, service, declared, "externalTrafficPolicy", None, story)
    mapped = _host_port(walk, node, port)
    if mapped is not None:
        pod, declared_port, sure = mapped
        if not sure:
            if story is not None:
                detail = say.placement_open(pod.name)
                story.add_pod("host-port", "unknown", detail, pod, declared_port.field)
            return "cannot-tell"
        if story is not None:
            detail = say.host_port(node.name, port, pod.name, declared_port.port)
            story.add_pod("host-port", "pass", detail, pod, f"{declared_port.field}.hostPort")
        return walk.to_pod(packet, pod, declared_port.port, story)
    if packet.pod is not None:
        allowed = walk.policies(packet, None, node.address, port, story)
        if isinstance(allowed, str):
            return allowed
        if allowed is not True:
            return "timeout" if allowed is False else "cannot-tell"
    return on_node(walk, node, port, story)


def _host_port(walk: Walk, node: Node, port: int) -> tuple[Pod, ContainerPort, bool] | None:
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
                and one.host_ip in ("", "0.0.0.0", node.address)
            ):
                if pod.node is not None and pod.node.name == node.name:
                    return pod, one, True
                if pod.node is None and any(own.name == node.name for own in pod.candidates):
                    perhaps = (pod, one, False)
    return perhaps


def on_node(
    walk: Walk, node: Node, port: int, story: Story | None, *, inside: bool = False
) -> Verdict:
    """What listens in the node's own network namespace: pods on the host network, Kubernetes."""
    cluster, protocol = walk.cluster, walk.protocol
    unsure: Pod | None = None
    for pod in cluster.host_network_pods():
        if pod.pending is not None or not pod.template.accepted or pod.template.forbidden:
            continue
        near = pod.node is not None and pod.node.name == node.name
        if not near and (pod.node is not None or node not in pod.candidates):
            continue
        heard = listen(pod, port, protocol, None, inside=inside)
        if heard == "connected" and near:
            return listen(pod, port, protocol, story, inside=inside)
        if heard != "refused":
            unsure = pod
    key = (port, protocol)
    name = _ON_EVERY_NODE.get(key)
    if name is None and node is cluster.nodes[0]:
        name = _ON_THE_FIRST.get(key)
    if name is not None:
        if story is not None:
            story.add("listener", "pass", say.node_program(name, node.name, port))
        return "connected"
    if unsure is not None:
        if story is not None:
            if unsure.node is None:
                story.add_pod("listener", "unknown", say.placement_open(unsure.name), unsure)
            else:
                listen(unsure, port, protocol, story, inside=inside)
        return "cannot-tell"
    if key in _PERHAPS:
        if story is not None:
            story.add("listener", "unknown", say.node_unknown(node.name, port))
        return "cannot-tell"
    if story is not None:
        have = cluster.node_port_numbers()
        detail = say.node_port_nothing(node.name, port, protocol, have)
        first = next(
            (one for one in cluster.services.values() if any(p.node_port for p in one.ports)), None
        )
        if first is not None and first.resource is not None:
            number = next(one for one in first.ports if one.node_port)
            field = number.field("nodePort")
            story.add("node-port", "fail", detail, first.resource, field)
        else:
            story.add("node-port", "fail", detail)
    return "refused"


def to_localhost(walk: Walk, node: Node, port: int, story: Story | None) -> Verdict:
    """To 127.0.0.1 in a node's own network namespace."""
    found = walk.cluster.node_port(port, walk.protocol)
    if found is not None:
        service, declared = found
        ref = ObjectRef("v1", "Service", service.namespace, service.name)
        if walk.cluster.settings.proxy_mode == "iptables":
            if story is not None:
                detail = say.node_port("localhost", port, walk.protocol, service.name)
                field = declared.field("nodePort")
                story.add("node-port", "pass", detail, service.resource, field, ref)
            return walk.proxied(walk.own(node), service, declared, "", node, story)
        if story is not None:
            detail = say.node_port_localhost(port)
            field = declared.field("nodePort")
            story.add("node-port", "fail", detail, service.resource, field, ref)
        return "refused"
    mapped = _host_port(walk, node, port)
    if mapped is not None and mapped[2] and mapped[1].host_ip in ("", "0.0.0.0"):
        pod, declared_port, _ = mapped
        if story is not None:
            detail = say.host_port("localhost", port, pod.name, declared_port.port)
            story.add_pod("host-port", "pass", detail, pod, f"{declared_port.field}.hostPort")
        return walk.to_pod(walk.own(node), pod, declared_port.port, story)
    return on_node(walk, node, port, story, inside=True)
