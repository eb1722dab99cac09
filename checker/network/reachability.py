"""`matrix`: the verdicts of all pods against all Services and pods.

Equal pods share a row, and a column for each port. Verdicts are worked out once for all pods that
no policy and no node tells apart, and never told: no hop is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from checker.network.address import parse_protocol
from checker.network.answer import Axis, Matrix, Trace, Verdict
from checker.network.dialing import dial_pod, dial_service
from checker.network.dns import published
from checker.network.model import Pod
from checker.network.sender import Sender
from checker.network.services import Service
from checker.network.story import agree
from checker.network.tracing import trace
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
    rows = _Rows(Walk(cluster, protocol), services, pods)
    return Matrix(
        protocol,  # type: ignore[arg-type]  # parse_protocol has seen to it
        tuple(_pod_axis(members, "") for members in groups.values()),
        (
            *(_service_axis(service, port) for service, port in services),
            *(_pod_axis(members, f":{port}") for members, port in pods),
        ),
        tuple(rows.of(members[0]) for members in groups.values()),
    )


class _Rows:
    """Works rows out, each verdict once for all senders and targets that are alike.

    A sender that no policy selects is like any other at a target that no policy isolates.
    """

    def __init__(
        self,
        walk: Walk,
        services: Sequence[tuple[Service, int]],
        pods: Sequence[tuple[list[Pod], int]],
    ) -> None:
        self._walk = walk
        self._services = services
        self._pods = pods
        self._plain = [self._is_plain(service, port) for service, port in services]
        self._plain += [self._is_plain_pod(members[0]) for members, _ in pods]
        #: The columns that are not the same to all senders that no policy selects.
        self._uneven = [column for column, plain in enumerate(self._plain) if not plain]
        #: Columns of a pod whose verdict is about its way to itself, or may be.
        self._own: dict[int, list[int]] = {}
        for column, (service, _) in enumerate(services):
            if service.is_headless:
                for endpoint in published(walk.cluster, service):
                    if endpoint.pod is not None:
                        self._own.setdefault(id(endpoint.pod), []).append(column)
        self._of_group: dict[int, list[int]] = {}
        for place, (members, _) in enumerate(pods, len(services)):
            self._of_group.setdefault(members[0].group, []).append(place)
        #: The row of a sender that no policy selects.
        self._common: list[Verdict | None] = []
        #: Rows by sender; None where only other senders have told of themselves so far.
        self._known: dict[int, list[Verdict | None]] = {}

    def of(self, source: Pod) -> tuple[Verdict, ...]:
        """The verdicts of one pod. Its way to itself differs from its equals' way to it."""
        shared = self._known.get(source.sender)
        if shared is None:
            shared = self._known[source.sender] = self._make(source)
        own = [*self._own.get(id(source), ()), *self._of_group.get(source.group, ())]
        row: list[Verdict] = []
        for column, verdict in enumerate(shared):
            if verdict is None and column not in own:
                shared[column] = verdict = self._ask(source, column)
            row.append(verdict or "cannot-tell")
        for column in own:
            row[column] = self._ask(source, column)
        return tuple(row)

    def _make(self, source: Pod) -> list[Verdict | None]:
        columns = range(len(self._plain))
        silent = _sends(source)
        if silent is not None:
            return [silent for _ in columns]
        row: list[Verdict | None] = [None for _ in columns]
        own = {*self._own.get(id(source), ()), *self._of_group.get(source.group, ())}
        if source.host_network or self._selecting(source):
            wanted: Iterable[int] = columns
        else:
            if not self._common:
                self._common = [
                    self._ask(source, column) if plain else None
                    for column, plain in enumerate(self._plain)
                ]
            row, wanted = list(self._common), self._uneven
        known: dict[tuple[int, int], Verdict] = {}
        for column in wanted:
            if column in own:
                continue
            at = column - len(self._services)
            key = (self._pods[at][0][0].kind, self._pods[at][1]) if at >= 0 else (-1, column)
            if key not in known:
                known[key] = self._ask(source, column)
            row[column] = known[key]
        return row

    def _ask(self, source: Pod, column: int) -> Verdict:
        if column < len(self._services):
            return _to_service(self._walk, source, *self._services[column])
        members, port = self._pods[column - len(self._services)]
        # Among several equal pods the column tells of another.
        target = next((one for one in members if one is not source), members[0])
        return _to_pod(self._walk, source, target, port)

    def _selecting(self, pod: Pod) -> bool:
        cluster = self._walk.cluster
        both = (cluster.policies, cluster.refused_policies)
        return any(policies.selecting(pod) for policies in both)

    def _is_plain_pod(self, pod: Pod) -> bool:
        return not pod.host_network and not self._selecting(pod)

    def _is_plain(self, service: Service, port: int) -> bool:
        """Whether a Service's port is the same to all senders that no policy selects."""
        cluster = self._walk.cluster
        if service.internal_local or service.traffic_distribution:
            return False
        declared = service.find_port(port, self._walk.protocol)
        if declared is None or not service.accepted or service.kind == "ExternalName":
            return False
        known = cluster.endpoints(service, declared)
        behind = (*cluster.selected(service), *(one.pod for one in known.endpoints))
        return all(pod is not None and self._is_plain_pod(pod) for pod in behind)


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
        return dial_service(walk, sender, packets[0], service, port, None)
    return agree(dial_service(walk, sender, one, service, port, None) for one in packets)


def _to_pod(walk: Walk, pod: Pod, target: Pod, port: int) -> Verdict:
    silent = _sends(pod)
    if silent is not None:
        return silent
    packets = Sender(pod, None).packets()
    if not pod.host_network and not target.host_network:
        return dial_pod(walk, packets[0], target, port, None)
    return agree(dial_pod(walk, one, target, port, None) for one in packets)


__all__ = ["cell", "matrix"]
