"""EndpointSlices. After `pkg/apis/discovery/validation: ValidateEndpointSliceCreate`."""

from __future__ import annotations

from typing import Any

from checker.api.validation import formats
from checker.api.validation.addresses import is_ipv6, validate_ip, validate_ip_for_legacy_field
from checker.api.validation.endpoints import validate_endpoint_ip
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import (
    validate_dns_1123_label,
    validate_labels,
    validate_object_meta,
    validate_qualified_name,
)
from checker.api.validation.ports import PROTOCOLS

Object = dict[str, Any]

_TYPES = ("FQDN", "IPv4", "IPv6")
_MAX_ENDPOINTS, _MAX_PORTS, _MAX_ADDRESSES, _MAX_HINTS, _MAX_LABELS = 1000, 20000, 100, 8, 16


def validate(endpoint_slice: Object, errors: Errors) -> None:
    """`ValidateEndpointSlice`."""
    meta = endpoint_slice["metadata"]
    validate_object_meta(meta, True, formats.dns_1123_subdomain, "metadata", errors)
    kind = endpoint_slice.get("addressType", "")
    if not kind:
        errors.required("addressType")
    elif kind not in _TYPES:
        errors.not_supported("addressType", kind, _TYPES)
    _validate_ports(endpoint_slice.get("ports") or [], errors)
    endpoints = endpoint_slice.get("endpoints") or []
    if len(endpoints) > _MAX_ENDPOINTS:
        errors.too_many("endpoints", len(endpoints), _MAX_ENDPOINTS)
        return
    for index, endpoint in enumerate(endpoints):
        _validate_endpoint(endpoint, kind, f"endpoints[{index}]", errors)


def _validate_ports(ports: list[Object], errors: Errors) -> None:
    """`validatePorts`; port numbers are not looked at."""
    if len(ports) > _MAX_PORTS:
        errors.too_many("ports", len(ports), _MAX_PORTS)
        return
    names = set()
    for index, port in enumerate(ports):
        path, name = f"ports[{index}]", port.get("name", "")
        if name:
            validate_dns_1123_label(name, f"{path}.name", errors)
        if name in names:
            errors.duplicate(f"{path}.name", name)
        names.add(name)
        protocol = port.get("protocol", "TCP")
        if protocol not in PROTOCOLS:
            errors.not_supported(f"{path}.protocol", protocol, PROTOCOLS)
        if (application := port.get("appProtocol")) is not None:
            validate_qualified_name(application, f"{path}.appProtocol", errors)


def _validate_endpoint(endpoint: Object, kind: str, path: str, errors: Errors) -> None:
    """`validateEndpoints`."""
    addresses = endpoint.get("addresses") or []
    below = f"{path}.addresses"
    if not addresses:
        errors.required(below, "must contain at least 1 address")
    elif len(addresses) > _MAX_ADDRESSES:
        errors.too_many(below, len(addresses), _MAX_ADDRESSES)
    for index, address in enumerate(addresses):
        _validate_address(address, kind, below, index, errors)
    if (node := endpoint.get("nodeName")) is not None:
        errors.invalid_each(f"{path}.nodeName", node, formats.dns_1123_subdomain(node))
    if topology := endpoint.get("deprecatedTopology"):
        if len(topology) > _MAX_LABELS:
            errors.too_many(f"{path}.deprecatedTopology", len(topology), _MAX_LABELS)
        validate_labels(topology, f"{path}.deprecatedTopology", errors)
    if (name := endpoint.get("hostname")) is not None:
        validate_dns_1123_label(name, f"{path}.hostname", errors)
    if (hints := endpoint.get("hints")) is not None:
        _validate_hints(hints, f"{path}.hints", errors)


def _validate_address(address: str, kind: str, path: str, index: int, errors: Errors) -> None:
    before = len(errors)
    place = f"{path}[{index}]"
    if kind == "IPv4":
        validate_ip_for_legacy_field(address, place, errors)
    elif kind == "IPv6":
        validate_ip(address, place, errors)
    elif kind == "FQDN":
        _validate_fqdn(address, place, errors)
    if kind in ("IPv4", "IPv6") and len(errors) == before:
        if is_ipv6(address) != (kind == "IPv6"):
            errors.invalid(path, address, f"must be an {kind} address")
        validate_endpoint_ip(address, place, errors)


def _validate_fqdn(name: str, path: str, errors: Errors) -> None:
    """`validation.IsFullyQualifiedDomainName`."""
    if not name:
        errors.required(path)
        return
    name = name.removesuffix(".")
    if messages := formats.dns_1123_subdomain(name):
        errors.invalid(path, name, ",".join(messages))
    elif "." not in name:
        detail = "should be a domain with at least two segments separated by dots"
        errors.invalid(path, name, detail)
    else:
        for label in name.split("."):
            if messages := formats.dns_1123_label(label):
                errors.invalid(path, label, ",".join(messages))


def _validate_hints(hints: Object, path: str, errors: Errors) -> None:
    """`validateHints`."""
    for field, valid in (
        ("forZones", formats.label_value),
        ("forNodes", formats.dns_1123_subdomain),
    ):
        items = hints.get(field) or []
        if len(items) > _MAX_HINTS:
            errors.too_many(f"{path}.{field}", len(items), _MAX_HINTS)
            return
        names = set()
        for index, item in enumerate(items):
            name, below = item.get("name", ""), f"{path}.{field}[{index}].name"
            if name in names:
                errors.duplicate(below, name)
            names.add(name)
            errors.invalid_each(below, name, valid(name))
