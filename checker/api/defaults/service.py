"""Defaults of Services. After `pkg/apis/core/v1: SetDefaults_Service`."""

from __future__ import annotations

from typing import Any

from checker.api.defaults.pod import meta_and_spec

Object = dict[str, Any]


def set_defaults(service: Object) -> None:
    """`SetDefaults_Service`, and the storage's own `normalizeClusterIPs` and `PrepareForCreate`."""
    meta_and_spec(service)
    service.pop("status", None)
    spec = service["spec"]
    affinity = spec.get("sessionAffinity") or "None"
    spec["sessionAffinity"] = affinity
    if affinity == "None":
        spec.pop("sessionAffinityConfig", None)
    elif affinity == "ClientIP":
        config = (spec.get("sessionAffinityConfig") or {}).get("clientIP") or {}
        seconds = config.get("timeoutSeconds", 10800)
        spec["sessionAffinityConfig"] = {"clientIP": {"timeoutSeconds": seconds}}
    kind = spec.get("type") or "ClusterIP"
    spec["type"] = kind
    for port in spec.get("ports") or ():
        if not port.get("protocol"):
            port["protocol"] = "TCP"
        if not port.get("targetPort"):
            port["targetPort"] = port.get("port", 0)
    external = kind in ("LoadBalancer", "NodePort") or (
        kind == "ClusterIP" and spec.get("externalIPs")
    )
    if external and not spec.get("externalTrafficPolicy"):
        spec["externalTrafficPolicy"] = "Cluster"
    if kind in ("ClusterIP", "NodePort", "LoadBalancer"):
        spec.setdefault("internalTrafficPolicy", "Cluster")
    if kind == "LoadBalancer":
        spec.setdefault("allocateLoadBalancerNodePorts", True)
    if spec.get("clusterIP") and not spec.get("clusterIPs"):
        spec["clusterIPs"] = [spec["clusterIP"]]
