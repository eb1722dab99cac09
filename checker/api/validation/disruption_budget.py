"""PodDisruptionBudgets. After `pkg/apis/policy/validation: ValidatePodDisruptionBudget`."""

from __future__ import annotations

from typing import Any

from checker.api.validation import formats
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import validate_label_selector, validate_object_meta
from checker.api.validation.workloads import (
    selector_json,
    validate_int_or_percent,
    validate_not_more_than_100_percent,
)

Object = dict[str, Any]


def validate(budget: Object, errors: Errors) -> None:
    """`ValidatePodDisruptionBudget`, which leaves the metadata to the generic rules after it."""
    spec = budget["spec"]
    if spec.get("minAvailable") is not None and spec.get("maxUnavailable") is not None:
        selector = spec.get("selector")
        value = {
            "MinAvailable": spec["minAvailable"],
            "Selector": None if selector is None else selector_json(selector),
            "MaxUnavailable": spec["maxUnavailable"],
            "UnhealthyPodEvictionPolicy": spec.get("unhealthyPodEvictionPolicy"),
        }
        errors.invalid("spec", value, "minAvailable and maxUnavailable cannot be both set")
    for name in ("minAvailable", "maxUnavailable"):
        if (amount := spec.get(name)) is not None:
            validate_int_or_percent(amount, f"spec.{name}", errors)
            validate_not_more_than_100_percent(amount, f"spec.{name}", errors)
    validate_label_selector(spec.get("selector"), "spec.selector", errors)
    policy = spec.get("unhealthyPodEvictionPolicy")
    supported = ("AlwaysAllow", "IfHealthyBudget")
    if policy is not None and policy not in supported:
        errors.not_supported("spec.unhealthyPodEvictionPolicy", policy, supported)
    if not errors:
        validate_object_meta(
            budget["metadata"], True, formats.path_segment, "metadata", errors, custom=True
        )
