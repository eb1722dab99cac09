"""The cluster as the checks look at it: the input's own objects, indexed once.

A check speaks about what somebody wrote, so its unit is the pod template, which has a place in a
manifest, and not the pod. What the model assumes beside the input (a cluster DNS) is left out.

All input is one input: an object may refer to one in another file. But what is not in the input
may be in the cluster all the same; `may_hold_more` says where that is likely.
"""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from checker.advice.operators import namespaces_with_operators
from checker.advice.selecting import TemplateIndex
from checker.api.finding import ObjectRef
from checker.api.resource import Resource
from checker.network import Cluster
from checker.network.assumed import DNS_NAMESPACE, DNS_SERVICE
from checker.network.endpoints import find_port
from checker.network.environment import service_variables
from checker.network.fields import flag, labels, mapping
from checker.network.listeners import Environment, environment_of
from checker.network.model import Pod, PodTemplate
from checker.network.policies import Peer, Policy
from checker.network.selectors import Selector
from checker.network.services import Service, ServicePort

#: API groups of widely used extensions whose objects make neither pods nor Services.
_MAKE_NO_PODS = frozenset(
    (
        *("cert-manager.io", "external-secrets.io", "bitnami.com", "kustomize.config.k8s.io"),
        *("networking.istio.io", "security.istio.io", "telemetry.istio.io"),
        *("cilium.io", "projectcalico.org", "crd.projectcalico.org", "traefik.io"),
        *("traefik.containo.us", "kyverno.io", "keda.sh", "autoscaling.k8s.io"),
    )
)
#: As these, of a group that has others, too.
_KINDS_WITHOUT_PODS = frozenset(
    ("ServiceMonitor", "PodMonitor", "PrometheusRule", "Probe", "ScrapeConfig", "Application")
)
_BATCH = frozenset(("Job", "CronJob"))


