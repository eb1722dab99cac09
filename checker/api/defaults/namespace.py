"""Defaults of Namespaces. After `pkg/apis/core/v1: SetDefaults_Namespace`."""

from __future__ import annotations

from typing import Any

Object = dict[str, Any]


def set_defaults(namespace: Object) -> None:
    """The label that policies select a namespace by its name with."""
    meta = namespace.setdefault("metadata", {})
    namespace.setdefault("spec", {})
    if name := meta.get("name"):
        labels = dict(meta.get("labels") or {})
        labels["kubernetes.io/metadata.name"] = name
        meta["labels"] = labels
