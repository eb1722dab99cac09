"""`matrix`: the verdicts of all pods against all Services and pods.

Equal pods share a row, and a column for each port. A row's verdicts are worked out once for all
pods that no policy and no node tells apart, and never told: no hop is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.network.address import parse_protocol
from checker.network.answer import Axis, Matrix, Trace, Verdict
from checker.network.model import Pod
from checker.network.services import Service
from checker.network.story import agree
from checker.network.tracing import Sender, dial_pod, dial_service, trace
from checker.network.walk import Walk

if TYPE_CHECKING:
    from checker.network.cluster import Cluster


def matrix(cluster: Cluster, protocol: str = "TCP") -> Matrix:
    """Who reaches whom: all pods against all Services and pods.

    The names of its axes are notations for `trace`, which tells the story of one cell. What is
    assumed (the DNS server, the `kubernetes` Service) has no row and no column. Raises BadEndpoint
    for a protocol that does not exist.
    """
    protocol = parse_protocol(protocol)
    groups: dict[int, list[Pod]] = {}
    for pod in cluster.pods:
        if pod.template.resource is not None:
            groups.setdefault(pod.group, []).append(pod)
    services = [
        (service, port)
        for service in cluster.services.values()
        if service.resource is not None
        for port in _ports(service, protocol)
    ]
    pods = [
        (members[0], port) for members in groups.values() for port in _open(members[0], protocol)
    ]
    targets = [_service_axis(service, port) for service, port in services]
    targets += [_pod_axis(groups[pod.group], f":{port}") for pod, port in pods]
    walk = Walk(cluster, protocol)
    rows: list[tuple[Verdict, ...]] = []
    for members in groups.values():
        row = [_to_service(walk, members[0], service, port) for service, port in services]
        row += [_to_pods(walk, members[0], groups[pod.group], port) for pod, port in pods]
        rows.append(tuple(row))
    return Matrix(
        protocol,  # type: ignore[arg-type]  # parse_protocol has seen to it
        tuple(_pod_axis(members, "") for members in groups.values()),
        tuple(targets),
        tuple(rows),
    )


def cell(cluster: Cluster, of: Matrix, row: int, column: int) -> Trace:
    """The story of one cell."""
    return trace(cluster, of.sources[row].name, of.targets[column].name, of.protocol)


def _ports(service: Service, protocol: str) -> list[int]:
    return [port.port for port in service.ports if port.protocol == protocol]


def _open(pod: Pod, protocol: str) -> list[int]:
    """The ports worth asking about: declared ones and those that have a listener."""
    template = pod.template
    found = {one.port for one in template.listeners if one.protocol == protocol}
    found |= {
        one.port
        for one in template.ports
        if one.protocol == protocol and one.role != "init" and 0 < one.port < 65536
    }
    return sorted(found)


def _pod_axis(members: list[Pod], port: str) -> Axis:
    names = tuple(f"pod/{pod.name}.{pod.namespace}{port}" for pod in members)
    return Axis(names[0], names)


def _service_axis(service: Service, port: int) -> Axis:
    name = f"svc/{service.name}.{service.namespace}:{port}"
    return Axis(name, (name,))


def _sends(pod: Pod) -> Verdict | None:
    """What all connections of a pod come to that sends none; None for one that does."""
    if not pod.template.accepted or pod.template.forbidden is not None:
        return "rejected"
    if pod.pending is not None or pod.template.finished:
        return "timeout"
    return None


def _to_service(walk: Walk, pod: Pod, service: Service, port: int) -> Verdict:
    silent = _sends(pod)
    if silent is not None:
        return silent
    sender = Sender(pod, None)
    packets = sender.packets()
    return agree(dial_service(walk, sender, one, service, port, None) for one in packets)


def _to_pods(walk: Walk, pod: Pod, targets: list[Pod], port: int) -> Verdict:
    silent = _sends(pod)
    if silent is not None:
        return silent
    packets = Sender(pod, None).packets()
    # Of equal pods one stands for all; a pod's way to itself is another matter.
    target = next((one for one in targets if one is not pod), targets[0])
    return agree(dial_pod(walk, one, target, port, None) for one in packets)


__all__ = ["cell", "matrix"]
