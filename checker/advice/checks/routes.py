"""Gateway API routes: backends, and the grants that backends of another namespace need.

A backend's port is the Service's own, by number only, and required for a Service. A reference
to another namespace holds only where a ReferenceGrant *there* allows it
(gateway-api.sigs.k8s.io/api-types/referencegrant).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checker.advice.checks.ingresses import missing_port, missing_service
from checker.advice.found import Found
from checker.advice.survey import Survey
from checker.api.resource import Resource
from checker.network.fields import items, mapping, number, text

GROUP = "gateway.networking.k8s.io"
_KINDS = ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute")


def check(survey: Survey) -> Iterator[Found]:
    """Every backend of every route, those of mirroring filters included."""
    for kind in _KINDS:
        for resource in survey.of(kind):
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
    name = text(backend, "name")
    if not name or text(backend, "group") or text(backend, "kind", default="Service") != "Service":
        return
    own = resource.ref.namespace
    namespace = text(backend, "namespace", default=own)
    service = survey.service(namespace, name)
    if namespace != own and not _is_granted(survey, resource, namespace, name):
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


def _is_granted(survey: Survey, resource: Resource, namespace: str, name: str) -> bool:
    """Whether a ReferenceGrant of the backend's namespace allows this route's reference."""
    for grant in survey.of("ReferenceGrant"):
        if grant.ref.namespace != namespace:
            continue
        from_here = any(
            text(one, "group") == GROUP
            and text(one, "kind") == resource.ref.kind
            and text(one, "namespace") == resource.ref.namespace
            for one in items(grant.value, "spec", "from")
        )
        to_service = any(
            not text(one, "group")
            and text(one, "kind") == "Service"
            and text(one, "name") in ("", name)
            for one in items(grant.value, "spec", "to")
        )
        if from_here and to_service:
            return True
    return False
