"""nginx's configuration: the sockets of its `server` blocks.

Read are `http`, `stream` and `mail` blocks with `include`. What this reader does not understand,
or what lies outside the input, makes the sockets unknown. nginx.org: `listen` of
ngx_http_core_module and of ngx_stream_core_module.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from checker.network.listeners.inside import Inside
from checker.network.listeners.mounts import Files, Mount
from checker.network.listeners.nginx_syntax import Directive, Unclear, directives, walk
from checker.network.listeners.options import Options
from checker.network.model import ANY_ADDRESS, Ending, Listener, Program

FOLDER = "/etc/nginx"
MAIN = "/etc/nginx/nginx.conf"
#: As the packages of nginx.org have it, which the official images install.
_OWN = {
    MAIN: "http { include /etc/nginx/mime.types; include /etc/nginx/conf.d/*.conf; }",
    "/etc/nginx/conf.d/default.conf": "",
    **{
        f"/etc/nginx/{name}": ""
        for name in ("mime.types", "fastcgi_params", "scgi_params", "uwsgi_params")
    },
}
_DEFAULT = "server {{ listen {port}; listen [::]:{port}; location / {{ root html; }} }}"
_HOLDS_SERVERS = ("http", "stream", "mail")
_PASSES = ("proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass")


class Broken(Exception):  # noqa: N818  # says what it is
    """Why nginx ends at once: a sentence's end."""


class Configured(NamedTuple):
    """What a configuration opens. `http` is the status by path, where that is certain."""

    listeners: list[Listener]
    http: dict[str, int] | None
    #: Whether it is the image's own, nothing of it replaced.
    is_own: bool
    #: Whether it says `daemon off`.
    is_no_daemon: bool


def ending(options: Options, *, is_off: bool = False) -> Ending:
    """What becomes of nginx' first process: a daemon's ends, unless `daemon off` is said, in the
    configuration (`is_off`) or with -g.
    """
    said = options.values.get("-g")
    words = (said.text or "").split() if said is not None else []
    off = is_off or ("daemon" in words and "off;" in words)
    return Ending.STAYS if off or options.has_unknown else Ending.COMPLETES


def nginx_program(
    table: dict[str, Any], options: Options, found: Inside, field: str
) -> Program | None:
    """Nginx with a configuration of its own; None where it has the image's and nothing else."""
    said = options.values.get("-c")
    if said is None and not any(
        one == FOLDER or one.startswith(f"{FOLDER}/") or FOLDER.startswith(f"{one}/")
        for one in found.mounted
    ):
        return None
    port = found.entry.get("port", 80)
    try:
        if "nginx_config" not in found.entry:
            raise Unclear(f"the image {found.image} may have a configuration of its own")
        if "-p" in options.values or options.has_unknown:
            raise Unclear("its arguments decide what it listens on")
        main = said.text if said is not None else MAIN
        if main is None or not main.startswith("/"):
            raise Unclear("where its configuration is, is not known")
        as_root = (port == 80) if found.has_own_user else None
        read = configured(
            found.mounts, main, port, field, found.resolves, as_root=as_root, is_ipv6=found.is_ipv6
        )
    except Unclear as unclear:
        return Program("nginx", (), False, field, reason=str(unclear))
    except Broken as broken:
        return Program("nginx", (), True, field, Ending.CRASHES, str(broken))
    http = table.get("http") if read.is_own else read.http
    stays = ending(options, is_off=read.is_no_daemon)
    return Program("nginx", tuple(read.listeners), True, field, stays, http=http)


