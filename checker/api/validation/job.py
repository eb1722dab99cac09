"""Jobs. After `pkg/apis/batch/validation: ValidateJob`, `validateJobSpec`."""

from __future__ import annotations

from typing import Any

from checker.api.gotext import quote
from checker.api.validation import formats
from checker.api.validation.errors import Errors, FieldError
from checker.api.validation.ingress_class import validate_domain_prefixed_path
from checker.api.validation.metadata import (
    selector_matches,
    validate_label_selector,
    validate_object_meta,
    validate_qualified_name,
)
from checker.api.validation.pod import validate_template
from checker.api.validation.workloads import (
    NO_MATCH,
    selector_json,
    template_labels,
    template_of,
    validate_counts,
)

Object = dict[str, Any]

_MANY, _HIGH = 100_000, 10_000
_ACTIONS = ("Count", "FailIndex", "FailJob", "Ignore")
_STATUSES = ("False", "True", "Unknown")
#: Stands for the UID that the server gives a Job, which cannot be known.
UID = "00000000-0000-0000-0000-000000000000"


def validate(job: Object, errors: Errors) -> None:
    """`ValidateJob`. The defaults have added the generated labels and selector."""
    meta, spec = job["metadata"], job["spec"]
    validate_object_meta(meta, True, formats.dns_1123_subdomain, "metadata", errors)
    name = meta.get("name", "")
    if not spec["manualSelector"]:
        _validate_generated(spec, name, errors)
    validate_job_spec(spec, "spec", errors)
    selector, before = spec.get("selector"), len(errors)
    if selector is None:
        errors.required("spec.selector")
    else:
        validate_label_selector(selector, "spec.selector", errors)
    labels = template_labels(spec)
    if (selector is None or len(errors) == before) and not selector_matches(selector, labels or {}):
        value = dict(sorted(labels.items())) if labels is not None else None
        errors.invalid("spec.template.metadata.labels", value, NO_MATCH)
    completions = spec.get("completions")
    if spec["completionMode"] == "Indexed" and (completions or 0) > 0:
        longest = f"{name}-{completions - 1}"
        if formats.dns_1123_label(longest):
            detail = f"will not able to create pod with invalid DNS label: {longest}"
            errors.invalid("metadata.name", name, detail)


def _validate_generated(spec: Object, name: str, errors: Errors) -> None:
    """`validateGeneratedSelector`: nobody may choose what the server generates."""
    labels = template_labels(spec) or {}
    path = "spec.template.metadata.labels"
    expected = {
        "controller-uid": UID, "job-name": name,
        "batch.kubernetes.io/controller-uid": UID, "batch.kubernetes.io/job-name": name,
    }  # fmt: skip
    for key, value in expected.items():
        if labels.get(key) != value:
            printed = dict(sorted(labels.items()))
            errors.invalid(f"{path}[{key}]", printed, f"must be '{value}'")
    selector = spec.get("selector")
    quiet = Errors()
    validate_label_selector(selector, "", quiet)
    if selector is not None and not quiet and not selector_matches(selector, expected):
        detail = "`selector` not auto-generated"
        errors.invalid("spec.selector", selector_json(selector), detail)


def validate_job_spec(spec: Object, path: str, errors: Errors) -> None:
    """`validateJobSpec`, of CronJobs too."""
    counts = (
        "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit",
        "ttlSecondsAfterFinished", "backoffLimitPerIndex", "maxFailedIndexes",
    )  # fmt: skip
    validate_counts(spec, counts, path, errors)
    per_index, max_failed = spec.get("backoffLimitPerIndex"), spec.get("maxFailedIndexes")
    if max_failed is not None and per_index is None:
        errors.required(f"{path}.backoffLimitPerIndex", "when maxFailedIndexes is specified")
    if (manager := spec.get("managedBy")) is not None:
        validate_domain_prefixed_path(manager, f"{path}.managedBy", errors)
        if formats.size(manager) > 63:
            errors.too_long(f"{path}.managedBy", 63)
    mode = spec.get("completionMode", "NonIndexed")
    if mode not in ("NonIndexed", "Indexed"):
        errors.not_supported(f"{path}.completionMode", mode, ("NonIndexed", "Indexed"))
    if mode == "Indexed":
        _validate_indexed(spec, path, errors)
    if mode == "NonIndexed":
        for name in ("backoffLimitPerIndex", "maxFailedIndexes"):
            if (count := spec.get(name)) is not None:
                errors.invalid(f"{path}.{name}", count, "requires indexed completion mode")
    if (policy := spec.get("podFailurePolicy")) is not None:
        _validate_failure_policy(spec, policy, f"{path}.podFailurePolicy", errors)
    if (success := spec.get("successPolicy")) is not None:
        _validate_success_policy(spec, success, mode, f"{path}.successPolicy", errors)
    _validate_replacement_policy(spec, f"{path}.podReplacementPolicy", errors)
    validate_template(template_of(spec), f"{path}.template", errors)
    _validate_restart_policy(spec, f"{path}.template.spec.restartPolicy", errors)


