"""What a pod's operating system rules out. After `validateOS`, `validateLinux` and others."""

from __future__ import annotations

from typing import Any

from checker.api.validation.errors import Errors

Object = dict[str, Any]

_CONTAINER_LISTS = ("initContainers", "containers", "ephemeralContainers")
_NOT_ON_LINUX = "windows options cannot be set for a linux pod"
_NOT_ON_WINDOWS = "cannot be set for a windows pod"
#: Fields of the pod, and of its security context, in the order in which they are looked at.
_LINUX_OF_POD = (
    "securityContext.appArmorProfile", "securityContext.seLinuxOptions", "hostUsers", "hostPID",
    "hostIPC", "securityContext.seccompProfile", "securityContext.fsGroup",
    "securityContext.fsGroupChangePolicy", "securityContext.sysctls", "shareProcessNamespace",
    "securityContext.runAsUser", "securityContext.runAsGroup",
    "securityContext.supplementalGroups", "securityContext.supplementalGroupsPolicy",
    "securityContext.seLinuxChangePolicy",
)  # fmt: skip
#: Of these, false or empty is as good as unset.
_UNSET_WHEN_EMPTY = ("hostPID", "hostIPC", "securityContext.sysctls")
_LINUX_OF_CONTAINER = (
    "appArmorProfile", "seLinuxOptions", "seccompProfile", "capabilities",
    "readOnlyRootFilesystem", "privileged", "allowPrivilegeEscalation", "procMount", "runAsUser",
    "runAsGroup",
)  # fmt: skip


def validate_system(spec: Object, path: str, errors: Errors) -> None:
    """`validateOS`, and what follows from the system that it names."""
    system = spec.get("os")
    if system is None:
        return
    name = system.get("name", "")
    if not name:
        errors.required(f"{path}.os.name")
    elif name == "linux":
        _validate_linux(spec, path, errors)
    elif name == "windows":
        _validate_windows(spec, path, errors)
    else:
        errors.not_supported(f"{path}.os", name, ("linux", "windows"))


def _validate_linux(spec: Object, path: str, errors: Errors) -> None:
    contexts = [(spec.get("securityContext") or {}, f"{path}.securityContext")]
    for context, below in [*contexts, *_contexts(spec, path)]:
        if context.get("windowsOptions") is not None:
            errors.forbidden(f"{below}.windowsOptions", _NOT_ON_LINUX)


def _validate_windows(spec: Object, path: str, errors: Errors) -> None:
    of_pod = spec.get("securityContext") or {}
    for field in _LINUX_OF_POD:
        outer, _, inner = field.partition(".")
        value = of_pod.get(inner) if inner else spec.get(outer)
        if value is not None and (value or field not in _UNSET_WHEN_EMPTY):
            errors.forbidden(f"{path}.{field}", _NOT_ON_WINDOWS)
    for context, below in _contexts(spec, path):
        for field in _LINUX_OF_CONTAINER:
            if context.get(field) is not None:
                errors.forbidden(f"{below}.{field}", _NOT_ON_WINDOWS)


def _contexts(spec: Object, path: str) -> list[tuple[Object, str]]:
    return [
        (container.get("securityContext") or {}, f"{path}.{name}[{index}].securityContext")
        for name in _CONTAINER_LISTS
        for index, container in enumerate(spec.get(name) or ())
    ]
