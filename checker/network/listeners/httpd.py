"""Apache httpd's configuration: the sockets of its `Listen` directives.

httpd.apache.org: "Configuration Files", "Binding to Addresses and Ports", and `server/listen.c`,
`server/config.c` of 2.4. What the official image has is known; what a ConfigMap puts over it is
read. A directive whose module is not loaded ends httpd, and so does a port that is named twice.
What this reader does not know makes the sockets unknown.
"""

from __future__ import annotations

import ipaddress
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from checker.network.listeners.httpd_directives import (
    ANYWHERE,
    BUILT,
    ENDS_AT_ONCE,
    LOADED,
    OF_MODULES,
    SECTIONS,
)
from checker.network.listeners.inside import Inside
from checker.network.listeners.mounts import Files
from checker.network.listeners.nginx import Broken
from checker.network.listeners.nginx_syntax import Unclear
from checker.network.listeners.options import Word
from checker.network.model import Ending, Listener, Program

ROOT = "/usr/local/apache2"
FOLDER = f"{ROOT}/conf"
MAIN = f"{FOLDER}/httpd.conf"
#: The image's own files that decide nothing but whether httpd starts.
_OWN = {f"{FOLDER}/mime.types": "", f"{FOLDER}/magic": ""}
_VALUED = ("-C", "-c", "-D", "-d", "-f", "-e", "-E", "-k")
_CERTIFICATES = ("sslcertificatefile", "sslcertificatekeyfile")
#: Where the image lets it write.
_LOGS = ("logs/", f"{ROOT}/logs/", "/proc/self/fd/", "/dev/std", "|", "syslog")


class _Told(NamedTuple):
    """What its command line says."""

    lines: list[str]
    defined: set[str]
    main: str
    stays: bool


def httpd_program(table: dict[str, Any], line: Sequence[Word], found: Inside) -> Program | None:
    """What `line` starts in the official image; None where it has the image's configuration
    and nothing else.
    """
    field = line[0].field
    mounted = any(
        one == FOLDER or one.startswith(f"{FOLDER}/") or FOLDER.startswith(f"{one}/")
        for one in found.mounted
    )
    try:
        told = _command_line(line)
        if told is None:
            return Program("httpd", (), True, field, Ending.COMPLETES)
        stays = Ending.STAYS if told.stays else Ending.COMPLETES
        if not mounted and not told.lines and told.main == MAIN:
            if told.stays and len(line) == 1:
                return None
            listeners = [Listener(80, "TCP", "", "", field, "http")]
            return Program("httpd", tuple(listeners), True, field, stays, http=table.get("http"))
        reader = _Reader(Files(_OWN, FOLDER, found.mounts), told, found.environment.values)
        own = not mounted and told.main == MAIN
        listeners = reader.sockets(field, is_own=own)
    except Unclear as unclear:
        return Program("httpd", (), False, field, reason=str(unclear))
    except Broken as broken:
        return Program("httpd", (), True, field, Ending.CRASHES, str(broken))
    return Program("httpd", tuple(listeners), True, field, stays)


def _command_line(line: Sequence[Word]) -> _Told | None:
    """None for a command that only says something. `httpd-foreground` is `httpd -DFOREGROUND`."""
    name = (line[0].text or "").rpartition("/")[2]
    told = _Told([], set(), MAIN, name == "httpd-foreground")
    main, stays = told.main, told.stays
    words = list(line[1:])
    while words:
        word = words.pop(0).text
        if word is None:
            raise Unclear("one of its arguments is not known from the manifest")
        if word in ENDS_AT_ONCE:
            return None
        option, value = word[:2], word[2:]
        if option in _VALUED and not value:
            said = words.pop(0).text if words else None
            if said is None:
                raise Unclear(f"what follows its argument {word} is not known")
            value = said
        if option in ("-C", "-c"):
            told.lines.append(value)
        elif option == "-D":
            told.defined.add(value)
        elif option == "-f":
            main = value if value.startswith("/") else f"{ROOT}/{value}"
        elif option == "-X":
            stays = True
        elif option not in ("-k", "-e", "-E") or (option == "-k" and value != "start"):
            raise Unclear(f"what its argument {word} makes of it is not known")
    return told._replace(main=main, stays=stays or "FOREGROUND" in told.defined)


