"""What keeps a container from running although its program would: its user, what its variables are
to be taken from, a hook that fails.

Neither becomes better by itself, so the kubelet tries over and over.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checker.network.exec_probes import succeeds
from checker.network.fields import flag, items, mapping, port, text, texts
from checker.network.listeners import Given, static_environment
from checker.network.model import Listener, Program

#: Below it a port is the superuser's (`net.ipv4.ip_unprivileged_port_start`). containerd makes it 0
#: in networks of pods' own; a node's own network has the kernel's default.
_FIRST_FREE = 1024
#: Their files carry the right to low ports with them (`setcap cap_net_bind_service`).
_PRIVILEGED_FILES = frozenset(("caddy", "coredns"))


def kept_back(
    spec: dict[str, Any], container: dict[str, Any], program: Program, given: Given
) -> str:
    """Why a container of the pod's `spec` never runs; "" where nothing keeps it from that."""
    return _missing_key(container, given) or _low_port(spec, container, program)


def _missing_key(container: dict[str, Any], given: Given) -> str:
    """A key that an object of the input lacks: CreateContainerConfigError
    (`pkg/kubelet/kubelet_pods.go: makeEnvironmentVariables`). An object that is not in the input is
    taken to be in the cluster.
    """
    for variable in items(container, "env"):
        for kind, reference, objects in (
            ("ConfigMap", "configMapKeyRef", given.config_maps),
            ("Secret", "secretKeyRef", given.secrets),
        ):
            wanted = mapping(variable, "valueFrom", reference)
            name, key = text(wanted, "name"), text(wanted, "key")
            if not wanted or flag(wanted, "optional"):
                continue
            data = objects(name)
            if data is not None and key not in data:
                return f"{kind} {name} has no key {key}"
    return ""


def _low_port(spec: dict[str, Any], container: dict[str, Any], program: Program) -> str:
    """A port below 1024 of the node's own network, wanted by another user than the superuser."""
    if spec.get("hostNetwork") is not True or program.name in _PRIVILEGED_FILES:
        return ""
    context = mapping(spec, "securityContext") | mapping(container, "securityContext")
    user = context.get("runAsUser")
    if not isinstance(user, int) or user == 0:
        return ""
    low = next((one for one in program.listeners if one.port < _FIRST_FREE), None)
    if low is None:
        return ""
    return f"port {low.port} of the node's own network is not for user {user}"


def hook_fails(
    container: dict[str, Any], program: Program, listeners: Sequence[Listener], all_known: bool
) -> str:
    """Why the postStart hook certainly fails, which ends the container; "" where it need not
    (`pkg/kubelet/kuberuntime/kuberuntime_container.go: startContainer`).

    `listeners` are the pod's, which are all there are if `all_known`. Whether one listens already
    when the hook runs, nobody knows.
    """
    hook = mapping(container, "lifecycle", "postStart")
    command = texts(hook, "exec", "command")
    if command:
        environment = static_environment(container)
        words = [environment.expand(word) or "" for word in command]
        mounts = [text(mount, "mountPath") for mount in items(container, "volumeMounts")]
        if succeeds(words, program, mounts, listeners, all_known) is False:
            return f"its postStart hook fails ({' '.join(words)})"
    wanted = port(mapping(hook, "httpGet"), "port")
    if "httpGet" in hook and isinstance(wanted, int) and not text(hook, "httpGet", "host"):
        ports = {one.port for one in listeners if one.protocol == "TCP" and not one.is_loopback}
        if all_known and wanted not in ports:
            return f"its postStart hook asks port {wanted}, where nothing listens"
    return ""
