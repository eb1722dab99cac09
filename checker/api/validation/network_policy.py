"""NetworkPolicies. After `pkg/apis/networking/validation: ValidateNetworkPolicy`."""

from __future__ import annotations

from typing import Any

from checker.api.validation import formats
from checker.api.validation.addresses import parse_cidr_sloppy, validate_cidr_for_legacy_field
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import validate_label_selector, validate_object_meta

Object = dict[str, Any]

_PROTOCOLS = ("TCP", "UDP", "SCTP")
_TYPES = ("Ingress", "Egress")


def validate(policy: Object, errors: Errors) -> None:
    """`ValidateNetworkPolicy`."""
    meta, spec = policy["metadata"], policy["spec"]
    validate_object_meta(meta, True, formats.dns_1123_subdomain, "metadata", errors)
    validate_label_selector(spec.get("podSelector"), "spec.podSelector", errors)
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        for index, rule in enumerate(spec.get(direction) or ()):
            path = f"spec.{direction}[{index}]"
            for position, port in enumerate(rule.get("ports") or ()):
                validate_port(port, f"{path}.ports[{position}]", errors)
            for position, peer in enumerate(rule.get(peers) or ()):
                validate_peer(peer, f"{path}.{peers}[{position}]", errors)
    types = spec.get("policyTypes") or []
    if len(types) > len(_TYPES):
        errors.invalid("spec.policyTypes", types, "may not specify more than two policyTypes")
        return
    for index, kind in enumerate(types):
        if kind not in _TYPES:
            errors.not_supported(f"spec.policyTypes[{index}]", kind, _TYPES)


def validate_port(port: Object, path: str, errors: Errors) -> None:
    """`ValidateNetworkPolicyPort`."""
    protocol = port.get("protocol", "TCP")
    if protocol not in _PROTOCOLS:
        errors.not_supported(f"{path}.protocol", protocol, _PROTOCOLS)
    number, end = port.get("port"), port.get("endPort")
    if number is None:
        if end is not None:
            detail = "may not be specified when `port` is not specified"
            errors.invalid(f"{path}.endPort", end, detail)
    elif isinstance(number, str):
        if end is not None:
            detail = "may not be specified when `port` is non-numeric"
            errors.invalid(f"{path}.endPort", end, detail)
        errors.invalid_each(f"{path}.port", number, formats.port_name(number))
    else:
        errors.invalid_each(f"{path}.port", number, formats.port_number(number))
        if end is not None:
            if end < number:
                # It prints port's value, not endPort's.
                detail = "must be greater than or equal to `port`"
                errors.invalid(f"{path}.endPort", number, detail)
            errors.invalid_each(f"{path}.endPort", end, formats.port_number(end))


def validate_peer(peer: Object, path: str, errors: Errors) -> None:
    """`ValidateNetworkPolicyPeer`."""
    count = 0
    for name in ("podSelector", "namespaceSelector"):
        if (selector := peer.get(name)) is not None:
            count += 1
            validate_label_selector(selector, f"{path}.{name}", errors)
    block = peer.get("ipBlock")
    if block is not None:
        count += 1
        _validate_ip_block(block, f"{path}.ipBlock", errors)
    if count == 0:
        errors.required(path, "must specify a peer")
    elif count > 1 and block is not None:
        errors.forbidden(path, "may not specify both ipBlock and another peer")


def _validate_ip_block(block: Object, path: str, errors: Errors) -> None:
    """`ValidateIPBlock`."""
    text = block.get("cidr", "")
    if not text:
        errors.required(f"{path}.cidr")
        return
    validate_cidr_for_legacy_field(text, f"{path}.cidr", errors)
    cidr = parse_cidr_sloppy(text)
    if cidr is None:
        return
    address, length = cidr
    for index, except_text in enumerate(block.get("except") or ()):
        below = f"{path}.except[{index}]"
        validate_cidr_for_legacy_field(except_text, below, errors)
        parsed = parse_cidr_sloppy(except_text)
        if parsed is None:
            continue
        inner, inner_length = parsed
        shift = address.max_prefixlen - length
        inside = (
            inner.version == address.version
            and (
                int(inner)
                >> max(shift, inner.max_prefixlen - inner_length)
                << max(shift, inner.max_prefixlen - inner_length)
            )
            >> shift
            == int(address) >> shift
        )
        if not inside or length >= inner_length:
            errors.invalid(below, except_text, "must be a strict subset of `cidr`")
