"""The cluster that is assumed where the manifests do not say: kind's defaults."""

from typing import Literal, NamedTuple


class ClusterSettings(NamedTuple):
    """Settings of the API server and of the nodes that change a verdict."""

    namespace: str = "default"
    #: How many nodes there are where the input holds no Node objects.
    nodes: int = 1
    pod_cidr: str = "10.244.0.0/16"
    service_cidr: str = "10.96.0.0/16"
    node_port_range: tuple[int, int] = (30000, 32767)
    proxy_mode: Literal["nftables", "iptables"] = "nftables"
