"""Services. After `pkg/apis/core/validation: ValidateServiceCreate`."""

from __future__ import annotations

from typing import Any

from checker.api.validation import formats
from checker.api.validation.addresses import (
    is_ipv6,
    validate_cidr_for_legacy_field,
    validate_ip_for_legacy_field,
)
from checker.api.validation.endpoints import validate_endpoint_ip
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import (
    validate_dns_1123_label,
    validate_dns_1123_subdomain,
    validate_labels,
    validate_object_meta,
    validate_qualified_name,
)
from checker.api.validation.ports import validate_port_num_or_name, validate_protocol

Object = dict[str, Any]

_TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
_FAMILIES = ("IPv4", "IPv6")
_FAMILY_POLICIES = ("PreferDualStack", "RequireDualStack", "SingleStack")
_POLICIES = ("Cluster", "Local")
_DISTRIBUTIONS = ("PreferClose", "PreferSameZone", "PreferSameNode")
_TOPOLOGY_HINTS = "service.kubernetes.io/topology-aware-hints"
_TOPOLOGY_MODE = "service.kubernetes.io/topology-mode"
_SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"
_ONLY_LOAD_BALANCER = "may only be used when `type` is 'LoadBalancer'"
_NOT_EXTERNAL_NAME = "may not be set for ExternalName services"


def is_headless(service: Object) -> bool:
    """`isHeadlessService`: `clusterIPs` is `None` alone."""
    return (service["spec"].get("clusterIPs") or ()) == ["None"]


def externally_accessible(spec: Object) -> bool:
    """`pkg/api/service: ExternallyAccessible`."""
    kind = spec.get("type")
    return kind in ("LoadBalancer", "NodePort") or (
        kind == "ClusterIP" and bool(spec.get("externalIPs"))
    )


def needs_health_check(spec: Object) -> bool:
    """`pkg/api/service: NeedsHealthCheck`."""
    local = spec.get("externalTrafficPolicy") == "Local"
    return spec.get("type") == "LoadBalancer" and local


def validate(service: Object, errors: Errors) -> None:
    """`ValidateServiceCreate`."""
    validate_object_meta(service["metadata"], True, formats.dns_1123_label, "metadata", errors)
    validate_service(service, errors)


def validate_service(service: Object, errors: Errors) -> None:
    """`validateService`."""
    spec = service["spec"]
    kind = spec.get("type", "")
    ports = spec.get("ports") or []
    annotations = service["metadata"].get("annotations") or {}
    _validate_topology(annotations, errors)
    if not ports and kind != "ExternalName" and not is_headless(service):
        errors.required("spec.ports")
    _validate_type(service, kind, errors)
    names: set[str] = set()
    for index, port in enumerate(ports):
        validate_service_port(port, len(ports) > 1, names, f"spec.ports[{index}]", errors)
    if selector := spec.get("selector"):
        validate_labels(selector, "spec.selector", errors)
    _validate_session_affinity(spec, errors)
    validate_cluster_ips(spec, errors)
    for index, address in enumerate(spec.get("externalIPs") or ()):
        path = f"spec.externalIPs[{index}]"
        if validate_ip_for_legacy_field(address, path, errors):
            validate_endpoint_ip(address, path, errors)
    if not kind:
        errors.required("spec.type")
    elif kind not in _TYPES:
        errors.not_supported("spec.type", kind, _TYPES)
    _validate_node_ports(spec, kind, ports, errors)
    _validate_duplicate_ports(ports, errors)
    _validate_source_ranges(spec, kind, annotations, errors)
    if spec.get("allocateLoadBalancerNodePorts") is not None and kind != "LoadBalancer":
        errors.forbidden("spec.allocateLoadBalancerNodePorts", _ONLY_LOAD_BALANCER)
    _validate_load_balancer_class(spec, kind, errors)
    _validate_external_traffic_policy(spec, errors)
    policy = spec.get("internalTrafficPolicy")
    if policy is not None and policy not in _POLICIES:
        errors.not_supported("spec.internalTrafficPolicy", policy, _POLICIES)
    distribution = spec.get("trafficDistribution")
    if distribution is not None and distribution not in _DISTRIBUTIONS:
        path = "spec.trafficDistribution"
        errors.not_supported(path, distribution, _DISTRIBUTIONS, named=False)


def _validate_topology(annotations: dict[str, str], errors: Errors) -> None:
    hints, mode = annotations.get(_TOPOLOGY_HINTS), annotations.get(_TOPOLOGY_MODE)
    if hints is not None and mode is not None and mode != hints:
        detail = f"must match annotations[{_TOPOLOGY_HINTS}] when both are specified"
        errors.invalid(f"metadata.annotations[{_TOPOLOGY_MODE}]", mode, detail)


