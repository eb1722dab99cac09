"""Warnings about Services. After `pkg/api/service: GetWarningsForService`."""

from __future__ import annotations

from typing import Any

from checker.api.validation.addresses import warnings_for_cidr, warnings_for_ip

Object = dict[str, Any]
Warnings = list[tuple[str, str]]

_HINTS = "service.kubernetes.io/topology-aware-hints"


def warn(service: Object) -> Warnings:
    """The fields and lines of all warnings, in the server's order."""
    spec = service["spec"]
    found: Warnings = []
    if _HINTS in (service["metadata"].get("annotations") or {}):
        line = (
            f"annotation {_HINTS} is deprecated, please use "
            "service.kubernetes.io/topology-mode instead"
        )
        found.append((f"metadata.annotations[{_HINTS}]", line))
    kind, external = spec["type"], spec.get("externalIPs") or []
    headless = kind == "ClusterIP" and spec.get("clusterIP") == "None"
    if not headless:
        _warn_addresses("spec.clusterIPs", spec.get("clusterIPs") or [], found)
    else:
        if spec.get("loadBalancerIP"):
            line = "spec.loadBalancerIP is ignored for headless services"
            found.append(("spec.loadBalancerIP", line))
        if external:
            line = "spec.externalIPs is ignored for headless services"
            found.append(("spec.externalIPs", line))
        if spec["sessionAffinity"] != "None":
            line = "spec.SessionAffinity is ignored for headless services"
            found.append(("spec.sessionAffinity", line))
    _warn_addresses("spec.externalIPs", external, found)
    if external and not headless and kind != "ExternalName":
        line = "spec.externalIPs is deprecated and may no longer be implemented in some clusters"
        found.append(("spec.externalIPs", line))
    if address := spec.get("loadBalancerIP"):
        path = "spec.loadBalancerIP"
        found += [(path, line) for line in warnings_for_ip(address, path)]
    for index, cidr in enumerate(spec.get("loadBalancerSourceRanges") or ()):
        path = f"spec.loadBalancerSourceRanges[{index}]"
        found += [(path, line) for line in warnings_for_cidr(cidr, path)]
    _warn_ignored(spec, kind, external, found)
    return found


def _warn_addresses(path: str, addresses: list[str], found: Warnings) -> None:
    for index, address in enumerate(addresses):
        below = f"{path}[{index}]"
        found += [(below, line) for line in warnings_for_ip(address, below)]


def _warn_ignored(spec: Object, kind: str, external: list[str], found: Warnings) -> None:
    if kind == "ExternalName" and external:
        line = 'spec.externalIPs is ignored when spec.type is "ExternalName"'
        found.append(("spec.externalIPs", line))
    if kind != "ExternalName" and spec.get("externalName"):
        line = 'spec.externalName is ignored when spec.type is not "ExternalName"'
        found.append(("spec.externalName", line))
    if spec.get("trafficDistribution") == "PreferClose":
        line = 'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'
        found.append(("spec.trafficDistribution", line))
