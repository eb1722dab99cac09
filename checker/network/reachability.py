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
    cluster.classify()
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
    pods = [(members, port) for members in groups.values() for port in _open(members[0], protocol)]
    walk = Walk(cluster, protocol)
    rows: list[tuple[Verdict, ...]] = []
    # A pod's way to itself differs from its equals' way to it; all else is the kind's.
    shared: dict[int, list[Verdict]] = {}
    for members in groups.values():
        source = members[0]
        row = shared.get(source.kind)
        if row is None:
            row = [_to_service(walk, source, service, port) for service, port in services]
            row += _to_all_pods(walk, source, pods)
            shared[source.kind] = row
        rows.append(tuple(_with_itself(walk, source, row, pods, len(services))))
    return Matrix(
        protocol,  # type: ignore[arg-type]  # parse_protocol has seen to it
        tuple(_pod_axis(members, "") for members in groups.values()),
        (
            *(_service_axis(service, port) for service, port in services),
            *(_pod_axis(members, f":{port}") for members, port in pods),
        ),
        tuple(rows),
    )


def _to_all_pods(walk: Walk, source: Pod, targets: list[tuple[list[Pod], int]]) -> list[Verdict]:
    known: dict[tuple[int, int], Verdict] = {}
    row: list[Verdict] = []
    for members, port in targets:
        target = members[0]
        key = (target.kind, port)
        verdict = known.get(key)
        if verdict is None:
            verdict = _to_pod(walk, source, target, port)
            if target is not source:
                known[key] = verdict
        row.append(verdict)
    return row


def _with_itself(
    walk: Walk, source: Pod, row: list[Verdict], targets: list[tuple[list[Pod], int]], start: int
) -> list[Verdict]:
    """The row with the verdicts of the source's own column; among several equal pods the column
    tells of another.
    """
    own = list(row)
    for column, (members, port) in enumerate(targets, start):
        if members[0].kind == source.kind:
            target = next((one for one in members if one is not source), members[0])
            own[column] = _to_pod(walk, source, target, port)
    return own


def cell(cluster: Cluster, of: Matrix, row: int, column: int) -> Trace:
    """The story of one cell."""
    source, target = of.sources[row], of.targets[column]
    members = [name for name in target.members if name.rpartition(":")[0] != source.name]
    return trace(cluster, source.name, (members or target.members)[0], of.protocol)


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
    if not (service.internal_local or service.traffic_distribution or pod.host_network):
        # Its own node makes no difference to what a pod sends.
        packets = packets[:1]
    return agree(dial_service(walk, sender, one, service, port, None) for one in packets)


def _to_pod(walk: Walk, pod: Pod, target: Pod, port: int) -> Verdict:
    silent = _sends(pod)
    if silent is not None:
        return silent
    packets = Sender(pod, None).packets()
    if not pod.host_network and not target.host_network:
        packets = packets[:1]
    return agree(dial_pod(walk, one, target, port, None) for one in packets)


__all__ = ["cell", "matrix"]
