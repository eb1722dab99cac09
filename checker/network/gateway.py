"""HTTPRoute of the Gateway API: from host and path to a Service's port.

A route is attached if a Gateway of its `parentRefs` has a listener whose hostname meets the
route's and whose `allowedRoutes` take the route's namespace (`Same` unless it says otherwise). A
backend in another namespace needs a ReferenceGrant there; an invalid one answers 500. Gateway API
specification, `HTTPRouteSpec`, `AllowedRoutes`, `ReferenceGrantSpec`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from checker.network import sentences as say
from checker.network.fields import items, mapping, number, text, texts
from checker.network.frontdoor import Backend, Match, Refusal
from checker.network.ingress import host_rank, is_prefix
from checker.network.selectors import Selector

if TYPE_CHECKING:
    from checker.api.resource import Resource
    from checker.network.cluster import Cluster

_GROUP = "gateway.networking.k8s.io"


def routes(cluster: Cluster, host: str, path: str) -> list[Match]:
    """All matches in the cluster's HTTPRoutes; refusals for those that are not attached."""
    found: list[Match] = []
    for route in cluster.of_kind("HTTPRoute", _GROUP):
        spec = mapping(route.value, "spec")
        hostnames = texts(spec, "hostnames")
        rank = max((host_rank(one, host) for one in hostnames), default=1)
        if not rank:
            continue
        fault = _unattached(cluster, route, hostnames, host)
        for index, rule in enumerate(items(spec, "rules")):
            order = _matches(rule, path)
            if order is None:
                continue
            field = f"spec.rules[{index}]"
            if fault is not None:
                found.append(Match((), "", route, field, (rank, 0, *order), fault))
                continue
            found.append(_rule(cluster, route, rule, field, (rank, 2, *order), host, path))
    return found


def _matches(rule: dict[str, Any], path: str) -> tuple[int, int] | None:
    """Length and exactness of the best path match; None where none matches."""
    matches = items(rule, "matches") or [{}]
    best: tuple[int, int] | None = None
    for one in matches:
        kind = text(one, "path", "type", default="PathPrefix")
        value = text(one, "path", "value", default="/")
        fits = {
            "Exact": lambda value=value: value == path,
            "PathPrefix": lambda value=value: is_prefix(value, path),
            "RegularExpression": lambda value=value: _is_match(value, path),
        }.get(kind, lambda: False)()
        if fits and text(one, "method", default="GET") == "GET" and not items(one, "headers"):
            order = (len(value.rstrip("/")), 1 if kind == "Exact" else 0)
            best = max(best, order) if best is not None else order
    return best


def _is_match(pattern: str, path: str) -> bool:
    if len(pattern) > 200:
        return False
    try:
        return re.fullmatch(pattern, path) is not None
    except re.error:
        return False


def _unattached(
    cluster: Cluster, route: Resource, hostnames: list[str], host: str
) -> Refusal | None:
    """Why no Gateway takes the route; None where one does."""
    fault: Refusal | None = None
    for index, parent in enumerate(items(route.value, "spec", "parentRefs")):
        if text(parent, "kind", default="Gateway") != "Gateway":
            return None
        namespace = text(parent, "namespace", default=route.ref.namespace)
        name = text(parent, "name")
        field = f"spec.parentRefs[{index}]"
        gateway = next(
            (
                one
                for one in cluster.of_kind("Gateway", _GROUP)
                if (one.ref.namespace, one.ref.name) == (namespace, name)
            ),
            None,
        )
        if gateway is None:
            detail = say.route_no_gateway(route.ref.name, f"{name} in namespace {namespace}")
            fault = Refusal("refused", detail, route, field)
            continue
        fault = _no_listener(cluster, route, parent, gateway, host, field)
        if fault is None:
            return None
    return fault or Refusal(
        "refused", say.route_no_gateway(route.ref.name, "none"), route, "spec.parentRefs"
    )


def _no_listener(
    cluster: Cluster,
    route: Resource,
    parent: dict[str, Any],
    gateway: Resource,
    host: str,
    field: str,
) -> Refusal | None:
    fault: Refusal | None = None
    for index, listener in enumerate(items(gateway.value, "spec", "listeners")):
        section = text(parent, "sectionName")
        port = number(parent, "port")
        if section and section != text(listener, "name"):
            continue
        if port and port != number(listener, "port"):
            continue
        if not takes(cluster, listener, gateway, route):
            detail = say.route_not_allowed(route.ref.name, route.ref.namespace, gateway.ref.name)
            at = f"spec.listeners[{index}].allowedRoutes"
            fault = Refusal("refused", detail, gateway, at)
            continue
        hostname = text(listener, "hostname")
        if not hostname or host_rank(hostname, host):
            return None
    if fault is not None:
        return fault
    detail = say.route_no_listener(route.ref.name, gateway.ref.name, host)
    return Refusal("refused", detail, route, field)


def takes(cluster: Cluster, listener: dict[str, Any], gateway: Resource, route: Resource) -> bool:
    allowed = mapping(listener, "allowedRoutes", "namespaces")
    which = text(allowed, "from", default="Same")
    if which == "All":
        return True
    if which == "Selector":
        own = cluster.namespaces.get(route.ref.namespace, {})
        return Selector(mapping(allowed, "selector")).matches(own)
    return which == "Same" and gateway.ref.namespace == route.ref.namespace


def _rule(
    cluster: Cluster,
    route: Resource,
    rule: dict[str, Any],
    field: str,
    rank: tuple[int, ...],
    host: str,
    path: str,
) -> Match:
    backends: list[Backend] = []
    for index, one in enumerate(items(rule, "backendRefs")):
        at = f"{field}.backendRefs[{index}]"
        if number(one, "weight", default=1) == 0:
            continue
        name = text(one, "name")
        namespace = text(one, "namespace", default=route.ref.namespace)
        if text(one, "kind", default="Service") != "Service" or text(one, "group"):
            refusal = Refusal("cannot-tell", say.backend_resource(route.ref.name), route, at)
            return Match((), "", route, at, rank, refusal)
        if namespace != route.ref.namespace and not granted(cluster, route, namespace, name):
            detail = say.route_needs_grant(route.ref.name, route.ref.namespace, name, namespace)
            return Match((), "", route, at, rank, Refusal("refused", detail, route, at))
        port = number(one, "port")
        backends.append(Backend(route, f"{at}.port", namespace, name, port, 500))
    if not backends:
        at = f"{field}.backendRefs"
        if items(rule, "filters"):
            refusal = Refusal("cannot-tell", say.backend_resource(route.ref.name), route, field)
        else:
            refusal = Refusal("refused", say.route_no_backend(route.ref.name), route, at)
        return Match((), "", route, at, rank, refusal)
    names = say.listed(one.service for one in backends)
    detail = say.route_matches(route.ref.name, host, path, names)
    return Match(tuple(backends), detail, route, field, rank)


def granted(cluster: Cluster, route: Resource, namespace: str, service: str) -> bool:
    """Whether a ReferenceGrant of the *Service's* namespace lets the route's refer to it."""
    for grant in cluster.of_kind("ReferenceGrant", _GROUP):
        if grant.ref.namespace != namespace or not grant.accepted:
            continue
        spec = mapping(grant.value, "spec")
        comes = any(
            text(one, "group") == _GROUP
            and text(one, "kind") == route.ref.kind
            and text(one, "namespace") == route.ref.namespace
            for one in items(spec, "from")
        )
        goes = any(
            text(one, "group") == ""
            and text(one, "kind") == "Service"
            and text(one, "name") in ("", service)
            for one in items(spec, "to")
        )
        if comes and goes:
            return True
    return False
