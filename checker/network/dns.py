"""Names: which are tried, what the cluster's DNS server answers.

The search path and `ndots` of a pod: `pkg/kubelet/network/dns: GetPodDNS`. Records: kubernetes/dns
specification 1.1.0 (`svc`: §2.3–2.5, `pod`: §2.2 as CoreDNS' `pods insecure` gives them).
"""

import ipaddress
from typing import TYPE_CHECKING, NamedTuple

from checker.network.endpoints import Endpoint, from_selector
from checker.network.fields import items, mapping, text, texts
from checker.network.services import Service, ServicePort
from checker.network.workloads import has_hostname, subdomain

if TYPE_CHECKING:
    from checker.network.cluster import Cluster
    from checker.network.model import Pod

DOMAIN = "cluster.local"
#: Top-level domains that a learner's manifest may mean seriously; two letters are a country's,
#: unless they name a Service or namespace here.
_OUTSIDE = frozenset(
    "com org net edu gov mil int info biz io dev app cloud ai xyz tech online site".split()  # noqa: SIM905
)


class Record(NamedTuple):
    """What a name stands for. Exactly one of the last four says it."""

    name: str
    #: A Service with an address of its own.
    service: Service | None = None
    #: The addresses of a headless Service, or of one of its pods.
    endpoints: tuple[Endpoint, ...] | None = None
    #: A literal address.
    address: str = ""
    #: A name outside the cluster.
    outside: str = ""
    #: Names that led here (ExternalName).
    aliases: tuple[Service, ...] = ()
    #: The headless Service of `endpoints`.
    headless: Service | None = None


class Srv(NamedTuple):
    """An SRV record: a port and the name to dial it at."""

    port: int
    target: str


def uses_cluster_dns(pod: "Pod") -> bool:
    """Whether the pod asks the cluster's DNS server. On the host network the default policy
    ClusterFirst means the node's own.
    """
    policy = text(pod.template.spec, "dnsPolicy", default="ClusterFirst")
    if policy == "ClusterFirst":
        return not pod.host_network
    return policy == "ClusterFirstWithHostNet"


def names_to_try(name: str, pod: "Pod") -> list[str]:
    """The full names that the pod's resolver asks for, in order, without the final dot."""
    if name.endswith("."):
        return [name[:-1]]
    spec = pod.template.spec
    config = mapping(spec, "dnsConfig")
    searches, ndots = [f"{pod.namespace}.svc.{DOMAIN}", f"svc.{DOMAIN}", DOMAIN], 5
    if text(spec, "dnsPolicy") == "None":
        # `pkg/kubelet/network/dns: GetPodDNS`: dnsConfig is all that resolv.conf holds.
        searches, ndots = [], 1
    searches += [one.rstrip(".") for one in texts(config, "searches")]
    for option in items(config, "options"):
        if text(option, "name") == "ndots" and text(option, "value").isdigit():
            ndots = min(15, int(text(option, "value")))
    tried = [f"{name}.{search}" for search in searches if search]
    return [name, *tried] if name.count(".") >= ndots else [*tried, name]


def from_hosts(name: str, pod: "Pod") -> str | None:
    """What the pod's /etc/hosts says: localhost, its own name, hostAliases. None: nothing.

    Capital letters make no difference (`getaddrinfo`, Go's `net/hosts.go`).
    """
    name = name.lower()
    if name == "localhost":
        return "127.0.0.1"
    own = {pod.hostname}
    domain = subdomain(pod)
    if domain and has_hostname(pod):
        own.add(f"{pod.hostname}.{domain}.{pod.namespace}.svc.{DOMAIN}")
    if name.rstrip(".") in own and not pod.host_network:
        return pod.address or None
    for alias in items(pod.template.spec, "hostAliases"):
        if name in map(str.lower, texts(alias, "hostnames")):
            return text(alias, "ip")
    return None


def lookup(cluster: "Cluster", name: str, aliases: tuple[Service, ...] = ()) -> Record | None:
    """What a full name stands for; None where it does not exist."""
    name = name.lower().rstrip(".")
    address = _as_address(name)
    if address is not None:
        # A CNAME is a name, whatever it looks like.
        return None if aliases else Record(name, address=address)
    if name.endswith(f".{DOMAIN}"):
        return _in_cluster(cluster, name, aliases)
    *rest, last = name.split(".")
    ours = {name for service in cluster.services for name in service}
    if rest and (last in _OUTSIDE or (len(last) == 2 and last not in ours)):
        return Record(name, outside=name, aliases=aliases)
    return None


