"""The contract's notation for sources (`F`) and targets (`T`), taken apart.

Only the form is judged here; whether a thing of that name exists is the cluster's business.
"""

from typing import NamedTuple

from checker.network import sentences as say

PROTOCOLS = ("TCP", "UDP", "SCTP")


class BadEndpoint(ValueError):  # noqa: N818  # its name is part of the interface
    """A source or target that is malformed or not there; the message says what exists."""


class Source(NamedTuple):
    """`pod`, `deploy` or `node` with a name as it was written (a namespace may follow after a
    dot), or `external`. The name of a `node` may be empty: any.
    """

    kind: str
    name: str


class Target(NamedTuple):
    """`svc`, `dns`, `pod`, `deploy`, `node`, `localhost` with a port, or `ingress` with a path.

    `port` is a number, or a Service port's name.
    """

    kind: str
    name: str
    port: int | str
    path: str = ""


def parse_source(text: str) -> Source:
    """Reads an `F`. Raises BadEndpoint."""
    kind, slash, name = text.strip().partition("/")
    if kind == "external" and not slash:
        return Source("external", "")
    if kind == "node" and (not slash or name):
        return Source("node", name)
    kind = {"deployment": "deploy", "deployments": "deploy", "po": "pod", "pods": "pod"}.get(
        kind, kind
    )
    if kind in ("pod", "deploy") and name and "/" not in name and ":" not in name:
        return Source(kind, name)
    raise BadEndpoint(say.malformed_source(text))


def parse_target(text: str) -> Target:
    """Reads a `T`. Raises BadEndpoint."""
    kind, slash, rest = text.strip().partition("/")
    if kind == "ingress" and slash:
        host, slash, path = rest.partition("/")
        return Target("ingress", host, 0, "/" + path)
    if not slash:
        kind, colon, port = kind.partition(":")
        if kind in ("localhost", "node") and colon:
            return Target(kind, "", _port(port, named=False))
        raise BadEndpoint(say.malformed_target(text))
    kind = {"service": "svc", "services": "svc", "deployment": "deploy", "po": "pod"}.get(
        kind, kind
    )
    name, colon, port = rest.rpartition(":")
    if kind not in ("svc", "dns", "pod", "deploy", "node") or not colon or not name:
        raise BadEndpoint(say.malformed_target(text))
    if "/" in name:
        raise BadEndpoint(say.malformed_target(text))
    return Target(kind, name, _port(port, named=kind in ("svc", "dns")))


def _port(text: str, *, named: bool) -> int | str:
    if text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) < 65536:
        return int(text)
    if named and text and not text.isdigit() and text.isascii():
        return text
    raise BadEndpoint(say.malformed_port(text))


def parse_protocol(text: str) -> str:
    """Reads a protocol, in any case. Raises BadEndpoint."""
    if text.upper() not in PROTOCOLS:
        raise BadEndpoint(say.bad_protocol(text))
    return text.upper()