def _validate_indexed(spec: Object, path: str, errors: Errors) -> None:
    completions, parallelism = spec.get("completions"), spec.get("parallelism")
    max_failed = spec.get("maxFailedIndexes")
    if completions is None:
        errors.required(f"{path}.completions", "when completion mode is Indexed")
    if parallelism is not None and parallelism > _MANY:
        detail = f"must be less than or equal to {_MANY} when completion mode is Indexed"
        errors.invalid(f"{path}.parallelism", parallelism, detail)
    if max_failed is not None:
        if completions is not None and max_failed > completions:
            detail = "must be less than or equal to completions"
            errors.invalid(f"{path}.maxFailedIndexes", max_failed, detail)
        if max_failed > _MANY:
            detail = f"must be less than or equal to {_MANY}"
            errors.invalid(f"{path}.maxFailedIndexes", max_failed, detail)
    if (completions or 0) <= _MANY or spec.get("backoffLimitPerIndex") is None:
        return
    if max_failed is None:
        detail = f"must be specified when completions is above {_MANY}"
        errors.required(f"{path}.maxFailedIndexes", detail)
    for name, number in (("parallelism", parallelism), ("maxFailedIndexes", max_failed)):
        if number is not None and number > _HIGH:
            condition = f"when completions are above {_MANY} and used with backoff limit per index"
            detail = f"must be less than or equal to {_HIGH} {condition}"
            errors.invalid(f"{path}.{name}", number, detail)


def _validate_restart_policy(spec: Object, path: str, errors: Errors) -> None:
    policy = (template_of(spec).get("spec") or {}).get("restartPolicy", "")
    if policy in ("", "Always"):
        errors.required(path, 'valid values: "OnFailure", "Never"')
    elif policy not in ("OnFailure", "Never"):
        errors.not_supported(path, policy, ("OnFailure", "Never"))
    elif spec.get("podFailurePolicy") is not None and policy != "Never":
        detail = 'only "Never" is supported when podFailurePolicy is specified'
        errors.invalid(path, policy, detail)


def _validate_replacement_policy(spec: Object, path: str, errors: Errors) -> None:
    policy = spec.get("podReplacementPolicy")
    if policy is None:
        return
    if spec.get("podFailurePolicy") is not None:
        if policy != "Failed":
            errors.not_supported(path, policy, ("Failed",))
    elif policy not in ("Failed", "TerminatingOrFailed"):
        errors.not_supported(path, policy, ("Failed", "TerminatingOrFailed"))


def _quoted_list(values: tuple[str, ...]) -> str:
    return "valid values: [" + " ".join(f'"{value}"' for value in values) + "]"


def _omit(path: str, detail: str, errors: Errors) -> None:
    errors.append(FieldError("api-invalid", path, f"Invalid value: {detail}"))


def _validate_failure_policy(spec: Object, policy: Object, path: str, errors: Errors) -> None:
    """`validatePodFailurePolicy`."""
    rules = policy.get("rules") or []
    if len(rules) > 20:
        errors.too_many(f"{path}.rules", len(rules), 20)
    pod = template_of(spec).get("spec") or {}
    names = {each.get("name", "") for field in ("containers", "initContainers")
             for each in pod.get(field) or ()}  # fmt: skip
    for index, rule in enumerate(rules):
        below, action = f"{path}.rules[{index}]", rule.get("action", "")
        if not action:
            errors.required(f"{below}.action", _quoted_list(_ACTIONS))
        elif action == "FailIndex":
            if spec.get("backoffLimitPerIndex") is None:
                detail = "requires the backoffLimitPerIndex to be set"
                errors.invalid(f"{below}.action", action, detail)
        elif action not in _ACTIONS:
            errors.not_supported(f"{below}.action", action, _ACTIONS)
        codes, conditions = rule.get("onExitCodes"), rule.get("onPodConditions") or []
        if codes is not None:
            _validate_exit_codes(codes, names, f"{below}.onExitCodes", errors)
        _validate_conditions(conditions, f"{below}.onPodConditions", errors)
        if codes is not None and conditions:
            _omit(below, "specifying both OnExitCodes and OnPodConditions is not supported", errors)
        if codes is None and not conditions:
            _omit(below, "specifying one of OnExitCodes and OnPodConditions is required", errors)


