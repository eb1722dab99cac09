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
from checker.network.httpmatch import (
    NOTHING,
    Backend,
    Match,
    Rank,
    Refusal,
    host_rank,
    is_prefix,
)
from checker.network.selectors import Selector

if TYPE_CHECKING:
    from checker.api.resource import Resource
    from checker.network.cluster import Cluster

_GROUP = "gateway.networking.k8s.io"


def routes(cluster: Cluster, host: str, path: str) -> list[Match]:
    """All matches in the cluster's HTTPRoutes; refusals for those that are not attached.

    Precedence is that of Gateway API, `HTTPRouteSpec.Hostnames` and `HTTPRouteRule.Matches`: the
    host, an Exact path, the longest prefix, a method. Where a regular expression comes is up to
    the implementation.
    """
    found: list[Match] = []
    for route in cluster.of_kind("HTTPRoute", _GROUP):
        spec = mapping(route.value, "spec")
        hostnames = texts(spec, "hostnames")
        ranks = [host_rank(one, host, deep=True) for one in hostnames] or [(0, 0)]
        rank = max((one for one in ranks if one is not None), default=None)
        if rank is None:
            continue
        fault = _unattached(cluster, route, host)
        for index, rule in enumerate(items(spec, "rules") or [_CATCH_ALL]):
            order = _matches(rule, rank, path)
            if order is None:
                continue
            field = f"spec.rules[{index}]"
            if fault is not None:
                found.append(Match((), "", route, field, NOTHING, fault))
                continue
            match = _rule(cluster, route, rule, field, order, host, path)
            doubt = say.route_pattern(route.ref.name) if order.length == _PATTERN else ""
            found.append(match._replace(doubt=doubt))
    return found


#: The length of a regular expression, which may come before any prefix.
_PATTERN = 1 << 20
_CATCH_ALL: dict[str, Any] = {}


def _matches(rule: dict[str, Any], host: tuple[int, int], path: str) -> Rank | None:
    """The rank of the best match of a plain GET; None where none matches.

    A request without headers and parameters meets no match that asks for some.
    """
    best: Rank | None = None
    for one in items(rule, "matches") or [{}]:
        kind = text(one, "path", "type", default="PathPrefix")
        value = text(one, "path", "value", default="/")
        fits = {
            "Exact": lambda value=value: value == path,
            "PathPrefix": lambda value=value: is_prefix(value, path),
            "RegularExpression": lambda value=value: _is_match(value, path),
        }.get(kind, lambda: False)()
        method = text(one, "method")
        if not fits or method not in ("", "GET"):
            continue
        if items(one, "headers") or items(one, "queryParams"):
            continue
        length = _PATTERN if kind == "RegularExpression" else len(value)
        order = Rank(host, exact=kind == "Exact", length=length, finer=bool(method))
        best = max(best, order) if best is not None else order
    return best


def _is_match(pattern: str, path: str) -> bool:
    """Whether some implementation may see a match: of the whole path, or of a part."""
    if len(pattern) > 200:
        return True
    try:
        return re.search(pattern, path) is not None
    except re.error:
        return True


def _unattached(cluster: Cluster, route: Resource, host: str) -> Refusal | None:
    """Why no Gateway takes the route; None where one does."""
    fault: Refusal | None = None
    for index, parent in enumerate(items(route.value, "spec", "parentRefs")):
        kind = text(parent, "kind", default="Gateway")
        if kind == "Service":
            # Of a mesh: it is about what pods send, not about what comes in.
            continue
        if kind != "Gateway":
            detail = say.route_other_parent(route.ref.name, kind)
            fault = fault or Refusal("cannot-tell", detail, route, f"spec.parentRefs[{index}]")
            continue
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
        if text(listener, "protocol", default="HTTP") not in ("HTTP", "HTTPS"):
            continue
        if not takes(cluster, listener, gateway, route):
            detail = say.route_not_allowed(route.ref.name, route.ref.namespace, gateway.ref.name)
            at = f"spec.listeners[{index}].allowedRoutes"
            fault = Refusal("refused", detail, gateway, at)
            continue
        hostname = text(listener, "hostname")
        if host_rank(hostname, host, deep=True) is not None:
            return None
    if fault is not None:
        return fault
    detail = say.route_no_listener(route.ref.name, gateway.ref.name, host)
    return Refusal("refused", detail, route, field)


def takes(cluster: Cluster, listener: dict[str, Any], gateway: Resource, route: Resource) -> bool:
    """Whether a listener's `allowedRoutes` take the route."""
    kinds = items(listener, "allowedRoutes", "kinds")
    if kinds and not any(
        text(one, "kind") == route.ref.kind and text(one, "group", default=_GROUP) == _GROUP
        for one in kinds
    ):
        return False
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
    rank: Rank,
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
        refusal = None
        if text(one, "kind", default="Service") != "Service" or text(one, "group"):
            refusal = Refusal("cannot-tell", say.backend_resource(route.ref.name), route, at)
        elif namespace != route.ref.namespace and not granted(cluster, route, namespace, name):
            detail = say.route_needs_grant(route.ref.name, route.ref.namespace, name, namespace)
            refusal = Refusal("refused", detail, route, at)
        port = number(one, "port")
        backends.append(Backend(route, f"{at}.port", namespace, name, port, 500, refusal))
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
