"""Hops at Ingress and HTTPRoute."""

from __future__ import annotations

from collections.abc import Sequence

from checker.network.sentences.words import listed


def ingress_matches(name: str, host: str, path: str, service: str) -> str:
    return f"Ingress {name} sends {host or '*'}{path} to {service}"


def ingress_default(name: str, service: str) -> str:
    return f"no rule matches; the default backend of Ingress {name} is {service}"


def ingress_no_rule(host: str, path: str, hosts: Sequence[str]) -> str:
    have = f"the hosts are {listed(hosts)}" if hosts else "there is no Ingress and no HTTPRoute"
    return f"no rule matches {host}{path} ({have}): the controller answers 404"


def ingress_no_path(host: str, path: str, paths: Sequence[str]) -> str:
    return f"no path of host {host} matches {path} ({listed(paths)}): the controller answers 404"


def backend_no_service(service: str, namespace: str, status: int) -> str:
    return (
        f"the backend Service {service} does not exist in namespace {namespace}: the controller "
        f"answers {status}"
    )


def backend_no_port(service: str, port: object, ports: Sequence[str], status: int) -> str:
    return (
        f"Service {service} has no port {port} ({listed(ports)}); a backend names the Service's "
        f"port, not the pod's: the controller answers {status}"
    )


def backend_resource(name: str) -> str:
    return f"the backend of {name} is no Service; what answers there is not known"


def backend_answers(verdict: str) -> str:
    return {
        "refused": "the controller cannot reach the backend and answers 502 or 503",
        "timeout": "the controller waits for the backend in vain and answers 504",
    }.get(verdict, "")


def route_matches(name: str, host: str, path: str, service: str) -> str:
    return f"HTTPRoute {name} sends {host}{path} to {service}"


def route_no_gateway(route: str, gateway: str) -> str:
    return f"HTTPRoute {route} names the Gateway {gateway}, which does not exist"


def route_not_allowed(route: str, namespace: str, gateway: str) -> str:
    return (
        f"Gateway {gateway} takes no HTTPRoute from namespace {namespace} (allowedRoutes of its "
        f"listeners), so {route} is not attached"
    )


def route_no_listener(route: str, gateway: str, host: str) -> str:
    return f"no listener of Gateway {gateway} fits HTTPRoute {route} for host {host}"


def route_needs_grant(route: str, namespace: str, service: str, to: str) -> str:
    return (
        f"HTTPRoute {route} in namespace {namespace} may not use Service {service} in namespace "
        f"{to}: no ReferenceGrant in {to} allows it, and the gateway answers 500"
    )


def route_no_backend(route: str) -> str:
    return f"the rule of HTTPRoute {route} has no backend: the gateway answers 500"


def route_pattern(route: str) -> str:
    return (
        f"a regular expression of HTTPRoute {route} may match; how it is read and whether it comes "
        f"first is up to the implementation"
    )


def route_other_parent(route: str, kind: str) -> str:
    return f"HTTPRoute {route} belongs to a {kind}, of which the model knows nothing"


def rules_alike(one: str, other: str) -> str:
    return (
        f"rules of {one} and {other} match alike; the older one counts, and which that is, is open"
    )


def ingress_other_host(host: str) -> str:
    return (
        f"there are rules for {host} itself and none has this path; whether a rule for other hosts "
        f"counts then is the controller's choice"
    )


def ingress_own_way(name: str, path: str) -> str:
    return f"what the ImplementationSpecific path {path} of {name} matches is up to the controller"


def ingress_class_missing(name: str, wanted: str) -> str:
    return f"Ingress {name} is of class {wanted}, and no IngressClass of the input has that name"


def ingress_without_class(name: str) -> str:
    return f"Ingress {name} has no class, no IngressClass is the default: few controllers take it"
