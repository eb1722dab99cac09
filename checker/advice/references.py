"""Addresses in texts: URLs and `host:port`, as environments, arguments and ConfigMaps hold them.

Only what is certain is given: a host or port that is put together from variables is none. In
`http://web:$(PORT)` nothing is found, in `http://web` the scheme's own port.
"""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import re

#: The port that a URL without one means (RFC 9110, 4.2; RFC 6455, 3).
DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
#: Schemes under which a program dials; others may say where it listens itself.
_DIALLED = frozenset(
    (
        *("http", "https", "ws", "wss", "grpc", "grpcs", "redis", "rediss", "memcached", "mqtt"),
        *("postgres", "postgresql", "mysql", "mongodb", "amqp", "amqps", "nats"),
        *("ldap", "ldaps", "smtp", "ftp"),
    )
)


class Reference(NamedTuple):
    """A host and a port in a text. `line` counts from 0 within the text."""

    host: str
    port: int
    #: Whether it can only be an address that is dialled: in a URL, or below `.svc`.
    is_certain: bool
    #: Whether the port is the scheme's, for none is written.
    is_default: bool
    line: int


def references(value: str) -> Iterator[Reference]:
    """The addresses in a text; lines that are comments are left out."""
    if ":" not in value:
        return
    url, pair, number_after_colon = _patterns()
    if "://" not in value and not number_after_colon.search(value):
        return
    for number, line in enumerate(value.split("\n")):
        if "\n" in value and line.lstrip().startswith(("#", "//", ";", "--", "*")):
            continue
        if "://" in line:
            for match in url.finditer(line):
                scheme, host, port = match.groups()
                if port:
                    yield Reference(host, int(port), scheme in _DIALLED, False, number)
                elif scheme in DEFAULT_PORTS:
                    yield Reference(host, DEFAULT_PORTS[scheme], True, True, number)
        if ":" in line:
            for match in pair.finditer(line):
                host, port = match.groups()
                in_cluster = ".svc" in host
                yield Reference(host, int(port), in_cluster, False, number)


@cache
def _patterns() -> "tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]":
    import re

    host = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?"
    ends = r"(?=[/?#\s\"'`,;|)\]}>&\\]|$)"
    url = re.compile(
        rf"(?<![\w+.-])([a-z][a-z0-9+]*)://(?:[^\s/@\"']*@)?({host})(?::(\d{{1,5}}))?{ends}"
    )
    # Not the middle of a path, a URL (which is read above) or a longer name.
    pair = re.compile(rf"(?<![\w./:@$({{-])({host}):(\d{{2,5}}){ends}")
    return url, pair, re.compile(r":\d\d")


def service_named(host: str, namespace: str) -> tuple[str, str] | None:
    """Namespace and name of the Service that a host is in the cluster's DNS, seen from pods of
    `namespace`: `web`, `web.shop`, `web.shop.svc`, `web.shop.svc.cluster.local`.

    None for names that are deeper or have another form.
    """
    labels = host.split(".")
    if len(labels) == 1:
        return namespace, labels[0]
    if len(labels) == 2 or (len(labels) > 2 and labels[2] == "svc"):
        return labels[1], labels[0]
    return None
