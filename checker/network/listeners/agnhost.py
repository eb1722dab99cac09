"""agnhost, Kubernetes' own network test image: `test/images/agnhost` of version 2.63.

Its subcommands read options with pflag: one that does not exist, or an argument too many, ends
the container at once.
"""

from __future__ import annotations

import re
from typing import Any

from checker.network.listeners.environment import Environment
from checker.network.listeners.options import Options, Word
from checker.network.listeners.server import read_options, sockets
from checker.network.listeners.table import agnhost_entry
from checker.network.model import Ending, Listener, Program

_HELP = ("help", "--help", "-h", "--version", "completion")
#: They take their port as text; what is no number ends them, too.
_PORTS_ARE_TEXT = frozenset(("net", "guestbook", "no-snat-test", "no-snat-test-proxy"))
#: Accepted by every subcommand (`k8s.io/component-base/cli: Run`).
_EVERYWHERE = ("-v", "--v", "--vmodule", "--log-flush-frequency")


def agnhost_program(words: list[Word], field: str, environment: Environment) -> Program:
    """What `/agnhost WORDS…` runs. `field` is what says that it is agnhost."""
    if not words:
        # The command alone prints its help.
        return Program("agnhost", (), True, field, Ending.COMPLETES)
    first, rest = _subcommand(words)
    if first.text is None:
        return Program("agnhost", (), False, field, reason="its subcommand is not known")
    name = f"agnhost {first.text}"
    if first.text in _HELP:
        return Program(name, (), True, first.field, Ending.COMPLETES)
    table = agnhost_entry(first.text)
    if table is None:
        return _other(name, first)
    options = _read(table, rest)
    if first.text not in _PORTS_ARE_TEXT:
        options = _numbers(options, table)
    crash = _fault(table, options, environment)
    if crash:
        return Program(name, (), True, crash[1], Ending.CRASHES, crash[0])
    listeners, unclear = _listeners(first, table, options, environment)
    if listeners is None:
        return Program(name, (), True, first.field, Ending.CRASHES, unclear)
    if options.has_unknown:
        unclear = "one of its arguments is not known from the manifest"
    if table.get("https_by") in options.values:
        listeners = [
            one._replace(speaks="https") if one.speaks == "http" else one for one in listeners
        ]
    if table.get("one_connection"):
        unclear = "it answers one connection and ends"
    completes = table.get("completes") or (
        "completes_without" in table and table["completes_without"] not in options.values
    )
    return Program(
        name,
        tuple(listeners),
        not unclear,
        first.field,
        Ending.COMPLETES if completes else Ending.STAYS,
        unclear,
        survives_conflicts=bool(table.get("survives_conflicts")),
        http=_http(first.text, table, listeners, options),
    )


def _subcommand(words: list[Word]) -> tuple[Word, list[Word]]:
    """The subcommand and what is left without it: options may come before, each with a value of its
    own if it has no `=` (`github.com/spf13/cobra: stripFlags`).
    """
    position = 0
    while position < len(words) - 1:
        text = words[position].text
        if text is None or text in _HELP or not text.startswith("-"):
            break
        apart = "=" not in text and (text.startswith("--") or len(text) == 2)
        position += 2 if apart else 1
    position = min(position, len(words) - 1)
    return words[position], [*words[:position], *words[position + 1 :]]


def _numbers(options: Options, table: dict[str, Any]) -> Options:
    """With the numbers of ports as pflag reads them: `0x1F90` and `0o17620` are 8080, and what
    begins with a zero is octal (`strconv.ParseInt` with base 0).
    """
    named = [name for socket in table["sockets"] for name in socket.get("options", ())]
    values = dict(options.values)
    for name in {*named, "--port"} & values.keys():
        word = values[name]
        text = word.text or ""
        base = 8 if re.fullmatch(r"-?0[0-7_]+", text) else 0
        try:
            # Python's reading takes blanks around a number in.
            values[name] = word._replace(text=str(int(text if text.strip() == text else "", base)))
        except ValueError:
            if word.text is not None:
                return options._replace(values=values, faults=[*options.faults, word])
    return options._replace(values=values)


def _listeners(
    first: Word, table: dict[str, Any], options: Options, environment: Environment
) -> tuple[list[Listener] | None, str]:
    """The listeners, and what about them is unclear; None and the reason where it crashes."""
    if first.text == "porter":
        more = "variables that are not in the input may open more ports"
        return _porter(environment), more if environment.is_open else ""
    if first.text == "serve-hostname":
        return _serve_hostname(options, first.field)
    listeners, unclear = sockets(table, options, environment, first.field, {})
    if unclear.endswith("is no port"):
        return None, unclear
    return listeners, unclear


