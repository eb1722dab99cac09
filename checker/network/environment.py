"""The variables that a container is given about Services.

`pkg/kubelet/envvars: FromServices`, `pkg/kubelet/kubelet_pods.go: getServiceEnvVarMap`: the
Services of the pod's own namespace that have a cluster IP and exist when the container starts;
the `kubernetes` Service of `default` always, the others only where `enableServiceLinks` is on.
"""

from __future__ import annotations

from collections.abc import Iterable

from checker.network.services import Service


def service_variables(
    services: Iterable[Service], namespace: str, links: bool, *, named: bool = False
) -> dict[str, str]:
    """Variables by name, for all containers of a pod in `namespace`.

    `links` is the pod's `enableServiceLinks`. The Services of the input are taken to be there when
    containers start. With `named`, values have a Service's name where its address would be.
    """
    chosen: dict[str, Service] = {}
    for service in services:
        if not service.accepted or not service.address or service.is_headless:
            continue
        if (service.namespace, service.name) == ("default", "kubernetes"):
            chosen.setdefault(service.name, service)
        elif service.namespace == namespace and links:
            chosen[service.name] = service
    variables: dict[str, str] = {}
    for service in chosen.values():
        variables |= of_service(service, service.name if named else service.address)
    return variables


def of_service(service: Service, address: str) -> dict[str, str]:
    """The variables about one Service that has a cluster IP; `address` is what they say it is."""
    if not service.ports:
        return {}
    prefix = _variable(service.name)
    variables = {
        f"{prefix}_SERVICE_HOST": address,
        f"{prefix}_SERVICE_PORT": str(service.ports[0].port),
    }
    for port in service.ports:
        if port.name:
            variables[f"{prefix}_SERVICE_PORT_{_variable(port.name)}"] = str(port.port)
    host = f"[{address}]" if ":" in address else address
    for index, port in enumerate(service.ports):
        protocol = port.protocol.lower()
        url = f"{protocol}://{host}:{port.port}"
        if index == 0:
            variables[f"{prefix}_PORT"] = url
        base = f"{prefix}_PORT_{port.port}_{port.protocol.upper()}"
        variables[base] = url
        variables[f"{base}_PROTO"] = protocol
        variables[f"{base}_PORT"] = str(port.port)
        variables[f"{base}_ADDR"] = address
    return variables


def _variable(name: str) -> str:
    return name.replace("-", "_").upper()
