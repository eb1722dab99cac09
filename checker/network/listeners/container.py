"""From a container to its program: image and command line first, then the table.

A container's command line is `command` (or the image's entrypoint) with `args` (or the image's
default arguments, which a given `command` drops): `pkg/kubelet/kuberuntime`, and the image
specification's Entrypoint and Cmd.
"""

from __future__ import annotations

from typing import Any

from checker.network.fields import texts
from checker.network.listeners.environment import UNKNOWN, Environment
from checker.network.listeners.inside import Inside
from checker.network.listeners.options import Word
from checker.network.listeners.table import program_entry
from checker.network.model import Ending, Program

#: Executables that only start what follows them.
_WRAPPERS = frozenset(
    ("docker-entrypoint.sh", "entrypoint.sh", "tini", "dumb-init", "exec", "env", "nohup")
)
#: Where agnhost's image has it; its PATH is that of any image.
_AGNHOST = ("/agnhost", "./agnhost")
#: Apache httpd, as its image starts it and as others do.
_APACHE = "httpd-foreground"
_APACHES = ("httpd", "apachectl")
_SHELLS = frozenset(("sh", "bash", "ash", "dash", "zsh"))


def program_of(container: dict[str, Any], field: str, found: Inside) -> Program:
    """What runs in the container, which is `found` within. `field` is its path below the pod's
    spec.
    """
    image, entry, environment = found.image, found.entry, found.environment
    if found.is_held_back:
        reason = "runAsNonRoot keeps it from starting: its user is root or has no number"
        return Program(image, (), True, f"{field}.image", Ending.CRASHES, reason)
    command = _words(container, "command", field, environment)
    arguments = _words(container, "args", field, environment)
    image_field = f"{field}.image"
    if not entry and not command:
        return _unknown(image, image_field, f"the image {image or '(none)'} is not in the table")
    if command:
        line = command + arguments
    else:
        default = [Word(word, image_field) for word in texts(entry, "arguments")]
        start = [Word(word, image_field) for word in texts(entry, "start")]
        has_options = bool(arguments) and (arguments[0].text or "").startswith("-")
        if has_options and entry.get("options_alone"):
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
    program = program_in(line, found, image_field)
    if found.is_held_back is None and program.known:
        reason = "runAsNonRoot wants a user other than root, and whom the image names is not known"
        return program._replace(known=False, listeners=(), reason=reason)
    return program


def program_in(line: list[Word], found: Inside, fallback: str) -> Program:
    """The program that a command line starts in a container; `fallback` is the field to name."""
    image = found.image
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

        script = " ".join(word.text or "" for word in line)
        return script_program(
            line,
            found.environment,
            lambda words, place: _as_written(program_in(words, found, place), words, script),
        )
    if name == "agnhost":
        if texts(found.entry, "start") == ["/agnhost"] and first.text not in _AGNHOST:
            # It lies in the root folder, which is not among those that are searched.
            reason = f"its image has no {first.text}"
            return Program("agnhost", (), True, first.field, Ending.CRASHES, reason)
        from checker.network.listeners.agnhost import agnhost_program

        return agnhost_program(line[1:], first.field, found.environment)
    if name in _APACHES and texts(found.entry, "arguments")[:1] == [_APACHE]:
        # In its own image `httpd` is Apache's, elsewhere busybox's.
        name = _APACHE
    from checker.network.listeners.interpreters import special_program

    special = special_program(name, line)
    if special is not None:
        return special
    known = program_entry(name)
    if known is None:
        return _unknown(name, first.field, f"the program {name} is not in the table")
    from checker.network.listeners.server import server_program

    return server_program(name, known, line, found)


def _as_written(program: Program, words: list[Word], script: str) -> Program:
    """A script's program; not known where the script itself deals with its configuration."""
    name = _executable(words[0].text or "")
    entry = program_entry(_APACHE if name in _APACHES else name) or {}
    folders = entry.get("configured_by", ())
    if any(folder in script for folder in folders):
        reason = "the script that starts it writes its configuration"
        return program._replace(known=False, listeners=(), reason=program.reason or reason)
    return program


def _words(container: dict[str, Any], key: str, field: str, environment: Environment) -> list[Word]:
    words = []
    for index, said in enumerate(texts(container, key)):
        word: str | None = environment.expand_partly(said)
        if word and UNKNOWN in word and not _is_option(word.partition(UNKNOWN)[0]):
            word = None
        words.append(Word(word, f"{field}.{key}[{index}]"))
    return words


def _is_option(start: str) -> bool:
    """Whether a word that begins so is an option of which only the value is open."""
    return start.startswith("-") and "=" in start


def _executable(word: str) -> str:
    return word.rsplit("/", 1)[-1]


def _unknown(name: str, field: str, reason: str) -> Program:
    return Program(name, (), False, field, Ending.STAYS, reason)
