"""Ingress rules: which backend a host and path lead to.

Hosts: an exact one before a wildcard `*.` (one label) before none. Paths: `Exact` as it is,
`Prefix` by elements (`/a` matches `/a/b`, not `/ab`), the longest first, Exact before Prefix of
equal length; `ImplementationSpecific` as ingress-nginx has it, where that is a Prefix's way. What
no rule matches goes to the `defaultBackend`. `k8s.io/api/networking/v1: HTTPIngressPath,
IngressRule, IngressSpec`; kubernetes.io, "Ingress: Multiple matches".

Where the specification leaves it to the controller, a match is doubtful: whether a request for a
host whose rules have no such path goes to a wildcard's rule, and who takes an Ingress without a
class where the input has classes and none is the default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checker.network import sentences as say
from checker.network.fields import items, labels, mapping, number, text
from checker.network.httpmatch import (
    DEFAULT,
    NOTHING,
    Backend,
    Match,
    Rank,
    Refusal,
    host_rank,
    is_prefix,
)

if TYPE_CHECKING:
    from checker.api.resource import Resource
    from checker.network.cluster import Cluster

_GROUP = "networking.k8s.io"
_OLD_CLASS = "kubernetes.io/ingress.class"
_DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class"
#: Signs that a path of an ImplementationSpecific type is a regular expression.
_PATTERN = frozenset("*?()[]{}|^$+\\")


def rules(cluster: Cluster, host: str, path: str) -> list[Match]:
    """All matches in the cluster's Ingresses, and refusals where only the host matches."""
    found: list[Match] = []
    nearest = (-1, 0)
    for resource in cluster.of_kind("Ingress", _GROUP):
        spec = mapping(resource.value, "spec")
        doubt = _unclaimed(cluster, resource)
        mine: list[Match] = []
        for index, rule in enumerate(items(spec, "rules")):
            rank = host_rank(text(rule, "host"), host)
            if rank is not None:
                mine += _paths(resource, rule, f"spec.rules[{index}]", rank, host, path)
                if items(rule, "http", "paths"):
                    nearest = max(nearest, rank)
        default = mapping(spec, "defaultBackend")
        if default:
            name = text(default, "service", "name")
            detail = say.ingress_default(resource.ref.name, name)
            mine.append(_to(resource, default, "spec.defaultBackend", detail, DEFAULT))
        found += [one._replace(doubt=doubt) for one in mine] if doubt else mine
    return [
        one._replace(doubt=say.ingress_other_host(host))
        if (-1, 0) < one.rank.host < nearest
        else one
        for one in found
    ]


def _unclaimed(cluster: Cluster, resource: Resource) -> str:
    """Why it is not clear that a controller takes the Ingress; "" where the input has no classes,
    or its own among them. kubernetes.io, "Ingress class", "Default IngressClass".
    """
    classes = cluster.of_kind("IngressClass", _GROUP)
    wanted = text(resource.value, "spec", "ingressClassName")
    wanted = wanted or labels(resource.value, "metadata", "annotations").get(_OLD_CLASS, "")
    if not classes or any(one.ref.name == wanted for one in classes):
        return ""
    if wanted:
        return say.ingress_class_missing(resource.ref.name, wanted)
    if any(
        labels(one.value, "metadata", "annotations").get(_DEFAULT_CLASS) == "true"
        for one in classes
    ):
        return ""
    return say.ingress_without_class(resource.ref.name)


def _paths(
    resource: Resource,
    rule: dict[str, Any],
    field: str,
    rank: tuple[int, int],
    host: str,
    path: str,
) -> list[Match]:
    found = []
    paths = items(rule, "http", "paths")
    for index, one in enumerate(paths):
        wanted = text(one, "path", default="/")
        kind = text(one, "pathType")
        exact = kind == "Exact"
        doubt = ""
        if kind == "ImplementationSpecific" and not is_prefix(wanted, path):
            # Of ingress-nginx it is a prefix of characters; others read patterns.
            if not path.startswith(wanted) and not _PATTERN & set(wanted):
                continue
            doubt = say.ingress_own_way(resource.ref.name, wanted)
        elif not (wanted == path if exact else is_prefix(wanted, path)):
            continue
        at = f"{field}.http.paths[{index}]"
        backend = mapping(one, "backend")
        detail = say.ingress_matches(
            resource.ref.name, text(rule, "host"), wanted, text(backend, "service", "name")
        )
        order = Rank(rank, length=len(wanted.rstrip("/")), finer=exact)
        match = _to(resource, backend, f"{at}.backend", detail, order)
        found.append(match._replace(doubt=doubt))
    if not found and paths:
        have = [text(one, "path", default="/") for one in paths]
        refusal = Refusal(
            "refused", say.ingress_no_path(host, path, have), resource, f"{field}.http.paths"
        )
        found.append(Match((), "", resource, field, NOTHING, refusal))
    return found


def _to(resource: Resource, backend: dict[str, Any], field: str, detail: str, rank: Rank) -> Match:
    service = mapping(backend, "service")
    if not service:
        refusal = Refusal("cannot-tell", say.backend_resource(resource.ref.name), resource, field)
        return Match((), detail, resource, field, rank, refusal)
    port: int | str = text(service, "port", "name") or number(service, "port", "number")
    one = Backend(
        resource,
        f"{field}.service.port",
        resource.ref.namespace,
        text(service, "name"),
        port,
        503,
    )
    return Match((one,), detail, resource, field, rank)