def _read(table: dict[str, Any], words: list[Word]) -> Options:
    normal = [
        # WordSepNormalizeFunc: underscores in option names are dashes.
        Word(_dashes(word.text), word.field) if word.text else word
        for word in words
    ]
    valued = [*table.get("valued", ()), *_EVERYWHERE]
    style = "gnu" if table.get("lenient") else "pflag"
    return read_options({**table, "valued": valued, "style": style}, normal)


def _dashes(text: str) -> str:
    if not text.startswith("--"):
        return text
    name, sign, value = text.partition("=")
    return name.replace("_", "-") + sign + value


def _other(name: str, word: Word) -> Program:
    known_but_clustered = {
        "nettest", "webhook", "crd-conversion-webhook", "mtlsserver",
        "mtlsclient", "external-metrics", "podcertificatesigner", "nonewprivs",
        "test-service-account-issuer-discovery",
    }  # fmt: skip
    if name.partition(" ")[2] in known_but_clustered:
        return Program(name, (), False, word.field, reason=f"{name} needs more than its manifest")
    reason = f"agnhost has no subcommand {word.text}"
    return Program(name, (), True, word.field, Ending.CRASHES, reason)


def _fault(
    table: dict[str, Any], options: Options, environment: Environment
) -> tuple[str, str] | None:
    if options.faults:
        word = options.faults[0]
        if not (word.text or "").startswith("--"):
            return f"{word.text!r} is no number", word.field
        return f"it does not know the option {(word.text or '').partition('=')[0]}", word.field
    if len(options.operands) > table.get("operands", 0) and not table.get("lenient"):
        word = options.operands[0]
        return f"it takes no argument {word.text!r}", word.field
    for name in table.get("requires_all", ()):
        if name not in environment.values and not environment.is_open:
            return f"it needs the variable {name}", ""
    return None


def _porter(environment: Environment) -> list[Listener]:
    """One server for each variable `SERVE_PORT_9376`, whatever its value."""
    prefixes = (
        ("SERVE_PORT_", "TCP", "http"),
        ("SERVE_TCP_PORT_", "TCP", "http"),
        ("SERVE_UDP_PORT_", "UDP", ""),
        ("SERVE_SCTP_PORT_", "SCTP", ""),
        ("SERVE_TLS_PORT_", "TCP", "https"),
    )
    listeners = []
    for name in environment.fields:
        for prefix, protocol, speaks in prefixes:
            number = name.removeprefix(prefix)
            if number != name and number.isascii() and number.isdigit() and int(number) < 65536:
                field = environment.fields[name].removesuffix(".value")
                listeners.append(Listener(int(number), protocol, "", "", field, speaks))
    return listeners


def _serve_hostname(options: Options, field: str) -> tuple[list[Listener] | None, str]:
    def is_on(option: str, default: bool) -> bool:
        word = options.values.get(option)
        return default if word is None else word.text in ("true", "1", "t", "T", "TRUE", "True")

    tcp, udp, http = is_on("--tcp", False), is_on("--udp", False), is_on("--http", True)
    if http and (tcp or udp):
        return None, "--tcp and --udp need --http=false"
    word = options.values.get("--port", Word("9376", field))
    if word.text is None or not word.text.isdigit():
        return [], "its port is not known from the manifest"
    port = int(word.text)
    listeners = []
    if tcp:
        listeners.append(Listener(port, "TCP", "", "", word.field, "tcp"))
    if udp:
        listeners.append(Listener(port, "UDP", "", "", word.field))
    if http:
        listeners.append(Listener(port, "TCP", "", "", word.field, "http"))
    return listeners, ""


def _http(
    subcommand: str, table: dict[str, Any], listeners: list[Listener], options: Options
) -> dict[str, int] | None:
    http: dict[str, int] | None = table.get("http")
    if (
        subcommand == "netexec"
        and http
        and not any(one.protocol in ("UDP", "SCTP") for one in listeners)
    ):
        # /healthz and /readyz wait for the UDP or SCTP server, which was turned off.
        http = {**http, "/healthz": 412, "/readyz": 412}
    override = options.values.get("--http-override")
    if http and override is not None and override.text != "":
        # Every request is answered as this one.
        path, _, query = (override.text or "").partition("?")
        status = re.search(r"(?:^|&)code=(\d+)(?:&|$)", query)
        if path == "/echo":
            return {"*": int(status[1]) if status else 200}
        answer = http.get(path, http["*"]) if override.text and f"{path}?code" not in http else None
        return {"*": answer} if answer is not None else None
    return http
