"""Where objects live in the API: paths by kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: Plurals that are not just an `s` at the end.
_PLURALS = {
    "Ingress": "ingresses",
    "NetworkPolicy": "networkpolicies",
    "IngressClass": "ingressclasses",
    "GatewayClass": "gatewayclasses",
    "Endpoints": "endpoints",
}
#: What outlives a namespace: never applied, for others share it.
CLUSTER_WIDE = frozenset(
    {
        "Node",
        "IngressClass",
        "GatewayClass",
        "ClusterRole",
        "ClusterRoleBinding",
        "PersistentVolume",
        "StorageClass",
        "PriorityClass",
        "RuntimeClass",
        "CustomResourceDefinition",
    }
)


def collection(api_version: str, kind: str, namespace: str | None) -> str:
    """The path of all objects of a kind, in a namespace (None: everywhere, or cluster-wide)."""
    plural = _PLURALS.get(kind, f"{kind.lower()}s")
    root = f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
    return f"{root}/namespaces/{namespace}/{plural}" if namespace else f"{root}/{plural}"


def object_path(manifest: Mapping[str, Any]) -> str:
    """The path of one object, which says its namespace if it has one."""
    metadata = manifest["metadata"]
    where = collection(manifest["apiVersion"], manifest["kind"], metadata.get("namespace"))
    return f"{where}/{metadata['name']}"


def namespace_path(name: str) -> str:
    """The path of a namespace."""
    return f"/api/v1/namespaces/{name}"
