"""Environment variables. After `pkg/apis/core/validation: ValidateEnv`, `ValidateEnvFrom`."""

from __future__ import annotations

from typing import Any

from checker.api.quantity import parse_quantity
from checker.api.validation import formats
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import (
    mask_trailing_dash,
    validate_dns_1123_label,
    validate_qualified_name,
)

Object = dict[str, Any]

_ENV_PATHS = (
    "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName",
    "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
)  # fmt: skip
VOLUME_PATHS = (
    "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace",
    "metadata.uid",
)  # fmt: skip
#: Field labels that a downward API knows at all (`ConvertDownwardAPIFieldLabel`).
_KNOWN_PATHS = frozenset((*_ENV_PATHS, *VOLUME_PATHS, "spec.restartPolicy", "spec.schedulerName",
                          "status.phase", "spec.host"))  # fmt: skip
_RESOURCES = (
    "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu",
    "requests.ephemeral-storage", "requests.memory",
)  # fmt: skip
_SIZES = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"]
_SOURCES = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, "


def validate_env(variables: list[Object], path: str, errors: Errors) -> None:
    """`ValidateEnv`."""
    for index, variable in enumerate(variables):
        name = variable.get("name", "")
        if not name:
            errors.required(f"{path}[{index}].name")
        elif messages := formats.relaxed_env_var_name(name):
            errors.invalid_each(f"{path}[{index}].name", name, messages)
        source = variable.get("valueFrom")
        if source is not None:
            _validate_value_from(variable, source, f"{path}[{index}].valueFrom", errors)


def _validate_value_from(variable: Object, source: Object, path: str, errors: Errors) -> None:
    """`validateEnvVarValueFrom`."""
    count = 0
    if (field := source.get("fieldRef")) is not None:
        count += 1
        validate_object_field_selector(field, _ENV_PATHS, f"{path}.fieldRef", errors)
    if (resource := source.get("resourceFieldRef")) is not None:
        count += 1
        validate_resource_field_selector(resource, f"{path}.resourceFieldRef", False, errors)
    for name in ("configMapKeyRef", "secretKeyRef"):
        if (selector := source.get(name)) is not None:
            count += 1
            _validate_key_selector(selector, f"{path}.{name}", errors)
    if (file := source.get("fileKeyRef")) is not None:
        count += 1
        _validate_file_key_selector(file, f"{path}.fileKeyRef", errors)
    if count == 0:
        errors.invalid(path, "", _SOURCES + "`secretKeyRef` or `fileKeyRef`")
    elif variable.get("value"):
        errors.invalid(path, "", "may not be specified when `value` is not empty")
    elif count > 1:
        errors.invalid(path, "", "may not have more than one field specified at a time")


def validate_object_field_selector(
    selector: Object, expressions: tuple[str, ...], path: str, errors: Errors
) -> None:
    """`validateObjectFieldSelector`."""
    field = selector.get("fieldPath", "")
    if not field:
        errors.required(f"{path}.fieldPath")
        return
    version = selector.get("apiVersion", "v1")
    base, bracket, rest = field.partition("['")
    subscripted = bool(bracket) and rest.endswith("']")
    known = base in ("metadata.annotations", "metadata.labels") if subscripted else (
        field in _KNOWN_PATHS
    )  # fmt: skip
    if version != "v1" or not known:
        if version != "v1":
            problem = f"unsupported pod version: {version}"
        elif subscripted:
            problem = f"field label does not support subscript: {field}"
        else:
            problem = f"field label not supported: {field}"
        detail = f"error converting fieldPath: {problem}"
        errors.invalid(f"{path}.fieldPath", field, detail)
    elif subscripted:
        key = rest[:-2]
        validate_qualified_name(key.lower() if base.endswith("annotations") else key, path, errors)
    else:
        field = "spec.nodeName" if field == "spec.host" else field
        if field not in expressions:
            errors.not_supported(f"{path}.fieldPath", field, expressions, named=False)


def validate_resource_field_selector(
    selector: Object, path: str, in_volume: bool, errors: Errors
) -> None:
    """`validateContainerResourceFieldSelector`."""
    resource = selector.get("resource", "")
    huge = resource.startswith(("requests.hugepages-", "limits.hugepages-"))
    if in_volume and not selector.get("containerName"):
        errors.required(f"{path}.containerName")
    elif not resource:
        errors.required(f"{path}.resource")
    elif resource not in _RESOURCES and not huge:
        errors.not_supported(f"{path}.resource", resource, _RESOURCES, named=False)
    divisor = selector.get("divisor", "0")
    if parse_quantity(divisor).nano == 0:
        return
    what, allowed = _divisors(resource, huge)
    if what and divisor not in allowed:
        values = "1m and 1" if what == "cpu" else ", ".join(allowed)
        detail = f"only divisor's values {values} are supported with the {what} resource"
        errors.invalid(f"{path}.divisor", resource, detail)


def _divisors(resource: str, huge: bool) -> tuple[str, list[str]]:
    name = resource.rpartition(".")[2]
    if name == "cpu":
        return "cpu", ["1m", "1"]
    if name == "memory":
        return "memory", _SIZES
    if name == "ephemeral-storage":
        return "local ephemeral storage", _SIZES
    return ("hugepages", _SIZES) if huge else ("", [])


def _validate_key_selector(selector: Object, path: str, errors: Errors) -> None:
    """`validateConfigMapKeySelector`, `validateSecretKeySelector`."""
    name = selector.get("name", "")
    errors.invalid_each(f"{path}.name", name, formats.dns_1123_subdomain(name))
    key = selector.get("key", "")
    if not key:
        errors.required(f"{path}.key")
    elif messages := formats.config_map_key(key):
        errors.invalid_each(f"{path}.key", key, messages)


def _validate_file_key_selector(selector: Object, path: str, errors: Errors) -> None:
    """`validateFileKeySelector`."""
    key = selector.get("key", "")
    if not key:
        errors.required(f"{path}.key")
    else:
        errors.invalid_each(f"{path}.key", key, formats.relaxed_env_var_name(key))
    volume = selector.get("volumeName", "")
    if not volume:
        errors.required(f"{path}.volumeName")
    else:
        validate_dns_1123_label(volume, f"{path}.volumeName", errors)
    file = selector.get("path", "")
    if not file:
        errors.required(f"{path}.path")
    elif ".." in file.split("/"):
        errors.invalid(f"{path}.path", file, "must not contain '..'")


def validate_env_from(sources: list[Object], path: str, errors: Errors) -> None:
    """`ValidateEnvFrom`."""
    for index, source in enumerate(sources):
        prefix = source.get("prefix")
        if prefix:
            messages = formats.relaxed_env_var_name(prefix)
            errors.invalid_each(f"{path}[{index}].prefix", prefix, messages)
        count = 0
        for kind in ("configMapRef", "secretRef"):
            reference = source.get(kind)
            if reference is None:
                continue
            count += 1
            name = reference.get("name", "")
            if not name:
                errors.required(f"{path}[{index}].{kind}.name")
            else:
                messages = formats.dns_1123_subdomain(mask_trailing_dash(name))
                errors.invalid_each(f"{path}[{index}].{kind}.name", name, messages)
        if count == 0:
            errors.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`")
        elif count > 1:
            errors.invalid(path, "", "may not have more than one field specified at a time")
