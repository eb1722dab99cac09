"""The answers the model gives: verdicts, hops, traces, matrices. Live mode gives them too."""

from typing import Literal, NamedTuple

from checker.api.finding import ObjectRef
from checker.manifests import Location

Verdict = Literal[
    "connected", "refused", "timeout", "dns-failure", "rejected", "intermittent", "cannot-tell"
]
Stage = Literal[
    "dns",
    "service",
    "endpoints",
    "egress-policy",
    "ingress-policy",
    "node-port",
    "host-port",
    "ingress",
    "pod",
    "listener",
]
HopStatus = Literal["pass", "fail", "unknown"]
Protocol = Literal["TCP", "UDP", "SCTP"]


class Hop(NamedTuple):
    """One station on the packet's way, with the object and field that decide there."""

    stage: Stage
    status: HopStatus
    object: ObjectRef | None
    field: str
    detail: str
    location: Location | None


class EndpointVerdict(NamedTuple):
    """What a connection that the proxy sends to this pod would see."""

    pod: str
    port: int
    verdict: Verdict


class Trace(NamedTuple):
    """One connection followed from `source` to `target`, both in the contract's notation.

    The hops end with the first that fails, or with the listener that answers.
    """

    source: str
    target: str
    protocol: Protocol
    verdict: Verdict
    hops: tuple[Hop, ...]
    endpoints: tuple[EndpointVerdict, ...]


class Axis(NamedTuple):
    """One row or column of a matrix: a notation that `trace` reads, and who shares its verdicts."""

    #: `pod/a.x` for a source; `pod/a.x:8080` or `svc/web.x:80` for a target.
    name: str
    members: tuple[str, ...]


class Matrix(NamedTuple):
    """`verdicts[row][column]` is what `sources[row]` sees at `targets[column]`."""

    protocol: Protocol
    sources: tuple[Axis, ...]
    targets: tuple[Axis, ...]
    verdicts: tuple[tuple[Verdict, ...], ...]
