"""StatefulSets. After `pkg/apis/apps/validation: ValidateStatefulSet`."""

from __future__ import annotations

from typing import Any

from checker.api.validation import formats
from checker.api.validation.claims import validate_claim_spec
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import (
    validate_annotations,
    validate_labels,
    validate_nonnegative,
    validate_object_meta,
)
from checker.api.validation.pod import validate_template
from checker.api.validation.workloads import (
    int_or_percent_value,
    selector_json,
    template_of,
    validate_always_running,
    validate_counts,
    validate_int_or_percent,
    validate_matches_template,
    validate_not_more_than_100_percent,
    validate_selector,
)

Object = dict[str, Any]


def validate(stateful_set: Object, errors: Errors) -> None:
    """`ValidateStatefulSet`."""
    meta, spec = stateful_set["metadata"], stateful_set["spec"]
    validate_object_meta(meta, True, formats.dns_1123_label, "metadata", errors)
    policy = spec["podManagementPolicy"]
    if policy not in ("OrderedReady", "Parallel"):
        detail = "must be 'OrderedReady' or 'Parallel'"
        errors.invalid_named("spec.podManagementPolicy", policy, detail)
    _validate_update_strategy(spec["updateStrategy"], "spec.updateStrategy", errors)
    retention = spec["persistentVolumeClaimRetentionPolicy"]
    for name in ("whenDeleted", "whenScaled"):
        if retention[name] not in ("Retain", "Delete"):
            path = f"spec.persistentVolumeClaimRetentionPolicy.{name}"
            errors.not_supported(path, retention[name], ("Retain", "Delete"))
    templates = spec.get("volumeClaimTemplates") or []
    for index, claim in enumerate(templates):
        path = f"spec.volumeClaimTemplates[{index}].spec"
        validate_claim_spec(claim.get("spec") or {}, path, errors)
    validate_counts(spec, ("replicas", "minReadySeconds"), "spec", errors)
    if (ordinals := spec.get("ordinals")) is not None:
        validate_nonnegative(ordinals.get("start", 0), "spec.ordinals.start", errors)
    if name := spec.get("serviceName"):
        errors.invalid_each("spec.serviceName", name, formats.dns_1123_label(name))
    if validate_selector(spec, "statefulset", "spec", errors):
        validate_matches_template(spec, "spec", errors)
        _validate_template(spec, templates, errors)
    else:
        errors.invalid("spec.selector", selector_json(spec["selector"]), "")
    validate_always_running(spec, "StatefulSet", "spec", errors)


def _validate_template(spec: Object, claims: list[Object], errors: Errors) -> None:
    """`ValidatePodTemplateSpecForStatefulSet`, with the claims' volumes added.

    Labels and annotations are validated twice there, and so reported twice.
    """
    template = template_of(spec)
    pod = dict(template.get("spec") or {})
    pod.pop("subdomain", None)
    pod.pop("hostname", None)
    if claims:
        names = {(claim.get("metadata") or {}).get("name", "") for claim in claims}
        added = [{"name": name, "persistentVolumeClaim": {"claimName": name}} for name in names]
        own = [each for each in pod.get("volumes") or () if each.get("name", "") not in names]
        pod["volumes"] = added + own
    validate_template({**template, "spec": pod}, "spec.template", errors)
    meta = template.get("metadata") or {}
    if labels := meta.get("labels"):
        validate_labels(labels, "spec.template.labels", errors)
    if annotations := meta.get("annotations"):
        validate_annotations(annotations, "spec.template.annotations", errors)


def _validate_update_strategy(strategy: Object, path: str, errors: Errors) -> None:
    kind, rolling = strategy["type"], strategy.get("rollingUpdate")
    printed = None
    if rolling is not None:
        printed = {
            "Partition": rolling.get("partition", 0),
            "MaxUnavailable": rolling.get("maxUnavailable"),
        }
    if kind == "OnDelete":
        if rolling is not None:
            detail = "only allowed for updateStrategy 'RollingUpdate'"
            errors.invalid(f"{path}.rollingUpdate", printed, detail)
    elif kind == "RollingUpdate":
        if rolling is not None:
            _validate_rolling_update(rolling, f"{path}.rollingUpdate", errors)
    else:
        value = {"Type": kind, "RollingUpdate": printed}
        errors.invalid(path, value, "must be 'RollingUpdate' or 'OnDelete'")


def _validate_rolling_update(rolling: Object, path: str, errors: Errors) -> None:
    """`validateRollingUpdateStatefulSet`.

    maxUnavailable needs a feature gate that is off; the server drops it first.
    """
    validate_nonnegative(rolling.get("partition", 0), f"{path}.partition", errors)
    unavailable = rolling.get("maxUnavailable")
    if unavailable is not None:
        below = f"{path}.maxUnavailable"
        validate_int_or_percent(unavailable, below, errors)
        if int_or_percent_value(unavailable) == 0:
            errors.invalid(below, unavailable, "cannot be 0")
        validate_not_more_than_100_percent(unavailable, below, errors)
