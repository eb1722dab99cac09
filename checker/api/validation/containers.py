"""Containers, init containers, sidecars. After `pkg/apis/core/validation: validateContainers`."""

from typing import Any, NamedTuple

from checker.api.validation import formats
from checker.api.validation.environment import validate_env, validate_env_from
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import validate_dns_1123_label
from checker.api.validation.ports import check_host_port_conflicts, validate_container_ports
from checker.api.validation.probes import validate_lifecycle, validate_probes
from checker.api.validation.resources import validate_container_resources
from checker.api.validation.security import validate_security_context
from checker.api.validation.volumes import validate_volume_devices, validate_volume_mounts

Object = dict[str, Any]

_PULL_POLICIES = ("Always", "IfNotPresent", "Never")
_RESTART_POLICIES = ("Always", "Never", "OnFailure")
_NOT_INIT = "may not be set for init containers without restartPolicy=Always"
#: What an ephemeral container may not have, in the order of the Go type.
_NOT_EPHEMERAL = (
    "ports", "resources", "resizePolicy", "restartPolicy", "restartPolicyRules", "livenessProbe",
    "readinessProbe", "startupProbe", "lifecycle",
)  # fmt: skip


class PodContext(NamedTuple):
    """What the rules of a container need to know of its pod."""

    volumes: dict[str, Object]
    claims: set[str]
    grace_period: int | None
    restart_policy: str
    host_users: bool


def validate_containers(
    containers: list[Object], pod: PodContext, path: str, errors: Errors
) -> None:
    """`validateContainers`."""
    if not containers:
        errors.required(path)
        return
    names = set()
    for index, container in enumerate(containers):
        below = f"{path}[{index}]"
        _validate_common(container, pod, below, errors)
        name = container.get("name", "")
        if name in names:
            errors.duplicate(f"{below}.name", name)
        names.add(name)
        if (lifecycle := container.get("lifecycle")) is not None:
            validate_lifecycle(lifecycle, pod.grace_period, f"{below}.lifecycle", errors)
        validate_probes(container, pod.grace_period, below, errors)
        _validate_restart_policy(container, below, errors)
    check_host_port_conflicts(containers, path, errors)


def validate_init_containers(
    containers: list[Object],
    regular: list[Object],
    pod: PodContext,
    path: str,
    errors: Errors,
) -> None:
    """`validateInitContainers`; a sidecar is one with restartPolicy Always."""
    names = {container.get("name", "") for container in regular}
    for index, container in enumerate(containers):
        below = f"{path}[{index}]"
        _validate_common(container, pod, below, errors)
        _validate_restart_policy(container, below, errors)
        name = container.get("name", "")
        if name in names:
            errors.duplicate(f"{below}.name", name)
        elif name:
            names.add(name)
        # Each by itself, and under the list's path: the index printed is always 0.
        check_host_port_conflicts([container], path, errors)
        sidecar = container.get("restartPolicy") == "Always"
        if sidecar:
            if (lifecycle := container.get("lifecycle")) is not None:
                validate_lifecycle(lifecycle, pod.grace_period, f"{below}.lifecycle", errors)
            validate_probes(container, pod.grace_period, below, errors)
        else:
            for field in ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe"):
                if container.get(field) is not None:
                    errors.forbidden(f"{below}.{field}", _NOT_INIT)
            for position, policy in enumerate(container.get("resizePolicy") or ()):
                if policy.get("restartPolicy") == "RestartContainer":
                    detail = "must not be set to 'RestartContainer' for non-sidecar initContainers"
                    place = f"{below}.resizePolicy[{position}].restartPolicy"
                    errors.invalid(place, "RestartContainer", detail)


def validate_ephemeral_containers(
    containers: list[Object], others: list[Object], pod: PodContext, path: str, errors: Errors
) -> None:
    """`validateEphemeralContainers`, whose objects no create takes anyway."""
    names = {container.get("name", "") for container in others}
    targets = set(names)
    for index, container in enumerate(containers):
        below, name = f"{path}[{index}]", container.get("name", "")
        _validate_common(container, pod, below, errors)
        if name in names:
            errors.duplicate(f"{below}.name", name)
        names.add(name)
        target = container.get("targetContainerName")
        if target and target not in targets:
            errors.not_found(f"{below}.targetContainerName", target)
        image = container.get("image", "")
        if image != image.strip():
            detail = "must not have leading or trailing whitespace"
            errors.invalid(f"{below}.image", image, detail)
        for field in _NOT_EPHEMERAL:
            # An empty list or hook is set; empty resources are Go's zero value.
            value = container.get(field)
            if value is not None and (value or field != "resources"):
                errors.forbidden(f"{below}.{field}", "cannot be set for an Ephemeral Container")
        for position, mount in enumerate(container.get("volumeMounts") or ()):
            for field in ("subPath", "subPathExpr"):
                if mount.get(field):
                    place = f"{below}.volumeMounts[{position}].{field}"
                    errors.forbidden(place, "cannot be set for an Ephemeral Container")


