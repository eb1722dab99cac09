"""Shell scripts in a container's command: `sh -c "…"`, as far as they are simple.

A script is read as its simple commands. If each of them is either known to open nothing or a
program of the tables, the script is known; anything else makes it unknown. A server in a loop, or
before something that stays, stays.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from typing import NamedTuple

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
#: `$NAME`, `${NAME}` and `${NAME:-default}`.
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::-([^{}$]*))?\})")
#: `NAME=`, `for NAME`, `read NAME`.
_SET = re.compile(r"(?:^|[\s;&|(])(?:(\w+)=|(?:for|read|unset)\s+(?:-\w+\s+)*(\w+))")
_WHILE, _LOOP, _BRANCH = "\0while", "\0loop", "\0branch"
_MARKS = {"while": _WHILE, "until": _LOOP, "for": _LOOP, "if": _BRANCH}
_STAYING = frozenset(("sleep", "tail", "pause", "wait"))
_STARTS_NOTHING = _HARMLESS | _KEYWORDS | _STAYING | {_WHILE, _LOOP, _BRANCH}
#: `while` one of these never ends; any other condition may change.
_ALWAYS = (["true"], [":"], ["/bin/true"], ["[", "1", "]"], ["[", "true", "]"])


def script_program(
    line: list[Word], environment: Environment, run: Callable[[list[Word], str], Program]
) -> Program:
    """What a shell with these arguments runs.

    `run` gives the program that a command line starts; its second argument is the field to name.
    """
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
    return _together(commands, script, run)


class _Command(NamedTuple):
    """A simple command: words (None: not known), and the operator that follows it."""

    words: list[str | None]
    after: str


def _commands(script: str | None, environment: Environment) -> list[_Command] | None:
    """The script's simple commands; None where it is beyond this reader."""
    if script is None or "<<" in script or "`" in script or "$(" in script:
        return None
    plain = re.sub(r"\d*[<>]+\s*&?\s*[\w/.-]+", " ", script.replace("\\\n", " "))
    lexer = shlex.shlex(plain.replace("\n", " ; "), posix=True, punctuation_chars=";&|")
    lexer.whitespace_split = True
    lexer.commenters = ""
    commands: list[_Command] = []
    words: list[str | None] = []
    own = frozenset(first or second for first, second in _SET.findall(script))
    try:
        for token in lexer:
            if token and set(token) <= set(";&|"):
                commands.append(_Command(words, token))
                words = []
            elif words or token not in _KEYWORDS:
                words.append(_substitute(token, environment, own))
            elif token in _MARKS:
                commands.append(_Command([_MARKS[token]], ";"))
    except ValueError:
        return None
    return [one for one in (*commands, _Command(words, "")) if one.words]


def _substitute(token: str, environment: Environment, own: frozenset[str]) -> str | None:
    """A word with the container's variables put in; None where one's value is not known.

    `own` are names that the script itself may set.
    """
    if "$" not in token:
        return token
    unknown = False

    def put_in(match: re.Match[str]) -> str:
        nonlocal unknown
        name = match[1] or match[2]
        value = environment.values.get(name)
        is_set = name in environment.values
        if name in own or (is_set and value is None) or (environment.is_open and not is_set):
            unknown = True
        elif not is_set and match[3] is None:
            # `$1` of awk, `$?`: not a variable of the container.
            return match[0]
        return value or match[3] or ""

    replaced = _VARIABLE.sub(put_in, token)
    return None if unknown else replaced


def _together(
    commands: list[_Command], script: Word, run: Callable[[list[Word], str], Program]
) -> Program:
    listeners: list[Listener] = []
    http: dict[str, int] | None = None
    name, reason = "sh", ""
    stays = in_loop = in_branch = endless = False
    for index, command in enumerate(commands):
        words = _without_assignments(command.words)
        first = (words[0] or "").rsplit("/", 1)[-1] if words else ":"
        if first == "exit":
            break
        in_loop = in_loop or first in (_WHILE, _LOOP)
        endless = endless or (first == _WHILE and _is_always(commands[index + 1 :]))
        in_branch = in_branch or first == _BRANCH
        if first in _STAYING:
            stays = stays or first == "tail" or _is_long(words)
        if first in _STARTS_NOTHING:
            continue
        program = run([Word(word, script.field) for word in words], script.field)
        listeners += [one._replace(field=script.field) for one in program.listeners]
        if program.listeners:
            name, http = program.name, program.http
        if not program.known and not reason:
            name, reason = program.name, program.reason or "what this script does is open"
        if program.ending is Ending.CRASHES:
            return program
        stays = stays or program.ending is Ending.STAYS or (in_loop and bool(program.listeners))
        if program.ending is Ending.STAYS and program.known and command.after not in ("&", "|"):
            # In the foreground: what follows is never reached.
            break
    if in_branch and (listeners or reason):
        # Which branch is gone, the manifest does not say.
        listeners, reason = [], reason or "its script decides what it starts"
    ending = Ending.WAITS if in_loop else Ending.COMPLETES
    if stays or endless or reason:
        ending = Ending.STAYS
    return Program(
        name, tuple(dict.fromkeys(listeners)), not reason, script.field, ending, reason, http=http
    )


def _is_always(following: list[_Command]) -> bool:
    """Whether a `while` before these commands has a condition that stays true."""
    condition = following[0].words if following else []
    return condition in _ALWAYS or condition[:1] == ["sleep"]


def _without_assignments(words: list[str | None]) -> list[str | None]:
    while words and _is_assignment(words[0]):
        words = words[1:]
    return words


def _is_assignment(word: str | None) -> bool:
    return word is not None and "=" in word.split("/")[0] and not word.startswith("-")


def _is_long(command: list[str | None]) -> bool:
    """Whether a `sleep` outlasts any probe: a day, or for ever."""
    if len(command) < 2:
        return False
    amount = command[1] or ""
    if amount in ("infinity", "inf"):
        return True
    unit = {"s": 1, "m": 60, "h": 3600, "d": 86400}.get(amount[-1:], 0)
    digits = amount[:-1] if unit else amount
    return digits.isdigit() and int(digits) * (unit or 1) >= 600
