"""What a kubeadm cluster has in kube-system that traffic depends on: cluster DNS, and rights."""

from typing import Any

from tests.cluster.api import Api, path_of
from tests.cluster.versions import COREDNS_IMAGE, DNS_SERVICE

# kubeadm's Corefile; `forward` is left out because there is nothing to forward to,
# `loop` and `reload` because there is nothing to find.
COREFILE = """\
.:53 {
    errors
    health {
       lameduck 0s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    cache 30 {
       disable success cluster.local
       disable denial cluster.local
    }
    loadbalance
}
"""

_NAME = {"name": "coredns", "namespace": "kube-system"}
_LABELS = {"k8s-app": "kube-dns"}


def create(api: Api) -> None:
    """Creates them all."""
    for manifest in _manifests():
        api.create(manifest)


def dns_is_ready(api: Api) -> bool:
    """Whether a DNS pod is ready."""
    deployment = api.get(path_of("apps/v1", "Deployment", "kube-system", "coredns"))
    return bool(deployment.get("status", {}).get("readyReplicas"))


def _manifests() -> list[dict[str, Any]]:
    return [
        _binding("system:node-proxier", {"kind": "User", "name": "system:kube-proxy"}),
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": _NAME},
        {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "ClusterRole",
            "metadata": {"name": "system:coredns"},
            "rules": [
                {
                    "apiGroups": [""],
                    "resources": ["endpoints", "services", "pods", "namespaces"],
                    "verbs": ["list", "watch"],
                },
                {
                    "apiGroups": ["discovery.k8s.io"],
                    "resources": ["endpointslices"],
                    "verbs": ["list", "watch"],
                },
            ],
        },
        _binding("system:coredns", {"kind": "ServiceAccount", **_NAME}),
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": _NAME,
            "data": {"Corefile": COREFILE},
        },
        _service(),
        _deployment(),
    ]


def _binding(role: str, subject: dict[str, str]) -> dict[str, Any]:
    if subject["kind"] == "User":
        subject = {"apiGroup": "rbac.authorization.k8s.io", **subject}
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": f"tests:{role}"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
        "subjects": [subject],
    }


def _service() -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "kube-dns", "namespace": "kube-system", "labels": _LABELS},
        "spec": {
            "selector": _LABELS,
            "clusterIP": DNS_SERVICE,
            "ports": [
                {"name": "dns", "port": 53, "protocol": "UDP"},
                {"name": "dns-tcp", "port": 53, "protocol": "TCP"},
                {"name": "metrics", "port": 9153, "protocol": "TCP"},
            ],
        },
    }


def _deployment() -> dict[str, Any]:
    container = {
        "name": "coredns",
        "image": COREDNS_IMAGE,
        "args": ["-conf", "/etc/coredns/Corefile"],
        "ports": [
            {"containerPort": 53, "name": "dns", "protocol": "UDP"},
            {"containerPort": 53, "name": "dns-tcp", "protocol": "TCP"},
            {"containerPort": 9153, "name": "metrics", "protocol": "TCP"},
        ],
        "readinessProbe": {"httpGet": {"path": "/ready", "port": 8181}, "periodSeconds": 1},
        "volumeMounts": [{"name": "config", "mountPath": "/etc/coredns", "readOnly": True}],
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {**_NAME, "labels": _LABELS},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": _LABELS},
            "template": {
                "metadata": {"labels": _LABELS},
                "spec": {
                    "serviceAccountName": "coredns",
                    "priorityClassName": "system-cluster-critical",
                    "tolerations": [{"operator": "Exists"}],
                    "dnsPolicy": "Default",
                    "containers": [container],
                    "volumes": [{"name": "config", "configMap": {"name": "coredns"}}],
                },
            },
        },
    }
