"""HorizontalPodAutoscalers. After `pkg/apis/autoscaling/validation`.

Both versions are validated as one internal type; the defaults have turned v1's target into
`metrics` under a key of their own.
"""

from __future__ import annotations

from typing import Any

from checker.api.quantity import parse_quantity
from checker.api.validation import formats
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import validate_dns_1123_label, validate_object_meta
from checker.api.validation.resources import validate_container_resource_name

Object = dict[str, Any]

_TYPES = ("ContainerResource", "External", "Object", "Pods", "Resource")
#: The sources in the order in which they are looked at; only the first is validated.
_SOURCES = ("object", "external", "pods", "resource", "containerResource")
_FIELD_OF = {"Object": "object", "External": "external", "Pods": "pods", "Resource": "resource",
             "ContainerResource": "containerResource"}  # fmt: skip


def validate(autoscaler: Object, errors: Errors) -> None:
    """`ValidateHorizontalPodAutoscaler`."""
    meta, spec = autoscaler["metadata"], autoscaler["spec"]
    validate_object_meta(meta, True, formats.dns_1123_subdomain, "metadata", errors)
    low, high = spec["minReplicas"], spec.get("maxReplicas", 0)
    if low < 1:
        errors.invalid("spec.minReplicas", low, "must be greater than or equal to 1")
    if high == 0:
        errors.required("spec.maxReplicas", "must be set and greater than 0")
    elif high < 0:
        errors.invalid("spec.maxReplicas", high, "must be greater than or equal to 1")
    if high < low:
        detail = "must be greater than or equal to `minReplicas`"
        errors.invalid("spec.maxReplicas", high, detail)
    target = spec.get("scaleTargetRef") or {}
    bare_allowed = target.get("kind") == "ReplicationController"
    _validate_reference(target, bare_allowed, "spec.scaleTargetRef", errors)
    metrics = spec.get("metrics") or []
    for index, metric in enumerate(metrics):
        _validate_metric(metric, f"spec.metrics[{index}]", errors)
    if low == 0 and not any(each.get("type") in ("Object", "External") for each in metrics):
        detail = "must specify at least one Object or External metric to support scaling to zero"
        errors.forbidden("spec.metrics", f"{detail} replicas")
    behavior = spec.get("behavior") or {}
    for name in ("scaleUp", "scaleDown"):
        if (rules := behavior.get(name)) is not None:
            _validate_scaling_rules(rules, f"spec.behavior.{name}", errors)


def _validate_reference(reference: Object, bare_version: bool, path: str, errors: Errors) -> None:
    """`ValidateCrossVersionObjectReference`."""
    for field in ("kind", "name"):
        text = reference.get(field, "")
        if not text:
            errors.required(f"{path}.{field}")
        else:
            errors.invalid_each(f"{path}.{field}", text, formats.path_segment(text))
    version = reference.get("apiVersion", "")
    if version.count("/") > 1:
        detail = f"unexpected GroupVersion string: {version}"
        errors.invalid(f"{path}.apiVersion", version, detail)
    elif not bare_version and "/" not in version.strip("/"):
        errors.invalid(f"{path}.apiVersion", version, "apiVersion must specify API group")


def _validate_scaling_rules(rules: Object, path: str, errors: Errors) -> None:
    """`validateScalingRules`."""
    window = rules.get("stabilizationWindowSeconds")
    if window is not None and window < 0:
        detail = "must be greater than or equal to zero"
        errors.invalid(f"{path}.stabilizationWindowSeconds", window, detail)
    if window is not None and window > 3600:
        detail = "must be less than or equal to 3600"
        errors.invalid(f"{path}.stabilizationWindowSeconds", window, detail)
    policy = rules.get("selectPolicy")
    if policy is not None and policy not in ("Disabled", "Max", "Min"):
        errors.not_supported(f"{path}.selectPolicy", policy, ("Disabled", "Max", "Min"))
    policies = rules.get("policies") or []
    if not policies:
        errors.required(f"{path}.policies", "must specify at least one Policy")
    for index, each in enumerate(policies):
        below = f"{path}.policies[{index}]"
        kind = each.get("type", "")
        if kind not in ("Percent", "Pods"):
            errors.not_supported(f"{below}.type", kind, ("Percent", "Pods"))
        for field in ("value", "periodSeconds"):
            number = each.get(field, 0)
            if number <= 0:
                errors.invalid(f"{below}.{field}", number, "must be greater than zero")
        seconds = each.get("periodSeconds", 0)
        if seconds > 1800:
            detail = "must be less than or equal to 1800"
            errors.invalid(f"{below}.periodSeconds", seconds, detail)
    tolerance = rules.get("tolerance")
    if tolerance is not None and parse_quantity(tolerance).nano < 0:
        detail = "must be greater than or equal to 0"
        errors.invalid(f"{path}.tolerance", tolerance, detail)


