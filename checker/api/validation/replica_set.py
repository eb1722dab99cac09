"""ReplicaSets and ReplicationControllers.

After `pkg/apis/apps/validation: ValidateReplicaSet` and
`pkg/apis/core/validation: ValidateReplicationController`.
"""

from __future__ import annotations

from typing import Any

from checker.api.validation import formats
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import validate_object_meta
from checker.api.validation.pod import validate_template
from checker.api.validation.workloads import (
    NO_MATCH,
    selector_json,
    template_labels,
    template_of,
    validate_always_running,
    validate_counts,
    validate_replica_set_template,
    validate_selector,
)

Object = dict[str, Any]


def validate(replica_set: Object, errors: Errors) -> None:
    """`ValidateReplicaSet`."""
    meta, spec = replica_set["metadata"], replica_set["spec"]
    validate_object_meta(meta, True, formats.dns_1123_subdomain, "metadata", errors)
    validate_counts(spec, ("replicas", "minReadySeconds"), "spec", errors)
    if validate_selector(spec, "deployment", "spec", errors):
        validate_replica_set_template(spec, "spec", errors)
    else:
        errors.invalid("spec.selector", selector_json(spec["selector"]), "invalid label selector")


def _long_name(text: str) -> formats.Messages:
    """`validate.LongName`, which counts bytes."""
    return formats.dns_1123_subdomain(text, "bytes")


def validate_controller(controller: Object, errors: Errors) -> None:
    """`ValidateReplicationController`."""
    meta, spec = controller["metadata"], controller["spec"]
    validate_object_meta(meta, True, _long_name, "metadata", errors, judges_prefix=False)
    validate_counts(spec, ("minReadySeconds",), "spec", errors)
    selector = spec.get("selector") or {}
    if not selector:
        errors.required("spec.selector")
    validate_counts(spec, ("replicas",), "spec", errors)
    if spec.get("template") is None:
        errors.required("spec.template")
        return
    labels = template_labels(spec)
    if any((labels or {}).get(key) != value for key, value in selector.items()):
        value = dict(sorted(labels.items())) if labels is not None else None
        errors.invalid("spec.template.metadata.labels", value, NO_MATCH)
    validate_template(template_of(spec), "spec.template", errors)
    validate_always_running(spec, "ReplicationController", "spec", errors)
