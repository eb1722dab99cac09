"""The variables that a container is given about Services.

`pkg/kubelet/envvars: FromServices`, `pkg/kubelet/kubelet_pods.go: getServiceEnvVarMap`: the
Services of the pod's own namespace that have a cluster IP and exist when the container starts;
the `kubernetes` Service of `default` always, the others only where `enableServiceLinks` is on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.network.fields import flag

if TYPE_CHECKING:
    from checker.network.cluster import Cluster
    from checker.network.model import Pod
    from checker.network.services import Service


def service_variables(cluster: Cluster, pod: Pod) -> dict[str, str]:
    """Variables by name, for all containers of the pod."""
    links = flag(pod.template.spec, "enableServiceLinks", default=True)
    api_server = cluster.find_service("default", "kubernetes")
    variables: dict[str, str] = {}
    if api_server is not None:
        variables |= of_service(api_server)
    if links:
        for service in cluster.services.values():
            if service.namespace == pod.namespace and service.accepted:
                variables |= of_service(service)
    return variables


def of_service(service: Service) -> dict[str, str]:
    """The variables about one Service; none for a headless one or an ExternalName."""
    if not service.address or service.is_headless or not service.ports:
        return {}
    prefix = _variable(service.name)
    variables = {
        f"{prefix}_SERVICE_HOST": service.address,
        f"{prefix}_SERVICE_PORT": str(service.ports[0].port),
    }
    for port in service.ports:
        if port.name:
            variables[f"{prefix}_SERVICE_PORT_{_variable(port.name)}"] = str(port.port)
    host = f"[{service.address}]" if ":" in service.address else service.address
    for index, port in enumerate(service.ports):
        protocol = port.protocol.lower()
        url = f"{protocol}://{host}:{port.port}"
        if index == 0:
            variables[f"{prefix}_PORT"] = url
        base = f"{prefix}_PORT_{port.port}_{port.protocol.upper()}"
        variables[base] = url
        variables[f"{base}_PROTO"] = protocol
        variables[f"{base}_PORT"] = str(port.port)
        variables[f"{base}_ADDR"] = service.address
    return variables


def _variable(name: str) -> str:
    return name.replace("-", "_").upper()