def _validate_type(service: Object, kind: str, errors: Errors) -> None:
    """What a Service's type forbids."""
    spec = service["spec"]
    if kind in ("LoadBalancer", "NodePort"):
        if is_headless(service):
            detail = f"may not be set to 'None' for {kind} services"
            errors.invalid("spec.clusterIPs[0]", "None", detail)
    elif kind == "ExternalName":
        if spec.get("clusterIPs"):
            errors.forbidden("spec.clusterIPs", _NOT_EXTERNAL_NAME)
        if spec.get("ipFamilies"):
            errors.forbidden("spec.ipFamilies", _NOT_EXTERNAL_NAME)
        if spec.get("ipFamilyPolicy") is not None:
            errors.forbidden("spec.ipFamilyPolicy", _NOT_EXTERNAL_NAME)
        name = (spec.get("externalName") or "").removesuffix(".")
        if name:
            validate_dns_1123_subdomain(name, "spec.externalName", errors)
        else:
            errors.required("spec.externalName")


def validate_service_port(
    port: Object, name_required: bool, names: set[str], path: str, errors: Errors
) -> None:
    """`validateServicePort`. `names` are those of the ports before."""
    name = port.get("name")
    if name:
        validate_dns_1123_label(name, f"{path}.name", errors)
        if name in names:
            errors.duplicate(f"{path}.name", name)
        names.add(name)
    elif name_required:
        errors.required(f"{path}.name")
    number = port.get("port", 0)
    errors.invalid_each(f"{path}.port", number, formats.port_number(number))
    validate_protocol(port.get("protocol", ""), f"{path}.protocol", errors)
    validate_port_num_or_name(port.get("targetPort", 0), f"{path}.targetPort", errors)
    if (protocol := port.get("appProtocol")) is not None:
        validate_qualified_name(protocol, f"{path}.appProtocol", errors)


def _validate_session_affinity(spec: Object, errors: Errors) -> None:
    affinity = spec.get("sessionAffinity", "")
    path = "spec.sessionAffinityConfig"
    if affinity not in ("ClientIP", "None"):
        errors.not_supported("spec.sessionAffinity", affinity, ("ClientIP", "None"))
    elif affinity == "ClientIP":
        # The defaults have filled in what `validateClientIPAffinityConfig` would miss.
        timeout = spec["sessionAffinityConfig"]["clientIP"]["timeoutSeconds"]
        if not 0 < timeout <= 86400:
            detail = "must be greater than 0 and less than 86400"
            errors.invalid(f"{path}.clientIP.timeoutSeconds", timeout, detail)


def validate_cluster_ips(spec: Object, errors: Errors) -> None:
    """`ValidateServiceClusterIPsRelatedFields`, which the allocation runs first as well."""
    if spec.get("type") == "ExternalName":
        return
    address, addresses = spec.get("clusterIP", ""), spec.get("clusterIPs") or []
    families = spec.get("ipFamilies") or []
    if not address and not addresses and not families and "ipFamilyPolicy" not in spec:
        return
    path = "spec.clusterIPs"
    if address:
        if not addresses:
            errors.required(path)
        elif addresses[0] != address:
            errors.invalid(path, addresses, "first value must match `clusterIP`")
    elif addresses:
        errors.invalid(path, addresses, "must be empty when `clusterIP` is not specified")
    _validate_families(spec, families, errors)
    if not _validate_each_cluster_ip(addresses, path, errors):
        return
    if len(addresses) > 1 and not _is_dual_stack(addresses):
        detail = "may specify no more than one IP for each IP family"
        errors.invalid(path, addresses, detail)
    if addresses == ["None"]:
        return
    for index, (each, family) in enumerate(zip(addresses, families, strict=False)):
        if is_ipv6(each) != (family == "IPv6") and family in _FAMILIES:
            detail = f"expected an {family} value as indicated by `ipFamilies[{index}]`"
            errors.invalid(f"{path}[{index}]", each, detail)


def _validate_families(spec: Object, families: list[str], errors: Errors) -> None:
    seen = set()
    for index, family in enumerate(families):
        if family not in _FAMILIES:
            errors.not_supported(f"spec.ipFamilies[{index}]", family, _FAMILIES)
        if family in seen:
            errors.duplicate(f"spec.ipFamilies[{index}]", family, named=True)
        seen.add(family)
    policy = spec.get("ipFamilyPolicy")
    if policy is not None and policy not in _FAMILY_POLICIES:
        errors.not_supported("spec.ipFamilyPolicy", policy, _FAMILY_POLICIES)


def _validate_each_cluster_ip(addresses: list[str], path: str, errors: Errors) -> bool:
    good = True
    for index, each in enumerate(addresses):
        if index == 0 and each == "None":
            if len(addresses) > 1:
                good = False
                errors.invalid(path, addresses, "'None' must be the first and only value")
            continue
        good = validate_ip_for_legacy_field(each, f"{path}[{index}]", errors) and good
    if len(addresses) > 2:
        errors.invalid(path, addresses, "may only hold up to 2 values")
    return good


