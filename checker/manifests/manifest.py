"""One object as it stands in a source, every field with its place."""

from typing import Any, NamedTuple

from yaml.nodes import MappingNode, Node, SequenceNode

from checker.manifests.fieldpath import FieldPath, Step
from checker.manifests.location import Location, Source


class Duplicate(NamedTuple):
    """A key that its mapping already had. `path` leads to the key; the last value counts."""

    path: FieldPath
    key: str
    location: Location
    #: The line within the YAML document, from 1, which is the line the API server names.
    document_line: int
    #: What the key is in YAML, before it became text: `on` is True, `80` a number.
    meaning: str | int | float | bool | None


class Manifest:
    """An object: its plain `value`, and where each part of it was written.

    `value` holds dicts with text keys, lists and scalars as JSON would; nothing may change it.
    """

    __slots__ = ("_node", "duplicates", "source", "value")

    def __init__(
        self,
        value: dict[str, Any],
        node: Node,
        source: Source,
        duplicates: tuple[Duplicate, ...] = (),
    ) -> None:
        self.value = value
        self.source = source
        self.duplicates = duplicates
        self._node = node

    @property
    def location(self) -> Location:
        """Where the object begins."""
        return _place(self.source, self._node)

    def locate(self, path: FieldPath | str | tuple[Step, ...], *, value: bool = False) -> Location:
        """Where the field at `path` stands: its key, or with `value=True` its value.

        A field that was not written is placed at the nearest part of its path that was.
        """
        if isinstance(path, str):
            path = FieldPath.parse(path) if path else ()
        steps = path.steps() if isinstance(path, FieldPath) else path
        node = place = self._node
        for step in steps:
            found = _step_into(node, step)
            if found is None:
                break
            place, node = found
        return _place(self.source, node if value else place)

    def __repr__(self) -> str:
        kind, metadata = self.value.get("kind"), self.value.get("metadata")
        name = metadata.get("name") if isinstance(metadata, dict) else None
        return f"<Manifest {kind}/{name} at {self.location}>"


def _step_into(node: Node, step: Step) -> tuple[Node, Node] | None:
    """The key node (or the item itself) and the value node one step below `node`."""
    if isinstance(node, SequenceNode) and isinstance(step, int):
        if 0 <= step < len(node.value):
            item: Node = node.value[step]
            return item, item
        return None
    if not isinstance(node, MappingNode):
        return None
    found = None
    for key, value in node.value:
        # The last of two equal keys is the one whose value counts.
        if key.value == step or str(key.value) == str(step):
            found = (key, value)
        elif key.value == "<<" and found is None:
            found = _step_into_merged(value, step)
    return found


def _step_into_merged(node: Node, step: Step) -> tuple[Node, Node] | None:
    bases = node.value if isinstance(node, SequenceNode) else [node]
    for base in bases:
        found = _step_into(base, step)
        if found is not None:
            return found
    return None


def _place(source: Source, node: Node) -> Location:
    mark = node.start_mark
    return Location(source.name, mark.line + 1, mark.column + 1)
