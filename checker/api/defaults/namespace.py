"""Defaults of Namespaces. After `pkg/apis/core/v1: SetDefaults_Namespace`."""

from __future__ import annotations

from typing import Any

from checker.api.resource import generated_name

Object = dict[str, Any]


def set_defaults(namespace: Object) -> None:
    """The label that policies select a namespace by its name with.

    A generated name is not there yet; its label is set once the namespace is valid.
    """
    meta = namespace.setdefault("metadata", {})
    namespace.setdefault("spec", {})
    name, prefix = meta.get("name"), meta.get("generateName")
    if name and not (prefix and name == generated_name(prefix)):
        labels = dict(meta.get("labels") or {})
        labels["kubernetes.io/metadata.name"] = name
        meta["labels"] = labels
