"""Which thing of the cluster a notation names: the longest existing name wins where it has dots."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from checker.network import sentences as say
from checker.network.address import BadEndpoint
from checker.network.model import Node, Pod, PodTemplate
from checker.network.services import Service

if TYPE_CHECKING:
    from checker.network.cluster import Cluster

_T = TypeVar("_T")


def _find(
    name: str, namespace: str, find: Callable[[str, str], _T | None]
) -> tuple[_T | None, str, str]:
    """What `NAME[.NS]` names; and the name and namespace to blame where there is nothing."""
    found = find(namespace, name)
    if found is not None:
        return found, name, namespace
    # `a.b.c` may be `a.b` in `c`, or `a` in `b.c`: namespaces have no dots, so only the first.
    head, dot, tail = name.rpartition(".")
    if dot and head:
        found = find(tail, head)
        return found, head, tail
    return None, name, namespace


def pod_named(cluster: Cluster, name: str, namespace: str) -> Pod:
    """The pod `NAME[.NS]`. Raises BadEndpoint."""
    pod, short, where = _find(name, namespace, cluster.find_pod)
    if pod is None:
        have = [one.name for one in cluster.pods if one.namespace == where]
        raise BadEndpoint(_missing("pod", short, where, have, cluster))
    return pod


def workload_named(cluster: Cluster, name: str, namespace: str) -> tuple[PodTemplate, list[Pod]]:
    """The workload `NAME[.NS]` and its pods. Raises BadEndpoint."""
    found, short, where = _find(name, namespace, cluster.find_workload)
    if found is None:
        have = [
            one.name
            for one in cluster.templates
            if one.namespace == where and one.kind != "Pod" and one.resource is not None
        ]
        raise BadEndpoint(_missing("Deployment", short, where, have, cluster))
    template, pods = found
    if not pods:
        raise BadEndpoint(say.no_pods(template.kind, template.name))
    return found


def service_named(cluster: Cluster, name: str, namespace: str) -> Service:
    """The Service `NAME[.NS]`. Raises BadEndpoint."""
    service, short, where = _find(name, namespace, cluster.find_service)
    if service is None:
        have = [
            one.name
            for one in cluster.services.values()
            if one.namespace == where and one.resource is not None
        ]
        raise BadEndpoint(_missing("Service", short, where, have, cluster))
    return service


def nodes_named(cluster: Cluster, name: str) -> list[Node]:
    """The node of this name, or all of them for an empty one. Raises BadEndpoint."""
    if not name:
        return cluster.nodes
    node = cluster.find_node(name)
    if node is None:
        raise BadEndpoint(say.not_there("node", name, "", [one.name for one in cluster.nodes]))
    return [node]


def _missing(kind: str, name: str, namespace: str, have: Iterable[str], cluster: Cluster) -> str:
    names = sorted(set(have))
    if not names:
        elsewhere = {
            "pod": [(one.namespace, one.name) for one in cluster.pods if one.template.resource],
            "Service": [
                (one.namespace, one.name)
                for one in cluster.services.values()
                if one.resource is not None
            ],
        }.get(
            kind,
            [
                (one.namespace, one.name)
                for one in cluster.templates
                if one.kind != "Pod" and one.resource
            ],
        )
        names = sorted({f"{own}.{where}" for where, own in elsewhere})
        return say.not_there(kind, name, namespace, names)
    return say.not_there(kind, name, namespace, names)