class Survey:
    """What the checks ask about. Everything costs a walk over the input at most once."""

    def __init__(self, cluster: Cluster, resources: Sequence[Resource]) -> None:
        self.cluster = cluster
        self.settings = cluster.settings
        self.resources = resources
        self._by_kind: dict[str, list[Resource]] = defaultdict(list)
        self._foreign: set[str] = set()
        for resource in resources:
            ref = resource.ref
            if is_familiar(ref.api_version):
                self._by_kind[ref.kind].append(resource)
            elif not _makes_no_pods(ref):
                self._foreign.add(ref.namespace)
        self._foreign |= namespaces_with_operators(resources)
        own = {id(resource) for resource in resources}
        self.templates: list[PodTemplate] = [
            template for template in cluster.templates if id(template.resource) in own
        ]
        self._index = TemplateIndex(self.templates)
        self.services: list[Service] = [
            service for service in cluster.services.values() if id(service.resource) in own
        ]
        self._services = {(one.namespace, one.name): one for one in self.services}
        self._services_in: dict[str, list[Service]] = defaultdict(list)
        for service in self.services:
            self._services_in[service.namespace].append(service)
        self.policies = [Policy(one) for one in self.of("NetworkPolicy") if one.accepted]
        #: Whether policies of another kind, which add up with these, may allow what these do not.
        self.has_other_policies = any(
            one.ref.kind.endswith("NetworkPolicy") and one.ref.kind != "NetworkPolicy"
            for one in resources
        ) or any(
            one.ref.kind == "NetworkPolicy" and not is_familiar(one.ref.api_version)
            for one in resources
        )
        self._told: dict[tuple[str, bool], dict[str, str]] = {}
        self._selected: dict[int, list[PodTemplate]] = {}
        self._pods: dict[int, list[Pod]] | None = None

    def of(self, kind: str) -> list[Resource]:
        """The objects of a kind of Kubernetes' own or Gateway API's, in the input's order."""
        return self._by_kind.get(kind, [])

    def service(self, namespace: str, name: str) -> Service | None:
        """The Service of that name."""
        return self._services.get((namespace, name))

    def services_in(self, namespace: str) -> Sequence[Service]:
        """The Services of a namespace."""
        return self._services_in.get(namespace, ())

    def named_services(self, name: str) -> list[Service]:
        """The Services of that name in all namespaces."""
        return [one for one in self.services if one.name == name]

    def select(self, namespace: str, selector: Any) -> list[PodTemplate]:
        """The templates of a namespace whose pods a LabelSelector (as a value) selects."""
        return self._index.select(namespace, selector)

    def select_by(self, namespace: str, selector: Selector) -> list[PodTemplate]:
        """As `select`, for a selector that has been read."""
        return self._index.matching(namespace, selector)

    def elsewhere(self, selector: Selector) -> PodTemplate | None:
        """A template of any namespace whose pods the selector would select there."""
        for namespace in self._index.namespaces():
            for template in self._index.matching(namespace, selector):
                return template
        return None

    def in_namespace(self, namespace: str) -> Sequence[PodTemplate]:
        """The templates of a namespace."""
        return self._index.in_namespace(namespace)

    def behind(self, service: Service) -> list[PodTemplate]:
        """The templates whose pods a Service means to send traffic to.

        Jobs often share the labels of what they belong to and serve nobody; they count only
        where nothing else is selected.
        """
        key = id(service)
        if key not in self._selected:
            selector = {"matchLabels": service.selector}
            found = self.select(service.namespace, selector) if service.selector else []
            serving = [template for template in found if template.kind not in _BATCH]
            self._selected[key] = serving or found
        return self._selected[key]

    def pods_of(self, template: PodTemplate) -> list[Pod]:
        """The pods that the model made from a template."""
        if self._pods is None:
            self._pods = defaultdict(list)
            for pod in self.cluster.pods:
                self._pods[id(pod.template)].append(pod)
        return self._pods.get(id(template), [])

    def services_of(
        self, templates: Sequence[PodTemplate]
    ) -> Iterator[tuple[Service, ServicePort]]:
        """The Services that select any of these templates, with each of their ports."""
        wanted = {id(template) for template in templates}
        for namespace in sorted({template.namespace for template in templates}):
            for service in self.services_in(namespace):
                if any(id(template) in wanted for template in self.behind(service)):
                    for port in service.ports:
                        yield service, port

    def chosen(self, peer: Peer, policy: Policy) -> list[PodTemplate]:
        """The templates with pods that a policy's peer chooses by its selectors."""
        if peer.block is not None:
            return []
        namespaces: Iterable[str] = (policy.namespace,)
        if peer.namespaces is not None:
            wanted = peer.namespaces
            every = self.cluster.namespaces.items()
            namespaces = [name for name, own in every if wanted.matches(own)]
        selector = peer.pods or Selector(None)
        return [
            template
            for name in namespaces
            for template in self._index.matching(name, selector)
            if not template.host_network and self.pods_of(template)
        ]

    def environment(self, template: PodTemplate, container: dict[str, Any]) -> Environment:
        """A container's variables, with the names of Services where their addresses would be."""
        links = flag(template.spec, "enableServiceLinks", default=True)
        key = (template.namespace, links)
        told = self._told.get(key)
        if told is None:
            told = service_variables(self.services, template.namespace, links, named=True)
            self._told[key] = told

        def config_map(name: str) -> Mapping[str, str] | None:
            return self.cluster.config_map(template.namespace, name)

        return environment_of(container, "", config_map, told)

    def dns_pods(self) -> list[Pod]:
        """The cluster's DNS servers, assumed ones where the input has none."""
        return [pod for pod in self.cluster.selected(self._dns) if pod.address]

    def dns_address(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
        """The address of the cluster's DNS Service."""
        try:
            return ipaddress.ip_address(self._dns.address)
        except ValueError:
            return None

    @property
    def _dns(self) -> Service:
        return self.cluster.services[DNS_NAMESPACE, DNS_SERVICE]

    def may_hold_more(self, namespace: str) -> bool:
        """Whether a namespace may hold pods and Services that no manifest of the input shows.

        Objects of kinds that are not known here (an operator's) may make pods, in their own
        namespace or, where they belong to none, anywhere; so may whoever is given leave to;
        kube-system has the cluster's own.
        """
        return namespace == "kube-system" or namespace in self._foreign or "" in self._foreign

    def namespace_labels(self, namespace: str) -> dict[str, str]:
        """The labels of a namespace as far as the input tells."""
        found: dict[str, str] = {}
        for resource in self.of("Namespace"):
            if resource.ref.name == namespace:
                found.update(labels(resource.value, "metadata", "labels"))
        return found


def target_of(template: PodTemplate, port: ServicePort) -> int | None:
    """The pods' port that a Service's port stands for; None for a name that they do not have."""
    if isinstance(port.target, int):
        return port.target
    found = find_port(template, port.target, port.protocol)
    return found.port if found else None


def _makes_no_pods(ref: ObjectRef) -> bool:
    return ref.api_version.partition("/")[0] in _MAKE_NO_PODS or ref.kind in _KINDS_WITHOUT_PODS


def is_familiar(api_version: str) -> bool:
    """Whether an API version is one of Kubernetes' own groups, or Gateway API's."""
    group = api_version.partition("/")[0] if "/" in api_version else ""
    return "." not in group or group.endswith(".k8s.io")


def written_spec(resource: Resource | None) -> dict[str, Any]:
    """An object's spec as it was written, with what the API server drops and without defaults."""
    return mapping(resource.manifest.value, "spec") if resource else {}
