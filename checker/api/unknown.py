"""Objects whose kind has no rules here: missing, removed, unknown, or not checked."""

from __future__ import annotations

from typing import Any, NamedTuple

from checker.api.finding import ObjectRef, Severity
from checker.api.gotext import quote, to_json
from checker.api.resource import Resource
from checker.api.validation import formats
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import validate_object_meta
from checker.manifests import Manifest
from checker.manifests.kustomize import GROUP, is_kustomization

Object = dict[str, Any]


class Said(NamedTuple):
    """One thing to say about such an object."""

    rule: str
    severity: Severity
    field: str
    message: str


def judge_unknown(manifest: Manifest, namespace: str) -> tuple[Resource, list[Said]]:
    """The object as it stands, and what is to say of it."""
    value = manifest.value
    if is_kustomization(manifest):
        return _kustomization(manifest)
    api_version, kind = value.get("apiVersion"), value.get("kind")
    meta = value.get("metadata")
    meta = meta if isinstance(meta, dict) else {}
    version_text = api_version if isinstance(api_version, str) else ""
    kind_text = kind if isinstance(kind, str) else ""
    own = meta.get("namespace")
    name = meta.get("name") or meta.get("generateName")
    ref = ObjectRef(
        version_text,
        kind_text,
        own if isinstance(own, str) and own else namespace,
        name if isinstance(name, str) else "",
    )
    for field, given in (("kind", kind), ("apiVersion", api_version)):
        if given is not None and not isinstance(given, str):
            what = _json_kind(given)
            message = (
                "couldn't get version/kind; json parse error: json: cannot unmarshal "
                f"{what} into Go struct field .{field} of type string"
            )
            said = Said("api-decode", "error", field, message)
            return Resource(manifest, ref, value, False), [said]
        if not given:
            word = "Kind" if field == "kind" else "apiVersion"
            message = f"Object '{word}' is missing in '{_safe_json(value)}'"
            rule = "api-missing-kind" if field == "kind" else "api-missing-version"
            said = Said(rule, "error", field, message)
            return Resource(manifest, ref, value, False), [said]
    return _judge_by_catalog(manifest, ref, meta)


def _kustomization(manifest: Manifest) -> tuple[Resource, list[Said]]:
    """No server has this kind, so it is neither right nor wrong."""
    kind = manifest.value.get("kind")
    ref = ObjectRef(f"{GROUP}/v1beta1", kind if isinstance(kind, str) else "Kustomization", "", "")
    folder = manifest.source.name.replace("\\", "/").rpartition("/")[0] or "."
    message = (
        f"{ref.kind} is for Kustomize and no object of a cluster; what it makes is checked with "
        f"kubectl kustomize {folder} | python -m checker lint -"
    )
    return Resource(manifest, ref, manifest.value, True), [
        Said("kind-not-checked", "note", "kind", message)
    ]


def _json_kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, list):
        return "array"
    return "object" if isinstance(value, dict) else "number"


def _safe_json(value: Object) -> str:
    text = to_json(dict(sorted(value.items())))
    return text if len(text) <= 300 else text[:300] + "…"


def _judge_by_catalog(
    manifest: Manifest, ref: ObjectRef, meta: Object
) -> tuple[Resource, list[Said]]:
    from checker.api.catalog import find

    entry = find(ref.api_version, ref.kind)
    if entry.unknown:
        message = f"no matches for kind {quote(ref.kind)} in version {quote(ref.api_version)}"
        rule = "api-removed-version" if entry.successor else "api-unknown-kind"
        field = "apiVersion" if entry.successor else "kind"
        return Resource(manifest, ref, manifest.value, False), [Said(rule, "error", field, message)]
    if not entry.namespaced:
        ref = ref._replace(namespace="")
    errors = Errors()
    # Without metadata, what no API of Kubernetes' own knows may be a file of some tool.
    written = entry.builtin or "metadata" in manifest.value
    if written and all(
        isinstance(meta.get(key), str | None) for key in ("name", "generateName", "namespace")
    ):
        _check_metadata(meta, ref, entry.namespaced, errors)
    said = [Said(error.rule, "error", error.field, error.message) for error in errors]
    accepted = not said
    what = "Kubernetes' own, but its spec" if entry.builtin else "not one of Kubernetes' own; it"
    message = f"{ref.kind} ({ref.api_version}) is {what} was not checked: no rules for it here"
    said.append(Said("kind-not-checked", "note", "kind", message))
    return Resource(manifest, ref, manifest.value, accepted), said


def _check_metadata(meta: Object, ref: ObjectRef, namespaced: bool, errors: Errors) -> None:
    good = {key: meta[key] for key in ("name", "generateName") if meta.get(key)}
    if good.get("generateName") and not good.get("name"):
        good["name"] = good["generateName"][:58] + "xxxxx"
    if namespaced:
        good["namespace"] = ref.namespace
    for key in ("labels", "annotations"):
        entries = meta.get(key)
        if isinstance(entries, dict) and all(isinstance(each, str) for each in entries.values()):
            good[key] = entries
    validate_object_meta(good, namespaced, _any_name, "metadata", errors, custom=True)


def _any_name(name: str) -> formats.Messages:
    """Names of RBAC objects may hold colons, so only what no kind takes is refused."""
    return formats.path_segment(name)
