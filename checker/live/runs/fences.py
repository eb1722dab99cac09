"""What of somebody's manifests may be put into a cluster, decided before anything is.

A run's objects live in its own namespaces and end with them. So: no object that others share, no
image but the course's, nothing that would keep a namespace from ending, and no name that would be
another path of the API than it seems.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from checker.live.errors import LiveError
from checker.live.images import refuse_others
from checker.live.runs.mapping import SYSTEM, images_of
from checker.live.server.places import CLUSTER_WIDE

#: More than any exercise has; a fence against a slip of the hand in a cluster that others use.
MOST_OBJECTS = 200
MOST_NAMESPACES = 12

_API_VERSION = re.compile(r"([a-z0-9]([a-z0-9.-]*[a-z0-9])?/)?v[a-z0-9]+")
_KIND = re.compile(r"[A-Z][A-Za-z0-9]*")
#: The widest of Kubernetes' kinds of names (pkg/apis/rbac: path segment names take a colon too).
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:_-]*[A-Za-z0-9])?")
_NAMESPACE = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
#: A namespace does not end before the first is done, and what the second names is not there.
_STRIPPED = frozenset({"finalizers", "ownerReferences"})


def permitted(manifests: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The manifests that may be applied, as they may be; Namespaces are not among them.

    Left out is what others share, and kinds of extensions outside Kubernetes' own groups: what a
    controller makes of them may be anywhere. Raises LiveError where nothing may be applied.
    """
    for one in manifests:
        _refuse_odd(one)
    if len(manifests) > MOST_OBJECTS:
        raise LiveError(
            f"{len(manifests)} objects are more than the {MOST_OBJECTS} that live checks apply, "
            "so nothing was applied: give fewer"
        )
    refuse_others([*images_of(manifests), *_image_volumes(manifests)])
    return [_freed(one) for one in manifests if not is_shared(one)]


def refuse_many(namespaces: Sequence[str]) -> None:
    """Raise LiveError for more namespaces than a run makes."""
    if len(namespaces) > MOST_NAMESPACES:
        raise LiveError(
            f"{len(namespaces)} namespaces are more than the {MOST_NAMESPACES} that a live check "
            "makes, so nothing was applied: give fewer"
        )


def _refuse_odd(one: Mapping[str, Any]) -> None:
    metadata = one.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    name = metadata.get("name")
    for what, value, shape in (
        ("apiVersion", one.get("apiVersion"), _API_VERSION),
        ("kind", one.get("kind"), _KIND),
        ("metadata.name", name, _NAMESPACE if one.get("kind") == "Namespace" else _NAME),
        ("metadata.namespace", metadata.get("namespace") or "default", _NAMESPACE),
    ):
        if not isinstance(value, str) or not shape.fullmatch(value) or ".." in value:
            said = "is missing" if value is None else f"is {value!r}, which is no such thing"
            raise LiveError(
                f"nothing was applied: {what} of {one.get('kind') or 'an object'!s}"
                f"{f' {name!r}' if name is not None else ''} {said}; `lint` says more"
            )


def is_shared(one: Mapping[str, Any]) -> bool:
    """Whether an object is left out: the cluster's, or of a kind that runs do not make."""
    group = str(one["apiVersion"]).rpartition("/")[0]
    own = "." not in group or group.endswith(".k8s.io")
    shared = one["kind"] in {"Namespace", *CLUSTER_WIDE}
    return not own or shared or one["metadata"].get("namespace") in SYSTEM


def _freed(one: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = {key: value for key, value in one["metadata"].items() if key not in _STRIPPED}
    return {**one, "metadata": metadata}


def _image_volumes(manifests: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Images that are mounted as volumes, wherever a pod's spec is."""

    def look(value: object) -> Iterator[str]:
        if isinstance(value, Mapping):
            for key, below in value.items():
                if key == "volumes" and isinstance(below, Sequence):
                    for volume in below:
                        image = volume.get("image") if isinstance(volume, Mapping) else None
                        if isinstance(image, Mapping):
                            yield str(image.get("reference"))
                yield from look(below)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            for below in value:
                yield from look(below)

    for one in manifests:
        yield from look(one)