class _Reader:
    """Reads the directives that decide what is listened on, and whether httpd starts."""

    def __init__(self, files: Files, told: _Told, environment: Mapping[str, str | None]) -> None:
        self._files = files
        self._told = told
        self._loaded: set[str] = set()
        self._defined = set(told.defined)
        self._values: dict[str, str | None] = dict(environment)
        self._listens: list[list[str]] = []
        self._secure: set[int] = set()
        self._types = f"{FOLDER}/mime.types"
        self._depth = 0

    def sockets(self, field: str, *, is_own: bool) -> list[Listener]:
        """The listeners of the whole configuration. Raises Unclear and Broken.

        `is_own`: the configuration is the image's, which listens on 80, with its modules.
        """
        if is_own:
            self._listens.append(["80"])
            self._loaded = set(LOADED)
        else:
            self._read(self._told.main)
        for line in self._told.lines:
            self._take(_words(line), [])
        self._check()
        found: list[Listener] = []
        for words in self._listens:
            address, port = _place(words[0])
            secure = port in self._secure or words[1:2] == ["https"]
            rivals = [one.address for one in found if one.port == port]
            if rivals and (not address or "" in rivals or address in rivals):
                raise Broken(f"its configuration has it listen on {port} twice")
            found.append(Listener(port, "TCP", address, "", field, "https" if secure else "http"))
        return found

    def _check(self) -> None:
        movers = {name for name in self._loaded if name.startswith("mpm_")}
        if len(movers) != 1:
            # `server/mpm_common.c`, AH00534
            raise Broken("its configuration loads no MPM, or more than one")
        if "unixd_module" not in self._loaded:
            # AH00136
            raise Broken("its configuration does not load unixd_module")
        if "mime_module" in self._loaded and self._files.read(self._types) is None:
            if self._types not in _OWN:
                raise Unclear(f"whether there is a {self._types} is not known")
            # `modules/http/mod_mime.c`, AH01597
            raise Broken("conf/mime.types is hidden by what is mounted over its folder")
        if not self._listens:
            raise Broken("its configuration has no Listen")

    def _read(self, path: str) -> None:
        content = self._files.read(path)
        if content is None:
            raise Unclear(f"its configuration {path} is not in the input")
        self._depth += 1
        if self._depth > 10:
            raise Unclear("its configuration includes itself")
        sections: list[list[str]] = []
        #: How many sections are open inside one that does not count.
        skipped = 0
        for line in _lines(content):
            words = _words(line)
            name = words[0].lower()
            if name.startswith("</"):
                if skipped:
                    skipped -= 1
                elif not sections:
                    raise Broken("its configuration closes a section that is not open")
                else:
                    sections.pop()
            elif skipped:
                skipped += name.startswith("<")
            elif name.startswith("<"):
                if self._counts(name, words[1:]):
                    sections.append([name, *words[1:]])
                else:
                    skipped = 1
            else:
                self._take(words, sections)
        if sections or skipped:
            raise Broken("its configuration leaves a section open")
        self._depth -= 1

    def _counts(self, name: str, words: list[str]) -> bool:
        """Whether what stands in a section is read at all."""
        if name not in SECTIONS:
            raise Unclear(f"what {name}> means in its configuration is not known")
        needed = SECTIONS[name]
        if needed and needed not in self._loaded:
            raise Broken(f"its configuration has {name}> without {needed}")
        said = words[0] if words else ""
        wanted, said = not said.startswith("!"), said.removeprefix("!")
        if name == "<ifmodule":
            module = re.sub(r"^(?:mod_)?(.+)\.c$", r"\1_module", said)
            known = {one.removeprefix("mod_") for one in self._loaded}
            return (module.removeprefix("mod_") in known) is wanted
        return (said in self._defined) is wanted if name == "<ifdefine" else True

    def _take(self, words: list[str], sections: list[list[str]]) -> None:
        name, values = words[0].lower(), [self._expanded(word) for word in words[1:]]
        first = values[0] if values else ""
        if name == "loadmodule":
            if first not in BUILT:
                raise Unclear(f"whether the image has {first} is not known")
            self._loaded.add(first)
        elif name == "define":
            self._defined.add(first)
            self._values[first] = values[1] if len(values) > 1 else ""
        elif name in ("include", "includeoptional"):
            self._include(first, is_optional=name != "include")
        elif name == "listen" and first:
            self._listens.append(values)
        elif name == "serverroot" and first.rstrip("/") != ROOT:
            raise Unclear("its ServerRoot is not the image's")
        elif name in ("errorlog", "customlog", "transferlog") and not first.startswith(_LOGS):
            raise Unclear(f"whether it can write to {first} is not known")
        elif name == "sslengine" and first.lower() == "on":
            self._secure |= {port for section in sections for port in _ports(section)}
        elif name == "typesconfig":
            self._types = first if first.startswith("/") else f"{ROOT}/{first}"
        elif name in _CERTIFICATES and not self._files.is_mounted(first):
            raise Unclear(f"it starts only where there is a certificate {first}")
        self._knows(words[0])

    def _knows(self, directive: str) -> None:
        name = directive.lower()
        if name in ANYWHERE:
            return
        module = OF_MODULES.get(name) or ("ssl_module" if name.startswith("ssl") else None)
        if module is None:
            raise Unclear(f"what {directive} in its configuration does is not known")
        if module not in self._loaded:
            # `server/config.c`: Invalid command, perhaps … not included in the server configuration
            raise Broken(f"its configuration has {directive} without {module}")

    def _include(self, said: str, *, is_optional: bool) -> None:
        path = said if said.startswith("/") else f"{ROOT}/{said}"
        if not any(sign in path for sign in "*?["):
            if is_optional and self._files.read(path) is None:
                raise Unclear(f"whether there is a {said} is not known")
            self._read(path)
            return
        found = self._files.match(path)
        if found is None:
            raise Unclear(f"the files that it includes as {said} are not in the input")
        for one in found:
            self._read(one)

    def _expanded(self, word: str) -> str:
        """With `${NAME}` replaced: by Define, or else from the environment."""

        def value(match: re.Match[str]) -> str:
            # What is not defined is left as it is, with a warning (AH00111).
            found = self._values.get(match[1], match[0])
            if found is None:
                raise Unclear(f"the value of {match[1]} is not known from the manifest")
            return found

        return re.sub(r"\$\{(\w+)\}", value, word)


