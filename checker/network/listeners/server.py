"""A program of the table: its sockets, with what options, variables and mounts change."""

from __future__ import annotations

from typing import Any

from checker.network.listeners.environment import Environment
from checker.network.listeners.options import Options, Word, parse
from checker.network.model import ANY_ADDRESS, Ending, Listener, Program


def server_program(
    name: str,
    table: dict[str, Any],
    line: list[Word],
    image_entry: dict[str, Any],
    image: str,
    environment: Environment,
    mounts: list[str],
) -> Program:
    """What `name`, with the table's entry for it, listens on when started with `line`."""
    shown = str(table.get("name", name))
    options = read_options(table, line[1:])
    more = {"sockets": [*table["sockets"], *image_entry.get("more", ())]}
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
    if not reason and table.get("partial"):
        reason = f"{shown} may open more ports than the table knows"
    return Program(
        shown,
        tuple(listeners),
        not reason,
        line[0].field,
        Ending.COMPLETES if table.get("completes") else Ending.STAYS,
        reason,
        http=http,
    )


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
    table: dict[str, Any], options: Options, environment: Environment, mounts: list[str]
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
    for index, socket in enumerate(table["sockets"]):
        port: int | str = socket["port"]
        if index == 0 and "port" in image_entry:
            port = image_entry["port"]
        address = socket.get("address", "")
        said = _said(socket, "options", "variables", options, environment, table)
        if said is not None:
            if said.text is None:
                return listeners, "its port is not known from the manifest"
            if said.text in socket.get("off", ()):
                continue
            taken = read_address(said.text, str(port), address)
            if taken is None:
                return listeners, f"{said.text!r} is no port"
            address, port = taken
            field = said.field
        bound = _said(socket, "address_options", "address_variables", options, environment, table)
        addresses = [address]
        if bound is not None:
            if bound.text is None:
                return listeners, "the address that it binds is not known from the manifest"
            addresses = read_addresses(bound.text)
        if port:
            protocol = socket.get("protocol", "TCP")
            speaks = socket.get("speaks", "")
            listeners += [
                Listener(int(port), protocol, one, "", field, speaks) for one in addresses
            ]
    return listeners, ""


def _said(
    socket: dict[str, Any],
    options_key: str,
    variables_key: str,
    options: Options,
    environment: Environment,
    table: dict[str, Any],
) -> Word | None:
    for name in socket.get(options_key, ()):
        if name in options.values:
            return options.values[name]
    settings = table.get("settings")
    if settings:
        name = f"--{settings['port' if options_key == 'options' else 'address']}"
        if name in options.values:
            return options.values[name]
    for name in socket.get(variables_key, ()):
        if name in environment.values:
            return Word(environment.values[name], environment.fields[name])
    return None


def read_address(text: str, port: str, address: str) -> tuple[str, int] | None:
    """Address and port from `8080`, `:8080`, `127.0.0.1:8080`, `http://0.0.0.0:8080`."""
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
