"""Pod Security admission: which templates' pods a namespace refuses.

A namespace with the label `pod-security.kubernetes.io/enforce` refuses pods. A bare Pod is refused
when it is created, a workload is not: its pods are then never made, which looks like replicas that
never come. What a level forbids is `checker.api.pod_security`'s; here is the line to look at.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker.api.pod_security import policy_of, violations
from checker.api.validation.namespace import LEVELS
from checker.network import sentences as say
from checker.network.fields import flag, items, mapping, text
from checker.network.model import PodTemplate

ENFORCE_LABEL = "pod-security.kubernetes.io/enforce"

#: Words that violations begin with, and the field of a container's security context that is meant.
_IN_CONTEXT = {
    "non-default capabilities": "capabilities",
    "unrestricted capabilities": "capabilities",
    "privileged": "privileged",
    "procMount": "procMount",
    "allowPrivilegeEscalation": "allowPrivilegeEscalation",
    "runAsNonRoot": "runAsNonRoot",
    "runAsUser": "runAsUser",
    "seccompProfile": "seccompProfile",
}


def forbidden(template: PodTemplate, namespace_labels: Mapping[str, str]) -> tuple[str, str] | None:
    """Why the namespace takes no pod of this template, with the field below its spec."""
    level = namespace_labels.get(ENFORCE_LABEL, "privileged")
    if level not in LEVELS or level == "privileged" or not template.accepted:
        return None
    meta: dict[str, Any] = {"annotations": template.annotations}
    found = violations(policy_of(dict(namespace_labels)).enforce, meta, template.spec)
    if not found:
        return None
    return say.pod_security(level, template.namespace, found), _field(template, found)


def _field(template: PodTemplate, found: str) -> str:
    """The field that the first of the violations means; the spec's first container at least."""
    spec = template.spec
    if found.startswith("host namespaces"):
        return next(name for name in ("hostNetwork", "hostPID", "hostIPC") if flag(spec, name))
    if found.startswith("hostPort "):
        return next(f"{one.field}.hostPort" for one in template.ports if one.host_port)
    if found.startswith("forbidden sysctls"):
        return "securityContext.sysctls"
    if found.startswith(("hostPath volumes", "restricted volume types")):
        return "volumes"
    wanted = next((name for start, name in _IN_CONTEXT.items() if found.startswith(start)), "")
    for key in ("initContainers", "containers"):
        for index, container in enumerate(items(spec, key)):
            context = mapping(container, "securityContext")
            if wanted in context and f'"{text(container, "name")}"' in found:
                return f"{key}[{index}].securityContext.{wanted}"
    if wanted in mapping(spec, "securityContext"):
        return f"securityContext.{wanted}"
    return "containers"
