"""Container ports, host ports, and ports given by number or name."""

from __future__ import annotations

from typing import Any

from checker.api.validation import formats
from checker.api.validation.errors import Errors

PROTOCOLS = ("SCTP", "TCP", "UDP")
Object = dict[str, Any]


def validate_container_ports(ports: list[Object], path: str, errors: Errors) -> None:
    """`pkg/apis/core/validation: validateContainerPorts`."""
    names = set()
    for index, port in enumerate(ports):
        name = port.get("name")
        if name:
            messages = formats.port_name(name)
            if messages:
                errors.invalid_each(f"{path}[{index}].name", name, messages)
            elif name in names:
                errors.duplicate(f"{path}[{index}].name", name)
            else:
                names.add(name)
        number = port.get("containerPort", 0)
        if number == 0:
            errors.required(f"{path}[{index}].containerPort")
        elif not 0 < number < 65536:
            errors.invalid_each(
                f"{path}[{index}].containerPort", number, formats.port_number(number)
            )
        host_port = port.get("hostPort", 0)
        if host_port and not 0 < host_port < 65536:
            errors.invalid_each(
                f"{path}[{index}].hostPort", host_port, formats.port_number(host_port)
            )
        protocol = port.get("protocol", "")
        if protocol not in PROTOCOLS:
            validate_protocol(protocol, f"{path}[{index}].protocol", errors)


def validate_protocol(protocol: str, path: str, errors: Errors) -> None:
    """The protocol of a container, Service or endpoint port."""
    if not protocol:
        errors.required(path)
    elif protocol not in PROTOCOLS:
        errors.not_supported(path, protocol, PROTOCOLS)


def validate_port_num_or_name(port: int | str, path: str, errors: Errors) -> None:
    """`ValidatePortNumOrName`."""
    messages = formats.port_name(port) if isinstance(port, str) else formats.port_number(port)
    errors.invalid_each(path, port, messages)


def check_host_port_conflicts(
    containers: list[Object], path: str, errors: Errors, used: set[str] | None = None
) -> None:
    """`AccumulateUniqueHostPorts`: one protocol, host IP and host port only once in a pod."""
    used = set() if used is None else used
    for index, container in enumerate(containers):
        for position, port in enumerate(container.get("ports") or ()):
            number = port.get("hostPort", 0)
            if not number:
                continue
            key = f"{port.get('protocol', '')}/{port.get('hostIP', '')}/{number}"
            if key in used:
                errors.duplicate(f"{path}[{index}].ports[{position}].hostPort", key)
            else:
                used.add(key)
