"""Security contexts and sysctls.

After `pkg/apis/core/validation: ValidateSecurityContext`, `validatePodSpecSecurityContext`.
"""

from __future__ import annotations

from typing import Any

from checker.api.validation import formats
from checker.api.validation.errors import Errors
from checker.api.validation.paths import validate_local_descending_path
from checker.api.validation.windows import validate_windows_options

Object = dict[str, Any]

_MAX_ID = 2**31 - 1
_PROFILES = ("Localhost", "RuntimeDefault", "Unconfined")
_SYSCTL_FORM = r"^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$"
#: The internal type's fields in their order: it has no JSON names, so these are printed.
_INTERNAL = (
    "capabilities", "privileged", "seLinuxOptions", "windowsOptions", "runAsUser", "runAsGroup",
    "runAsNonRoot", "readOnlyRootFilesystem", "allowPrivilegeEscalation", "procMount",
    "seccompProfile", "appArmorProfile",
)  # fmt: skip
#: What is in the structs among them, for the same reason.
_INSIDE = {
    "capabilities": ("add", "drop"),
    "seccompProfile": ("type", "localhostProfile"),
    "appArmorProfile": ("type", "localhostProfile"),
    "seLinuxOptions": ("user", "role", "type", "level"),
}


def _validate_id(holder: Object, name: str, path: str, errors: Errors) -> None:
    number = holder.get(name)
    if number is not None and not 0 <= number <= _MAX_ID:
        errors.invalid(f"{path}.{name}", number, formats.in_range(0, _MAX_ID))


def validate_security_context(context: Object, path: str, host_users: bool, errors: Errors) -> None:
    """`ValidateSecurityContext`, of a container."""
    _validate_id(context, "runAsUser", path, errors)
    _validate_id(context, "runAsGroup", path, errors)
    mount = context.get("procMount")
    if mount is not None:
        if mount not in ("Default", "Unmasked"):
            errors.not_supported(f"{path}.procMount", mount, ("Default", "Unmasked"))
        if host_users and mount == "Unmasked":
            detail = "`hostUsers` must be false to use `Unmasked`"
            errors.invalid(f"{path}.procMount", mount, detail)
    _validate_seccomp(context.get("seccompProfile"), f"{path}.seccompProfile", errors)
    if context.get("allowPrivilegeEscalation") is False:
        if context.get("privileged"):
            detail = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"
            errors.invalid(path, _internal(context), detail)
        for capability in (context.get("capabilities") or {}).get("add") or ():
            if capability == "CAP_SYS_ADMIN":
                detail = (
                    "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` "
                    "CAP_SYS_ADMIN"
                )
                errors.invalid(path, _internal(context), detail)
    validate_windows_options(context, path, errors)
    _validate_app_armor(context.get("appArmorProfile"), f"{path}.appArmorProfile", errors)


def _internal(context: Object) -> Object:
    printed = {}
    for name in _INTERNAL:
        value = context.get(name)
        go_name = "SELinuxOptions" if name == "seLinuxOptions" else name[0].upper() + name[1:]
        if isinstance(value, dict):
            # The texts of SELinux's options are no pointers: what is not there is "".
            empty = "" if name == "seLinuxOptions" else None
            names = _INSIDE.get(name, tuple(value))
            value = {each[0].upper() + each[1:]: value.get(each, empty) for each in names}
        printed[go_name] = value
    return printed


def _validate_seccomp(profile: Object | None, path: str, errors: Errors) -> None:
    """`validateSeccompProfileField`."""
    if profile is None:
        return
    kind, local = profile.get("type", ""), profile.get("localhostProfile")
    if not kind:
        errors.required(f"{path}.type", "type is required when seccompProfile is set")
    elif kind not in _PROFILES:
        errors.not_supported(f"{path}.type", kind, _PROFILES)
    if kind == "Localhost":
        if local is None:
            detail = "must be set when seccomp type is Localhost"
            errors.required(f"{path}.localhostProfile", detail)
        else:
            validate_local_descending_path(local, f"{path}.localhostProfile", errors)
    elif local is not None:
        value = {"Type": kind, "LocalhostProfile": local}
        detail = "can only be set when seccomp type is Localhost"
        errors.invalid(f"{path}.localhostProfile", value, detail)


