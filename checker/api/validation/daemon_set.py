"""DaemonSets. After `pkg/apis/apps/validation: ValidateDaemonSet`."""

from __future__ import annotations

from typing import Any

from checker.api.validation import formats
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import (
    selector_matches,
    validate_label_selector,
    validate_object_meta,
)
from checker.api.validation.pod import validate_template
from checker.api.validation.workloads import (
    NO_MATCH,
    int_or_percent_value,
    selector_json,
    template_labels,
    template_of,
    validate_always_running,
    validate_counts,
    validate_int_or_percent,
    validate_not_more_than_100_percent,
)

Object = dict[str, Any]


def validate(daemon_set: Object, errors: Errors) -> None:
    """`ValidateDaemonSet`."""
    meta, spec = daemon_set["metadata"], daemon_set["spec"]
    validate_object_meta(meta, True, formats.dns_1123_subdomain, "metadata", errors)
    selector, before = spec.get("selector"), len(errors)
    validate_label_selector(selector, "spec.selector", errors)
    labels = template_labels(spec)
    if len(errors) == before and not selector_matches(selector, labels or {}):
        value = dict(sorted(labels.items())) if labels is not None else None
        errors.invalid("spec.template.metadata.labels", value, NO_MATCH)
    if selector is not None and not (
        selector.get("matchLabels") or selector.get("matchExpressions")
    ):
        detail = "empty selector is invalid for daemonset"
        errors.invalid("spec.selector", selector_json(selector), detail)
    validate_template(template_of(spec), "spec.template", errors)
    validate_always_running(spec, "DaemonSet", "spec", errors)
    validate_counts(spec, ("minReadySeconds",), "spec", errors)
    _validate_update_strategy(spec["updateStrategy"], "spec.updateStrategy", errors)
    validate_counts(spec, ("revisionHistoryLimit",), "spec", errors)


def _validate_update_strategy(strategy: Object, path: str, errors: Errors) -> None:
    """`ValidateDaemonSetUpdateStrategy`."""
    kind, rolling = strategy["type"], strategy.get("rollingUpdate")
    if kind == "RollingUpdate":
        _validate_rolling_update(rolling or {}, f"{path}.rollingUpdate", errors)
    elif kind != "OnDelete":
        inner = None
        if rolling is not None:
            inner = {
                "MaxUnavailable": rolling.get("maxUnavailable", 0),
                "MaxSurge": rolling.get("maxSurge", 0),
            }
        value = {"Type": kind, "RollingUpdate": inner}
        errors.not_supported(path, value, ("RollingUpdate", "OnDelete"))


def _validate_rolling_update(rolling: Object, path: str, errors: Errors) -> None:
    """`ValidateRollingUpdateDaemonSet`."""
    unavailable, surge = rolling["maxUnavailable"], rolling["maxSurge"]
    amounts = (("maxUnavailable", unavailable), ("maxSurge", surge))
    for name, amount in amounts:
        validate_int_or_percent(amount, f"{path}.{name}", errors)
    for name, amount in amounts:
        validate_not_more_than_100_percent(amount, f"{path}.{name}", errors)
    has_unavailable = int_or_percent_value(unavailable) != 0
    has_surge = int_or_percent_value(surge) != 0
    if has_unavailable and has_surge:
        detail = "may not be set when maxUnavailable is non-zero"
        errors.invalid_named(f"{path}.maxSurge", surge, detail)
    elif not has_unavailable and not has_surge:
        errors.required(f"{path}.maxUnavailable", "cannot be 0 when maxSurge is 0")