def _as_address(text_: str) -> str | None:
    try:
        return str(ipaddress.ip_address(text_))
    except ValueError:
        return None


def _in_cluster(cluster: "Cluster", name: str, aliases: tuple[Service, ...]) -> Record | None:
    parts = name[: -len(DOMAIN) - 1].split(".")
    if len(parts) == 3 and parts[2] == "pod":
        address = _as_address(parts[0].replace("-", "."))
        if address is None or parts[1] not in cluster.namespaces:
            return None
        return Record(name, address=address, aliases=aliases)
    if len(parts) < 3 or parts[-1] != "svc":
        return None
    asked: tuple[str, str] | None = None
    if len(parts) == 5 and parts[0].startswith("_") and parts[1].startswith("_"):
        # The name of an SRV record, which a named port has; its addresses are the Service's.
        asked, parts = (parts[0][1:], parts[1][1:].upper()), parts[2:]
    service = cluster.find_service(parts[-2], parts[-3])
    if service is None or not service.accepted:
        return None
    if asked is not None and asked not in {(one.name, one.protocol) for one in service.ports}:
        return None
    if len(parts) == 4:
        return _of_endpoint(cluster, name, service, parts[0], aliases)
    if len(parts) != 3:
        return None
    if service.kind == "ExternalName":
        if service in aliases or len(aliases) > 8:
            return None
        return lookup(cluster, service.external_name, (*aliases, service))
    if service.is_headless:
        endpoints = published(cluster, service)
        return Record(name, endpoints=tuple(endpoints), aliases=aliases, headless=service)
    return Record(name, service=service, aliases=aliases)


def published(cluster: "Cluster", service: Service) -> list[Endpoint]:
    """The addresses that a headless Service's name has: one for each pod that is ready, or may be
    (`Endpoint.ready` is None then).
    """
    # A pod that lacks a named port is in a slice without it, and has its address all the same.
    anything = ServicePort("", "TCP", 0, 0, 0, 0, "")
    given = from_selector(service, anything, cluster.selected(service)).endpoints
    found: dict[str, Endpoint] = {}
    for one in (*given, *cluster.written(service, None)):
        if one.ready is not False:
            found.setdefault(one.address, one)
    return list(found.values())


def _of_endpoint(
    cluster: "Cluster", name: str, service: Service, host: str, aliases: tuple[Service, ...]
) -> Record | None:
    """`web-0.web.ns.svc.cluster.local`: a pod with a hostname below the Service of its subdomain,
    headless or not (`endpointslice/utils.go: podToEndpoint`).
    """
    if service.kind == "ExternalName":
        return None
    for one in published(cluster, service):
        if _host(one, service) == host:
            return Record(name, endpoints=(one,), aliases=aliases, headless=service)
    return None


def _host(endpoint: Endpoint, service: Service) -> str:
    """The name that an endpoint has below its Service's (CoreDNS: `endpointHostname`)."""
    pod = endpoint.pod
    if endpoint.hostname:
        return endpoint.hostname
    if endpoint.resource is None and pod and has_hostname(pod) and subdomain(pod) == service.name:
        return pod.hostname
    return endpoint.address.replace(".", "-")


def srv_records(cluster: "Cluster", service: Service, port_name: str, protocol: str) -> list[Srv]:
    """The SRV records `_PORT._PROTOCOL.SERVICE.NS.svc.cluster.local`; only named ports have any.

    A headless Service's carry each pod's own port, others the Service's.
    """
    base = f"{service.name}.{service.namespace}.svc.{DOMAIN}"
    port = next(
        (one for one in service.ports if one.name == port_name and one.protocol == protocol), None
    )
    if port is None or not port_name:
        return []
    if not service.is_headless:
        return [Srv(port.port, base)] if service.address else []
    return [
        Srv(one.port, f"{_host(one, service)}.{base}")
        for one in cluster.endpoints(service, port).endpoints
        if one.ready
    ]
