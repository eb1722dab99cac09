"""What a cluster does with what the API server took: the way of one connection, or of all.

A `Cluster` is a value made from resources: pods, nodes, Services, policies, DNS. `trace` follows
one connection through it, `matrix` asks for the verdicts of all. Nothing here prints, and
nothing is guessed: what cannot be known from manifests is `cannot-tell`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from checker.network.cluster import Cluster, build_cluster
from checker.network.tracing import trace

if TYPE_CHECKING:
    # Imported when it is asked for: most runs draw no matrix.
    from checker.network.reachability import matrix

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


def __getattr__(name: str) -> object:
    if name == "matrix":
        from checker.network.reachability import matrix

        return matrix
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
