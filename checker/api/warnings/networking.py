"""Warnings about networking kinds, from their strategies in `pkg/registry`."""

from __future__ import annotations

from typing import Any

from checker.api.gotext import quote
from checker.api.validation.addresses import warnings_for_cidr, warnings_for_ip
from checker.api.validation.ingress import CLASS_ANNOTATION

Object = dict[str, Any]
Warnings = list[tuple[str, str]]

_MANAGER = "endpointslice.kubernetes.io/managed-by"
_CONTROLLERS = (
    "endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io",
)  # fmt: skip


def warn_endpoints(endpoints: Object) -> Warnings:
    """`pkg/registry/core/endpoint: endpointsWarnings`."""
    labels = endpoints["metadata"].get("labels") or {}
    if labels.get("endpoints.kubernetes.io/managed-by") == "endpoint-controller":
        return []
    found: Warnings = []
    for index, subset in enumerate(endpoints.get("subsets") or ()):
        for field in ("addresses", "notReadyAddresses"):
            for position, address in enumerate(subset.get(field) or ()):
                path = f"subsets[{index}].{field}[{position}].ip"
                found += [(path, line) for line in warnings_for_ip(address.get("ip", ""), path)]
    return found


def warn_endpoint_slice(endpoint_slice: Object) -> Warnings:
    """`pkg/registry/discovery/endpointslice: WarningsOnCreate`."""
    found: Warnings = []
    if endpoint_slice.get("addressType") == "FQDN":
        # The path that it prints begins with a spec that this kind does not have.
        found.append(("addressType", "spec.addressType: FQDN endpoints are deprecated"))
    labels = endpoint_slice["metadata"].get("labels") or {}
    if labels.get(_MANAGER) in _CONTROLLERS:
        return found
    for index, endpoint in enumerate(endpoint_slice.get("endpoints") or ()):
        for position, address in enumerate(endpoint.get("addresses") or ()):
            path = f"endpoints[{index}].addresses[{position}]"
            found += [(path, line) for line in warnings_for_ip(address, path)]
    return found


def warn_ingress(ingress: Object) -> Warnings:
    """`pkg/registry/networking/ingress: WarningsOnCreate`."""
    annotations = ingress["metadata"].get("annotations") or {}
    if CLASS_ANNOTATION not in annotations or ingress["spec"].get("ingressClassName") is not None:
        return []
    use = "please use 'spec.ingressClassName' instead"
    line = f"annotation {quote(CLASS_ANNOTATION)} is deprecated, {use}"
    return [(f"metadata.annotations[{CLASS_ANNOTATION}]", line)]


def warn_network_policy(policy: Object) -> Warnings:
    """`pkg/registry/networking/networkpolicy: networkPolicyWarnings`."""
    found: Warnings = []
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        for index, rule in enumerate(policy["spec"].get(direction) or ()):
            for position, peer in enumerate(rule.get(peers) or ()):
                block = peer.get("ipBlock")
                if block is None:
                    continue
                path = f"spec.{direction}[{index}].{peers}[{position}].ipBlock"
                cidrs = [(f"{path}.cidr", block["cidr"])] + [
                    (f"{path}.except[{place}]", cidr)
                    for place, cidr in enumerate(block.get("except") or ())
                ]
                for below, cidr in cidrs:
                    found += [(below, line) for line in warnings_for_cidr(cidr, below)]
    return found
