"""Endpoints: which pods, on which of their ports, stand behind a Service's port.

From selectors: `k8s.io/endpointslice: podToEndpoint, FindPort`,
`endpointslice/util: ShouldPodBeInEndpoints`. By hand: EndpointSlices with the label
`kubernetes.io/service-name` and Endpoints objects, which are mirrored
(`pkg/controller/endpointslicemirroring`). kube-proxy joins them to a Service's port by *name* and
protocol and takes the number from the slice (`pkg/proxy/endpointslicecache.go`).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from checker.network.fields import flag, items, labels, number, text, texts
from checker.network.model import ContainerPort, Node, Pod, PodTemplate

if TYPE_CHECKING:
    from checker.api.resource import Resource
    from checker.network.services import Service, ServicePort

_ZONE = "topology.kubernetes.io/zone"
SERVICE_NAME_LABEL = "kubernetes.io/service-name"
_SKIP_MIRROR_LABEL = "endpointslice.kubernetes.io/skip-mirror"


class Endpoint(NamedTuple):
    """An address and port that a Service's port may stand for."""

    #: None for an address written by hand that is no pod's.
    pod: Pod | None
    address: str
    port: int
    #: None where it is not known whether the pod is Ready.
    ready: bool | None
    #: The container port whose name was resolved, if a name was.
    named: ContainerPort | None = None
    #: The object and field that name an address written by hand.
    resource: "Resource | None" = None
    field: str = ""
    #: The name below a headless Service's that an address written by hand is given.
    hostname: str = ""
    #: The node that such an address is said to be on.
    node_name: str = ""
    #: Not ready, but serving while it ends: used where nothing is ready (`proxy/topology.go`).
    leaving: bool = False


class Left(NamedTuple):
    """A pod that the Service selects and that serves nothing at this port."""

    pod: Pod
    #: `port-name`, `pending`, `finished`, `forbidden`, `refused` or `at-times`.
    why: str


class EndpointSet:
    """All endpoints of one Service port, and the selected pods that are none."""

    __slots__ = ("endpoints", "left", "open", "ready", "refused", "selected")

    def __init__(self, endpoints: Sequence[Endpoint], left: Sequence[Left], selected: int) -> None:
        self.endpoints = tuple(endpoints)
        self.left = tuple(left)
        self.selected = selected
        #: Those that are certainly ready, and those of which it is not known.
        self.ready = [one for one in endpoints if one.ready]
        self.open = [one for one in endpoints if one.ready is None]
        if not self.ready and not self.open:
            self.ready = [one for one in endpoints if one.leaving]
        #: A pod behind it whose manifest the API server refuses.
        self.refused = next((one.pod for one in left if one.why == "refused"), None)


def distinct(endpoints: Sequence[Endpoint]) -> list[Endpoint]:
    """One endpoint for each that a packet can tell apart."""
    found: dict[tuple[int | str, int], Endpoint] = {}
    for one in endpoints:
        key = one.pod.kind if one.pod is not None else one.address
        found.setdefault((key, one.port), one)
    return list(found.values())


def find_port(template: PodTemplate, name: str, protocol: str) -> ContainerPort | None:
    """The first container port of this name *and* protocol: regular containers, then sidecars,
    never plain init containers (`k8s.io/endpointslice: FindPort`).
    """
    for role in ("regular", "sidecar"):
        for port in template.ports:
            if port.role == role and port.name == name and port.protocol == protocol:
                return port
    return None


def from_selector(service: "Service", port: "ServicePort", pods: Sequence[Pod]) -> EndpointSet:
    """The endpoints among the pods that the Service's selector matches."""
    endpoints: list[Endpoint] = []
    left: list[Left] = []
    resolved: dict[int, ContainerPort | None] = {}
    for pod in pods:
        template = pod.template
        why = _why_not(pod)
        if why:
            left.append(Left(pod, why))
            continue
        number_, named = port.target, None
        if isinstance(number_, str):
            key = id(template)
            if key not in resolved:
                resolved[key] = find_port(template, number_, port.protocol)
            named = resolved[key]
            if named is None:
                left.append(Left(pod, "port-name"))
                continue
            number_ = named.port
        ready = True if service.publishes_unready else pod.readiness.ready
        endpoints.append(Endpoint(pod, pod.address, number_, ready, named))
    return EndpointSet(endpoints, left, len(pods))


def _why_not(pod: Pod) -> str:
    if not pod.template.accepted:
        return "refused"
    if pod.template.forbidden is not None:
        return "forbidden"
    if pod.template.finished:
        return "finished"
    if pod.pending is not None:
        return "pending"
    # Between a CronJob's runs there is no such pod.
    return "at-times" if pod.template.kind == "CronJob" else ""


