"""What listens in a node's own network namespace: pods on the host network, and Kubernetes itself.

Ports of a kubeadm node: kubernetes.io, "Ports and Protocols".
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.network import sentences as say
from checker.network.answer import Verdict
from checker.network.assumed import API_SERVER_PORT
from checker.network.cluster import Cluster
from checker.network.listening import listen
from checker.network.model import Node, Pod
from checker.network.story import Story

#: What kubeadm's nodes run besides pods, bound to all addresses.
_ON_EVERY_NODE = {(10250, "TCP"): "the kubelet", (10256, "TCP"): "kube-proxy's health check"}
#: What they run on their loopback address alone.
_ON_LOOPBACK = {(10249, "TCP"): "kube-proxy's metrics"}
#: Ports that an operating system may or may not serve.
_PERHAPS = frozenset(((22, "TCP"), (2379, "TCP"), (2380, "TCP"), (111, "TCP"), (111, "UDP")))


def on_node(
    cluster: Cluster,
    protocol: str,
    node: Node,
    port: int,
    story: Story | None,
    *,
    inside: bool = False,
    sender: Pod | None = None,
) -> Verdict:
    """What answers on a node's port: from outside, or over its loopback if `inside`; `sender` is
    the pod that asks, where it is one.
    """
    unsure: Pod | None = None
    for pod, near in _on_its_network(cluster, node):
        heard = listen(pod, port, protocol, None, inside=inside, sender=sender)
        if heard in ("connected", "timeout") and near:
            return listen(pod, port, protocol, story, inside=inside, sender=sender)
        if heard != "refused":
            unsure = pod
    key = (port, protocol)
    name = _ON_EVERY_NODE.get(key) or (_ON_LOOPBACK.get(key) if inside else None)
    if key == (API_SERVER_PORT, "TCP") and node.address == cluster.api_server:
        name = "kube-apiserver"
    if protocol == "TCP" and not inside and _is_health_check(cluster, port):
        name = "kube-proxy's health check for load balancers"
    if name is not None:
        if story is not None:
            story.add("listener", "pass", say.node_program(name, node.name, port))
        return "connected"
    if unsure is not None or key in _PERHAPS:
        if story is not None:
            _tell_unsure(node, port, protocol, unsure, inside, story)
        return "cannot-tell"
    if story is not None:
        _tell_nothing(cluster, node, port, protocol, story)
    return "refused"


def _is_health_check(cluster: Cluster, port: int) -> bool:
    """`pkg/proxy/healthcheck`: every node answers, whether it has an endpoint or not."""
    return any(
        one.health_check_port == port and one.external_local and one.accepted
        for one in cluster.services.values()
    )


def _on_its_network(cluster: Cluster, node: Node) -> Iterator[tuple[Pod, bool]]:
    """The host-network pods of a node, and whether they certainly are on it."""
    for pod in cluster.host_network_pods():
        template = pod.template
        if pod.pending is not None or not template.accepted or template.forbidden is not None:
            continue
        if pod.node is not None:
            if pod.node.name == node.name:
                yield pod, True
        elif any(one.name == node.name for one in pod.candidates):
            yield pod, False


def _tell_unsure(
    node: Node, port: int, protocol: str, pod: Pod | None, inside: bool, story: Story
) -> None:
    if pod is None:
        story.add("listener", "unknown", say.node_unknown(node.name, port))
    elif pod.node is None:
        story.add_pod("listener", "unknown", say.placement_open(pod.name), pod)
    else:
        listen(pod, port, protocol, story, inside=inside)


def _tell_nothing(cluster: Cluster, node: Node, port: int, protocol: str, story: Story) -> None:
    """Points at the first node port of the input, which is what was meant, most often."""
    detail = say.node_port_nothing(node.name, port, protocol, cluster.node_port_numbers())
    for service in cluster.services.values():
        for one in service.ports:
            if one.node_port and service.resource is not None:
                field = one.field("nodePort")
                story.add("node-port", "fail", detail, service.resource, field)
                return
    story.add("node-port", "fail", detail)
