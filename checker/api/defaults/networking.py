"""Defaults of networking kinds.

After `pkg/apis/core/v1`, `pkg/apis/discovery/v1` and `pkg/apis/networking/v1: defaults.go`.
"""

from __future__ import annotations

from typing import Any

from checker.api.defaults.pod import meta_and_spec

Object = dict[str, Any]


def set_endpoints(endpoints: Object) -> None:
    """`SetDefaults_Endpoints`."""
    endpoints.setdefault("metadata", {})
    for subset in endpoints.get("subsets") or ():
        for port in subset.get("ports") or ():
            if not port.get("protocol"):
                port["protocol"] = "TCP"


def set_endpoint_slice(endpoint_slice: Object) -> None:
    """`SetDefaults_EndpointPort`; topology is no field of v1 that can be written."""
    endpoint_slice.setdefault("metadata", {})
    for port in endpoint_slice.get("ports") or ():
        port.setdefault("name", "")
        port.setdefault("protocol", "TCP")
    for endpoint in endpoint_slice.get("endpoints") or ():
        endpoint.pop("deprecatedTopology", None)


def set_ingress(ingress: Object) -> None:
    """None but the structs that are always there."""
    meta_and_spec(ingress)
    ingress.pop("status", None)


def set_ingress_class(ingress_class: Object) -> None:
    """`SetDefaults_IngressClass`."""
    meta_and_spec(ingress_class)
    if (parameters := ingress_class["spec"].get("parameters")) is not None:
        parameters.setdefault("scope", "Cluster")


def set_network_policy(policy: Object) -> None:
    """`SetDefaults_NetworkPolicy`, `SetDefaults_NetworkPolicyPort`."""
    meta_and_spec(policy)
    spec = policy["spec"]
    spec.setdefault("podSelector", {})
    for direction in ("ingress", "egress"):
        for rule in spec.get(direction) or ():
            for port in rule.get("ports") or ():
                port.setdefault("protocol", "TCP")
    if not spec.get("policyTypes"):
        spec["policyTypes"] = ["Ingress", "Egress"] if spec.get("egress") else ["Ingress"]
