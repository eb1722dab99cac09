"""Namespaces. After `pkg/apis/core/validation: ValidateNamespace`."""

from __future__ import annotations

from typing import Any

from checker.api.pod_security import validate_namespace_labels
from checker.api.validation import formats
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import validate_kube_finalizer, validate_object_meta

Object = dict[str, Any]


def validate(namespace: Object, errors: Errors) -> None:
    """`ValidateNamespace`; its spec.finalizers are set by the server."""
    validate_object_meta(namespace["metadata"], False, formats.dns_1123_label, "metadata", errors)
    for finalizer in (namespace.get("spec") or {}).get("finalizers") or ():
        errors.invalid_each("spec.finalizers", finalizer, formats.qualified_name(finalizer))
        validate_kube_finalizer(finalizer, "spec.finalizers", errors)
    labels = namespace["metadata"].get("labels") or {}
    if not errors and len(labels) > 1:
        validate_namespace_labels(labels, errors)
