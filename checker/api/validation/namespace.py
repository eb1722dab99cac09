"""Namespaces. After `pkg/apis/core/validation: ValidateNamespace`."""

from __future__ import annotations

from typing import Any

from checker.api.validation import formats
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import validate_kube_finalizer, validate_object_meta

Object = dict[str, Any]

#: Where the labels begin that say what a namespace lets its pods ask for, and what they may say.
POD_SECURITY = "pod-security.kubernetes.io/"
LEVELS = ("privileged", "baseline", "restricted")


def validate(namespace: Object, errors: Errors) -> None:
    """`ValidateNamespace`; its spec.finalizers are set by the server."""
    validate_object_meta(namespace["metadata"], False, formats.dns_1123_label, "metadata", errors)
    for finalizer in (namespace.get("spec") or {}).get("finalizers") or ():
        errors.invalid_each("spec.finalizers", finalizer, formats.qualified_name(finalizer))
        validate_kube_finalizer(finalizer, "spec.finalizers", errors)
    labels = namespace["metadata"].get("labels") or {}
    if not errors and len(labels) > 1:
        _validate_pod_security(labels, errors)


def _validate_pod_security(labels: dict[str, str], errors: Errors) -> None:
    """`k8s.io/pod-security-admission/admission: ValidateNamespace`, of one that is created."""
    for mode in ("enforce", "audit", "warn"):
        key = f"{POD_SECURITY}{mode}"
        if labels.get(key, "privileged") not in LEVELS:
            detail = f"must be one of {', '.join(LEVELS)}"
            errors.invalid(f"metadata.labels[{key}]", labels[key], detail)
        key = f"{POD_SECURITY}{mode}-version"
        if not is_pod_security_version(labels.get(key, "latest")):
            errors.invalid(f"metadata.labels[{key}]", labels[key], 'must be "latest" or "v1.x"')


def is_pod_security_version(text: str) -> bool:
    """`api.ParseVersion`: `latest`, or a minor version such as `v1.30`."""
    minor = text.removeprefix("v1.")
    good = minor.isascii() and minor.isdigit() and (minor == "0" or minor[0] != "0")
    return text == "latest" or (text.startswith("v1.") and good)
