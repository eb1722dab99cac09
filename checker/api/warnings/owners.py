"""Owners that are named twice. After `k8s.io/apiserver/pkg/endpoints/handlers/rest.go`."""

from __future__ import annotations

from typing import Any

Object = dict[str, Any]

_LINE = (
    ".metadata.ownerReferences contains duplicate entries; API server dedups owner references in "
    "1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate "
    "UID(s) observed: {}"
)


def drop_repeated_owners(meta: Object) -> list[tuple[str, str]]:
    """Takes equal owner references out of the metadata, as the server does before it looks at the
    object; the warning about that (`dedupOwnerReferencesAndAddWarning`).
    """
    kept: list[Object] = []
    repeated: list[str] = []
    for owner in meta.get("ownerReferences") or ():
        if owner in kept:
            repeated.append(owner.get("uid", ""))
        else:
            kept.append(owner)
    if not repeated:
        return []
    meta["ownerReferences"] = kept
    return [("metadata.ownerReferences", _LINE.format(", ".join(repeated)))]
