"""From a container to its program: image and command line first, then the table.

A container's command line is `command` (or the image's entrypoint) with `args` (or the image's
default arguments, which a given `command` drops): `pkg/kubelet/kuberuntime`, and the image
specification's Entrypoint and Cmd.
"""

from __future__ import annotations

from typing import Any

from checker.network.fields import items, text, texts
from checker.network.listeners.environment import Environment
from checker.network.listeners.options import Word
from checker.network.listeners.table import image_entry, program_entry
from checker.network.model import Ending, Program

#: Executables that only start what follows them.
_WRAPPERS = frozenset(
    ("docker-entrypoint.sh", "entrypoint.sh", "tini", "dumb-init", "exec", "env", "nohup")
)
_SHELLS = frozenset(("sh", "bash", "ash", "dash", "zsh"))


def program_of(container: dict[str, Any], field: str, environment: Environment) -> Program:
    """What runs in the container. `field` is its path below the pod's spec."""
    image = text(container, "image")
    entry = image_entry(image)
    command = _words(container, "command", field, environment)
    arguments = _words(container, "args", field, environment)
    image_field = f"{field}.image"
    if entry is None and not command:
        return _unknown(image, image_field, f"the image {image or '(none)'} is not in the table")
    if command:
        line = command + arguments
    else:
        default = [Word(word, image_field) for word in texts(entry, "arguments")]
        start = [Word(word, image_field) for word in texts(entry, "start")]
        has_options = bool(arguments) and (arguments[0].text or "").startswith("-")
        if has_options and entry and entry.get("options_alone"):
            arguments = default[:1] + arguments
        line = start + (arguments or default)
    missing = texts(entry, "requires_any")
    if (
        missing
        and not command
        and not environment.is_open
        and not environment.values.keys() & missing
    ):
        reason = f"it needs {missing[0]} to be set"
        return Program(image, (), True, image_field, Ending.CRASHES, reason)
    mounts = [text(mount, "mountPath") for mount in items(container, "volumeMounts")]
    return program_in(line, image, entry or {}, environment, mounts, image_field)


def program_in(
    line: list[Word],
    image: str,
    entry: dict[str, Any],
    environment: Environment,
    mounts: list[str],
    fallback: str,
) -> Program:
    """The program that a command line starts, in an image with this table entry (or `{}`)."""
    while line and line[0].text is not None and _executable(line[0].text) in _WRAPPERS:
        line = line[1:]
        while line and line[0].text is not None and line[0].text.startswith("-"):
            line = line[1:]
    if not line:
        return _unknown(image, fallback, "it has no command")
    first = line[0]
    if first.text is None:
        return _unknown(image, first.field, "its command is not known from the manifest")
    name = _executable(first.text)
    if name in _SHELLS:
        from checker.network.listeners.shell import script_program

        return script_program(line, image, entry, environment, mounts)
    if name == "agnhost":
        from checker.network.listeners.agnhost import agnhost_program

        return agnhost_program(line[1:], first.field, environment)
    from checker.network.listeners.interpreters import special_program

    special = special_program(name, line)
    if special is not None:
        return special
    known = program_entry(name)
    if known is None:
        return _unknown(name, first.field, f"the program {name} is not in the table")
    from checker.network.listeners.server import server_program

    return server_program(name, known, line, entry, image, environment, mounts)


def _words(container: dict[str, Any], key: str, field: str, environment: Environment) -> list[Word]:
    return [
        Word(environment.expand(word), f"{field}.{key}[{index}]")
        for index, word in enumerate(texts(container, key))
    ]


def _executable(word: str) -> str:
    return word.rsplit("/", 1)[-1]


def _unknown(name: str, field: str, reason: str) -> Program:
    return Program(name, (), False, field, Ending.STAYS, reason)
