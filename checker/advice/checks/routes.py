"""Gateway API routes: backends, and the grants that backends of another namespace need.

A backend's port is the Service's own, by number only, and required for a Service. A reference
to another namespace holds only where a ReferenceGrant *there* allows it
(gateway-api.sigs.k8s.io/api-types/referencegrant).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checker.advice.checks import ROUTES
from checker.advice.checks.ingresses import missing_port, missing_service
from checker.advice.found import Found, listed
from checker.advice.survey import Survey
from checker.api.resource import Resource
from checker.network.fields import items, mapping, number, text

GROUP = "gateway.networking.k8s.io"


def check(survey: Survey) -> Iterator[Found]:
    """Every backend of every route, those of mirroring filters included."""
    for kind in ROUTES:
        for resource in survey.of(kind):
            yield from _parents(survey, resource)
            for at, rule in enumerate(items(resource.value, "spec", "rules")):
                for index, backend in enumerate(items(rule, "backendRefs")):
                    field = f"spec.rules[{at}].backendRefs[{index}]"
                    yield from _backend(survey, resource, backend, field)
                for index, one in enumerate(items(rule, "filters")):
                    if text(one, "type") == "RequestMirror":
                        field = f"spec.rules[{at}].filters[{index}].requestMirror.backendRef"
                        mirrored = mapping(one, "requestMirror", "backendRef")
                        yield from _backend(survey, resource, mirrored, field)


def _backend(survey: Survey, resource: Resource, backend: Any, field: str) -> Iterator[Found]:
    from checker.network.gateway import granted  # few inputs have routes

    name = text(backend, "name")
    if not name or text(backend, "group") or text(backend, "kind", default="Service") != "Service":
        return
    own = resource.ref.namespace
    namespace = text(backend, "namespace", default=own)
    service = survey.service(namespace, name)
    if namespace != own and not granted(survey.cluster, resource, namespace, name):
        words = {"kind": resource.ref.kind, "namespace": own, "service": name, "other": namespace}
        # Who names a namespace of which the input has nothing may have the grant there, too.
        seen = service is not None or survey.of("ReferenceGrant")
        case = "message" if seen else "unseen"
        if any(grant.ref.namespace == own for grant in survey.of("ReferenceGrant")):
            case = "own_namespace"
        yield Found("route-grant-missing", resource, f"{field}.namespace", case, words)
    if service is None:
        where = f"{field}.name"
        yield from missing_service(
            survey, "route-service-missing", resource, where, namespace, name
        )
        return
    wanted = number(backend, "port")
    if wanted and not any(port.port == wanted for port in service.ports):
        yield from missing_port(
            survey, "route-port-missing", resource, f"{field}.port", service, wanted
        )


def _parents(survey: Survey, resource: Resource) -> Iterator[Found]:
    """Parents that are Gateways of the input and have no listener for this route.

    Hostnames are left to traces: one that fits nothing today is often meant for another listener.
    """
    from checker.network.gateway import takes

    gateways = {(one.ref.namespace, one.ref.name): one for one in survey.of("Gateway")}
    for index, parent in enumerate(items(resource.value, "spec", "parentRefs")):
        own = text(parent, "namespace", default=resource.ref.namespace)
        gateway = gateways.get((own, text(parent, "name")))
        if gateway is None or text(parent, "kind", default="Gateway") != "Gateway":
            continue
        listeners = items(gateway.value, "spec", "listeners")
        section, port = text(parent, "sectionName"), number(parent, "port")
        named = [
            one
            for one in listeners
            if (not section or text(one, "name") == section)
            and (not port or number(one, "port") == port)
        ]
        words = {
            "gateway": gateway.ref.name,
            "namespace": resource.ref.namespace,
            "wanted": section or port,
            "listeners": listed(f"{text(x, 'name')} ({number(x, 'port')})" for x in listeners),
        }
        field = f"spec.parentRefs[{index}]"
        if not named and listeners:
            field += ".sectionName" if section else ".port"
            yield Found("route-not-attached", resource, field, "message", words)
        elif named and not any(takes(survey.cluster, x, gateway, resource) for x in named):
            yield Found("route-not-attached", resource, field, "not_allowed", words)
