"""Where a pod may run: affinity, tolerations, topology spread.

After `pkg/apis/core/validation: validateAffinity`, `ValidateTolerations`,
`validateTopologySpreadConstraints`.
"""

from __future__ import annotations

from typing import Any

from checker.api.validation import formats
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import (
    validate_label_name,
    validate_label_selector,
    validate_requirement,
)

Object = dict[str, Any]

_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
_ACTIONS = ("DoNotSchedule", "ScheduleAnyway")
_INCLUSION = ("Honor", "Ignore")
_BOTH = "exists in both matchLabelKeys and labelSelector"


def validate_affinity(affinity: Object, path: str, errors: Errors) -> None:
    """`validateAffinity`."""
    if (node := affinity.get("nodeAffinity")) is not None:
        _validate_node_affinity(node, f"{path}.nodeAffinity", errors)
    for name in ("podAffinity", "podAntiAffinity"):
        terms = affinity.get(name)
        if terms is None:
            continue
        below = f"{path}.{name}"
        for index, term in enumerate(terms.get(_REQUIRED) or ()):
            _validate_pod_affinity_term(term, f"{below}.{_REQUIRED}[{index}]", errors)
        for index, weighted in enumerate(terms.get(_PREFERRED) or ()):
            place = f"{below}.{_PREFERRED}[{index}]"
            _validate_weight(weighted, place, errors)
            inner = weighted.get("podAffinityTerm") or {}
            _validate_pod_affinity_term(inner, f"{place}.podAffinityTerm", errors)


def _validate_weight(holder: Object, path: str, errors: Errors) -> None:
    weight = holder.get("weight", 0)
    if not 0 < weight <= 100:
        errors.invalid(f"{path}.weight", weight, "must be in the range 1-100")


def _validate_node_affinity(affinity: Object, path: str, errors: Errors) -> None:
    required = affinity.get(_REQUIRED)
    if required is not None:
        terms = required.get("nodeSelectorTerms") or []
        below = f"{path}.{_REQUIRED}.nodeSelectorTerms"
        if not terms:
            errors.required(below, "must have at least one node selector term")
        for index, term in enumerate(terms):
            _validate_node_selector_term(term, False, f"{below}[{index}]", errors)
    for index, weighted in enumerate(affinity.get(_PREFERRED) or ()):
        below = f"{path}.{_PREFERRED}[{index}]"
        _validate_weight(weighted, below, errors)
        preference = weighted.get("preference") or {}
        _validate_node_selector_term(preference, True, f"{below}.preference", errors)


def _validate_node_selector_term(term: Object, any_value: bool, path: str, errors: Errors) -> None:
    """`ValidateNodeSelectorTerm`."""
    for index, requirement in enumerate(term.get("matchExpressions") or ()):
        below = f"{path}.matchExpressions[{index}]"
        _validate_node_requirement(requirement, any_value, below, errors)
    for index, requirement in enumerate(term.get("matchFields") or ()):
        _validate_node_field(requirement, f"{path}.matchFields[{index}]", errors)


def _validate_node_requirement(
    requirement: Object, any_value: bool, path: str, errors: Errors
) -> None:
    """`ValidateNodeSelectorRequirement`."""
    operator, values = requirement.get("operator", ""), requirement.get("values") or []
    if operator in ("Gt", "Lt"):
        if len(values) != 1:
            detail = "must be specified single value when `operator` is 'Lt' or 'Gt'"
            errors.required(f"{path}.values", detail)
        validate_label_name(requirement.get("key", ""), f"{path}.key", errors)
        for index, value in enumerate(values if not any_value else ()):
            errors.invalid_each(f"{path}.values[{index}]", value, formats.label_value(value))
        return
    if any_value and operator in ("In", "NotIn") and values:
        validate_label_name(requirement.get("key", ""), f"{path}.key", errors)
    else:
        validate_requirement(requirement, path, errors)


def _validate_node_field(requirement: Object, path: str, errors: Errors) -> None:
    """`ValidateNodeFieldSelectorRequirement`."""
    operator, values = requirement.get("operator", ""), requirement.get("values") or []
    if operator not in ("In", "NotIn"):
        errors.invalid_named(f"{path}.operator", operator, "not a valid selector operator")
    elif len(values) != 1:
        detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
        errors.required(f"{path}.values", detail)
    key = requirement.get("key", "")
    if key != "metadata.name":
        errors.invalid(f"{path}.key", key, "not a valid field selector key")
        return
    for index, value in enumerate(values):
        errors.invalid_each(f"{path}.values[{index}]", value, formats.dns_1123_subdomain(value))


def _validate_pod_affinity_term(term: Object, path: str, errors: Errors) -> None:
    """`validatePodAffinityTerm`."""
    validate_label_selector(term.get("labelSelector"), f"{path}.labelSelector", errors)
    validate_label_selector(term.get("namespaceSelector"), f"{path}.namespaceSelector", errors)
    for name in term.get("namespaces") or ():
        errors.invalid_each(f"{path}.namespace", name, formats.dns_1123_label(name))
    _validate_label_keys(term, path, errors)
    key = term.get("topologyKey", "")
    if not key:
        errors.required(f"{path}.topologyKey", "can not be empty")
    validate_label_name(key, f"{path}.topologyKey", errors)


