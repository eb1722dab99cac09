"""What a cluster does with what the API server took: the way of one connection, or of all.

A `Cluster` is a value made from resources: pods, nodes, Services, policies, DNS. `trace` follows
one connection through it, `matrix` asks for the verdicts of all. Nothing here prints, and
nothing is guessed: what cannot be known from manifests is `cannot-tell`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from checker.network.cluster import Cluster, build_cluster

if TYPE_CHECKING:
    from checker.network.address import BadEndpoint
    from checker.network.answer import (
        Axis,
        EndpointVerdict,
        Hop,
        HopStatus,
        Matrix,
        Protocol,
        Stage,
        Trace,
        Verdict,
    )
    from checker.network.reachability import matrix
    from checker.network.tracing import trace

__all__ = [
    "Axis",
    "BadEndpoint",
    "Cluster",
    "EndpointVerdict",
    "Hop",
    "HopStatus",
    "Matrix",
    "Protocol",
    "Stage",
    "Trace",
    "Verdict",
    "build_cluster",
    "matrix",
    "trace",
]


#: Where the rest is, imported when it is asked for: `lint` builds a cluster and follows nothing.
_LATER = {
    "BadEndpoint": "address",
    **dict.fromkeys(
        (
            *("Axis", "EndpointVerdict", "Hop", "HopStatus", "Matrix", "Protocol"),
            *("Stage", "Trace", "Verdict"),
        ),
        "answer",
    ),
    "matrix": "reachability",
    "trace": "tracing",
}


def __getattr__(name: str) -> object:
    module = _LATER.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = found
    return found
