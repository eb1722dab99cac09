"""Requests from outside by host and path: Ingress and HTTPRoute.

A controller that implements them is assumed, in its usual place (namespace `ingress-nginx`), unless
a pod of the input runs one. It goes to the endpoints of the backend's port itself, as
controllers do. An error that the controller answers with counts as `refused`: nothing behind it was
reached, and somebody said so; waiting for a backend in vain (504) is `timeout`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checker.network import sentences as say
from checker.network.address import Target
from checker.network.answer import HopStatus, Verdict
from checker.network.fields import items, text
from checker.network.gateway import routes
from checker.network.httpmatch import NOTHING, Backend, Match, Refusal
from checker.network.ingress import rules
from checker.network.listeners import is_controller
from checker.network.model import Pod, PodTemplate
from checker.network.sender import Sender, Way
from checker.network.services import Service, ServicePort
from checker.network.story import Story, combine
from checker.network.walk import Packet, Walk
from checker.network.workloads import containers

if TYPE_CHECKING:
    from checker.api.resource import Resource
    from checker.network.cluster import Cluster

_ASSUMED_NAMESPACE = "ingress-nginx"


def to_ingress(target: Target) -> Way:
    """Follows a request for `ingress/HOST/PATH`."""

    def go(walk: Walk, sender: Sender, packet: Packet, story: Story | None) -> Verdict:
        match = _match(walk.cluster, target.name, target.path.partition("?")[0])
        if match.resource is not None and not match.resource.accepted:
            if story is not None:
                ref = match.resource.ref
                story.add("ingress", "fail", say.refused_object(ref.kind, ref.name), match.resource)
            return "rejected"
        if match.refusal is not None:
            refusal = match.refusal
            if story is not None:
                status = _status(refusal)
                story.add("ingress", status, refusal.detail, refusal.resource, refusal.field)
            return refusal.verdict
        if story is not None:
            story.add("ingress", "pass", match.detail, match.resource, match.field)
        verdicts = [_to_backend(walk, one, None) for one in match.backends]
        if story is not None:
            index = next((i for i, one in enumerate(verdicts) if one != "connected"), 0)
            _to_backend(walk, match.backends[index], story)
        return combine(verdicts)

    return go


def _status(refusal: Refusal) -> HopStatus:
    return "unknown" if refusal.verdict == "cannot-tell" else "fail"


def _match(cluster: Cluster, host: str, path: str) -> Match:
    found = [*rules(cluster, host, path), *routes(cluster, host, path)]
    if found:
        return _best(found)
    hosts = sorted(
        {
            text(rule, "host") or "*"
            for one in cluster.of_kind("Ingress", "networking.k8s.io")
            for rule in _rules_of(one)
        }
    )
    first = next(iter(cluster.of_kind("Ingress", "networking.k8s.io")), None)
    detail = say.ingress_no_rule(host, path, hosts)
    refusal = Refusal("refused", detail, first, "spec.rules")
    return Match((), "", None, "", NOTHING, refusal)


def _best(found: list[Match]) -> Match:
    """The match that counts; one that cannot tell where controllers may choose another."""
    best = max(found, key=lambda one: one.rank)
    if best.resource is not None and not best.resource.accepted:
        return best
    doubt = best.doubt
    if not doubt and best.resource is not None:
        # Of rules of one object the first counts, of several objects the oldest: in what order
        # they are made in one second, only the cluster knows.
        rivals = (
            one for one in found if one.rank == best.rank and one.resource is not best.resource
        )
        rival = next((one for one in rivals if _leads_to(one) != _leads_to(best)), None)
        if rival is not None and rival.resource is not None:
            doubt = say.rules_alike(best.resource.ref.name, rival.resource.ref.name)
    if not doubt:
        return best
    return best._replace(refusal=Refusal("cannot-tell", doubt, best.resource, best.field))


def _leads_to(match: Match) -> object:
    if match.refusal is not None:
        return match.refusal.verdict
    return [(one.namespace, one.service, one.port, one.refusal is None) for one in match.backends]


def _rules_of(resource: Resource) -> list[dict[str, Any]]:
    return items(resource.value, "spec", "rules")


def find_backend_port(service: Service, port: int | str) -> ServicePort | None:
    """A Service's port by number or name; TCP is what HTTP runs on."""
    for one in service.ports:
        if one.protocol == "TCP" and port == (one.name if isinstance(port, str) else one.port):
            return one
    return None


def _to_backend(walk: Walk, backend: Backend, story: Story | None) -> Verdict:
    cluster = walk.cluster
    refusal = backend.refusal
    if refusal is not None:
        if story is not None:
            story.add("ingress", _status(refusal), refusal.detail, refusal.resource, refusal.field)
        return refusal.verdict
    service = cluster.find_service(backend.namespace, backend.service)
    if service is None:
        if story is not None:
            detail = say.backend_no_service(backend.service, backend.namespace, backend.status)
            story.add("ingress", "fail", detail, backend.resource, backend.field)
        return "refused"
    if not service.accepted:
        return walk.refused_service(service, story)
    port = find_backend_port(service, backend.port)
    if port is None:
        if story is not None:
            have = [
                f"{one.name}:{one.port}" if one.name else str(one.port) for one in service.ports
            ]
            detail = say.backend_no_port(service.name, backend.port, have, backend.status)
            story.add("ingress", "fail", detail, backend.resource, backend.field)
        return "refused"
    if service.kind == "ExternalName":
        if story is not None:
            detail = say.external_name(service.name, service.external_name)
            story.add_service("service", "unknown", detail, service, "spec.externalName")
        return "cannot-tell"
    pod = _controller(cluster)
    packet = Packet(pod, pod.address, pod.node)
    verdict = walk.proxied(packet, service, port, "", None, story)
    if story is not None and story.hops and verdict in ("refused", "timeout"):
        last = story.hops[-1]
        detail = f"{last.detail}; {say.backend_answers(verdict)}"
        story.hops[-1] = last._replace(detail=detail)
    return verdict


def _controller(cluster: Cluster) -> Pod:
    """The pod that the requests come from."""
    for pod in cluster.pods:
        if any(is_controller(text(one, "image")) for one in containers(pod.template)):
            return pod
    template = PodTemplate(
        None,
        "Deployment",
        _ASSUMED_NAMESPACE,
        "ingress-nginx-controller",
        {},
        {
            "app.kubernetes.io/name": "ingress-nginx",
            "app.kubernetes.io/component": "controller",
            "app.kubernetes.io/instance": "ingress-nginx",
        },
        {},
        "spec.template.spec",
    )
    cluster.namespaces.setdefault(
        _ASSUMED_NAMESPACE, {"kubernetes.io/metadata.name": _ASSUMED_NAMESPACE}
    )
    pod = Pod(template, "ingress-nginx-controller", template.labels)
    pod.node, pod.candidates = cluster.nodes[0], (cluster.nodes[0],)
    pod.address = "the ingress controller"
    pod.group = pod.sender = -2
    return pod
