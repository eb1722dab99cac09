"""Which objects and which fields an exercise speaks of.

Objects are `Kind/NAME[.NAMESPACE]`, where each part may be `*`. Fields are Kubernetes' field
paths, and where a path meets a list or a map, brackets choose: `[0]` an element, `[*]` all of
them, `[name=http]` those whose field `name` prints as `http`, `[name!=http]` the others, and
`["app.kubernetes.io/name"]` a key with dots in it.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from checker.api.resource import Resource
from checker.manifests import FieldPath

_STEP = r"""(?x)
        \.?(?P<name>[^.\[\]]+)
      | \[(?P<all>\*)\]
      | \[(?P<index>[0-9]+)\]
      | \["(?P<key>[^"]+)"\]
      | \[(?P<field>[^!=\[\]]+)(?P<other>!?)=(?P<value>[^\[\]]*)\]"""

Steps = tuple[str | int, ...]


class Found(NamedTuple):
    """One value that a path leads to, and the plain steps to it."""

    steps: Steps
    value: Any


def objects(resources: Iterable[Resource], notation: str) -> list[Resource]:
    """The resources that `notation` names, in their order. No namespace means `default`."""
    kind, _, name = notation.partition("/")
    name, _, namespace = name.partition(".")
    return [
        resource
        for resource in resources
        if kind in ("*", resource.ref.kind)
        and name in ("*", resource.ref.name)
        and (namespace == "*" or resource.ref.namespace in (namespace or "default", ""))
    ]


def notation(resource: Resource) -> str:
    """The notation of one resource, its namespace left out where it is `default`."""
    ref = resource.ref
    namespace = f".{ref.namespace}" if ref.namespace not in ("", "default") else ""
    return f"{ref.kind}/{ref.name}{namespace}"


def select(value: Any, path: str) -> list[Found]:
    """All values below `value` that `path` leads to; none where the way does not exist."""
    found = [Found((), value)]
    for step in _steps(path):
        found = [below for one in found for below in _below(one, step)]
    return found


def check_path(path: str) -> str | None:
    """Why `path` is no path, or None."""
    try:
        list(_steps(path))
    except ValueError as error:
        return str(error)
    return None


def printed(steps: Steps) -> str:
    """Steps as Kubernetes prints a field path."""
    path: FieldPath | None = None
    for step in steps:
        if isinstance(step, str):
            path = FieldPath(step, path)
        elif path is not None:
            path = path.index(step)
    return str(path) if path is not None else ""


def _steps(path: str) -> Iterator[re.Match[str]]:
    pattern = re.compile(_STEP)
    position = 0
    while position < len(path):
        match = pattern.match(path, position)
        if match is None:
            raise ValueError(f"not a field path: {path!r}")
        yield match
        position = match.end()


def _below(one: Found, step: re.Match[str]) -> Iterator[Found]:
    name = step["name"] or step["key"]
    value = one.value
    if name is not None:
        if isinstance(value, dict) and name in value:
            yield Found((*one.steps, name), value[name])
    elif isinstance(value, dict):
        if step["all"]:
            for key, item in value.items():
                yield Found((*one.steps, key), item)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            if _chosen(step, position, item):
                yield Found((*one.steps, position), item)


def _chosen(step: re.Match[str], position: int, item: Any) -> bool:
    if step["index"] is not None:
        return position == int(step["index"])
    if step["field"] is not None:
        fits = isinstance(item, dict) and str(item.get(step["field"])) == step["value"]
        return not fits if step["other"] else fits
    return True
