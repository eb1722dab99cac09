"""Endpoints. After `pkg/apis/core/validation: ValidateEndpointsCreate`."""

from __future__ import annotations

from typing import Any

from checker.api.validation import formats
from checker.api.validation.addresses import parse_sloppy, validate_ip_for_legacy_field
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import (
    validate_dns_1123_label,
    validate_object_meta,
    validate_qualified_name,
)
from checker.api.validation.ports import validate_protocol

Object = dict[str, Any]


def validate(endpoints: Object, errors: Errors) -> None:
    """`ValidateEndpoints`."""
    meta = endpoints["metadata"]
    validate_object_meta(meta, True, formats.dns_1123_subdomain, "metadata", errors)
    for index, subset in enumerate(endpoints.get("subsets") or ()):
        _validate_subset(subset, f"subsets[{index}]", errors)


def _validate_subset(subset: Object, path: str, errors: Errors) -> None:
    """`validateEndpointSubsets`."""
    if not subset.get("addresses") and not subset.get("notReadyAddresses"):
        errors.required(path, "must specify `addresses` or `notReadyAddresses`")
    for name in ("addresses", "notReadyAddresses"):
        for index, address in enumerate(subset.get(name) or ()):
            _validate_address(address, f"{path}.{name}[{index}]", errors)
    ports = subset.get("ports") or []
    for index, port in enumerate(ports):
        _validate_port(port, len(ports) > 1, f"{path}.ports[{index}]", errors)


def _validate_address(address: Object, path: str, errors: Errors) -> None:
    """`validateEndpointAddress`."""
    ip = address.get("ip", "")
    validate_ip_for_legacy_field(ip, f"{path}.ip", errors)
    if name := address.get("hostname"):
        validate_dns_1123_label(name, f"{path}.hostname", errors)
    if (node := address.get("nodeName")) is not None:
        errors.invalid_each(f"{path}.nodeName", node, formats.dns_1123_subdomain(node))
    validate_endpoint_ip(ip, f"{path}.ip", errors)


def validate_endpoint_ip(address: str, path: str, errors: Errors) -> None:
    """`ValidateEndpointIP`: addresses that an endpoint must not have."""
    parsed = parse_sloppy(address)
    if parsed is None:
        errors.invalid(path, address, "must be a valid IP address")
        return
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    if parsed.is_unspecified:
        errors.invalid(path, address, f"may not be unspecified ({address})")
    if parsed.is_loopback:
        errors.invalid(path, address, "may not be in the loopback range (127.0.0.0/8, ::1/128)")
    if parsed.is_link_local:
        detail = "may not be in the link-local range (169.254.0.0/16, fe80::/10)"
        errors.invalid(path, address, detail)
    number = int(parsed)
    multicast = number >> 8 == 0xE00000 if parsed.version == 4 else number >> 112 & 0xFF0F == 0xFF02
    if multicast:
        detail = "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"
        errors.invalid(path, address, detail)


def _validate_port(port: Object, name_required: bool, path: str, errors: Errors) -> None:
    """`validateEndpointPort`."""
    if name := port.get("name"):
        validate_dns_1123_label(name, f"{path}.name", errors)
    elif name_required:
        errors.required(f"{path}.name")
    number = port.get("port", 0)
    errors.invalid_each(f"{path}.port", number, formats.port_number(number))
    validate_protocol(port.get("protocol", ""), f"{path}.protocol", errors)
    if (protocol := port.get("appProtocol")) is not None:
        validate_qualified_name(protocol, f"{path}.appProtocol", errors)