def _is_dual_stack(addresses: list[str]) -> bool:
    """`netutils.IsDualStackIPStrings`: at least one address of each family."""
    return len({is_ipv6(address) for address in addresses}) == 2


def _validate_node_ports(spec: Object, kind: str, ports: list[Object], errors: Errors) -> None:
    if kind == "ClusterIP":
        for index, port in enumerate(ports):
            if port.get("nodePort"):
                detail = "may not be used when `type` is 'ClusterIP'"
                errors.forbidden(f"spec.ports[{index}].nodePort", detail)
    if len(ports) < 2:
        return
    seen = set()
    for index, (port, number) in enumerate(
        zip(ports, _allocated_node_ports(spec, kind, ports), strict=True)
    ):
        if number:
            key = (port.get("protocol"), number)
            if key in seen:
                errors.duplicate(f"spec.ports[{index}].nodePort", number)
            seen.add(key)


def _allocated_node_ports(spec: Object, kind: str, ports: list[Object]) -> list[int]:
    """The node ports as validation meets them: ports of one number share theirs (`initNodePorts`).

    What the server draws at random is here what its dry run draws (`AllocateNext`).
    """
    draws = kind == "NodePort" or (
        kind == "LoadBalancer" and spec.get("allocateLoadBalancerNodePorts") is not False
    )
    asked: dict[int, int] = {}
    for port in ports:
        if port.get("nodePort"):
            asked.setdefault(port.get("port", 0), port["nodePort"])
    numbers: list[int] = []
    for port in ports:
        number, own = port.get("port", 0), port.get("nodePort", 0)
        if not own and draws:
            own = asked.setdefault(number, max(numbers, default=32768) + 1)
        numbers.append(own)
    return numbers


def _validate_duplicate_ports(ports: list[Object], errors: Errors) -> None:
    seen = set()
    for index, port in enumerate(ports):
        key = (port.get("protocol", ""), port.get("port", 0))
        if key in seen:
            # The internal type has no JSON names, so Go's are printed.
            errors.duplicate(
                f"spec.ports[{index}]",
                {
                    "Name": "", "Protocol": key[0], "AppProtocol": None, "Port": key[1],
                    "TargetPort": 0, "NodePort": 0,
                },
            )  # fmt: skip
        seen.add(key)


def _validate_source_ranges(
    spec: Object, kind: str, annotations: dict[str, str], errors: Errors
) -> None:
    ranges = spec.get("loadBalancerSourceRanges")
    if ranges:
        path = "spec.LoadBalancerSourceRanges"
        if kind != "LoadBalancer":
            errors.forbidden(path, _ONLY_LOAD_BALANCER)
        for index, cidr in enumerate(ranges):
            validate_cidr_for_legacy_field(cidr.strip(), f"{path}[{index}]", errors)
    elif _SOURCE_RANGES in annotations:
        path = f"metadata.annotations[{_SOURCE_RANGES}]"
        if kind != "LoadBalancer":
            errors.forbidden(path, _ONLY_LOAD_BALANCER)
        text = annotations[_SOURCE_RANGES].strip()
        for cidr in text.split(",") if text else ():
            validate_cidr_for_legacy_field(cidr.strip(), path, errors)


def _validate_load_balancer_class(spec: Object, kind: str, errors: Errors) -> None:
    """`validateLoadBalancerClassField`."""
    name = spec.get("loadBalancerClass")
    if name is None:
        return
    if kind == "LoadBalancer":
        validate_qualified_name(name, "spec.loadBalancerClass", errors)
    else:
        errors.forbidden("spec.loadBalancerClass", _ONLY_LOAD_BALANCER)


def _validate_external_traffic_policy(spec: Object, errors: Errors) -> None:
    """`validateServiceExternalTrafficPolicy`."""
    policy = spec.get("externalTrafficPolicy", "")
    if not externally_accessible(spec):
        if policy:
            detail = "may only be set for externally-accessible services"
            errors.invalid_named("spec.externalTrafficPolicy", policy, detail)
    elif not policy:
        errors.required("spec.externalTrafficPolicy")
    elif policy not in _POLICIES:
        errors.not_supported("spec.externalTrafficPolicy", policy, _POLICIES)
    number = spec.get("healthCheckNodePort", 0)
    path = "spec.healthCheckNodePort"
    # Where one is needed and none given, the allocation has found one.
    if not number:
        return
    if not needs_health_check(spec):
        condition = "`type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
        errors.invalid(path, number, f"may only be set when {condition}")
    else:
        errors.invalid_each(path, number, formats.port_number(number))
