"""Command lines: options and their values, in the ways programs read them."""

from collections.abc import Sequence
from typing import NamedTuple

from checker.network.listeners.environment import UNKNOWN


class Word(NamedTuple):
    """An argument, and the field that holds it. `text` is None where its value is unknown; an
    option has UNKNOWN in its own.
    """

    text: str | None
    field: str


class Options(NamedTuple):
    """A command line taken apart. Options are by name with their dashes: `--http-port`, `-p`."""

    values: dict[str, Word]
    operands: list[Word]
    #: Options that take a value and have none left, or that the program does not know.
    faults: list[Word]
    #: Whether an argument was unknown, so that anything may have been said.
    has_unknown: bool


def parse(
    words: Sequence[Word],
    valued: Sequence[str],
    switches: Sequence[str] = (),
    *,
    strict: bool = False,
    single_dash: bool = False,
) -> Options:
    """Reads options as GNU getopt_long and Go's pflag do.

    `valued` options take a value, `--name value`, `--name=value`, `-n value` or `-nvalue`;
    `switches` do not, but may be given `=true`. With `strict`, an option that is in neither list
    is a fault, as it is for pflag. With `single_dash`, `-name` means `--name`, as for Go's flag.
    """
    values: dict[str, Word] = {}
    operands: list[Word] = []
    faults: list[Word] = []
    has_unknown = False
    position = 0
    while position < len(words):
        word = words[position]
        position += 1
        if word.text is None:
            has_unknown = True
            continue
        if word.text == "--":
            operands.extend(words[position:])
            break
        if not word.text.startswith("-") or word.text == "-":
            operands.append(word)
            continue
        name, value = _split(word.text, valued, single_dash)
        if value is not None and UNKNOWN in value:
            values[name] = Word(None, word.field)
        elif name in valued and value is None:
            if position >= len(words):
                faults.append(word)
                break
            values[name] = words[position]
            position += 1
        elif name in valued or name in switches:
            values[name] = Word("true" if value is None else value, word.field)
        else:
            values[name] = Word(value or "", word.field)
            if strict:
                faults.append(word)
    return Options(values, operands, faults, has_unknown)


def _split(option: str, valued: Sequence[str], single_dash: bool) -> tuple[str, str | None]:
    if single_dash and not option.startswith("--"):
        option = f"-{option}"
    name, sign, value = option.partition("=")
    if sign:
        return name, value
    short = option[:2]
    if not option.startswith("--") and len(option) > 2 and short in valued:
        return short, option[2:]
    return option, None
