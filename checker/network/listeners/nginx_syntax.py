"""The syntax of nginx's configuration: directives that end with `;` or hold others in braces.

nginx.org, "Beginner's Guide: Configuration File's Structure"; `src/core/ngx_conf_file.c`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
    \s+ | \#[^\n]*
    | "((?:[^"\\]|\\.)*)"
    | '((?:[^'\\]|\\.)*)'
    | ([;{}])
    | ((?:\$\{|\\.|[^\s;{}])+)
    """,
    re.DOTALL | re.VERBOSE,
)
_DEEPEST = 40
#: What may follow `${name` in a word.
_REST = re.compile(r"\}(?:\$\{|\\.|[^\s;{}])*")


class Unclear(Exception):  # noqa: N818  # says what it is
    """Why the sockets are not known: a sentence's end."""


class Directive(NamedTuple):
    """A name with its parameters, and what stands between its braces if it has any."""

    words: list[str]
    block: list[Directive] | None


def directives(content: str) -> list[Directive]:
    """A file's directives. Raises Unclear."""
    return _block(_tokens(content), 0)


def _tokens(content: str) -> Iterator[str]:
    """Words, `;`, `{` and `}`. Quoted words lose their quotes, `${name}` is a part of a word."""
    position = 0
    while position < len(content):
        match = _TOKEN.match(content, position)
        if match is None:
            raise Unclear("its configuration cannot be read")
        position = match.end()
        double, single, sign, word = match.groups()
        if sign:
            yield sign
        elif double is not None or single is not None:
            # A quoted sign is a word: the mark keeps it from being taken for one.
            yield "\1" + (double if double is not None else single)
        elif word:
            # `${name}` ends with a brace that is no end of a block.
            while word.count("${") > word.count("}") and content[position : position + 1] == "}":
                rest = _REST.match(content, position)
                assert rest is not None  # noqa: S101  # the brace is there
                word += rest[0]
                position = rest.end()
            yield word


def _block(tokens: Iterator[str], depth: int) -> list[Directive]:
    if depth > _DEEPEST:
        raise Unclear("its configuration cannot be read")
    found: list[Directive] = []
    words: list[str] = []
    for word in tokens:
        if word == ";":
            if words:
                found.append(Directive(words, None))
            words = []
        elif word == "{":
            if not words or words[0].endswith("_by_lua_block"):
                raise Unclear("its configuration holds a program")
            found.append(Directive(words, _block(tokens, depth + 1)))
            words = []
        elif word == "}":
            if words or not depth:
                raise Unclear("its configuration has a brace too many")
            return found
        else:
            words.append(word.removeprefix("\1"))
    if words or depth:
        raise Unclear("its configuration ends too early")
    return found


def walk(directives: list[Directive]) -> Iterator[Directive]:
    """The directives and all that they hold."""
    for one in directives:
        yield one
        if one.block is not None:
            yield from walk(one.block)
