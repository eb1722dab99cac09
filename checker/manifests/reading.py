"""Texts to manifests: every document, every `List` taken apart, every problem with its place."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Literal, NamedTuple

import yaml
from yaml.nodes import MappingNode, Node, SequenceNode
from yaml.reader import Reader

from checker.manifests.composing import TooDeepError, compose
from checker.manifests.limits import LIMITS, Limits
from checker.manifests.location import Location, Source
from checker.manifests.manifest import Duplicate, Manifest
from checker.manifests.values import TooMuchError, UnusableError, ValueBuilder

Kind = Literal["syntax", "limit", "template", "stray", "unreadable"]


class Problem(NamedTuple):
    """Why a text, or a part of it, yields no object.

    `syntax`: no YAML. `limit`: too much of something. `template`: not rendered yet.
    `stray`: YAML, but no object. `unreadable`: no text at all, in a sentence that names the file.
    """

    kind: Kind
    message: str
    location: Location


class Reading(NamedTuple):
    """What the sources hold, in order. A source with a problem may have given objects too."""

    manifests: list[Manifest]
    problems: list[Problem]


TEMPLATE = (
    "this is a template, not YAML yet: render it first (helm template … | python -m checker lint -)"
)
HELM = r"\{\{-?\s*(\.(Values|Release|Chart|Capabilities|Files)\b|(include|template|toYaml)\s)"


def read(sources: Iterable[Source], limits: Limits = LIMITS) -> Reading:
    """All objects of all sources. Never raises for anything that stands in a text."""
    reading = Reading([], [])
    for source in sources:
        _read_source(source, limits, reading)
    return reading


def _read_source(source: Source, limits: Limits, reading: Reading) -> None:
    def problem(kind: Kind, message: str, line: int = 0, column: int = 0) -> None:
        location = Location(source.name, line + 1, column + 1)
        reading.problems.append(Problem(kind, message, location))

    text = source.text
    if len(text) > limits.text:
        megabytes = limits.text // (1024 * 1024)
        problem("limit", f"larger than {megabytes} MiB, which no manifest should be")
        return
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0"))
        problem("syntax", "a binary file (it holds a NUL byte), not YAML", line)
        return
    # Asked once: a text may hold thousands of documents.
    has_braces = "{{" in text
    try:
        for count, node in enumerate(compose(text, limits)):
            if count >= limits.documents:
                problem("limit", f"more than {limits.documents:,} documents in one file")
                return
            if node is not None:
                _read_document(node, source, limits, reading, has_braces)
            if len(reading.manifests) > limits.objects:
                problem("limit", f"more than {limits.objects:,} objects")
                return
    except TooDeepError as deep:
        message = f"nested more than {limits.depth} levels deep, which no manifest should be"
        problem("limit", message, deep.mark.line, deep.mark.column)
    except UnusableError as unusable:
        _unusable_problem(unusable, text, problem)
    except yaml.MarkedYAMLError as error:
        _syntax_problem(error, text, problem)
    except yaml.YAMLError:
        # PyYAML's reader. Its own position counts bytes with libyaml, characters without.
        found = Reader.NON_PRINTABLE.search(text)
        position = found.start() if found else 0
        start = text.rfind("\n", 0, position) + 1
        message = f"not YAML: the character {text[position : position + 1]!a} is not allowed"
        problem("syntax", message, text.count("\n", 0, position), position - start)


def _unusable_problem(
    unusable: UnusableError, text: str, problem: Callable[[Kind, str, int, int], None]
) -> None:
    mark = unusable.node.start_mark
    if isinstance(unusable, TooMuchError):
        problem("limit", f"{unusable}, which no manifest should be", mark.line, mark.column)
    elif unusable.template and "{{" in _line(text, mark.line):
        problem("template", TEMPLATE, mark.line, mark.column)
    else:
        problem("syntax", f"Kubernetes cannot read this: {unusable}", mark.line, mark.column)


def _syntax_problem(
    error: yaml.MarkedYAMLError, text: str, problem: Callable[[Kind, str, int, int], None]
) -> None:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    for near in (line, line - 1, error.context_mark.line if error.context_mark else line):
        if re.search(r"\{\{-?[ \w.$/\"(]|\{%", _line(text, near)):
            problem("template", TEMPLATE, near, 0)
            return
    parts = [part for part in (error.context, error.problem) if part]
    problem("syntax", "not YAML: " + ", ".join(map(_first_line, parts)), line, column)


def _line(text: str, number: int) -> str:
    lines = _lines(text)
    return lines[number] if 0 <= number < len(lines) else ""


@lru_cache(maxsize=1)
def _lines(text: str) -> list[str]:
    return text.splitlines()


def _first_line(text: str) -> str:
    return text.splitlines()[0].strip() if text.strip() else text


def _read_document(
    node: Node, source: Source, limits: Limits, reading: Reading, has_braces: bool
) -> None:
    builder = ValueBuilder(limits)
    value = builder.build(node)
    if value is None:
        return
    if not isinstance(value, dict):
        reading.problems.append(_stray(value, node, source))
        return
    if has_braces and _is_template(value):
        mark = node.start_mark
        first = source.text.find("{{", mark.index)
        line = mark.line + source.text.count("\n", mark.index, max(first, mark.index)) + 1
        reading.problems.append(Problem("template", TEMPLATE, Location(source.name, line, 1)))
        return
    duplicates = [*_duplicates(builder, node, source)]
    of_items: dict[tuple[str | int, ...], list[Duplicate]] = {}
    for duplicate in duplicates:
        of_items.setdefault(duplicate.path.steps()[:2], []).append(duplicate)
    for item_value, item_node, prefix in _objects(value, node):
        if not isinstance(item_value, dict):
            reading.problems.append(_stray(item_value, item_node, source))
            continue
        own = of_items.get(prefix, ()) if prefix else duplicates
        reading.manifests.append(Manifest(item_value, item_node, source, tuple(own)))


def _stray(value: Any, node: Node, source: Source) -> Problem:
    what = "a list" if isinstance(value, list) else "plain text"
    mark = node.start_mark
    location = Location(source.name, mark.line + 1, mark.column + 1)
    return Problem("stray", f"{what}, where an object with apiVersion and kind should be", location)


def _is_template(value: dict[str, Any]) -> bool:
    """Whether placeholders in quotes are left, which YAML reads as text.

    A name with braces is none; Helm's own variables stand nowhere but in a chart. Other braces
    may be meant, in a message of an alert or in a file inside a ConfigMap.
    """
    metadata = value.get("metadata")
    if isinstance(metadata, dict) and "{{" in str(metadata.get("name")):
        return True
    return any(re.search(HELM, text) for text in _lines_of_text(value))


def _lines_of_text(value: Any) -> Iterator[str]:
    """Every text of one line below `value`: longer ones are files of their own."""
    if isinstance(value, str):
        if "{{" in value and "\n" not in value:
            yield value
    elif isinstance(value, dict | list):
        for child in value.values() if isinstance(value, dict) else value:
            yield from _lines_of_text(child)


def _objects(
    value: dict[str, Any], node: Node
) -> Iterator[tuple[Any, Node, tuple[str | int, ...]]]:
    """The object itself, or the items of a `List` (`v1/List`, `ServiceList`, …).

    Items that are `null`, as a template without entries leaves them, are none. What a list of one
    kind leaves unsaid in its items is that kind
    (`apimachinery: UnstructuredJSONScheme.decodeToList`).
    """
    items = value.get("items", value)
    kind = str(value.get("kind", ""))
    if not (kind.endswith("List") and isinstance(items, list | None)):
        yield value, node, ()
        return
    own = {"apiVersion": value.get("apiVersion"), "kind": kind.removesuffix("List")}
    nodes = _items_node(node)
    for position, item in enumerate(items or ()):
        if item is None or nodes is None:
            continue
        if kind != "List" and isinstance(item, dict) and own.keys().isdisjoint(item):
            item = own | item  # what was written stays as it is
        yield item, nodes.value[position], ("items", position)


def _items_node(node: Node) -> SequenceNode | None:
    for key, value in node.value if isinstance(node, MappingNode) else ():
        if key.value == "items" and isinstance(value, SequenceNode):
            return value
    return None


def _duplicates(builder: ValueBuilder, root: Node, source: Source) -> Iterator[Duplicate]:
    if not builder.repeated:
        return
    first = _first_line_of_document(source.text, root.start_mark.line)
    for repeated in builder.repeated:
        mark = repeated.node.start_mark
        yield Duplicate(
            repeated.path,
            repeated.key,
            Location(source.name, mark.line + 1, mark.column + 1),
            repeated.value_node.start_mark.line - first + 1,
            repeated.meaning,
        )


def _first_line_of_document(text: str, line: int) -> int:
    """The line (0-based) after the separator above `line`: kubectl sends each document alone."""
    lines = _lines(text)
    for number in range(min(line, len(lines) - 1), -1, -1):
        if lines[number].startswith("---"):
            return number + 1 if number < line else number
    return 0
