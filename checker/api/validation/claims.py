"""Claims for volumes, as templates within other objects hold them.

After `pkg/apis/core/validation: ValidatePersistentVolumeClaimSpec`,
`ValidatePersistentVolumeClaimTemplate`.
"""

from __future__ import annotations

from typing import Any

from checker.api.quantity import parse_quantity
from checker.api.validation import formats
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import (
    validate_annotations,
    validate_label_selector,
    validate_labels,
)

Object = dict[str, Any]

_ACCESS_MODES = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")


def validate_claim_spec(spec: Object, path: str, errors: Errors) -> None:
    """`ValidatePersistentVolumeClaimSpec`."""
    modes = spec.get("accessModes") or []
    if not modes:
        errors.required(f"{path}.accessModes", "at least 1 access mode is required")
    validate_label_selector(spec.get("selector"), f"{path}.selector", errors)
    for mode in modes:
        if mode not in _ACCESS_MODES:
            errors.not_supported(f"{path}.accessModes", mode, _ACCESS_MODES)
    if "ReadWriteOncePod" in modes and set(modes) & set(_ACCESS_MODES[:3]):
        detail = "may not use ReadWriteOncePod with other access modes"
        errors.forbidden(f"{path}.accessModes", detail)
    size = ((spec.get("resources") or {}).get("requests") or {}).get("storage")
    if size is None:
        errors.required(f"{path}.resources[storage]")
    elif parse_quantity(size).nano <= 0:
        errors.invalid(f"{path}.resources[storage]", size, "must be greater than zero")
    _validate_class(spec, "storageClassName", path, errors)
    mode = spec.get("volumeMode", "Filesystem")
    if mode not in ("Block", "Filesystem"):
        errors.not_supported(f"{path}.volumeMode", mode, ("Block", "Filesystem"))
    for name in ("dataSource", "dataSourceRef"):
        if (source := spec.get(name)) is not None:
            _validate_data_source(source, f"{path}.{name}", errors)
    _validate_class(spec, "volumeAttributesClassName", path, errors)


def _validate_class(spec: Object, name: str, path: str, errors: Errors) -> None:
    if value := spec.get(name):
        errors.invalid_each(f"{path}.{name}", value, formats.dns_1123_subdomain(value))


def _validate_data_source(source: Object, path: str, errors: Errors) -> None:
    """`validateDataSource`, `validateDataSourceRef`."""
    kind, group = source.get("kind", ""), source.get("apiGroup") or ""
    if not source.get("name"):
        errors.required(f"{path}.name")
    if not kind:
        errors.required(f"{path}.kind")
    if not group and kind != "PersistentVolumeClaim":
        detail = "must be 'PersistentVolumeClaim' when referencing the default apiGroup"
        errors.invalid(path, kind, detail)
    if group:
        errors.invalid_each(f"{path}.apiGroup", group, formats.dns_1123_subdomain(group))
    if namespace := source.get("namespace"):
        errors.invalid_each(f"{path}.namespace", namespace, formats.dns_1123_label(namespace))


def validate_claim_template(template: Object, path: str, errors: Errors) -> None:
    """`ValidatePersistentVolumeClaimTemplate`, of an ephemeral volume."""
    meta = template.get("metadata") or {}
    validate_annotations(meta.get("annotations") or {}, f"{path}.metadata.annotations", errors)
    validate_labels(meta.get("labels") or {}, f"{path}.metadata.labels", errors)
    for name, value in meta.items():
        if name not in ("annotations", "labels") and value:
            errors.forbidden(f"{path}.metadata.{name}", "cannot be set")
    validate_claim_spec(template.get("spec") or {}, f"{path}.spec", errors)
