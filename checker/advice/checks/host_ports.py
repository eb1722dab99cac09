"""Ports of the node: hostPort, and hostNetwork's declared ports, which are host ports, too.

With them goes what forbids them: Pod Security, as the model judges it.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.advice.found import Found, pods_from
from checker.advice.survey import Survey
from checker.network.model import PodTemplate
from checker.network.workloads import host_ports


def check(survey: Survey) -> Iterator[Found]:
    """Host ports of every template: that they are there, that they clash, where they lie."""
    for template in survey.templates:
        yield from _forbidden(template)
        wanted = host_ports(template)
        if not wanted:
            continue
        yield from _used(template)
        yield from _in_node_port_range(survey, template)
        yield from _conflict(survey, template, {one[3]: one for one in wanted})


def _used(template: PodTemplate) -> Iterator[Found]:
    if template.host_network:
        return
    for port in template.ports:
        if port.host_port:
            case = "daemon" if template.kind == "DaemonSet" else "message"
            words = {
                "port": port.host_port,
                "protocol": port.protocol,
                "pods": pods_from([template]),
            }
            field = template.path(f"{port.field}.hostPort")
            yield Found("host-port-used", template.resource, field, case, words)


def _in_node_port_range(survey: Survey, template: PodTemplate) -> Iterator[Found]:
    low, high = survey.settings.node_port_range
    for protocol, _, port, field in host_ports(template):
        if low <= port <= high:
            name = "containerPort" if template.host_network else "hostPort"
            words = {"port": port, "protocol": protocol, "low": low, "high": high}
            path = template.path(f"{field}.{name}")
            yield Found("host-port-in-node-port-range", template.resource, path, words=words)


def _conflict(
    survey: Survey, template: PodTemplate, wanted: dict[str, tuple[str, str, int, str]]
) -> Iterator[Found]:
    pods = survey.pods_of(template)
    stuck = [pod for pod in pods if pod.pending and pod.pending[1] in wanted]
    if not stuck or stuck[0].pending is None:
        return
    protocol, _, port, field = wanted[stuck[0].pending[1]]
    nodes = len(survey.cluster.nodes)
    words = {
        "stuck": _stuck(template, len(stuck), len(pods)),
        "pods": pods_from([template]),
        "port": port,
        "protocol": protocol,
        "nodes": f"{nodes} node" if nodes == 1 else f"{nodes} nodes",
    }
    name = "containerPort" if template.host_network else "hostPort"
    path = template.path(f"{field}.{name}")
    case = "replicas" if len(stuck) < len(pods) else "message"
    if case == "message" and not _is_certain(survey, template):
        case = "one_node"
    yield Found("host-port-conflict", template.resource, path, case, words)


def _stuck(template: PodTemplate, stuck: int, count: int) -> str:
    """Who stays Pending, with the verb."""
    if template.kind == "Pod":
        return f"Pod {template.name} stays"
    verb = "stays" if stuck == 1 else "stay"
    return f"{stuck} of {count} pods of {template.kind} {template.name} {verb}"


def _is_certain(survey: Survey, template: PodTemplate) -> bool:
    """Whether the clash does not hang on the one node that is assumed where nobody says more."""
    mine = {(one[0], one[2]) for one in host_ports(template)}
    on_every_node = any(
        (port[0], port[2]) in mine
        for one in survey.templates
        if one is not template and one.kind == "DaemonSet"
        for port in host_ports(one)
    )
    return on_every_node or len(survey.cluster.nodes) > 1 or bool(survey.of("Node"))


def _forbidden(template: PodTemplate) -> Iterator[Found]:
    """A workload whose namespace takes none of its pods. A bare Pod the API server refuses."""
    if template.forbidden is None or template.kind == "Pod":
        return
    reason, field = template.forbidden
    words = {"reason": reason.removesuffix(".")}
    yield Found("pod-security-forbids", template.resource, template.path(field), words=words)