def _validate_label_keys(term: Object, path: str, errors: Errors) -> None:
    """`ValidateMatchLabelKeysAndMismatchLabelKeys`."""
    selector = term.get("labelSelector")
    match, mismatch = term.get("matchLabelKeys") or [], term.get("mismatchLabelKeys") or []
    for name, keys in (("matchLabelKeys", match), ("mismatchLabelKeys", mismatch)):
        if keys and selector is None:
            detail = "must not be specified when labelSelector is not set"
            errors.forbidden(f"{path}.{name}", detail)
        elif keys:
            for index, key in enumerate(keys):
                validate_label_name(key, f"{path}.{name}[{index}]", errors)
    if selector is not None and match:
        positions = {key: index for index, key in enumerate(match)}
        known = set(selector.get("matchLabels") or ())
        for requirement in selector.get("matchExpressions") or ():
            key = requirement.get("key", "")
            if key in positions and key in known:
                errors.invalid(f"{path}[{positions[key]}]", key, _BOTH)
            known.add(key)
    for index, key in enumerate(match):
        if key in mismatch:
            detail = "exists in both matchLabelKeys and mismatchLabelKeys"
            errors.invalid(f"{path}.matchLabelKeys[{index}]", key, detail)


def validate_tolerations(tolerations: list[Object], path: str, errors: Errors) -> None:
    """`ValidateTolerations`."""
    for index, toleration in enumerate(tolerations):
        below = f"{path}[{index}]"
        key, operator = toleration.get("key", ""), toleration.get("operator", "")
        effect, value = toleration.get("effect", ""), toleration.get("value", "")
        if key:
            validate_label_name(key, f"{below}.key", errors)
        elif operator != "Exists":
            detail = (
                "operator must be Exists when `key` is empty, which means "
                '"match all values and all keys"'
            )
            errors.invalid_named(f"{below}.operator", operator, detail)
        if toleration.get("tolerationSeconds") is not None and effect != "NoExecute":
            detail = "effect must be 'NoExecute' when `tolerationSeconds` is set"
            errors.invalid_named(f"{below}.effect", effect, detail)
        _validate_toleration_operator(operator, value, f"{below}.operator", errors)
        if effect and effect not in _EFFECTS:
            errors.not_supported(f"{below}.effect", effect, _EFFECTS)


def _validate_toleration_operator(operator: str, value: str, path: str, errors: Errors) -> None:
    if operator in ("Equal", ""):
        if messages := formats.label_value(value):
            errors.invalid(path, value, ";".join(messages))
    elif operator == "Exists":
        if value:
            errors.invalid(path, value, "value must be empty when `operator` is 'Exists'")
    elif operator in ("Lt", "Gt"):
        # They need a feature gate that is off in 1.36, which the message does not tell.
        errors.not_supported(path, operator, ("Equal", "Exists", "Lt", "Gt"))
    else:
        errors.not_supported(path, operator, ("Equal", "Exists"))


def validate_topology_spread(constraints: list[Object], path: str, errors: Errors) -> None:
    """`validateTopologySpreadConstraints`."""
    for index, constraint in enumerate(constraints):
        below = f"{path}[{index}]"
        action, key = constraint.get("whenUnsatisfiable", ""), constraint.get("topologyKey", "")
        _validate_positive(constraint.get("maxSkew", 0), f"{below}.maxSkew", errors)
        if not key:
            errors.required(f"{below}.topologyKey", "can not be empty")
        if action not in _ACTIONS:
            errors.not_supported(f"{below}.whenUnsatisfiable", action, _ACTIONS)
        for other in constraints[index + 1 :]:
            if (key, action) == (other.get("topologyKey", ""), other.get("whenUnsatisfiable", "")):
                value = f"{{{key}, {action}}}"
                errors.duplicate(f"{below}.{{topologyKey, whenUnsatisfiable}}", value)
                break
        domains = constraint.get("minDomains")
        if domains is not None:
            _validate_positive(domains, f"{below}.minDomains", errors)
            if action != "DoNotSchedule":
                only = "can only use minDomains if whenUnsatisfiable=DoNotSchedule"
                errors.invalid(f"{below}.minDomains", domains, f"{only}, not {action}")
        for name in ("nodeAffinityPolicy", "nodeTaintsPolicy"):
            policy = constraint.get(name)
            if policy is not None and policy not in _INCLUSION:
                errors.not_supported(f"{below}.{name}", policy, _INCLUSION)
        _validate_label_keys(constraint, below, errors)
        validate_label_selector(constraint.get("labelSelector"), f"{below}.labelSelector", errors)


def _validate_positive(value: int, path: str, errors: Errors) -> None:
    if value <= 0:
        errors.invalid(path, value, "must be greater than zero")
