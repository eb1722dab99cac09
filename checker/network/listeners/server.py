"""A program of the table: its sockets, with what options, variables and mounts change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checker.network.listeners.environment import Environment
from checker.network.listeners.inside import Inside
from checker.network.listeners.options import Options, Word, parse
from checker.network.model import ANY_ADDRESS, Ending, Listener, Program


def server_program(
    name: str,
    table: dict[str, Any],
    line: list[Word],
    found: Inside,
) -> Program:
    """What `name`, with the table's entry for it, listens on when started with `line`."""
    image_entry, environment, mounts = found.entry, found.environment, found.mounted
    shown = str(table.get("name", name))
    options = read_options(table, line[1:])
    completes = bool(table.get("completes"))
    more = {"sockets": [*table["sockets"], *image_entry.get("more", ())]}
    if name == "nginx":
        from checker.network.listeners.nginx import ending, nginx_program

        read = nginx_program(table, options, found, line[0].field)
        if read is not None:
            return read
        completes = ending(options) is Ending.COMPLETES
    if name == "httpd-foreground" and _is_its_own(name, found):
        from checker.network.listeners.httpd import httpd_program

        read = httpd_program(table, line, found)
        if read is not None:
            return read
    reason = _why_open(table, options, environment, mounts)
    listeners, unclear = sockets(
        {**table, **more}, options, environment, line[0].field, image_entry
    )
    if reason and any(_is_under(mount, table.get("configured_by", ())) for mount in mounts):
        # A configuration that is not here decides; the defaults then say nothing.
        listeners = []
    http = table.get("http")
    if any(_is_under(mount, table.get("served_from", ())) for mount in mounts):
        http = None
    reason = reason or unclear
    if not reason and table.get("configured_by") and not _is_its_own(name, found):
        reason = f"the image {found.image} may configure its {shown} otherwise"
        listeners, http = [], None
    if not reason and table.get("partial"):
        reason = f"{shown} may open more ports than the table knows"
    return Program(
        shown,
        tuple(listeners),
        not reason,
        line[0].field,
        Ending.COMPLETES if completes else Ending.STAYS,
        reason,
        http=http,
    )


def _is_its_own(name: str, found: Inside) -> bool:
    """Whether the container's image is one whose program this is."""
    line = [*found.entry.get("start", ()), *found.entry.get("arguments", ())]
    return any(word.rpartition("/")[2] == name for word in line[:1])


def read_options(table: dict[str, Any], words: list[Word]) -> Options:
    """The command line as the program reads it."""
    valued = list(table.get("valued", ()))
    for socket in table["sockets"]:
        valued += socket.get("options", ())
        valued += socket.get("address_options", ())
    settings = table.get("settings")
    if settings:
        # Options of the form `-c name=value` may come more than once: each becomes its own.
        words = _unfold(words, settings)
        valued += [f"--{settings['port']}", f"--{settings['address']}"]
    style = table.get("style")
    return parse(
        words,
        valued,
        table.get("switches", ()),
        strict=style == "pflag",
        single_dash=style == "go",
    )


def _unfold(words: list[Word], settings: dict[str, str]) -> list[Word]:
    unfolded: list[Word] = []
    for word in words:
        previous = unfolded[-1].text if unfolded else None
        if previous == settings["option"] and word.text is not None:
            unfolded[-1] = Word(f"--{word.text}", word.field)
        else:
            unfolded.append(word)
    return unfolded


def _why_open(
    table: dict[str, Any], options: Options, environment: Environment, mounts: Sequence[str]
) -> str:
    """Why the table's defaults may not hold, or ""."""
    for mount in mounts:
        if _is_under(mount, table.get("configured_by", ())):
            return f"the configuration mounted at {mount} decides what it listens on"
    if table.get("configured_by_operand") and any(
        word.text and word.text.endswith(".conf") for word in options.operands
    ):
        return "its configuration file decides what it listens on"
    prefix = table.get("configured_by_variables")
    if prefix and any(variable.startswith(prefix) for variable in environment.values):
        return f"its {prefix}* variables decide what it listens on"
    if options.has_unknown:
        return "one of its arguments is not known from the manifest"
    return ""