def configured(
    mounts: list[Mount],
    main: str,
    port: int,
    field: str,
    resolves: Callable[[str], bool],
    as_root: bool | None,
    is_ipv6: bool,
) -> Configured:
    """What nginx listens on with these mounts, its configuration beginning in `main`.

    `port` is what the image's own default server listens on. `resolves` says whether a host is
    known to the cluster's DNS: nginx ends where it cannot find one. `as_root` is None where its
    user is not known. Raises Unclear and Broken.
    """
    if any(one.path.startswith("/etc/nginx/templates") for one in mounts):
        raise Unclear("the templates mounted at /etc/nginx/templates decide what it listens on")
    own = _OWN | {"/etc/nginx/conf.d/default.conf": _DEFAULT.format(port=port)}
    reader = _Reader(Files(own, FOLDER, mounts), own, resolves)
    top = reader.read(main)
    if main in reader.foreign and not any(one.words[0] == "events" for one in top):
        # `src/event/ngx_event.c: ngx_event_init_conf`
        raise Broken('its configuration has no "events" section')
    if any(one.words[0] == "load_module" for one in top):
        raise Unclear("it starts only where its image has the modules that it loads")
    is_no_daemon = any(one.words == ["daemon", "off"] for one in top)
    listeners: list[Listener] = []
    servers = 0
    http: dict[str, int] | None = None
    for kind in _HOLDS_SERVERS:
        for holder in (one for one in top if one.words[0] == kind):
            for server in (one for one in holder.block or () if one.words[0] == "server"):
                if kind == "http":
                    servers += 1
                    http = _statuses(server.block or []) if servers == 1 else None
                listeners += _sockets(server.block or [], kind, field, as_root, is_ipv6)
    return Configured(list(dict.fromkeys(listeners)), http, not reader.foreign, is_no_daemon)


class _Reader:
    """Reads files, follows `include`, and keeps what would stop nginx in mind."""

    def __init__(self, files: Files, own: dict[str, str], resolves: Callable[[str], bool]) -> None:
        self._files = files
        self._own = own
        self._resolves = resolves
        self._depth = 0
        self._upstreams: set[str] = set()
        #: The files that are not the image's.
        self.foreign: set[str] = set()

    def read(self, path: str) -> list[Directive]:
        """The directives of a file, those of its includes in their place. Raises Unclear."""
        content = self._files.read(path)
        if content is None:
            raise Unclear(f"its configuration {path} is not in the input")
        if self._files.is_mounted(path):
            self.foreign.add(path)
        self._depth += 1
        if self._depth > 20:
            raise Unclear("its configuration includes itself")
        found = self._whole(directives(content))
        self._depth -= 1
        if self._depth == 0:
            self._upstreams |= _upstreams(found)
            self._look_for_hosts(found)
        return found

    def _whole(self, said: list[Directive]) -> list[Directive]:
        found = []
        for one in said:
            if one.words[0] == "include" and len(one.words) == 2:
                for path in self._included(one.words[1]):
                    found += self.read(path)
            elif one.block is not None:
                found.append(Directive(one.words, self._whole(one.block)))
            else:
                found.append(one)
        return found

    def _included(self, name: str) -> list[str]:
        path = name if name.startswith("/") else f"{FOLDER}/{name}"
        if not any(sign in path for sign in "*?["):
            return [path]
        found = self._files.match(path)
        if found is None:
            raise Unclear(f"the files that it includes as {name} are not in the input")
        return found

    def _look_for_hosts(self, found: list[Directive]) -> None:
        """What nginx looks for when it starts, and ends where it is not there."""
        for host in _hosts(found):
            if host not in self._upstreams and not self._resolves(host):
                raise Unclear(f"it starts only where the host {host} has an address")
        for path in _certificates(found):
            if not self._files.is_mounted(path if path.startswith("/") else f"{FOLDER}/{path}"):
                raise Unclear(f"it starts only where there is a certificate {path}")


def _upstreams(found: list[Directive]) -> set[str]:
    return {one.words[1] for one in walk(found) if one.words[0] == "upstream" and one.words[1:]}


def _hosts(found: list[Directive]) -> Iterator[str]:
    for one in walk(found):
        said = [one.words[1]] if one.words[0] in _PASSES and len(one.words) > 1 else []
        if one.words[0] == "upstream":
            inner = [each for each in one.block or () if each.words[0] == "server"]
            said = [each.words[1] for each in inner if len(each.words) > 1]
        for address in said:
            place = address.partition("://")[2] or address
            host = place.split("/")[0].rpartition("@")[2]
            if "$" in host or place.startswith(("unix:", "[")):
                continue
            host = host.partition(":")[0]
            if host and host != "localhost" and not _is_address(host):
                yield host


