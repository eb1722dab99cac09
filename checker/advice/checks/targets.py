"""From a Service's port to the pods' ports: what each selected pod makes of the targetPort.

Every selected template is judged by itself and the judgements are put together, because pods of
one Service may differ: that is how a rollout renumbers a port.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from checker.advice.found import Found, listed, pods_from
from checker.advice.listening import (
    PROTOCOLS,
    answers,
    declared,
    is_silent,
    on_loopback,
    serving_ports,
    what_is_declared,
    what_listens,
)
from checker.advice.survey import Survey, target_of, written_spec
from checker.network.fields import items
from checker.network.model import PodTemplate
from checker.network.services import Service, ServicePort

#: What a template makes of a Service's port. Loopback has a rule of its own, at the listener.
_UNNAMED, _OTHER_PROTOCOL, _SILENT, _LOOPBACK = "unnamed", "protocol", "silent", "loopback"
_UNDECLARED, _ANSWERS, _OPEN = "undeclared", "answers", "open"
_FAILING = (_UNNAMED, _OTHER_PROTOCOL, _SILENT, _LOOPBACK)

_RULES = {
    _UNNAMED: "target-port-name-unknown",
    _OTHER_PROTOCOL: "protocol-mismatch",
    _SILENT: "target-port-nobody-listens",
}


def check(survey: Survey) -> Iterator[Found]:
    """What goes wrong between Services and the pods that they select."""
    for service in survey.services:
        templates = survey.behind(service)
        for port in service.ports if templates else ():
            if port.protocol in PROTOCOLS:
                yield from _check_port(service, port, templates)


def _check_port(
    service: Service, port: ServicePort, templates: list[PodTemplate]
) -> Iterator[Found]:
    judged: dict[str, list[PodTemplate]] = defaultdict(list)
    for template in templates:
        judged[_judge(template, port)].append(template)
    failing = [template for state in _FAILING for template in judged[state]]
    if failing and (judged[_ANSWERS] or judged[_OPEN]):
        fine = judged[_ANSWERS] + judged[_OPEN]
        yield _found("service-only-some-pods-answer", service, port, failing, fine=pods_from(fine))
        return
    for state, rule in _RULES.items():
        if judged[state]:
            yield _found(rule, service, port, judged[state])
    if judged[_UNDECLARED]:
        yield _found("target-port-undeclared", service, port, judged[_UNDECLARED])
    else:
        works = [
            one
            for one in judged[_ANSWERS]
            if not declared(one, target_of(one, port) or 0, port.protocol)
        ]
        if works and isinstance(port.target, int):
            yield _found("target-port-undeclared", service, port, works, "works")


def _judge(template: PodTemplate, port: ServicePort) -> str:
    protocol = port.protocol
    if any(one.protocol not in PROTOCOLS for one in template.ports):
        return _OPEN
    number = target_of(template, port)
    if number is None:
        named = any(one.name == port.target for one in serving_ports(template))
        return _OTHER_PROTOCOL if named else _UNNAMED
    if answers(template, number, protocol):
        return _ANSWERS
    if on_loopback(template, number, protocol):
        return _LOOPBACK
    if declared(template, number, protocol):
        # With a name it is the declaration that is wrong, which has a rule of its own.
        by_name = isinstance(port.target, str)
        return _SILENT if is_silent(template, number, protocol) and not by_name else _OPEN
    if any(one.port == number for one in serving_ports(template)):
        return _OTHER_PROTOCOL
    return _SILENT if is_silent(template, number, protocol) else _UNDECLARED


def _found(
    rule: str,
    service: Service,
    port: ServicePort,
    templates: list[PodTemplate],
    case: str = "message",
    **more: str,
) -> Found:
    """At the targetPort, or at the port where that stands in for it."""
    written = items(written_spec(service.resource), "ports")
    given = port.position < len(written) and written[port.position].get("targetPort") is not None
    field = port.field("targetPort" if given else "port")
    protocols = [
        f"{one.port}/{one.protocol}"
        for template in templates
        for one in serving_ports(template)
        if port.target in (one.name, one.port)
    ]
    words = {
        "service": service.name,
        "port": port.port,
        "protocol": port.protocol,
        "target": port.target,
        "pods": pods_from(templates),
        "declared": what_is_declared(templates),
        "listening": what_listens(templates),
        "other": listed(protocols),
        **more,
    }
    return Found(rule, service.resource, field, case, words)
