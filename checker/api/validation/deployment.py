"""Deployments. After `pkg/apis/apps/validation: ValidateDeployment`."""

from __future__ import annotations

from typing import Any

from checker.api.validation import formats
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import validate_object_meta
from checker.api.validation.workloads import (
    int_or_percent_value,
    selector_json,
    validate_counts,
    validate_int_or_percent,
    validate_not_more_than_100_percent,
    validate_replica_set_template,
    validate_selector,
)

Object = dict[str, Any]


def validate(deployment: Object, errors: Errors) -> None:
    """`ValidateDeployment`."""
    meta, spec = deployment["metadata"], deployment["spec"]
    validate_object_meta(meta, True, formats.dns_1123_subdomain, "metadata", errors)
    validate_counts(spec, ("replicas",), "spec", errors)
    if validate_selector(spec, "deployment", "spec", errors):
        validate_replica_set_template(spec, "spec", errors)
    else:
        errors.invalid("spec.selector", selector_json(spec["selector"]), "invalid label selector")
    _validate_strategy(spec["strategy"], "spec.strategy", errors)
    counts = ("minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds")
    validate_counts(spec, counts, "spec", errors)
    deadline = spec["progressDeadlineSeconds"]
    if deadline <= spec.get("minReadySeconds", 0):
        detail = "must be greater than minReadySeconds"
        errors.invalid("spec.progressDeadlineSeconds", deadline, detail)


def _validate_strategy(strategy: Object, path: str, errors: Errors) -> None:
    """`ValidateDeploymentStrategy`."""
    kind, rolling = strategy["type"], strategy.get("rollingUpdate")
    if kind == "Recreate":
        if rolling is not None:
            detail = "may not be specified when strategy `type` is 'Recreate'"
            errors.forbidden(f"{path}.rollingUpdate", detail)
    elif kind == "RollingUpdate":
        _validate_rolling_update(rolling or {}, f"{path}.rollingUpdate", errors)
    else:
        inner = None
        if rolling is not None:
            inner = {
                "MaxUnavailable": rolling.get("maxUnavailable", 0),
                "MaxSurge": rolling.get("maxSurge", 0),
            }
        value = {"Type": kind, "RollingUpdate": inner}
        errors.not_supported(path, value, ("Recreate", "RollingUpdate"))


def _validate_rolling_update(rolling: Object, path: str, errors: Errors) -> None:
    """`ValidateRollingUpdateDeployment`."""
    unavailable, surge = rolling["maxUnavailable"], rolling["maxSurge"]
    validate_int_or_percent(unavailable, f"{path}.maxUnavailable", errors)
    validate_int_or_percent(surge, f"{path}.maxSurge", errors)
    if int_or_percent_value(unavailable) == 0 and int_or_percent_value(surge) == 0:
        detail = "may not be 0 when `maxSurge` is 0"
        errors.invalid_named(f"{path}.maxUnavailable", unavailable, detail)
    validate_not_more_than_100_percent(unavailable, f"{path}.maxUnavailable", errors)
