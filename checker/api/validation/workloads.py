"""What Deployments, ReplicaSets, StatefulSets and DaemonSets have in common.

After `pkg/apis/apps/validation`.
"""

from __future__ import annotations

from typing import Any

from checker.api.validation import formats
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import (
    selector_matches,
    validate_label_selector,
    validate_nonnegative,
)
from checker.api.validation.pod import validate_template

Object = dict[str, Any]
NO_MATCH = "`selector` does not match template `labels`"


def template_of(spec: Object) -> Object:
    """The pod template; Go's is a struct, so a missing one is an empty one."""
    template: Object = spec.get("template") or {}
    return template


def template_labels(spec: Object) -> dict[str, str] | None:
    """The labels of a workload's pods."""
    labels: dict[str, str] | None = (template_of(spec).get("metadata") or {}).get("labels")
    return labels


def validate_selector(spec: Object, kind: str, path: str, errors: Errors) -> bool:
    """The selector's own rules. Returns whether it can select (`LabelSelectorAsSelector`)."""
    selector = spec.get("selector")
    if selector is None:
        errors.required(f"{path}.selector")
        return True
    before = len(errors)
    validate_label_selector(selector, f"{path}.selector", errors)
    usable = len(errors) == before
    if not selector.get("matchLabels") and not selector.get("matchExpressions"):
        detail = f"empty selector is invalid for {kind}"
        errors.invalid(f"{path}.selector", selector_json(selector), detail)
    return usable


def selector_json(selector: Object) -> Object:
    """A label selector as Go's JSON has it: fields in order, empty ones left out."""
    printed: Object = {}
    if labels := selector.get("matchLabels"):
        printed["matchLabels"] = dict(sorted(labels.items()))
    if expressions := selector.get("matchExpressions"):
        printed["matchExpressions"] = [
            {"key": each.get("key", ""), "operator": each.get("operator", "")}
            | ({"values": each["values"]} if each.get("values") else {})
            for each in expressions
        ]
    return printed


def validate_matches_template(spec: Object, path: str, errors: Errors) -> None:
    """That the selector selects the template's pods."""
    selector, labels = spec.get("selector"), template_labels(spec)
    empty = selector is not None and not (
        selector.get("matchLabels") or selector.get("matchExpressions")
    )
    if not empty and not selector_matches(selector, labels or {}):
        value = dict(sorted(labels.items())) if labels is not None else None
        errors.invalid(f"{path}.template.metadata.labels", value, NO_MATCH)


def validate_always_running(spec: Object, kind: str, path: str, errors: Errors) -> None:
    """Pods of these workloads are restarted for ever."""
    pod = template_of(spec).get("spec") or {}
    policy = pod.get("restartPolicy", "")
    if policy != "Always":
        errors.not_supported(f"{path}.template.spec.restartPolicy", policy, ("Always",))
    if pod.get("activeDeadlineSeconds") is not None:
        detail = f"activeDeadlineSeconds in {kind} is not Supported"
        errors.forbidden(f"{path}.template.spec.activeDeadlineSeconds", detail)


def validate_replica_set_template(spec: Object, path: str, errors: Errors) -> None:
    """`ValidatePodTemplateSpecForReplicaSet`, of Deployments too."""
    validate_matches_template(spec, path, errors)
    validate_template(template_of(spec), f"{path}.template", errors)
    validate_always_running(spec, "ReplicaSet", path, errors)


def validate_counts(spec: Object, names: tuple[str, ...], path: str, errors: Errors) -> None:
    """`ValidateNonnegativeField` for each of the fields that is set."""
    for name in names:
        if (count := spec.get(name)) is not None:
            validate_nonnegative(count, f"{path}.{name}", errors)


def validate_int_or_percent(value: int | str, path: str, errors: Errors) -> None:
    """`ValidatePositiveIntOrPercent`."""
    if isinstance(value, str):
        for detail in formats.percent(value):
            errors.invalid_named(path, value, detail)
    else:
        validate_nonnegative(value, path, errors)


def int_or_percent_value(value: int | str) -> int:
    """`getIntOrPercentValue`: the number, with or without its percent sign."""
    if isinstance(value, int):
        return value
    text = value.removesuffix("%")
    sign = text.removeprefix("-").removeprefix("+")
    return int(text) if sign.isascii() and sign.isdigit() and len(sign) < 10 else 0


def validate_not_more_than_100_percent(value: int | str, path: str, errors: Errors) -> None:
    """`IsNotMoreThan100Percent`."""
    if isinstance(value, str) and not formats.percent(value) and int_or_percent_value(value) > 100:
        errors.invalid_named(path, value, "must not be greater than 100%")
