"""Resource requests and limits. After `pkg/apis/core/validation: validateResourceRequirements`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checker.api.gotext import printed
from checker.api.quantity import ONE, QuantityError, parse_quantity
from checker.api.validation import formats
from checker.api.validation.errors import Errors, FieldError
from checker.api.validation.metadata import validate_dns_1123_label

Object = dict[str, Any]

_CONTAINER = frozenset(("cpu", "memory", "ephemeral-storage"))
_STANDARD = _CONTAINER | {
    "requests.cpu", "requests.memory", "requests.ephemeral-storage", "limits.cpu",
    "limits.memory", "limits.ephemeral-storage", "pods", "resourcequotas", "services",
    "replicationcontrollers", "secrets", "configmaps", "persistentvolumeclaims", "storage",
    "requests.storage", "services.nodeports", "services.loadbalancers",
}  # fmt: skip


def is_huge_pages(name: str) -> bool:
    """`helper.IsHugePageResourceName`."""
    return name.startswith("hugepages-")


def _is_native(name: str) -> bool:
    return "/" not in name or "kubernetes.io/" in name


def _is_extended(name: str) -> bool:
    """`helper.IsExtendedResourceName`."""
    if _is_native(name) or name.startswith("requests."):
        return False
    return not formats.qualified_name(f"requests.{name}")


def _is_integer_resource(name: str) -> bool:
    return _is_extended(name) or name in (
        "pods", "services", "replicationcontrollers", "resourcequotas", "secrets", "configmaps",
        "persistentvolumeclaims", "services.nodeports", "services.loadbalancers",
    )  # fmt: skip


def _is_overcommit_allowed(name: str) -> bool:
    return _is_native(name) and not is_huge_pages(name)


def validate_container_resource_name(name: str, path: str, errors: Errors) -> None:
    """`validateContainerResourceName`."""
    messages = formats.qualified_name(name)
    errors.invalid_each(path, name, messages)
    if "/" not in name:
        if not messages and name not in _STANDARD and not is_huge_pages(name):
            detail = "must be a standard resource type or fully qualified"
            errors.invalid(path, name, detail)
        if name not in _CONTAINER and not is_huge_pages(name):
            errors.invalid(path, name, "must be a standard resource for containers")
    elif not _is_native(name) and not _is_extended(name):
        errors.invalid(path, name, "doesn't follow extended resource name standard")


def _validate_pod_resource_name(name: str, path: str, errors: Errors) -> None:
    """`validatePodResourceName`: what a pod as a whole may ask for."""
    messages = formats.qualified_name(name)
    errors.invalid_each(path, name, messages)
    if messages:
        return
    if "/" not in name and name not in _STANDARD and not is_huge_pages(name):
        errors.invalid(path, name, "must be a standard resource type or fully qualified")
    elif name not in ("cpu", "memory") and not is_huge_pages(name):
        errors.not_supported(path, name, ("cpu", "hugepages-", "memory"))


def validate_container_resources(
    resources: Object, claims: set[str], path: str, errors: Errors
) -> None:
    """`ValidateContainerResourceRequirements`. `claims` are the pod's resourceClaims."""
    _validate(resources, validate_container_resource_name, claims, path, errors)


def validate_pod_resources(spec: Object, path: str, errors: Errors) -> None:
    """`validatePodResources`."""
    resources = spec.get("resources")
    if resources is None:
        return
    path = f"{path}.resources"
    if (spec.get("os") or {}).get("name") == "windows":
        errors.forbidden(path, "may not be set for a windows pod")
        return
    if resources.get("claims") is not None:
        errors.forbidden(f"{path}.claims", "claims may not be set for Resources at pod-level")
    _validate(resources, _validate_pod_resource_name, set(), path, errors)
    _validate_sums(spec, resources, path, errors)


