"""Windows' own options in security contexts.

After `pkg/apis/core/validation: validateWindowsSecurityContextOptions`,
`validateWindowsHostProcessPod`.
"""

from __future__ import annotations

import re
from typing import Any

from checker.api.validation import formats
from checker.api.validation.errors import Errors

Object = dict[str, Any]

_MAX_SPEC = 64 * 1024
_MAX_DOMAIN = 256
_MAX_USER = 104
_CONTROL = r"[\x00-\x1f\x7f]"
_NET_BIOS = r'[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}'
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_DNS = rf"{_LABEL}(?:\.{_LABEL})*"
_NOT_IN_USER = r'["/\\:;|=,+*?<>@\[\]]'
#: The order in which containers are visited.
_CONTAINER_LISTS = ("initContainers", "containers", "ephemeralContainers")


def validate_windows_options(context: Object, path: str, errors: Errors) -> None:
    """`validateWindowsSecurityContextOptions`, of the security context at `path`."""
    options = context.get("windowsOptions")
    if not options:
        return
    path = f"{path}.windowsOptions"
    name = options.get("gmsaCredentialSpecName")
    if name is not None:
        for detail in formats.dns_1123_subdomain(name):
            errors.invalid_named(f"{path}.gmsaCredentialSpecName", name, detail)
    spec = options.get("gmsaCredentialSpec")
    if spec == "":
        detail = "gmsaCredentialSpec cannot be an empty string"
        errors.invalid_named(f"{path}.gmsaCredentialSpec", spec, detail)
    elif spec is not None and formats.size(spec) > _MAX_SPEC:
        detail = "gmsaCredentialSpec size must be under 64 KiB"
        errors.invalid_named(f"{path}.gmsaCredentialSpec", spec, detail)
    user = options.get("runAsUserName")
    if user is not None:
        for fault in _user_faults(user):
            errors.invalid_named(f"{path}.runAsUserName", user, f"runAsUserName{fault}")


def _user_faults(text: str) -> list[str]:
    """What is wrong with a domain and a user, of which the domain may be missing."""
    if not text:
        return [" cannot be an empty string"]
    if re.search(_CONTROL, text):
        return [" cannot contain control characters"]
    if text.count("\\") > 1:
        return [" cannot contain more than one backslash"]
    domain, backslash, user = text.rpartition("\\")
    found = []
    if formats.size(domain) >= _MAX_DOMAIN:
        found.append(f"'s Domain length must be under {_MAX_DOMAIN} characters")
    if backslash and not re.fullmatch(_NET_BIOS, domain) and not re.fullmatch(_DNS, domain):
        found.append("'s Domain doesn't match the NetBios nor the DNS format")
    if not user:
        found.append("'s User cannot be empty")
    elif formats.size(user) > _MAX_USER:
        found.append(f"'s User length must not be longer than {_MAX_USER} characters")
    if user and not user.strip(". "):
        found.append("'s User cannot contain only periods or spaces")
    if re.search(_NOT_IN_USER, user):
        found.append("'s User cannot contain the following characters: \"/\\:;|=,+*?<>@[]")
    return found


def validate_host_process(spec: Object, path: str, errors: Errors) -> None:
    """`validateWindowsHostProcessPod`: all containers are HostProcess containers, or none."""
    of_pod = _host_process(spec)
    count = with_host_process = 0
    for name in _CONTAINER_LISTS:
        for index, container in enumerate(spec.get(name) or ()):
            count += 1
            own = _host_process(container)
            if of_pod is not None and own is not None and own != of_pod:
                was = "true" if of_pod else "false"
                detail = f"pod hostProcess value must be identical if both are specified, was {was}"
                below = f"{path}.{name}[{index}].securityContext.windowsOptions.hostProcess"
                errors.invalid(below, own, detail)
            with_host_process += bool(of_pod if own is None else own)
    if not with_host_process:
        return
    if with_host_process != count:
        detail = (
            "If pod contains any hostProcess containers then all containers must be HostProcess "
            "containers"
        )
        errors.invalid(path, "", detail)
    if not spec.get("hostNetwork"):
        detail = "hostNetwork must be true if pod contains any hostProcess containers"
        errors.invalid(f"{path}.hostNetwork", False, detail)


def _host_process(holder: Object) -> bool | None:
    options = (holder.get("securityContext") or {}).get("windowsOptions") or {}
    found: bool | None = options.get("hostProcess")
    return found
