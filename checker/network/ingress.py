"""Ingress rules: which backend a host and path lead to.

Hosts: an exact one before a wildcard `*.` (one label) before none. Paths: `Exact` as it is,
`Prefix` by elements (`/a` matches `/a/b`, not `/ab`), the longest first, Exact before Prefix of
equal length; `ImplementationSpecific` is taken as Prefix. What no rule matches goes to the
`defaultBackend`. `k8s.io/api/networking/v1: HTTPIngressPath, IngressRule`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checker.network import sentences as say
from checker.network.fields import items, mapping, number, text
from checker.network.frontdoor import Backend, Match, Refusal

if TYPE_CHECKING:
    from checker.api.resource import Resource
    from checker.network.cluster import Cluster

_GROUP = "networking.k8s.io"


def rules(cluster: Cluster, host: str, path: str) -> list[Match]:
    """All matches in the cluster's Ingresses, and refusals where only the host matches."""
    found: list[Match] = []
    for resource in cluster.of_kind("Ingress", _GROUP):
        spec = mapping(resource.value, "spec")
        for index, rule in enumerate(items(spec, "rules")):
            rank = host_rank(text(rule, "host"), host)
            if rank:
                found += _paths(resource, rule, f"spec.rules[{index}]", rank, host, path)
        default = mapping(spec, "defaultBackend")
        if default:
            name = text(default, "service", "name")
            detail = say.ingress_default(resource.ref.name, name)
            found.append(_to(resource, default, "spec.defaultBackend", detail, (0, 1, 0, 0)))
    return found


def host_rank(pattern: str, host: str) -> int:
    """How exactly a host matches: 3 exact, 2 wildcard, 1 any, 0 not at all."""
    pattern, host = pattern.lower(), host.lower()
    if not pattern or pattern == "*":
        return 1
    if pattern.startswith("*."):
        head, dot, tail = host.partition(".")
        return 2 if head and dot and tail == pattern[2:] else 0
    return 3 if pattern == host else 0


def _paths(
    resource: Resource, rule: dict[str, Any], field: str, rank: int, host: str, path: str
) -> list[Match]:
    found = []
    paths = items(rule, "http", "paths")
    for index, one in enumerate(paths):
        wanted = text(one, "path", default="/")
        exact = text(one, "pathType") == "Exact"
        if not (wanted == path if exact else is_prefix(wanted, path)):
            continue
        at = f"{field}.http.paths[{index}]"
        backend = mapping(one, "backend")
        detail = say.ingress_matches(
            resource.ref.name, text(rule, "host"), wanted, text(backend, "service", "name")
        )
        order = (rank, 2, len(wanted.rstrip("/")), 1 if exact else 0)
        found.append(_to(resource, backend, f"{at}.backend", detail, order))
    if not found and paths:
        have = [text(one, "path", default="/") for one in paths]
        refusal = Refusal(
            "refused", say.ingress_no_path(host, path, have), resource, f"{field}.http.paths"
        )
        found.append(Match((), "", resource, field, (0, 0, 0, 0), refusal))
    return found


def is_prefix(prefix: str, path: str) -> bool:
    """Whether the elements of `prefix` are the first of `path`'s."""
    wanted = [part for part in prefix.split("/") if part]
    have = [part for part in path.split("?")[0].split("/") if part]
    return have[: len(wanted)] == wanted


def _to(
    resource: Resource, backend: dict[str, Any], field: str, detail: str, rank: tuple[int, ...]
) -> Match:
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
