"""Pod Security admission, as far as ports and sysctls go.

A namespace with the label `pod-security.kubernetes.io/enforce` refuses pods. A bare Pod is refused
when it is created, a workload is not: its pods are then never made, which looks like replicas that
never come. `k8s.io/pod-security-admission/policy`: check_hostNetwork… of the baseline level.
"""

from __future__ import annotations

from collections.abc import Mapping

from checker.network import sentences as say
from checker.network.fields import flag, items, text
from checker.network.model import PodTemplate
from checker.network.readiness import SAFE_SYSCTLS
from checker.network.workloads import containers

ENFORCE_LABEL = "pod-security.kubernetes.io/enforce"


def forbidden(template: PodTemplate, namespace_labels: Mapping[str, str]) -> tuple[str, str] | None:
    """Why the namespace takes no pod of this template, with the field below its spec."""
    level = namespace_labels.get(ENFORCE_LABEL, "privileged")
    if level not in ("baseline", "restricted"):
        return None
    found = _baseline(template)
    if found is None:
        return None
    what, field = found
    return say.pod_security(level, template.namespace, what), field


def _baseline(template: PodTemplate) -> tuple[str, str] | None:
    spec = template.spec
    for name in ("hostNetwork", "hostPID", "hostIPC"):
        if flag(spec, name):
            return name, name
    for port in template.ports:
        if port.host_port:
            return f"hostPort {port.host_port}", f"{port.field}.hostPort"
    for index, sysctl in enumerate(items(spec, "securityContext", "sysctls")):
        if text(sysctl, "name") not in SAFE_SYSCTLS:
            field = f"securityContext.sysctls[{index}].name"
            return f"the sysctl {text(sysctl, 'name')}", field
    for container in containers(template):
        if flag(container, "securityContext", "privileged"):
            return "privileged containers", "containers"
    for index, volume in enumerate(items(spec, "volumes")):
        if volume.get("hostPath") is not None:
            return "hostPath volumes", f"volumes[{index}].hostPath"
    return None
