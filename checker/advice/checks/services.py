"""Services by themselves and with their selectors: what a field of theirs does not do."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from checker.advice.found import Found, pods_from
from checker.advice.listening import answers, declared, is_silent, what_listens
from checker.advice.nearest import nearest_template
from checker.advice.selecting import asks_controllers
from checker.advice.survey import Survey, target_of, written_spec
from checker.api.resource import Resource
from checker.network.fields import items, mapping
from checker.network.model import PodTemplate
from checker.network.selectors import Selector
from checker.network.services import Service, ServicePort


def check(survey: Survey) -> Iterator[Found]:
    """Every Service of the input."""
    for service in survey.services:
        yield from _selector(survey, service)
        yield from _affinity(service)
        yield from _node_ports(survey, service)
        if service.kind == "ExternalName":
            yield from _external(service)
        elif service.is_headless:
            yield from _headless(survey, service)
        else:
            yield from _not_ready(survey, service)


def _selector(survey: Survey, service: Service) -> Iterator[Found]:
    if not service.selector or survey.select(service.namespace, {"matchLabels": service.selector}):
        return
    if survey.may_hold_more(service.namespace) or asks_controllers(
        {"matchLabels": service.selector}
    ):
        return
    yield from nothing_selected(
        survey,
        "selector-matches-nothing",
        service.resource,
        "spec.selector",
        service.namespace,
        Selector({"matchLabels": service.selector}),
    )


def nothing_selected(
    survey: Survey,
    rule: str,
    resource: Resource | None,
    field: str,
    namespace: str,
    selector: Selector,
) -> Iterator[Found]:
    """The finding that labels are on no pod of a namespace, as strong as the input allows.

    A warning where the namespace's workloads are in the input, or where another namespace has the
    labels; a note where the pods may well be somewhere else.
    """
    wanted = selector.labels
    words = {"namespace": namespace, "selector": str(selector)}
    near = nearest_template(survey.in_namespace(namespace), wanted)
    elsewhere = survey.elsewhere(selector)
    if near:
        words |= {"near": pods_from(near[:1]), "differences": near[1]}
        yield Found(rule, resource, field, "near", words)
    elif elsewhere:
        words |= {"near": pods_from([elsewhere]), "other": elsewhere.namespace}
        yield Found(rule, resource, field, "elsewhere", words)
    elif survey.in_namespace(namespace):
        yield Found(rule, resource, field, "message", words)
    else:
        yield Found(rule, resource, field, "no_pods", words)


def _affinity(service: Service) -> Iterator[Found]:
    written = written_spec(service.resource)
    if mapping(written, "sessionAffinityConfig") and written.get("sessionAffinity") in (
        None,
        "None",
    ):
        field = "spec.sessionAffinityConfig"
        yield Found("session-affinity-config-ignored", service.resource, field)


def _node_ports(survey: Survey, service: Service) -> Iterator[Found]:
    low, high = survey.settings.node_port_range
    static = low + static_band(high - low + 1)
    for port in service.ports:
        if static <= port.node_port <= high and service.kind in ("NodePort", "LoadBalancer"):
            words = {"port": port.node_port, "low": low, "static": static - 1, "high": high}
            field = port.field("nodePort")
            yield Found("node-port-in-dynamic-band", service.resource, field, words=words)


def static_band(size: int) -> int:
    """How many node ports at the range's start are given out by themselves only at last.

    `pkg/registry/core/service/portallocator: calculateRangeOffset`.
    """
    return 0 if size <= 16 else min(max(size // 32, 16), 128)


def _external(service: Service) -> Iterator[Found]:
    spec = written_spec(service.resource)
    name = spec.get("externalName")
    if isinstance(name, str) and _is_address(name):
        words = {"address": name}
        yield Found("external-name-is-address", service.resource, "spec.externalName", words=words)
    if mapping(spec, "selector"):
        yield Found("external-name-ignores", service.resource, "spec.selector", "selector")
    for index, port in enumerate(items(spec, "ports")):
        target = port.get("targetPort")
        if target is not None and target != port.get("port"):
            words = {"port": str(port.get("port")), "target": str(target), "name": str(name)}
            field = f"spec.ports[{index}].targetPort"
            yield Found("external-name-ignores", service.resource, field, "target", words)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _headless(survey: Survey, service: Service) -> Iterator[Found]:
    templates = survey.behind(service)
    for port in service.ports if templates else ():
        if port.target == port.port:
            continue
        if all(_differs(template, port) for template in templates):
            words = {
                "service": service.name,
                "port": port.port,
                "protocol": port.protocol,
                "target": port.target,
                "listening": what_listens(templates),
            }
            field = port.field("port")
            yield Found("headless-service-port-differs", service.resource, field, words=words)


def _differs(template: PodTemplate, port: ServicePort) -> bool:
    """Whether the pods do not serve the Service's own port, as far as that is known."""
    own, protocol = port.port, port.protocol
    if answers(template, own, protocol) or declared(template, own, protocol):
        return False
    target = target_of(template, port)
    if target is None or target == own:
        return False
    return is_silent(template, own, protocol) or declared(template, target, protocol)


def _not_ready(survey: Survey, service: Service) -> Iterator[Found]:
    # A Service for one pod of a StatefulSet is for its peers, which need it early.
    if not service.publishes_unready or asks_controllers({"matchLabels": service.selector}):
        return
    probed = [
        template
        for template in survey.behind(service)
        if any("readinessProbe" in one for one in items(template.spec, "containers"))
    ]
    if probed:
        words = {"service": service.name, "pods": pods_from(probed)}
        field = "spec.publishNotReadyAddresses"
        yield Found("not-ready-pods-published", service.resource, field, words=words)
