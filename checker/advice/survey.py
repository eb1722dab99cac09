"""The cluster as the checks look at it: the input's own objects, indexed once.

A check speaks about what somebody wrote, so its unit is the pod template, which has a place in a
manifest, and not the pod. What the model assumes beside the input (a cluster DNS) is left out.

All input is one input: an object may refer to one in another file. But what is not in the input
may be in the cluster all the same; `may_hold_more` says where that is likely.
"""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from checker.advice.selecting import TemplateIndex
from checker.api.resource import Resource
from checker.network import Cluster
from checker.network.cluster import DNS_NAMESPACE, DNS_SERVICE
from checker.network.endpoints import find_port
from checker.network.fields import labels, mapping
from checker.network.model import Pod, PodTemplate
from checker.network.policies import Peer, Policy
from checker.network.services import Service, ServicePort

#: API groups whose objects make no pods and no Services beyond what the model knows.
_FAMILIAR = ("", "gateway.networking.k8s.io")
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
            elif ref.kind != "CustomResourceDefinition":
                self._foreign.add(ref.namespace)
        own = {id(resource) for resource in resources}
        self.templates: list[PodTemplate] = [
            template for template in cluster.templates if id(template.resource) in own
        ]
        self._index = TemplateIndex(self.templates)
        self.services: list[Service] = [
            service for service in cluster.services.values() if id(service.resource) in own
        ]
        self._services = {(one.namespace, one.name): one for one in self.services}
        self.policies = [Policy(one) for one in self.of("NetworkPolicy") if one.accepted]
        #: Whether policies of another kind, which add up with these, may allow what these do not.
        self.has_other_policies = any(
            one.ref.kind.endswith("NetworkPolicy") and one.ref.kind != "NetworkPolicy"
            for one in resources
        ) or any(
            one.ref.kind == "NetworkPolicy" and not is_familiar(one.ref.api_version)
            for one in resources
        )
        self._selected: dict[int, list[PodTemplate]] = {}
        self._pods: dict[int, list[Pod]] | None = None

    def of(self, kind: str) -> list[Resource]:
        """The objects of a kind of Kubernetes' own or Gateway API's, in the input's order."""
        return self._by_kind.get(kind, [])

    def service(self, namespace: str, name: str) -> Service | None:
        """The Service of that name."""
        return self._services.get((namespace, name))

    def named_services(self, name: str) -> list[Service]:
        """The Services of that name in all namespaces."""
        return [one for one in self.services if one.name == name]

    def select(self, namespace: str, selector: Any) -> list[PodTemplate]:
        """The templates of a namespace whose pods a LabelSelector (as a value) selects."""
        return self._index.select(namespace, selector)

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
        namespaces = {template.namespace for template in templates}
        for service in self.services:
            if service.namespace in namespaces and any(
                id(template) in wanted for template in self.behind(service)
            ):
                for port in service.ports:
                    yield service, port

    def selects(self, peer: Peer, pod: Pod, policy: Policy) -> bool:
        """Whether a policy's peer is about this pod, by selectors."""
        return peer.block is None and self.cluster.policies.selects(peer, pod, policy)

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
        namespace or, where they belong to none, anywhere; kube-system has the cluster's own.
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


def is_familiar(api_version: str) -> bool:
    """Whether an API version is one of Kubernetes' own groups, or Gateway API's."""
    group = api_version.partition("/")[0] if "/" in api_version else ""
    return group in _FAMILIAR or "." not in group or group.endswith(".k8s.io")


def title(resource: Resource) -> str:
    """An object for people: `Deployment web`."""
    return f"{resource.ref.kind} {resource.ref.name}"


def titles(templates: Iterable[PodTemplate]) -> str:
    """Where pods come from, for people: `Deployment web and StatefulSet db`."""
    return listed([f"{template.kind} {template.name}" for template in templates])


def listed(words: Iterable[object], last: str = "and") -> str:
    """`a, b and c`; from five on the rest is counted."""
    texts = list(dict.fromkeys(str(word) for word in words))
    if len(texts) > 4:
        texts = [*texts[:3], f"{len(texts) - 3} more"]
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {last} {texts[-1]}"


def written_spec(resource: Resource | None) -> dict[str, Any]:
    """An object's spec as it was written, with what the API server drops and without defaults."""
    return mapping(resource.manifest.value, "spec") if resource else {}
