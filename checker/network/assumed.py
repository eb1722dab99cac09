"""What every cluster has of itself: its DNS server, and the API server's port.

As kubeadm makes them: `cmd/kubeadm/app/phases/addons/dns`.
"""

from __future__ import annotations

from typing import Any

from checker.network.model import PodTemplate

DNS_NAMESPACE, DNS_SERVICE = "kube-system", "kube-dns"
API_SERVER_PORT = 6443


def service_value(
    address: str, selector: dict[str, str], ports: list[tuple[str, str, int, int]]
) -> dict[str, Any]:
    """A Service of that address and selector, its ports as (name, protocol, port, target)."""
    return {
        "spec": {
            "clusterIP": address,
            "selector": selector,
            "ports": [
                {"name": name, "protocol": protocol, "port": port, "targetPort": target}
                for name, protocol, port, target in ports
            ],
        }
    }


def dns_template() -> PodTemplate:
    """Kubeadm's CoreDNS, as much of it as a packet meets."""
    spec = {
        "containers": [
            {
                "name": "coredns",
                "image": "registry.k8s.io/coredns/coredns",
                "ports": [
                    {"name": "dns", "containerPort": 53, "protocol": "UDP"},
                    {"name": "dns-tcp", "containerPort": 53, "protocol": "TCP"},
                    {"name": "metrics", "containerPort": 9153, "protocol": "TCP"},
                ],
            }
        ],
        "tolerations": [{"operator": "Exists"}],
    }
    return PodTemplate(
        None,
        "Deployment",
        DNS_NAMESPACE,
        "coredns",
        spec,
        {"k8s-app": "kube-dns"},
        {"checker/listens": "53/UDP, 53/TCP, 9153/TCP"},
        "spec.template.spec",
    )
