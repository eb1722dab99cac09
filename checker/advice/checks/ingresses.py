"""Ingress backends: a Service of the same namespace, by the number or name of its own port."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checker.advice.found import Found, listed
from checker.advice.nearest import nearest_word
from checker.advice.survey import Survey, target_of
from checker.api.resource import Resource
from checker.network.fields import items, mapping, number, text
from checker.network.services import Service

#: The AWS controller's name for "an action in an annotation, no Service".
_ACTION = "use-annotation"


def check(survey: Survey) -> Iterator[Found]:
    """Every backend of every Ingress, the default backend included."""
    for resource in survey.of("Ingress"):
        spec = mapping(resource.value, "spec")
        yield from _backend(
            survey, resource, mapping(spec, "defaultBackend"), "spec.defaultBackend"
        )
        for at, rule in enumerate(items(spec, "rules")):
            for index, path in enumerate(items(rule, "http", "paths")):
                field = f"spec.rules[{at}].http.paths[{index}].backend"
                yield from _backend(survey, resource, mapping(path, "backend"), field)


def _backend(
    survey: Survey, resource: Resource, backend: dict[str, Any], field: str
) -> Iterator[Found]:
    name = text(backend, "service", "name")
    wanted = mapping(backend, "service", "port")
    if not name or text(wanted, "name") == _ACTION:
        return
    namespace = resource.ref.namespace
    service = survey.service(namespace, name)
    if service is None:
        where = f"{field}.service.name"
        yield from missing_service(
            survey, "ingress-service-missing", resource, where, namespace, name
        )
        return
    by_number, by_name = number(wanted, "number"), text(wanted, "name")
    if not by_number and not by_name:
        return
    if service.kind == "ExternalName" and not service.ports:
        # Controllers differ: some dial the number at the external name.
        return
    # "" is no name, so an unnamed port is never what a name means.
    if any(one.port == by_number or (by_name and one.name == by_name) for one in service.ports):
        return
    where = f"{field}.service.port." + ("number" if by_number else "name")
    yield from missing_port(
        survey, "ingress-port-missing", resource, where, service, by_number or by_name
    )


def missing_service(
    survey: Survey, rule: str, resource: Resource, field: str, namespace: str, name: str
) -> Iterator[Found]:
    """A backend that names a Service that the input does not have in this namespace.

    A warning where the input has the namespace's other Services, a note where it has none.
    """
    if survey.may_hold_more(namespace):
        return
    words = {"service": name, "namespace": namespace}
    others = [one for one in survey.named_services(name) if one.namespace != namespace]
    here = [one.name for one in survey.services_in(namespace)]
    if others:
        words |= {"other": others[0].namespace}
        yield Found(rule, resource, field, "elsewhere", words)
    elif here:
        words |= {"near": nearest_word(name, here) or listed(here)}
        yield Found(rule, resource, field, "message", words)
    else:
        yield Found(rule, resource, field, "no_services", words)


def missing_port(
    survey: Survey, rule: str, resource: Resource, field: str, service: Service, wanted: int | str
) -> Iterator[Found]:
    """A backend that names a port that the Service does not declare."""
    ports = [f"{one.port} ({one.name})" if one.name else str(one.port) for one in service.ports]
    words = {"service": service.name, "port": wanted, "ports": listed(ports) or "none"}
    for port in service.ports:
        targets = {target_of(template, port) for template in survey.behind(service)}
        if wanted in targets or wanted == port.target:
            words |= {"declared": port.port}
            yield Found(rule, resource, field, "target", words)
            return
    yield Found(rule, resource, field, "message", words)
