"""Strict JSON schemas for kubeconform, one file a kind, each complete in itself.

`kubernetes-validate` packs Kubernetes' published schemas with every definition in one file of
1.6 MB, under a path that kubeconform would look for on the network. Here each kind gets a file of
its own, in one of two forms. As published for kubeconform (`standalone-strict` of
github.com/yannh/kubernetes-json-schema, which openapi2jsonschema makes with `--expanded`): every
definition stands where it is referred to, descriptions and indentation included. Or short: each
definition once, without descriptions, which is the quickest that a schema can be read.
"""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PACKED = "v1.36.0-local-strict"
#: Kind and version as kubeconform puts them together: ResourceKind and KindSuffix.
TEMPLATE = "{{.ResourceKind}}{{.KindSuffix}}.json"
_REFERENCE = re.compile(r".*#/\$defs/(.+)")


def packed() -> Path | None:
    """Where the schemas of `kubernetes-validate` are, if it is installed."""
    found = importlib.util.find_spec("kubernetes_validate")
    if found is None or found.origin is None:
        return None
    return next(iter(Path(found.origin).parent.rglob(PACKED)), None)


def write_schemas(folder: Path, kinds: set[tuple[str, str]], *, short: bool = False) -> str:
    """A file for each (apiVersion, kind). Gives back what kubeconform calls a schema location.

    Raises FileNotFoundError where the schemas, or one of the kinds, are not there.
    """
    source = packed()
    if source is None:
        raise FileNotFoundError("kubernetes-validate is not installed: its schemas are needed")
    definitions = json.loads((source / "_definitions.json").read_text(encoding="utf-8"))["$defs"]
    folder.mkdir(parents=True, exist_ok=True)
    for version, kind in kinds:
        name = f"{kind}-{version.replace('/', '-')}.json".lower().replace(".k8s.io", "")
        schema = json.loads((source / name).read_text(encoding="utf-8"))
        if short:
            text = json.dumps(_short(schema, definitions))
        else:
            text = json.dumps(_expanded(schema, definitions), indent=2)
        (folder / name).write_text(text, encoding="utf-8")
    return f"{folder}/{TEMPLATE}"


def _expanded(schema: Any, definitions: dict[str, Any]) -> Any:
    """The same with each definition in the place of the reference to it."""
    if isinstance(schema, list):
        return [_expanded(value, definitions) for value in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("$ref"), str):
        whole = _expanded(definitions[_REFERENCE.sub(r"\1", schema["$ref"])], definitions)
        return {**whole, **{key: value for key, value in schema.items() if key == "description"}}
    return {key: _expanded(value, definitions) for key, value in schema.items()}


def _short(schema: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """Without descriptions, with the definitions that it refers to, each once."""
    bare = _bare(schema)
    needed: dict[str, Any] = {}
    wanted = list(_references(bare))
    while wanted:
        one = wanted.pop()
        if one not in needed:
            needed[one] = _bare(definitions[one])
            wanted += _references(needed[one])
    return {**bare, "$defs": needed}


def _references(schema: Any) -> Iterator[str]:
    """The names of all definitions that it refers to."""
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].removeprefix("#/$defs/")
        for value in schema.values():
            yield from _references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _references(value)


def _bare(schema: Any) -> Any:
    """The same without descriptions, and with references that stay in the file."""
    if isinstance(schema, list):
        return [_bare(value) for value in schema]
    if not isinstance(schema, dict):
        return schema
    bare = {}
    for key, value in schema.items():
        if key == "description" and isinstance(value, str):
            continue
        if key == "$ref" and isinstance(value, str):
            # A definition's name holds dots and slashes never.
            bare[key] = "#/$defs/" + _REFERENCE.sub(r"\1", value)
        else:
            bare[key] = _bare(value)
    return bare
