"""How HTTP requests meet rules by host and path, and what a rule leads to.

For Ingress and HTTPRoute alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from checker.network.answer import Verdict

if TYPE_CHECKING:
    from checker.api.resource import Resource


class Refusal(NamedTuple):
    """No backend: what the controller answers instead, and the line to look at."""

    verdict: Verdict
    detail: str
    resource: Resource | None
    field: str


class Backend(NamedTuple):
    """Where a rule sends a request. `port` is the Service's, by number or name."""

    resource: Resource
    field: str
    namespace: str
    service: str
    port: int | str
    #: What the controller answers when the backend does not exist.
    status: int
    #: Why it is none at all.
    refusal: Refusal | None = None


class Rank(NamedTuple):
    """How exactly a rule matches: of several the greatest counts."""

    #: Characters of the host that it names without and with a wildcard; -1 where no rule matches.
    host: tuple[int, int]
    #: Whether a controller takes the rule at all.
    taken: bool = True
    exact: bool = False
    length: int = 0
    #: Of an HTTPRoute's match that it names a method; of an Ingress' path that it is Exact.
    finer: bool = False


#: A default backend's, and that of a rule which says why nothing matches.
DEFAULT, NOTHING = Rank((-1, 0)), Rank((-1, 0), taken=False)


class Match(NamedTuple):
    """What the rules say about one host and path."""

    backends: tuple[Backend, ...]
    detail: str
    resource: Resource | None
    field: str
    rank: Rank
    refusal: Refusal | None = None
    #: Why another controller may see it otherwise; "" where the specification is plain.
    doubt: str = ""


def host_rank(pattern: str, host: str, *, deep: bool = False) -> tuple[int, int] | None:
    """How exactly a host matches: characters without and with a wildcard; None for no match.

    The wildcard of `*.example.com` is one label for an Ingress (`k8s.io/api/networking/v1:
    IngressRule`), and with `deep`, for HTTPRoute and Gateway, any number of them (Gateway API,
    `HTTPRouteSpec.Hostnames`: "a suffix match").
    """
    pattern, host = pattern.lower(), host.lower()
    if not pattern or pattern == "*":
        return 0, 0
    if pattern.startswith("*."):
        head, dot, tail = host.partition(".")
        fits = host.endswith(pattern[1:]) if deep else tail == pattern[2:]
        return (0, len(pattern)) if head and dot and fits else None
    return (len(pattern), len(pattern)) if pattern == host else None


def is_prefix(prefix: str, path: str) -> bool:
    """Whether the elements of `prefix` are the first of `path`'s."""
    wanted = [part for part in prefix.split("/") if part]
    have = [part for part in path.split("/") if part]
    return have[: len(wanted)] == wanted
