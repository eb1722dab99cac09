"""Probes and lifecycle handlers. After `pkg/apis/core/validation: validateProbe`."""

from __future__ import annotations

from typing import Any

from checker.api.validation import formats
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import validate_nonnegative
from checker.api.validation.ports import validate_port_num_or_name

Object = dict[str, Any]

_COUNTS = (
    "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold",
    "failureThreshold",
)  # fmt: skip
_HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc", "sleep")
_SCHEMES = ("HTTP", "HTTPS")


def validate_probes(container: Object, grace_period: int | None, path: str, errors: Errors) -> None:
    """`validateLivenessProbe`, `validateReadinessProbe` and `validateStartupProbe`."""
    for name in ("livenessProbe", "readinessProbe", "startupProbe"):
        probe = container.get(name)
        if probe is None:
            continue
        below = f"{path}.{name}"
        validate_probe(probe, grace_period, below, errors)
        if name == "readinessProbe":
            grace = probe.get("terminationGracePeriodSeconds")
            if grace is not None:
                detail = "must not be set for readinessProbes"
                errors.invalid(f"{below}.terminationGracePeriodSeconds", grace, detail)
        elif probe.get("successThreshold") != 1:
            errors.invalid(f"{below}.successThreshold", probe["successThreshold"], "must be 1")


def validate_probe(probe: Object, grace_period: int | None, path: str, errors: Errors) -> None:
    """`validateProbe`."""
    validate_handler(probe, grace_period, path, errors)
    for name in _COUNTS:
        count = probe.get(name, 0)
        if count < 0:
            validate_nonnegative(count, f"{path}.{name}", errors)
    grace = probe.get("terminationGracePeriodSeconds")
    if grace is not None and grace <= 0:
        detail = "must be greater than 0"
        errors.invalid(f"{path}.terminationGracePeriodSeconds", grace, detail)


def validate_handler(handler: Object, grace_period: int | None, path: str, errors: Errors) -> None:
    """`validateHandler`: of a probe or a lifecycle hook, exactly one kind."""
    found = False
    for name in _HANDLERS:
        action = handler.get(name)
        if action is None:
            continue
        below = f"{path}.{name}"
        if found:
            errors.forbidden(below, "may not specify more than 1 handler type")
            continue
        found = True
        if name == "exec":
            if not action.get("command"):
                errors.required(f"{below}.command")
        elif name == "httpGet":
            _validate_http_get(action, below, errors)
        elif name == "sleep":
            _validate_sleep(action, grace_period, below, errors)
        else:
            validate_port_num_or_name(action.get("port", 0), f"{below}.port", errors)
    if not found:
        errors.required(path, "must specify a handler type")


def _validate_http_get(action: Object, path: str, errors: Errors) -> None:
    """`validateHTTPGetAction`; the defaults have filled in path and scheme."""
    validate_port_num_or_name(action.get("port", 0), f"{path}.port", errors)
    scheme = action.get("scheme", "")
    if scheme not in _SCHEMES:
        errors.not_supported(f"{path}.scheme", scheme, _SCHEMES)
    for header in action.get("httpHeaders") or ():
        name = header.get("name", "")
        errors.invalid_each(f"{path}.httpHeaders", name, formats.http_header_name(name))


def _validate_sleep(action: Object, grace_period: int | None, path: str, errors: Errors) -> None:
    seconds = action.get("seconds", 0)
    if grace_period is not None and not 0 <= seconds <= grace_period:
        limit = f"less than terminationGracePeriodSeconds ({grace_period})"
        errors.invalid(path, seconds, f"must be non-negative and {limit}")


def validate_lifecycle(
    lifecycle: Object, grace_period: int | None, path: str, errors: Errors
) -> None:
    """`validateLifecycle`.

    `stopSignal` needs a feature gate that is off; the server drops it before it validates.
    """
    for name in ("postStart", "preStop"):
        if (handler := lifecycle.get(name)) is not None:
            validate_handler(handler, grace_period, f"{path}.{name}", errors)
