"""Text to YAML nodes, with libyaml where it exists and within limits.

PyYAML composes nodes recursively, in C for libyaml, where deep nesting ends the whole process.
So a text that could nest deeply is first walked event by event, which needs no stack.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import yaml
from yaml.events import CollectionEndEvent, CollectionStartEvent
from yaml.nodes import Node, ScalarNode

from checker.manifests.limits import Limits

#: The tag of a plain scalar that carries none: `checker.manifests.scalars` says what it means.
UNTAGGED = "?"
TEXT = "tag:yaml.org,2002:str"

if TYPE_CHECKING:
    _Base = yaml.SafeLoader
else:
    # Pyodide's PyYAML has no libyaml.
    _Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Composer(_Base):
    """Leaves plain scalars alone: PyYAML would run regular expressions on every one."""

    def resolve(self, kind: type[Node], value: Any, implicit: Any) -> str:
        """The tag of a node without one. `implicit[0]`: a plain scalar without the tag `!`."""
        return UNTAGGED if kind is not ScalarNode or implicit[0] else TEXT

    if not TYPE_CHECKING:  # their types say that they give nothing
        # PyYAML calls these two at every node, for tags that hang on paths. There are none
        # here, and functions written in C do nothing a good deal sooner.
        descend_resolver = staticmethod(operator.is_)
        ascend_resolver = staticmethod(bool)


class TooDeepError(Exception):
    """More nested collections than the limit allows, from `mark` on."""

    def __init__(self, mark: Any) -> None:
        super().__init__(mark)
        #: PyYAML's or libyaml's: `line` and `column` from 0.
        self.mark = mark


def compose(text: str, limits: Limits) -> Iterator[Node | None]:
    """The root node of each document, None for an empty one.

    Raises yaml.YAMLError for text that is no YAML, TooDeepError beyond `limits.depth`.
    """
    if "\\ud" in text or "\\uD" in text:
        text = _join_surrogates(text)
    if _may_nest_deeply(text, limits.depth):
        _measure_depth(text, limits.depth)
    composer = _Composer(text)
    try:
        while composer.check_node():
            yield composer.get_node()
    finally:
        composer.dispose()


def _join_surrogates(text: str) -> str:
    """JSON writes a character beyond the first plane as two escapes, YAML as one of its own."""

    def joined(match: re.Match[str]) -> str:
        backslashes, escape = match.groups()
        if len(backslashes) % 2 == 0:
            return match[0]
        halves = [chr(int(half, 16)) for half in re.findall("u(....)", escape)]
        pair = "".join(halves).encode("utf-16-le", "surrogatepass")
        code = ord(pair.decode("utf-16-le", "replace")[0])
        return f"{backslashes}U{code:08x}"

    high, low = r"u[dD][89abAB][0-9a-fA-F]{2}", r"u[dD][c-fC-F][0-9a-fA-F]{2}"
    return re.sub(rf"(\\+)((?<=\\){high}(?:\\{low})?|(?<=\\){low})", joined, text)


def _may_nest_deeply(text: str, depth: int) -> bool:
    """Whether the text could exceed `depth`, by a bound that costs next to nothing.

    Flow collections need a bracket each. Block collections need a column each, or share one
    where a list stands right below its key.
    """
    brackets = text.count("[") + text.count("{")
    if brackets > depth // 2:
        return True
    return any(len(line) > depth // 4 and _prefix(line) > depth // 4 for line in text.splitlines())


def _prefix(line: str) -> int:
    """The width of what can open block collections: blanks, dashes and question marks."""
    return len(line) - len(line.lstrip(" -?\t"))


def _measure_depth(text: str, limit: int) -> None:
    depth = 0
    try:
        for event in _events(text):
            if isinstance(event, CollectionStartEvent):
                depth += 1
                if depth > limit:
                    raise TooDeepError(event.start_mark)
            elif isinstance(event, CollectionEndEvent):
                depth -= 1
    except yaml.MarkedYAMLError as error:
        # Later libyamls have a limit of their own, and meet it as they look ahead.
        if "nesting depth" in str(error.problem):
            raise TooDeepError(error.problem_mark) from error
        raise


def _events(text: str) -> Iterator[Any]:
    parser: Any = _Composer(text)
    try:
        while (event := parser.get_event()) is not None:
            yield event
    finally:
        parser.dispose()
