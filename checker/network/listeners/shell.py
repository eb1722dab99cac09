"""Shell scripts in a container's command: `sh -c "…"`, as far as they are simple.

A script is read as its simple commands. If each of them is either known to open nothing or a
program of the tables, the script is known; anything else makes it unknown. A server in a loop, or
before something that stays, stays.
"""

from __future__ import annotations

import re
import shlex
from typing import Any

from checker.network.listeners.environment import Environment
from checker.network.listeners.options import Word
from checker.network.model import Ending, Listener, Program

#: They open no port and end.
_HARMLESS = frozenset(
    [
        "echo",
        "printf",
        "cat",
        "cd",
        "mkdir",
        "touch",
        "cp",
        "mv",
        "rm",
        "ln",
        "chmod",
        "chown",
        "export",
        "set",
        "unset",
        "test",
        "[",
        "true",
        ":",
        "date",
        "ls",
        "env",
        "id",
        "whoami",
        "hostname",
        "uname",
        "nslookup",
        "dig",
        "host",
        "ping",
        "curl",
        "wget",
        "grep",
        "sed",
        "awk",
        "head",
        "cut",
        "tr",
        "read",
        "sync",
        "ulimit",
        "umask",
        "trap",
        "which",
        "ip",
        "ifconfig",
        "getent",
        "apk",
        "apt-get",
    ]
)
_KEYWORDS = frozenset(
    [
        "while",
        "until",
        "do",
        "done",
        "if",
        "then",
        "else",
        "fi",
        "elif",
        "for",
        "in",
        "!",
        "{",
        "}",
        "(",
        ")",
        "exec",
        "time",
    ]
)
_STAYING = frozenset(("sleep", "tail", "pause", "wait"))


def script_program(
    line: list[Word],
    image: str,
    entry: dict[str, Any],
    environment: Environment,
    mounts: list[str],
) -> Program:
    """What a shell with these arguments runs."""
    field = line[0].field
    words = line[1:]
    while words and words[0].text in ("-e", "-x", "-u", "-ex", "-l", "-o", "pipefail"):
        words = words[1:]
    if not words:
        # A shell without a terminal reads the end of its input and goes.
        return Program("sh", (), True, field, Ending.COMPLETES)
    flags = words[0].text or ""
    if not (flags.startswith("-") and flags.endswith("c")) or len(words) < 2:
        return Program("sh", (), False, words[0].field, reason="what this script does is open")
    script = words[1]
    commands = _commands(script.text, environment) if script.text is not None else None
    if commands is None:
        return Program("sh", (), False, script.field, reason="this script is not simple enough")
    return _together(commands, script, image, entry, environment, mounts)


def _commands(script: str | None, environment: Environment) -> list[list[str]] | None:
    """The script's simple commands as words; None where it is beyond this reader."""
    if script is None or "<<" in script or "`" in script or "$(" in script:
        return None
    plain = re.sub(r"\d*[<>]+\s*&?\s*[\w/.-]+", " ", script.replace("\\\n", " "))
    lexer = shlex.shlex(plain.replace("\n", " ; "), posix=True, punctuation_chars=";&|")
    lexer.whitespace_split = True
    lexer.commenters = ""
    commands: list[list[str]] = [[]]
    try:
        for token in lexer:
            if token and set(token) <= set(";&|"):
                commands.append([])
            elif commands[-1] or token not in _KEYWORDS:
                value = _substitute(token, environment)
                if value is None:
                    return None
                commands[-1].append(value)
            else:
                commands[-1] = [*commands[-1]]
                if token in ("while", "until", "for"):
                    commands.append(["\0loop"])
                    commands.append([])
    except ValueError:
        return None
    return [command for command in commands if command]


def _substitute(token: str, environment: Environment) -> str | None:
    if "$" not in token:
        return token
    for name, value in sorted(environment.values.items(), key=lambda item: -len(item[0])):
        for form in (f"${{{name}}}", f"${name}"):
            if form in token:
                if value is None:
                    return None
                token = token.replace(form, value)
    return token


def _together(
    commands: list[list[str]],
    script: Word,
    image: str,
    entry: dict[str, Any],
    environment: Environment,
    mounts: list[str],
) -> Program:
    from checker.network.listeners.container import program_in

    listeners: list[Listener] = []
    http: dict[str, int] | None = None
    name, reason = "sh", ""
    stays = in_loop = False
    for command in commands:
        while command and "=" in command[0].split("/")[0] and not command[0].startswith("-"):
            command = command[1:]
        if not command:
            continue
        first = command[0].rsplit("/", 1)[-1]
        if first == "\0loop":
            in_loop = True
            continue
        if first in _HARMLESS or first in _KEYWORDS:
            continue
        if first in _STAYING:
            stays = stays or in_loop or first == "tail" or _is_long(command)
            continue
        if first == "exit":
            break
        words = [Word(word, script.field) for word in command]
        program = program_in(words, image, entry, environment, mounts, script.field)
        listeners += [one._replace(field=script.field) for one in program.listeners]
        http = program.http if program.listeners else http
        if program.listeners:
            name = program.name
        if not program.known and not reason:
            name, reason = program.name, program.reason or "what this script does is open"
        if program.ending is Ending.CRASHES:
            return program
        stays = stays or program.ending is Ending.STAYS or (in_loop and bool(program.listeners))
    ending = Ending.STAYS if stays or in_loop or reason else Ending.COMPLETES
    return Program(
        name, tuple(dict.fromkeys(listeners)), not reason, script.field, ending, reason, http=http
    )


def _is_long(command: list[str]) -> bool:
    """Whether a `sleep` outlasts any probe: a day, or for ever."""
    if len(command) < 2:
        return False
    amount = command[1]
    if amount in ("infinity", "inf"):
        return True
    unit = {"s": 1, "m": 60, "h": 3600, "d": 86400}.get(amount[-1:], 0)
    digits = amount[:-1] if unit else amount
    return digits.isdigit() and int(digits) * (unit or 1) >= 600