def _validate_common(container: Object, pod: PodContext, path: str, errors: Errors) -> None:
    """`validateContainerCommon`; the defaults leave no required policy empty."""
    get = container.get
    name = get("name", "")
    if not name:
        errors.required(f"{path}.name")
    elif formats.dns_1123_label(name):
        validate_dns_1123_label(name, f"{path}.name", errors)
    if not get("image"):
        errors.required(f"{path}.image")
    policy = get("terminationMessagePolicy", "")
    if policy not in ("File", "FallbackToLogsOnError"):
        supported = ("File", "FallbackToLogsOnError")
        errors.not_supported(f"{path}.terminationMessagePolicy", policy, supported)
    _validate_parts(container, pod, path, errors)
    policy = get("imagePullPolicy", "")
    if policy not in _PULL_POLICIES:
        errors.not_supported(f"{path}.imagePullPolicy", policy, _PULL_POLICIES)
    if resources := get("resources"):
        validate_container_resources(resources, pod.claims, f"{path}.resources", errors)
    if policies := get("resizePolicy"):
        _validate_resize_policy(policies, pod.restart_policy, f"{path}.resizePolicy", errors)
    if context := get("securityContext"):
        validate_security_context(context, f"{path}.securityContext", pod.host_users, errors)


def _validate_parts(container: Object, pod: PodContext, path: str, errors: Errors) -> None:
    """The lists in the middle of `validateContainerCommon`."""
    get = container.get
    if ports := get("ports"):
        validate_container_ports(ports, f"{path}.ports", errors)
    if variables := get("env"):
        validate_env(variables, f"{path}.env", errors)
    if sources := get("envFrom"):
        validate_env_from(sources, f"{path}.envFrom", errors)
    if get("volumeMounts"):
        validate_volume_mounts(container, pod.volumes, f"{path}.volumeMounts", errors)
    if get("volumeDevices"):
        validate_volume_devices(container, pod.volumes, f"{path}.volumeDevices", errors)


def _validate_resize_policy(
    policies: list[Object], restart_policy: str, path: str, errors: Errors
) -> None:
    """`validateResizePolicy`."""
    seen = set()
    for index, policy in enumerate(policies):
        name, restart = policy.get("resourceName", ""), policy.get("restartPolicy", "")
        if name in seen:
            errors.duplicate(f"{path}[{index}]", name)
        seen.add(name)
        if not name:
            errors.required(path)
        elif name not in ("cpu", "memory"):
            errors.not_supported(path, name, ("cpu", "memory"))
        if not restart:
            errors.required(path)
        elif restart not in ("NotRequired", "RestartContainer"):
            errors.not_supported(path, restart, ("NotRequired", "RestartContainer"))
        if restart_policy == "Never" and restart != "NotRequired":
            detail = "must be 'NotRequired' when pod `restartPolicy` is 'Never'"
            errors.invalid(path, restart, detail)


def _validate_restart_policy(container: Object, path: str, errors: Errors) -> None:
    """`validateContainerRestartPolicy`."""
    policy, rules = container.get("restartPolicy"), container.get("restartPolicyRules") or []
    if policy is None:
        if not rules:
            return
        detail = "must specify restartPolicy when restart rules are used"
        errors.required(f"{path}.restartPolicy", detail)
    elif policy not in _RESTART_POLICIES:
        errors.not_supported(f"{path}.restartPolicy", policy, _RESTART_POLICIES)
    if policy is None and "initContainers" in path:
        return
    if len(rules) > 20:
        errors.too_many(f"{path}.restartPolicyRules", len(rules), 20)
    for index, rule in enumerate(rules):
        below = f"{path}.restartPolicyRules[{index}]"
        action, codes = rule.get("action", ""), rule.get("exitCodes")
        if action not in ("Restart", "RestartAllContainers"):
            errors.not_supported(f"{below}.action", action, ("Restart", "RestartAllContainers"))
        if codes is None:
            errors.required(f"{below}.exitCodes", "must be specified")
            continue
        if codes.get("operator") not in ("In", "NotIn"):
            operator = codes.get("operator", "")
            errors.not_supported(f"{below}.exitCodes.operator", operator, ("In", "NotIn"))
        values = codes.get("values") or []
        if len(values) > 255:
            errors.too_many(f"{below}.exitCodes.values", len(values), 255)
