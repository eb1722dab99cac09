"""YAML nodes to plain values, as they reach the API server after YAML became JSON."""

from __future__ import annotations

import base64
import math
from types import NoneType
from typing import Any, TypeGuard

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from checker.manifests.composing import TEXT, UNTAGGED
from checker.manifests.fieldpath import FieldPath, Step
from checker.manifests.limits import Limits
from checker.manifests.scalars import key_text, resolve


class UnusableError(Exception):
    """A node that Kubernetes could not read either; the message says why."""

    def __init__(self, message: str, node: Node, *, template: bool = False) -> None:
        super().__init__(message)
        self.node = node
        #: Whether it looks like a placeholder of a template that was not rendered.
        self.template = template


class Repeated:
    """A key that stands twice in one mapping."""

    __slots__ = ("key", "node", "path", "value_node")

    def __init__(self, path: FieldPath, key: str, node: Node, value_node: Node) -> None:
        self.path = path
        self.key = key
        self.node = node
        self.value_node = value_node

    @property
    def meaning(self) -> Any:
        """The key as the scalar that it is."""
        return _scalar(self.node) if _is_plain(self.node) else self.key


def _is_plain(node: Node) -> TypeGuard[ScalarNode]:
    return isinstance(node, ScalarNode) and not node.style


class TooMuchError(UnusableError):
    """More than a limit of ours allows; whether Kubernetes could read it is not said."""


class ValueBuilder:
    """Builds the values of one document's nodes and notes repeated keys on the way.

    An alias yields the very value of its anchor, so no expansion costs memory; `size` counts
    it in full all the same, because whoever walks the value later walks it in full.
    """

    def __init__(self, limits: Limits) -> None:
        self.repeated: list[Repeated] = []
        self._limits = limits
        self._steps: list[Step] = []
        self._built: dict[int, tuple[Any, int]] = {}
        self._open: set[int] = set()

    def build(self, node: Node) -> Any:
        """The value of `node`. Raises UnusableError."""
        return _scalar(node) if node.__class__ is ScalarNode else self._build(node)[0]

    def _build(self, node: Node) -> tuple[Any, int]:
        """A collection's value, and how many values it is once its aliases are expanded."""
        identity = id(node)
        known = self._built.get(identity)
        if known is not None:
            return known
        if identity in self._open:
            raise UnusableError("an alias inside the very value that its anchor names", node)
        if len(self._steps) > self._limits.depth:
            raise UnusableError(f"more than {self._limits.depth} levels deep", node)
        self._open.add(identity)
        built = self._sequence(node) if node.__class__ is SequenceNode else self._mapping(node)
        self._open.discard(identity)
        if built[1] > self._limits.nodes:
            raise TooMuchError(
                f"more than {self._limits.nodes:,} values once its aliases are expanded", node
            )
        self._built[identity] = built
        return built

    def _sequence(self, node: Node) -> tuple[list[Any], int]:
        items, size = [], 1
        steps = self._steps
        steps.append(0)
        for position, child in enumerate(node.value):
            if child.__class__ is ScalarNode:
                items.append(_scalar(child))
                size += 1
                continue
            steps[-1] = position
            value, weight = self._build(child)
            items.append(value)
            size += weight
        steps.pop()
        return items, size

    def _mapping(self, node: Node) -> tuple[dict[str, Any], int]:
        entries: dict[str, Any] = {}
        size = 1
        steps = self._steps
        steps.append("")
        for key_node, value_node in node.value:
            key = _key(key_node)
            if value_node.__class__ is ScalarNode:
                value = _scalar(value_node)
                size += 1
            else:
                steps[-1] = key
                value, weight = self._build(value_node)
                size += weight
            if key in entries or key == "<<":
                if key == "<<" and not key_node.style:
                    _merge(entries, value, value_node)
                    continue
                if key in entries:
                    steps[-1] = key
                    self.repeated.append(Repeated(_path(steps), key, key_node, value_node))
            entries[key] = value
        steps.pop()
        return entries, size


def _path(steps: list[Step]) -> FieldPath:
    path = FieldPath(steps[0])
    for step in steps[1:]:
        path = path.index(step) if isinstance(step, int) else path.child(step)
    return path


def _scalar(node: ScalarNode) -> Any:
    text: str = node.value
    if node.tag == UNTAGGED:
        value = resolve(text)
    elif node.tag == TEXT:
        return text
    else:
        value = _tagged(node.tag, text, node)
    if value.__class__ is float and not math.isfinite(value):
        raise UnusableError(f"{text} is no number that JSON can hold", node)
    return value


def _tagged(tag: str, text: str, node: Node) -> Any:
    """A scalar with a tag of its own, after `go.yaml.in/yaml/v2: resolve`."""
    if tag == "tag:yaml.org,2002:timestamp" or not tag.startswith("tag:yaml.org,2002:"):
        return text
    if tag == "tag:yaml.org,2002:binary":
        try:
            return base64.b64decode(text, validate=True).decode()
        except ValueError:
            raise UnusableError("!!binary that is not base64 of UTF-8 text", node) from None
    value = resolve(text)
    kind = {bool: "bool", int: "int", float: "float", NoneType: "null"}.get(type(value))
    fits = tag == f"tag:yaml.org,2002:{kind}"
    if fits or (tag == "tag:yaml.org,2002:float" and kind == "int"):
        return value
    raise UnusableError(f"the tag {_short(tag)} does not fit {text!r}", node)


def _short(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


def _key(node: Node) -> str:
    if node.__class__ is not ScalarNode:
        # {{ .Values.x }} without quotes is a mapping as the key of a mapping.
        raise UnusableError(
            "a collection as a key; keys must be text",
            node,
            template=isinstance(node, MappingNode) and node.flow_style is True,
        )
    if node.style:
        return str(node.value)
    value = _scalar(node)
    key = value if value.__class__ is str else key_text(value)
    if key is None:
        raise UnusableError("an empty key (null); keys must be text", node)
    return key


def _merge(entries: dict[str, Any], value: Any, node: Node) -> None:
    """`<<`: go-yaml sets the merged keys where the merge stands; later keys win."""
    bases = value if isinstance(value, list) else [value]
    for base in reversed(bases):
        if not isinstance(base, dict):
            raise UnusableError("<< needs a mapping, or a list of mappings, to merge", node)
        entries.update(base)
