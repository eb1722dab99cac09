"""The model of a cluster: everything that the resources make, indexed for questions.

What a cluster has of itself and the input does not is assumed: the namespaces in use, the
`kubernetes` Service in `default`, and a DNS server in `kube-system` (Service `kube-dns`, one
CoreDNS pod) that nothing isolates.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from checker.network.assumed import (
    API_SERVER_PORT,
    DNS_NAMESPACE,
    DNS_SERVICE,
    dns_template,
    service_value,
)
from checker.network.endpoints import (
    SERVICE_NAME_LABEL,
    Endpoint,
    EndpointSet,
    by_hand,
    from_selector,
)
from checker.network.environment import service_variables
from checker.network.fields import flag, items, labels, text
from checker.network.listeners import Given
from checker.network.listeners.environment import config_map_data, secret_data
from checker.network.model import Node, Pod, PodTemplate
from checker.network.nodes import NODE_NETWORK, nodes_of
from checker.network.placement import address_pods, daemon_nodes, place
from checker.network.podsecurity import forbidden
from checker.network.policies import Policies, Policy
from checker.network.readiness import settle
from checker.network.selectors import NAMESPACE_NAME_LABEL, Selector
from checker.network.services import Service, ServicePort, allocate
from checker.network.workloads import OWN_LABELS, field_of, pods_of, template_of

if TYPE_CHECKING:
    from checker.api.resource import Resource
    from checker.api.settings import ClusterSettings

_CONTROL_PLANE = "node-role.kubernetes.io/control-plane"


class Cluster:
    """A cluster as its network sees it. Made by `build_cluster`; nothing changes it."""

    def __init__(self, resources: Sequence[Resource], settings: ClusterSettings) -> None:
        self.settings = settings
        # Of two objects with one name the later counts, as it would after `kubectl apply`.
        latest = {(one.ref.kind, one.ref.namespace, one.ref.name): one for one in resources}
        self.resources = [
            one
            for one in resources
            if latest[(one.ref.kind, one.ref.namespace, one.ref.name)] is one
        ]
        found = [template_of(one) for one in self.resources]
        self.templates = [one for one in found if one is not None]
        self.nodes = nodes_of(self.resources, settings, self.templates)
        self._config_maps = {
            (one.ref.namespace, one.ref.name): config_map_data(one.value)
            for one in self._of_kind("ConfigMap", "v1")
            if one.accepted
        }
        self._secrets = {
            (one.ref.namespace, one.ref.name): secret_data(one.value)
            for one in self._of_kind("Secret", "v1")
            if one.accepted
        }
        self.namespaces = self._namespaces()
        self.services = self._services()
        self._told: dict[tuple[str, bool], dict[str, str]] = {}
        #: Pods by workload, in the order of the input.
        self.workloads: list[tuple[PodTemplate, list[Pod]]] = []
        self._build_pods()
        #: All pods of the input, then the assumed ones.
        self.pods = [pod for _, pods in self.workloads for pod in pods]
        self._by_name = {(pod.namespace, pod.name): pod for pod in reversed(self.pods)}
        self.pods_by_address = {
            pod.address: pod for pod in self.pods if pod.address and not pod.host_network
        }
        policies = [Policy(one) for one in self._of_kind("NetworkPolicy", "networking.k8s.io/v1")]
        self._group(policies)
        ranges = [node.pod_cidr for node in self.nodes]
        self.policies = Policies(
            [policy for policy in policies if policy.resource.accepted], self.namespaces, ranges
        )
        #: Those that the API server refuses: they isolate nobody, which may be what is wrong.
        self.refused_policies = Policies(
            [policy for policy in policies if not policy.resource.accepted],
            self.namespaces,
            ranges,
        )
        self._slices = self._by_namespace("EndpointSlice", "discovery.k8s.io/v1")
        self._endpoints = self._by_namespace("Endpoints", "v1")
        self._endpoint_sets: dict[tuple[str, str, int], EndpointSet] = {}
        self._selected: dict[tuple[str, str], list[Pod]] = {}
        self._by_labels: dict[str, list[tuple[dict[str, str], list[Pod]]]] | None = None
        self._is_classified = False
        self._on_host: list[Pod] | None = None
        self._with_host_port: list[Pod] | None = None
        self._node_ports: dict[tuple[int, str], tuple[Service, ServicePort]] | None = None

    # Making it

    def _of_kind(self, kind: str, api_version: str) -> list[Resource]:
        return [
            one
            for one in self.resources
            if one.ref.kind == kind and one.ref.api_version == api_version
        ]

    def of_kind(self, kind: str, group: str) -> list[Resource]:
        """All objects of a kind in any version of an API group, accepted or not."""
        return [
            one
            for one in self.resources
            if one.ref.kind == kind and one.ref.api_version.startswith(f"{group}/")
        ]

    def _by_namespace(self, kind: str, api_version: str) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for one in self._of_kind(kind, api_version):
            if one.accepted:
                found.setdefault(one.ref.namespace, []).append(one)
        return found

    def _namespaces(self) -> dict[str, dict[str, str]]:
        """Labels by name. A namespace that the input only uses is taken to exist."""
        found: dict[str, dict[str, str]] = {}
        for one in self._of_kind("Namespace", "v1"):
            found[one.ref.name] = labels(one.value, "metadata", "labels")
        for one in self.resources:
            if one.ref.namespace:
                found.setdefault(one.ref.namespace, {})
        for name in (self.settings.namespace, "default", DNS_NAMESPACE):
            found.setdefault(name, {})
        return {name: {**own, NAMESPACE_NAME_LABEL: name} for name, own in found.items()}

    def _services(self) -> dict[tuple[str, str], Service]:
        found = {
            (one.ref.namespace, one.ref.name): Service(
                one.ref.namespace, one.ref.name, one.value, one
            )
            for one in self._of_kind("Service", "v1")
        }
        network = ipaddress.ip_network(self.settings.service_cidr, strict=False)
        assumed = {
            ("default", "kubernetes"): service_value(
                str(network[1]), {}, [("https", "TCP", 443, API_SERVER_PORT)]
            ),
            (DNS_NAMESPACE, DNS_SERVICE): service_value(
                str(network[min(10, network.num_addresses - 1)]),
                {"k8s-app": "kube-dns"},
                [
                    ("dns", "UDP", 53, 53),
                    ("dns-tcp", "TCP", 53, 53),
                    ("metrics", "TCP", 9153, 9153),
                ],
            ),
        }
        for key, value in assumed.items():
            if key not in found:
                found[key] = Service(*key, value, None)
        allocate(list(found.values()), self.settings.service_cidr)
        return found

    def _build_pods(self) -> None:
        dns = self.services[(DNS_NAMESPACE, DNS_SERVICE)]
        if dns.resource is None:
            self.templates.append(dns_template())
        for template in self.templates:
            self._settle(template)
        place([pods for _, pods in self.workloads], self.nodes)
        address_pods([pod for _, pods in self.workloads for pod in pods])

    def _settle(self, template: PodTemplate) -> None:
        def config_map(name: str) -> Mapping[str, str] | None:
            return self.config_map(template.namespace, name)

        def secret(name: str) -> Mapping[str, str] | None:
            return self._secrets.get((template.namespace, name))

        def resolves(host: str) -> bool:
            name, _, rest = host.removesuffix(".").partition(".")
            namespace, _, rest = rest.partition(".")
            service = self.services.get((namespace or template.namespace, name))
            at_home = rest in ("", "svc", "svc.cluster.local")
            return at_home and service is not None and service.has_address

        is_ipv6 = ":" in self.settings.pod_cidr
        variables, pod_field = self._variables(template), partial(field_of, template)
        settle(template, Given(config_map, variables, resolves, is_ipv6, secret, pod_field))
        if template.resource is not None:
            template.forbidden = forbidden(template, self.namespaces[template.namespace])
        pods = pods_of(template, daemon_nodes(template, self.nodes), self.workloads)
        self.workloads.append((template, pods))

    def _variables(self, template: PodTemplate) -> dict[str, str]:
        """What the template's containers are told about Services."""
        links = flag(template.spec, "enableServiceLinks", default=True)
        key = (template.namespace if links else "", links)
        found = self._told.get(key)
        if found is None:
            found = service_variables(self.services.values(), template.namespace, links)
            self._told[key] = found
        return found

    def _group(self, policies: Sequence[Policy]) -> None:
        """Numbers the pods so that those a packet cannot tell apart have one number."""
        mentioned = self._mentioned_labels(policies)
        groups: dict[tuple[object, ...], int] = {}
        of_template: dict[int, tuple[object, ...]] = {}
        for pod in self.pods:
            template = pod.template
            facts = of_template.get(id(template))
            if facts is None:
                facts = of_template[id(template)] = _facts(template)
            own = tuple(
                sorted(
                    (key, value)
                    for key, value in pod.labels.items()
                    if key not in OWN_LABELS or key in mentioned
                )
            )
            key = (
                facts,
                own,
                pod.node.name if pod.node else None,
                tuple(node.name for node in pod.candidates),
                pod.pending is not None,
            )
            pod.group = pod.kind = pod.sender = groups.setdefault(key, len(groups))

    def classify(self) -> None:
        """Gives pods of one `kind` that no selector tells apart, whatever their labels.

        Worth its time where the verdicts of all pods are asked for.
        """
        if self._is_classified:
            return
        self._is_classified = True
        both = (self.policies, self.refused_policies)
        numbers: dict[int, tuple[int, int]] = {}
        kinds: dict[object, int] = {}
        senders: dict[object, int] = {}
        for pod in self.pods:
            if pod.group not in numbers:
                template = pod.template
                alike = (
                    template.host_network,
                    template.finished,
                    template.forbidden is not None,
                    template.accepted,
                    pod.node.name if pod.node else None,
                    tuple(node.name for node in pod.candidates),
                    pod.pending is not None,
                )
                as_sender = (*(policies.as_sender(pod) for policies in both), alike)
                as_target = (*(policies.as_target(pod) for policies in both), alike)
                as_target = (as_target, _facts(template, with_namespace=False))
                numbers[pod.group] = (
                    kinds.setdefault(as_target, len(kinds)),
                    senders.setdefault(as_sender, len(senders)),
                )
            pod.kind, pod.sender = numbers[pod.group]

    def _mentioned_labels(self, policies: Sequence[Policy]) -> set[str]:
        selectors: list[Selector] = []
        for policy in policies:
            selectors.append(policy.selector)
            for rules in policy.rules.values():
                for rule in rules:
                    selectors += [peer.pods for peer in rule.peers if peer.pods is not None]
        mentioned = {key for service in self.services.values() for key in service.selector}
        for selector in selectors:
            mentioned.update(selector.labels)
            mentioned.update(key for key, _, _ in selector.expressions)
        return mentioned

    @property
    def api_server(self) -> str:
        """The API server's address: the control plane's, which need not be among the nodes."""
        for node in self.nodes:
            if _CONTROL_PLANE in node.labels:
                return node.address
        return str(ipaddress.ip_network(NODE_NETWORK)[2])

    # Asking it

    def find_pod(self, namespace: str, name: str) -> Pod | None:
        """The pod of this name."""
        return self._by_name.get((namespace, name))

    def find_workload(self, namespace: str, name: str) -> tuple[PodTemplate, list[Pod]] | None:
        """The workload of this name, a Deployment rather than another kind; never a bare pod."""
        found = [
            (template, pods)
            for template, pods in self.workloads
            if template.name == name and template.namespace == namespace and template.kind != "Pod"
        ]
        return next(
            (one for one in found if one[0].kind == "Deployment"), found[0] if found else None
        )

    def find_service(self, namespace: str, name: str) -> Service | None:
        """The Service of this name."""
        return self.services.get((namespace, name))

    def service_at(self, address: str) -> Service | None:
        """The Service with this cluster IP."""
        return next((one for one in self.services.values() if one.address == address), None)

    def service_outside(self, address: str) -> Service | None:
        """The Service that takes this address for its own (`externalIPs`)."""
        return next((one for one in self.services.values() if address in one.external_ips), None)

    def find_node(self, name: str) -> Node | None:
        """The node of this name."""
        return next((node for node in self.nodes if node.name == name), None)

    def config_map(self, namespace: str, name: str) -> Mapping[str, str] | None:
        """The text data of a ConfigMap; None where the input has none of this name."""
        return self._config_maps.get((namespace, name))

    def host_network_pods(self) -> list[Pod]:
        """All pods that share their node's network namespace."""
        if self._on_host is None:
            self._on_host = [pod for pod in self.pods if pod.host_network]
        return self._on_host

    def host_port_pods(self) -> list[Pod]:
        """All pods with a host port."""
        if self._with_host_port is None:
            self._with_host_port = [
                pod for pod in self.pods if any(one.host_port for one in pod.template.ports)
            ]
        return self._with_host_port

    def selected(self, service: Service) -> list[Pod]:
        """The pods that a Service's selector matches; none for an empty selector."""
        key = (service.namespace, service.name)
        found = self._selected.get(key)
        if found is None:
            found = []
            if service.selector:
                wanted = service.selector.items()
                for own, pods in self._labelled(service.namespace):
                    if wanted <= own.items():
                        found += pods
            self._selected[key] = found
        return found

    def _labelled(self, namespace: str) -> list[tuple[dict[str, str], list[Pod]]]:
        if self._by_labels is None:
            self._by_labels = {}
            index: dict[tuple[str, tuple[tuple[str, str], ...]], list[Pod]] = {}
            for pod in self.pods:
                key = (pod.namespace, tuple(sorted(pod.labels.items())))
                if key not in index:
                    index[key] = []
                    self._by_labels.setdefault(pod.namespace, []).append((pod.labels, index[key]))
                index[key].append(pod)
        return self._by_labels.get(namespace, [])

    def endpoints(self, service: Service, port: ServicePort) -> EndpointSet:
        """What stands behind a Service's port."""
        key = (service.namespace, service.name, port.position)
        found = self._endpoint_sets.get(key)
        if found is None:
            found = from_selector(service, port, self.selected(service))
            written = self.written(service, port)
            if service.resource is None and service.name == "kubernetes":
                written = [Endpoint(None, self.api_server, API_SERVER_PORT, True)]
            if written:
                found = EndpointSet((*found.endpoints, *written), found.left, found.selected)
            self._endpoint_sets[key] = found
        return found

    def written(self, service: Service, port: ServicePort | None) -> list[Endpoint]:
        """What EndpointSlices and Endpoints written by hand give a Service's port, or its name."""
        return by_hand(
            service,
            port,
            self._slices.get(service.namespace, ()),
            self._endpoints.get(service.namespace, ()),
            self.pods_by_address,
        )

    def slices_of(self, service: Service) -> list[Resource]:
        """The EndpointSlices written by hand for a Service."""
        return [
            one
            for one in self._slices.get(service.namespace, ())
            if labels(one.value, "metadata", "labels").get(SERVICE_NAME_LABEL) == service.name
        ]

    def node_port(self, port: int, protocol: str) -> tuple[Service, ServicePort] | None:
        """The Service whose node port this is."""
        if self._node_ports is None:
            self._node_ports = {}
            for service in self.services.values():
                if service.kind in ("NodePort", "LoadBalancer"):
                    for one in service.ports:
                        if one.node_port:
                            key = (one.node_port, one.protocol)
                            self._node_ports.setdefault(key, (service, one))
        return self._node_ports.get((port, protocol))

    def node_port_numbers(self) -> list[str]:
        """All node ports that manifests name, for messages."""
        self.node_port(0, "TCP")
        return [f"{port}/{protocol}" for port, protocol in self._node_ports or {}]


def _facts(template: PodTemplate, *, with_namespace: bool = True) -> tuple[object, ...]:
    """What a packet can meet in any pod of the template, apart from labels and nodes."""
    spec = template.spec
    return (
        template.namespace if with_namespace else "",
        template.host_network,
        tuple(sorted((one.port, one.protocol, one.address) for one in template.listeners)),
        template.unknown is None,
        template.readiness.ready,
        template.finished,
        template.forbidden is not None,
        template.accepted,
        tuple(
            (one.name, one.port, one.protocol, one.host_port, one.role) for one in template.ports
        ),
        text(spec, "dnsPolicy"),
        str(spec.get("dnsConfig") or ""),
        str(spec.get("hostAliases") or ""),
        tuple(text(one, "name") for one in items(spec, "readinessGates")),
    )


def build_cluster(resources: Sequence[Resource], settings: ClusterSettings) -> Cluster:
    """The cluster that these resources, created in this order, would make."""
    return Cluster(resources, settings)