def _certificates(found: list[Directive]) -> Iterator[str]:
    for one in walk(found):
        if one.words[0] in ("ssl_certificate", "ssl_certificate_key") and len(one.words) > 1:
            path = one.words[1]
            if "$" not in path and not path.startswith(("data:", "engine:", "store:")):
                yield path


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _sockets(
    server: list[Directive], kind: str, field: str, as_root: bool | None, is_ipv6: bool
) -> Iterator[Listener]:
    said = [one.words[1:] for one in server if one.words[0] == "listen"]
    if not said and kind == "http":
        # *:80 with the superuser's privileges, *:8000 otherwise.
        said = [[str(_default_port(as_root))]]
    old_ssl = any(one.words == ["ssl", "on"] for one in server)
    for words in said:
        if not words or "$" in words[0]:
            raise Unclear("one of its listen directives cannot be read")
        place, settings = words[0], words[1:]
        if place.startswith("unix:"):
            continue
        udp = "udp" in settings or "quic" in settings
        speaks = "tcp" if kind != "http" else "https" if "ssl" in settings or old_ssl else "http"
        address, port = _place(place, as_root)
        if address == "::" and (is_ipv6 or "ipv6only=off" in settings):
            address = ""
        elif not address and is_ipv6:
            address = ANY_ADDRESS
        yield Listener(port, "UDP" if udp else "TCP", address, "", field, "" if udp else speaks)


def _default_port(as_root: bool | None) -> int:
    if as_root is None:
        raise Unclear("its default port hangs on its user, which the image names")
    return 80 if as_root else 8000


def _place(place: str, as_root: bool | None) -> tuple[str, int]:
    """Address ("" for all of IPv4, "::" for all of IPv6) and port of a `listen` directive."""
    match = re.fullmatch(r"\[([0-9a-fA-F:.]+)\](?::(\d+))?", place)
    if match is None:
        match = re.fullmatch(r"(?:(\*|[A-Za-z][\w.-]*|\d+(?:\.\d+){3})(?::|$))?(\d+)?", place)
    if match is None or not place:
        raise Unclear(f"what it listens on is not clear from {place}")
    host, port = match[1] or "*", int(match[2]) if match[2] else _default_port(as_root)
    if not 0 < port < 65536:
        raise Unclear(f"{port} is no port")
    if host == "localhost":
        return "127.0.0.1", port
    if host == "*":
        return "", port
    if not _is_address(host):
        raise Unclear(f"what address {host} is, is not known")
    address = ipaddress.ip_address(host)
    return ("" if address == ipaddress.IPv4Address(0) else str(address)), port


def _statuses(server: list[Directive]) -> dict[str, int] | None:
    """What a server's locations answer of themselves: `location /healthz { return 200; }`."""
    places = [one for one in server if one.words[0] == "location"]
    if any(one.words[0] in ("rewrite", "if", "auth_basic", "deny") for one in server):
        return None
    whole = _returned(server)
    if whole is not None:
        return {"*": whole} if whole > 0 else None
    found: dict[str, int] = {}
    is_open = any(len(one.words) == 3 and one.words[1].startswith("~") for one in places)
    for one in places:
        *sign, path = one.words[1:] or [""]
        status = _returned(one.block or [])
        if (
            status is not None
            and status > 0
            and (sign in (["="], ["^~"]) or (not sign and not is_open))
        ):
            found[path] = status
    for one in places:
        # An exact location comes first, whatever a prefix of the same path says.
        if one.words[1:2] == ["="] and _returned(one.block or []) is None:
            found.pop(one.words[-1], None)
    return found or None


def _returned(block: list[Directive]) -> int | None:
    """The status that a block answers with; 0 for one that leads elsewhere, None for no answer."""
    if any(one.words[0] in ("if", "rewrite") for one in block):
        return None
    for one in block:
        if one.words[0] == "return" and len(one.words) > 1:
            status = int(one.words[1]) if one.words[1].isdigit() else 0
            return status if status and not 300 <= status < 400 else 0
    return None