def _validate_metric(metric: Object, path: str, errors: Errors) -> None:
    """`validateMetricSpec`."""
    kind = metric.get("type", "")
    if not kind:
        errors.required(f"{path}.type", "must specify a metric source type")
    if kind not in _TYPES:
        errors.not_supported(f"{path}.type", kind, _TYPES)
    present = [name for name in _SOURCES if metric.get(name) is not None]
    if present:
        _validate_source(present[0], metric[present[0]], f"{path}.{present[0]}", errors)
    expected = _FIELD_OF.get(kind, "")
    if not expected:
        errors.not_supported(f"{path}.type", kind, _TYPES)
    elif expected not in present:
        detail = "must populate information for the given metric source"
        errors.required(f"{path}.{expected}", detail)
    if len(present) != 1:
        for name in present:
            if name != expected:
                detail = "must populate the given metric source only"
                errors.forbidden(f"{path}.{name}", detail)


def _validate_source(name: str, source: Object, path: str, errors: Errors) -> None:
    target = source.get("target") or {}
    below = f"{path}.target"
    if name in ("object", "external", "pods"):
        if name == "object":
            described = source.get("describedObject") or {}
            _validate_reference(described, True, f"{path}.describedObject", errors)
        metric = (source.get("metric") or {}).get("name", "")
        if not metric:
            errors.required(f"{path}.metric.name", "must specify a metric name")
        else:
            errors.invalid_each(f"{path}.metric.name", metric, formats.path_segment(metric))
    else:
        if not source.get("name"):
            errors.required(f"{path}.name", "must specify a resource name")
        elif name == "containerResource":
            validate_container_resource_name(source["name"], f"{path}.name", errors)
        if name == "containerResource":
            container = source.get("container", "")
            if not container:
                errors.required(f"{path}.container", "must specify a container")
            else:
                validate_dns_1123_label(container, f"{path}.container", errors)
    _validate_target(target, below, errors)
    _validate_target_choice(name, target, below, errors)


def _validate_target_choice(name: str, target: Object, path: str, errors: Errors) -> None:
    """Which of a target's three amounts each source takes."""
    value, average = target.get("value"), target.get("averageValue")
    utilization = target.get("averageUtilization")
    if name == "pods":
        if average is None:
            detail = "must specify a positive target averageValue"
            errors.required(f"{path}.averageValue", detail)
    elif name in ("object", "external"):
        if value is None and average is None:
            choice = "or averageValue" if name == "object" else "for metric or a per-pod target"
            errors.required(f"{path}.averageValue", f"must set either a target value {choice}")
        if name == "external" and value is not None and average is not None:
            detail = "may not set both a target value for metric and a per-pod target"
            errors.forbidden(f"{path}.value", detail)
    elif utilization is None and average is None:
        detail = "must set either a target raw value or a target utilization"
        errors.required(f"{path}.averageUtilization", detail)
    elif utilization is not None and average is not None:
        detail = "may not set both a target raw value and a target utilization"
        errors.forbidden(f"{path}.averageValue", detail)


def _validate_target(target: Object, path: str, errors: Errors) -> None:
    """`validateMetricTarget`."""
    kind = target.get("type", "")
    if not kind:
        errors.required(f"{path}.type", "must specify a metric target type")
    if kind not in ("Utilization", "Value", "AverageValue"):
        detail = "must be either Utilization, Value, or AverageValue"
        errors.invalid_named(f"{path}.type", kind, detail)
    for name in ("value", "averageValue"):
        amount = target.get(name)
        if amount is not None and parse_quantity(amount).nano <= 0:
            errors.invalid(f"{path}.{name}", amount, "must be positive")
    utilization = target.get("averageUtilization")
    if utilization is not None and utilization < 1:
        errors.invalid(f"{path}.averageUtilization", utilization, "must be greater than 0")
