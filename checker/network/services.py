"""Services: addresses, ports, and which endpoints kube-proxy uses for a packet.

`pkg/proxy/serviceport.go`, `pkg/proxy/topology.go: CategorizeEndpoints`, and the allocation of
addresses in `pkg/registry/core/service`. Addresses that the manifest does not name are made up.
"""

import ipaddress
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from checker.network.fields import flag, items, labels, mapping, number, port, text, texts

if TYPE_CHECKING:
    from checker.api.resource import Resource

TYPES = ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName")


class ServicePort(NamedTuple):
    """One of a Service's ports. `target` is a number, or a name that each pod resolves."""

    name: str
    protocol: str
    port: int
    target: int | str
    node_port: int
    position: int
    app_protocol: str

    def field(self, name: str = "") -> str:
        """Its path in the manifest, or that of one of its fields."""
        return f"spec.ports[{self.position}]" + (f".{name}" if name else "")


class Service:
    """A Service as kube-proxy and the DNS server see it."""

    __slots__ = (
        "address",
        "affinity",
        "external_ips",
        "external_local",
        "external_name",
        "health_check_port",
        "internal_local",
        "kind",
        "name",
        "namespace",
        "ports",
        "publishes_unready",
        "resource",
        "selector",
        "traffic_distribution",
    )

    def __init__(self, namespace: str, name: str, value: Any, resource: "Resource | None") -> None:
        self.namespace = namespace
        self.name = name
        self.resource = resource
        spec = mapping(value, "spec")
        kind = text(spec, "type", default="ClusterIP")
        self.kind = kind if kind in TYPES else "ClusterIP"
        self.ports = tuple(_ports(spec))
        #: Selectorless Services have endpoints only by hand.
        self.selector = labels(spec, "selector")
        self.external_name = text(spec, "externalName") if self.kind == "ExternalName" else ""
        #: The cluster IP; "None" for a headless Service, "" for an ExternalName.
        self.address = text(spec, "clusterIP")
        if self.kind == "ExternalName":
            self.address = ""
            self.selector = {}
        self.publishes_unready = flag(spec, "publishNotReadyAddresses")
        self.internal_local = text(spec, "internalTrafficPolicy") == "Local"
        self.external_ips = tuple(texts(spec, "externalIPs"))
        # `pkg/api/v1/service: ExternallyAccessible`.
        self.external_local = (
            self.kind in ("NodePort", "LoadBalancer") or bool(self.external_ips)
        ) and text(spec, "externalTrafficPolicy") == "Local"
        self.health_check_port = number(spec, "healthCheckNodePort")
        self.affinity = text(spec, "sessionAffinity") == "ClientIP"
        self.traffic_distribution = text(spec, "trafficDistribution")

    @property
    def accepted(self) -> bool:
        """Whether the API server takes it."""
        return self.resource is None or self.resource.accepted

    @property
    def is_headless(self) -> bool:
        return self.address == "None"

    @property
    def has_address(self) -> bool:
        """Whether its name has an address whatever stands behind it."""
        return self.accepted and bool(self.address) and not self.is_headless

    def find_port(self, number: int, protocol: str) -> ServicePort | None:
        """The declared port of this number and protocol."""
        return next(
            (one for one in self.ports if one.port == number and one.protocol == protocol), None
        )

    def find_named(self, name: str, protocol: str) -> ServicePort | None:
        """The declared port of this name, of this protocol if there is a choice."""
        named = [one for one in self.ports if one.name == name]
        return next((one for one in named if one.protocol == protocol), named[0] if named else None)

    def __repr__(self) -> str:
        return f"<Service {self.namespace}/{self.name}>"


def _ports(spec: dict[str, Any]) -> list[ServicePort]:
    found = []
    for index, value in enumerate(items(spec, "ports")):
        declared = number(value, "port")
        # No targetPort, 0 or "" mean the port itself (`SetDefaults_Service`).
        target = port(value, "targetPort") or declared
        found.append(
            ServicePort(
                text(value, "name"),
                text(value, "protocol", default="TCP"),
                declared,
                target,
                number(value, "nodePort"),
                index,
                text(value, "appProtocol"),
            )
        )
    return found


def allocate(services: Sequence[Service], service_cidr: str) -> None:
    """Gives every Service that needs one a cluster IP of the range, skipping those in use."""
    network = ipaddress.ip_network(service_cidr, strict=False)
    taken = {service.address for service in services}
    # Static addresses are best taken from the lower part; dynamic ones come from above it.
    following = min(256, network.num_addresses // 16) + 1
    for service in services:
        if service.address or service.kind == "ExternalName":
            continue
        while following < network.num_addresses - 1:
            address = str(network[following])
            following += 1
            if address not in taken:
                break
        else:
            address = str(network[network.num_addresses - 2])
        service.address = address
        taken.add(address)