def _validate_sums(spec: Object, resources: Object, path: str, errors: Errors) -> None:
    """`validatePodResourceConsistency`: what the containers ask for fits into the pod's."""
    from checker.api.pod_totals import total

    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    for part, own in (("requests", requests), ("limits", limits)):
        for name, asked in sorted(total(spec, part).items()):
            if name not in own or (part == "limits" and not is_huge_pages(name)):
                continue
            if asked.nano > parse_quantity(own[name]).nano:
                detail = f"must be greater than or equal to aggregate container {part} of {asked}"
                errors.invalid(f"{path}.{part}[{name}]", own[name], detail)
    for index, container in enumerate(spec.get("containers") or ()):
        for name, text in sorted(((container.get("resources") or {}).get("limits") or {}).items()):
            if name in limits and parse_quantity(text).nano > parse_quantity(limits[name]).nano:
                # The path is really this one: not the container's own.
                below = f"{path}.containers[{index}][{name}].limits"
                errors.invalid(
                    below, text, f"must be less than or equal to pod limits of {limits[name]}"
                )


def validate_overhead(overhead: dict[str, str], path: str, errors: Errors) -> None:
    """`validateOverhead`: as if it were a container's limits."""
    validate_container_resources({"limits": overhead}, set(), path, errors)


def _validate(
    resources: Object,
    validate_name: Callable[[str, str, Errors], None],
    claims: set[str],
    path: str,
    errors: Errors,
) -> None:
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    for name in sorted(limits) if len(limits) > 1 else limits:
        _validate_quantity(name, limits[name], validate_name, f"{path}.limits[{name}]", errors)
    for name in sorted(requests) if len(requests) > 1 else requests:
        below = f"{path}.requests"
        _validate_quantity(name, requests[name], validate_name, f"{below}[{name}]", errors)
        _compare(name, requests[name], limits.get(name), path, errors)
    names = {*limits, *requests}
    if not names & {"cpu", "memory"} and any(map(is_huge_pages, names)):
        errors.forbidden(path, "HugePages require cpu or memory")
    if listed := resources.get("claims"):
        _validate_claim_names(listed, claims, f"{path}.claims", errors)


def _validate_quantity(
    name: str,
    text: str,
    validate_name: Callable[[str, str, Errors], None],
    path: str,
    errors: Errors,
) -> None:
    """`ValidateResourceQuantityValue`."""
    if name not in ("cpu", "memory"):
        validate_name(name, path, errors)
    quantity = parse_quantity(text)
    if quantity.nano < 0:
        errors.invalid(path, text, "must be greater than or equal to 0")
    if _is_integer_resource(name) and not quantity.is_whole:
        errors.invalid(path, text, "must be an integer")
    if is_huge_pages(name):
        try:
            page = parse_quantity(name.removeprefix("hugepages-")).nano
        except QuantityError:
            page = parse_quantity("0").nano
        # `Quantity.Value` rounds up.
        if page <= 0 or page % ONE or -(-quantity.nano // ONE) % (page // ONE):
            errors.invalid(path, text, f"{text} is not positive integer multiple of {name}")


def _compare(name: str, request: str, limit: str | None, path: str, errors: Errors) -> None:
    if limit is None:
        if not _is_overcommit_allowed(name):
            detail = "Limit must be set for non overcommitable resources"
            errors.required(f"{path}.limits", detail)
        return
    asked, allowed = parse_quantity(request).nano, parse_quantity(limit).nano
    if asked != allowed and not _is_overcommit_allowed(name):
        errors.invalid(f"{path}.requests", request, f"must be equal to {name} limit of {limit}")
    elif asked > allowed:
        detail = f"must be less than or equal to {name} limit of {limit}"
        errors.invalid(f"{path}.requests", request, detail)


def _validate_claim_names(
    listed: list[Object], claims: set[str], path: str, errors: Errors
) -> None:
    """`validateResourceClaimNames`."""
    seen: set[str] = set()
    for index, claim in enumerate(listed):
        below, name, request = f"{path}[{index}]", claim.get("name", ""), claim.get("request", "")
        if not name:
            errors.required(below)
            continue
        if name in seen:
            errors.duplicate(below, name)
        else:
            if request:
                validate_dns_1123_label(request, f"{below}.request", errors)
            key = f"{name}/{request}" if request else name
            if key in seen:
                errors.duplicate(below, key)
            elif not request:
                for other in seen:
                    if other.partition("/")[0] == name and "/" in other:
                        errors.duplicate(below, name)
            seen.add(key)
        if name not in claims:
            rest = f": {', '.join(sorted(claims))}" if claims else " which is empty"
            detail = f"must be one of the names in pod.spec.resourceClaims{rest}"
            errors.append(
                FieldError("api-not-found", below, f"Not found: {printed(name)}: {detail}")
            )
