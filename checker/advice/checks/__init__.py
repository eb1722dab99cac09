"""The checks: a module a subject, each with a function from the survey to what it found."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from checker.network.workloads import POD_SPECS

if TYPE_CHECKING:
    from checker.advice.found import Found
    from checker.advice.survey import Survey

    Check = Callable[[Survey], Iterator[Found]]

_PODS = tuple(POD_SPECS)
ROUTES = ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute")
#: In the order in which findings of one object are told: each check, and the kinds of which the
#: input must hold one for the check to find anything. Most inputs have few kinds, and what need
#: not be asked need not be imported.
CHECKS: dict[str, tuple[str, ...]] = {
    "services": ("Service",),
    "targets": ("Service",),
    "containers": _PODS,
    "probes": _PODS,
    "host_ports": _PODS,
    "ingresses": ("Ingress",),
    "routes": ROUTES,
    "policies": ("NetworkPolicy",),
    "policy_peers": ("NetworkPolicy",),
    "dns_egress": ("NetworkPolicy",),
    "clients": ("Service",),
    "mesh": ("Service", *_PODS),
    "written_endpoints": ("Service",),
}


def checks_for(kinds: Collection[str]) -> Iterator[Check]:
    """The checks that can find something in an input with objects of these kinds."""
    for name, subjects in CHECKS.items():
        if any(kind in kinds for kind in subjects):
            yield import_module(f"{__name__}.{name}").check