def _validate_conditions(conditions: list[Object], path: str, errors: Errors) -> None:
    if len(conditions) > 20:
        errors.too_many(path, len(conditions), 20)
    for index, pattern in enumerate(conditions):
        below, status = f"{path}[{index}]", pattern.get("status") or "True"
        validate_qualified_name(pattern.get("type", ""), f"{below}.type", errors)
        if status not in _STATUSES:
            errors.not_supported(f"{below}.status", status, _STATUSES)


def _validate_exit_codes(codes: Object, names: set[str], path: str, errors: Errors) -> None:
    """`validatePodFailurePolicyRuleOnExitCodes`."""
    operator, values = codes.get("operator", ""), codes.get("values") or []
    if not operator:
        errors.required(f"{path}.operator", _quoted_list(("In", "NotIn")))
    elif operator not in ("In", "NotIn"):
        errors.not_supported(f"{path}.operator", operator, ("In", "NotIn"))
    name = codes.get("containerName")
    if name is not None and name not in names:
        detail = "must be one of the container or initContainer names in the pod template"
        errors.invalid(f"{path}.containerName", name, detail)
    if not values:
        errors.invalid(f"{path}.values", codes.get("values"), "at least one value is required")
    elif len(values) > 255:
        errors.too_many(f"{path}.values", len(values), 255)
    seen: set[int] = set()
    for index, value in enumerate(values):
        if operator == "In" and value == 0:
            detail = "must not be 0 for the In operator"
            errors.invalid(f"{path}.values[{index}]", value, detail)
        if value in seen:
            errors.duplicate(f"{path}.values[{index}]", value)
        seen.add(value)
    if values != sorted(values):
        errors.invalid(f"{path}.values", values, "must be ordered")


def _validate_success_policy(
    spec: Object, policy: Object, mode: str, path: str, errors: Errors
) -> None:
    """`validateSuccessPolicy`."""
    rules = policy.get("rules") or []
    if mode != "Indexed":
        printed = [
            {
                "SucceededIndexes": rule.get("succeededIndexes"),
                "SucceededCount": rule.get("succeededCount"),
            }
            for rule in rules
        ]
        value = {"Rules": None if policy.get("rules") is None else printed}
        errors.invalid(path, value, "requires indexed completion mode")
        return
    if not rules:
        detail = "at least one rules must be specified when the successPolicy is specified"
        errors.required(f"{path}.rules", detail)
    if len(rules) > 20:
        errors.too_many(f"{path}.rules", len(rules), 20)
    for index, rule in enumerate(rules):
        below, count = f"{path}.rules[{index}]", rule.get("succeededCount")
        if count is None and rule.get("succeededIndexes") is None:
            detail = "at least one of succeededCount or succeededIndexes must be specified"
            errors.required(below, detail)
        total, among = spec.get("completions") or 0, None
        if (indexes := rule.get("succeededIndexes")) is not None:
            among, problem = _count_indexes(indexes, total)
            if problem:
                detail = f"error parsing succeededIndexes: {problem}"
                errors.invalid(f"{below}.succeededIndexes", indexes, detail)
        if count is not None:
            validate_counts(rule, ("succeededCount",), below, errors)
            if count > total:
                limit = f"{total} (the number of specified completions)"
                detail = f"must be less than or equal to {limit}"
                errors.invalid(f"{below}.succeededCount", count, detail)
            if among is not None and count > among:
                limit = f"{among} (the number of indexes in the specified succeededIndexes field)"
                detail = f"must be less than or equal to {limit}"
                errors.invalid(f"{below}.succeededCount", count, detail)


def _count_indexes(text: str, completions: int) -> tuple[int, str]:
    """How many indexes a list such as `0,2-4` has, and what is wrong with it
    (`validateIndexesFormat`, `parseIndexInterval`).
    """
    total, last = 0, -1
    for interval in text.split(",") if text else ():
        limits = interval.split("-")
        if len(limits) > 2:
            rule = "an index interval can have at most two parts separated by '-'"
            return 0, f"the fragment {quote(interval)} violates the requirement that {rule}"
        for limit in limits:
            if not limit.isascii() or not limit.lstrip("+").isdigit():
                return 0, f"cannot convert string to integer for index: {quote(limit)}"
            if int(limit) >= completions:
                return 0, f"too large index: {quote(limit)}"
        first, final = int(limits[0]), int(limits[-1])
        if len(limits) == 2 and first >= final:
            return 0, f"non-increasing order, previous: {first}, current: {final}"
        if last >= first:
            return 0, f"non-increasing order, previous: {last}, current: {first}"
        total, last = total + final - first + 1, final
    return total, ""