def _is_under(mount: str, folders: list[str]) -> bool:
    mount = mount.rstrip("/")
    return any(
        mount == folder or mount.startswith(f"{folder}/") or folder.startswith(f"{mount}/")
        for folder in folders
    )


def sockets(
    table: dict[str, Any],
    options: Options,
    environment: Environment,
    field: str,
    image_entry: dict[str, Any],
) -> tuple[list[Listener], str]:
    """The listeners, and why they may not be right where something is unclear."""
    listeners: list[Listener] = []
    first = 0
    for index, socket in enumerate(table["sockets"]):
        own = _own_port(socket, first, options)
        if own is None:
            continue
        port = image_entry.get("port", own) if index == 0 else own
        address = socket.get("address", "")
        by, said = _said(socket, "options", "variables", options, environment, table)
        if said is None and options.has_unknown and "options" in socket:
            # The argument that is not known may have named another port.
            continue
        if said is not None:
            if said.text is None:
                return listeners, "its port is not known from the manifest"
            if said.text in socket.get("off", ()):
                continue
            taken = read_address(said.text, "" if _is_number(by) else str(port), address)
            if taken is None:
                return listeners, f"{said.text!r} is no port"
            address, port = taken
        _, bound = _said(
            socket, "address_options", "address_variables", options, environment, table
        )
        addresses = [address]
        if bound is not None:
            if bound.text is None:
                return listeners, "the address that it binds is not known from the manifest"
            addresses = read_addresses(bound.text)
        first = first or int(port)
        if port:
            protocol = socket.get("protocol", "TCP")
            speaks = socket.get("speaks", "")
            at = said.field if said is not None else field
            listeners += [Listener(int(port), protocol, one, "", at, speaks) for one in addresses]
    return listeners, ""


def _own_port(socket: dict[str, Any], first: int, options: Options) -> int | None:
    """A socket's default; None where the program does not open it."""
    port: int = socket["port"]
    beyond = socket.get("beyond_first")
    if beyond:
        word = options.values.get(beyond["option"])
        return first + beyond["by"] if word and word.text == beyond["value"] else None
    return port


def _said(
    socket: dict[str, Any],
    options_key: str,
    variables_key: str,
    options: Options,
    environment: Environment,
    table: dict[str, Any],
) -> tuple[str, Word | None]:
    """The option or variable that says it, and what; "" and None where nothing does."""
    for name in socket.get(options_key, ()):
        if name in options.values:
            return name, options.values[name]
    settings = table.get("settings")
    if settings:
        name = f"--{settings['port' if options_key == 'options' else 'address']}"
        if name in options.values:
            return name, options.values[name]
    for name in socket.get(variables_key, ()):
        if name in environment.fields:
            return name, Word(environment.values[name], environment.fields[name])
        if name in environment.values:
            # `HTTP_PORT=tcp://…` about a Service called http: a program makes of it what it likes.
            return name, Word(None, "")
    return "", None


def _is_number(name: str) -> bool:
    """Whether an option or variable takes a port alone, no address: `-p`, `--http-port`, `PORT`."""
    return "port" in name.lower() or (len(name) == 2 and name != "-l")


def read_address(text: str, port: str, address: str) -> tuple[str, int] | None:
    """Address and port from `8080`, `:8080`, `127.0.0.1:8080`, `http://0.0.0.0:8080`.

    `port` is what a host alone means; "" where it means nothing.
    """
    place = text.partition("://")[2] or text
    place = place.split(",")[0].split("/")[0]
    host, colon, number = place.rpartition(":")
    if colon:
        address = read_addresses(host)[0]
    elif not number.isdigit() and number:
        host, number = number, port
        address = read_addresses(host)[0]
    if not (number.isascii() and number.isdigit() and int(number) < 65536):
        return None
    return address, int(number)


def read_addresses(text: str) -> list[str]:
    """What is bound: "" for all addresses. Several may be separated by commas or blanks."""
    found: list[str] = []
    for word in text.replace(",", " ").split():
        name = word.strip("[]").removeprefix("-")
        if name in (ANY_ADDRESS, "::", "*", "", "::0"):
            return [""]
        found.append("127.0.0.1" if name == "localhost" else name)
    return found or [""]