def by_hand(
    service: "Service",
    port: "ServicePort | None",
    slices: "Sequence[Resource]",
    endpoints_objects: "Sequence[Resource]",
    pods_by_address: dict[str, Pod],
) -> list[Endpoint]:
    """The endpoints that EndpointSlices and Endpoints of the input give this Service port.

    Without a port: all addresses, as the DNS server sees them.
    """
    found: list[Endpoint] = []
    for resource in slices:
        value = resource.value
        if labels(value, "metadata", "labels").get(SERVICE_NAME_LABEL) != service.name:
            continue
        if port is not None and not is_of_family(value, service.address):
            continue
        for given in _numbers(items(value, "ports"), port):
            for index, one in enumerate(items(value, "endpoints")):
                ready = flag(one, "conditions", "ready", default=True)
                found += [
                    Endpoint(
                        pods_by_address.get(address),
                        address,
                        given,
                        ready,
                        None,
                        resource,
                        f"endpoints[{index}].addresses[0]",
                        text(one, "hostname"),
                        text(one, "nodeName"),
                        _is_leaving(one),
                    )
                    for address in texts(one, "addresses")[:1]
                ]
    if service.selector:
        return found
    for resource in endpoints_objects:
        if resource.ref.name != service.name:
            continue
        if _SKIP_MIRROR_LABEL in labels(resource.value, "metadata", "labels"):
            continue
        found += _mirrored(port, resource, pods_by_address)
    return found


def is_of_family(slice_: dict[str, Any], address: str) -> bool:
    """Whether kube-proxy takes a slice for a Service of this address: one of the same IP family,
    never one of host names (`pkg/proxy/endpointschangetracker.go: EndpointSliceUpdate`).
    """
    kind = text(slice_, "addressType")
    if address in ("", "None"):
        return kind != "FQDN"
    return kind == ("IPv6" if ":" in address else "IPv4")


def _is_leaving(endpoint: dict[str, Any]) -> bool:
    ready = flag(endpoint, "conditions", "ready", default=True)
    serving = flag(endpoint, "conditions", "serving", default=ready)
    return not ready and serving and flag(endpoint, "conditions", "terminating")


def _numbers(declared: Sequence[dict[str, Any]], port: "ServicePort | None") -> list[int]:
    """The numbers that go with a Service's port; 0 for none in particular."""
    if port is None:
        return [0]
    return [
        number(one, "port")
        for one in declared
        if text(one, "name") == port.name and text(one, "protocol", default="TCP") == port.protocol
    ]


def _mirrored(
    port: "ServicePort | None", resource: "Resource", pods_by_address: dict[str, Pod]
) -> list[Endpoint]:
    found = []
    for place, subset in enumerate(items(resource.value, "subsets")):
        for given in _numbers(items(subset, "ports"), port):
            for key, ready in (("addresses", True), ("notReadyAddresses", False)):
                found += [
                    Endpoint(
                        pods_by_address.get(text(one, "ip")),
                        text(one, "ip"),
                        given,
                        ready,
                        None,
                        resource,
                        f"subsets[{place}].{key}[{index}].ip",
                        text(one, "hostname"),
                        text(one, "nodeName"),
                    )
                    for index, one in enumerate(items(subset, key))
                ]
    return found


def is_on(endpoint: Endpoint, node: Node | None) -> bool | None:
    """Whether an endpoint is on the node; None where the scheduler decides."""
    pod = endpoint.pod
    if node is None:
        return False
    if endpoint.node_name or pod is None:
        return endpoint.node_name == node.name
    if pod.node is not None:
        return pod.node.name == node.name
    return None if any(one.name == node.name for one in pod.candidates) else False


def near(service: "Service", ready: list[Endpoint], node: Node | None) -> list[Endpoint]:
    """The endpoints that `trafficDistribution` prefers: of the same node or zone, if each has one
    and there is any (`proxy/topology.go`, `endpointslice/trafficdist`).
    """
    if node is None or any(one.pod is None or one.pod.node is None for one in ready):
        return ready
    here = [one for one in ready if one.pod and one.pod.node and one.pod.node.name == node.name]
    if service.traffic_distribution == "PreferSameNode" and here:
        return here
    zones = {
        id(one): one.pod.node.labels.get(_ZONE, "") for one in ready if one.pod and one.pod.node
    }
    zone = node.labels.get(_ZONE, "")
    if not zone or not all(zones.values()):
        return ready
    return [one for one in ready if zones[id(one)] == zone] or ready