def _validate_app_armor(profile: Object | None, path: str, errors: Errors) -> None:
    """`ValidateAppArmorProfileField`."""
    if profile is None:
        return
    kind, local = profile.get("type", ""), profile.get("localhostProfile")
    below = f"{path}.localhostProfile"
    if kind == "Localhost":
        if local is None:
            errors.required(below, "must be set when AppArmor type is Localhost")
            return
        if local.strip() != local:
            errors.invalid(below, local, "must not be padded with whitespace")
        elif not local:
            errors.required(below, "must be set when AppArmor type is Localhost")
        if formats.size(local) > 4095:
            errors.too_long(below, 4095)
    elif kind in _PROFILES:
        if local is not None:
            errors.invalid(below, local, "can only be set when AppArmor type is Localhost")
    elif not kind:
        errors.required(f"{path}.type", "type is required when appArmorProfile is set")
    else:
        errors.not_supported(f"{path}.type", kind, _PROFILES)


def validate_pod_security_context(spec: Object, path: str, errors: Errors) -> None:
    """`validatePodSpecSecurityContext`."""
    context = spec.get("securityContext")
    if not context and not spec.get("shareProcessNamespace"):
        return
    context = context or {}
    for name in ("fsGroup", "runAsUser", "runAsGroup"):
        _validate_id(context, name, path, errors)
    for index, group in enumerate(context.get("supplementalGroups") or ()):
        if not 0 <= group <= _MAX_ID:
            below = f"{path}.supplementalGroups[{index}]"
            errors.invalid(below, group, formats.in_range(0, _MAX_ID))
    if spec.get("shareProcessNamespace") and spec.get("hostPID"):
        detail = "ShareProcessNamespace and HostPID cannot both be enabled"
        errors.invalid(f"{path}.shareProcessNamespace", True, detail)
    _validate_sysctls(spec, context.get("sysctls") or [], f"{path}.sysctls", errors)
    _one_of(context, "fsGroupChangePolicy", ("Always", "OnRootMismatch"), path, errors)
    _validate_seccomp(context.get("seccompProfile"), f"{path}.seccompProfile", errors)
    validate_windows_options(context, path, errors)
    _validate_app_armor(context.get("appArmorProfile"), f"{path}.appArmorProfile", errors)
    _one_of(context, "supplementalGroupsPolicy", ("Merge", "Strict"), path, errors)
    # MountOption needs a feature gate (SELinuxMount) that is off.
    _one_of(context, "seLinuxChangePolicy", ("Recursive",), path, errors)


def _one_of(
    holder: Object, name: str, supported: tuple[str, ...], path: str, errors: Errors
) -> None:
    value = holder.get(name)
    if value is not None and value not in supported:
        errors.not_supported(f"{path}.{name}", value, supported)


def _validate_sysctls(spec: Object, sysctls: list[Object], path: str, errors: Errors) -> None:
    """`validateSysctls`. Which of them a node allows is the kubelet's business."""
    names = set()
    for index, sysctl in enumerate(sysctls):
        name, below = sysctl.get("name", ""), f"{path}[{index}].name"
        if not name:
            errors.required(below)
        elif not _is_sysctl_name(name):
            detail = f"must have at most 253 characters and match regex {_SYSCTL_FORM}"
            errors.invalid(below, name, detail)
        elif name in names:
            errors.duplicate(below, name)
        _validate_host_sysctl(spec, name, below, errors)
        names.add(name)


def _is_sysctl_name(name: str) -> bool:
    import re

    return formats.size(name) <= 253 and re.fullmatch(_SYSCTL_FORM[1:-1], name) is not None


def _validate_host_sysctl(spec: Object, name: str, path: str, errors: Errors) -> None:
    """`ValidateHostSysctl`: a namespaced sysctl would change the node's own namespace."""
    # `utilsysctl.NormalizeName`: whichever separator comes first is the separator.
    dot, slash = name.find("."), name.find("/")
    if slash >= 0 and (dot < 0 or slash < dot):
        name_dotted = name.translate(str.maketrans("./", "/."))
    else:
        name_dotted = name
    if spec.get("hostNetwork") and name_dotted.startswith("net."):
        errors.invalid(path, name, "may not be specified when 'hostNetwork' is true")
    elif spec.get("hostIPC") and (
        name_dotted.startswith(("kernel.shm", "kernel.msg", "fs.mqueue."))
        or name_dotted == "kernel.sem"
    ):
        errors.invalid(path, name, "may not be specified when 'hostIPC' is true")