def _lines(content: str) -> Iterator[str]:
    """Lines with something to say; one that ends in a backslash goes on in the next."""
    for line in re.sub(r"\\\n", "", content).splitlines():
        said = line.strip()
        if said and not said.startswith("#"):
            yield said


def _words(line: str) -> list[str]:
    if line.startswith("<"):
        line = line.removesuffix(">").strip()
    try:
        found = shlex.split(line, posix=True)
    except ValueError:
        # A quote that is a sign of its own, as in a regular expression.
        found = line.split()
    if not found:
        raise Unclear("its configuration cannot be read")
    return found


def _ports(section: list[str]) -> Iterator[int]:
    """The ports of `<VirtualHost *:8443>`."""
    if section[0] != "<virtualhost":
        return
    for word in section[1:]:
        number = word.rpartition(":")[2]
        if number.isdigit():
            yield int(number)


def _place(said: str) -> tuple[str, int]:
    """Address ("" for all) and port of a `Listen`. IPv6's own "all" takes IPv4 in, too
    (`server/listen.c: make_sock`, AP_ENABLE_V4_MAPPED).
    """
    host, _, number = said.rpartition(":")
    host = host.strip("[]")
    if not (number.isascii() and number.isdigit() and 0 < int(number) < 65536):
        raise Unclear(f"what it listens on is not clear from {said}")
    if host in ("", "*"):
        return "", int(number)
    if host == "localhost":
        return "127.0.0.1", int(number)
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise Unclear(f"what address {host} is, is not known") from None
    return ("" if address.is_unspecified else str(address)), int(number)
