"""Why nothing stands behind a Service's port: the line to look at, of all that could be wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.network import sentences as say
from checker.network.endpoints import EndpointSet, is_of_family
from checker.network.fields import items, text
from checker.network.model import Pod
from checker.network.services import Service, ServicePort
from checker.network.workloads import stable_labels

if TYPE_CHECKING:
    from checker.network.cluster import Cluster


def explain(
    cluster: Cluster, service: Service, port: ServicePort, known: EndpointSet
) -> tuple[str, Pod | None, str]:
    """A sentence; the pod to look at with the field below its spec, or else a field of the
    Service.
    """
    if not service.selector:
        return _by_hand(cluster, service, port, known)
    if not known.selected:
        return _nothing_selected(cluster, service)
    unnamed = [one.pod for one in known.left if one.why == "port-name"]
    if unnamed and not known.endpoints:
        declared = sorted(
            {
                f"{one.name} ({one.port}/{one.protocol})"
                for pod in unnamed
                for one in pod.template.ports
                if one.name and one.role != "init"
            }
        )
        detail = say.port_name_nowhere(
            str(port.target), port.protocol, len(unnamed), say.listed(declared)
        )
        return detail, None, port.field("targetPort")
    for one in known.left:
        if one.why == "forbidden" and one.pod.template.forbidden is not None:
            reason, field = one.pod.template.forbidden
            return say.none_ready(service.name, known.selected, reason), one.pod, field
    unready = [one.pod for one in known.endpoints if one.pod is not None]
    unready += [one.pod for one in known.left]
    if unready:
        pod = unready[0]
        readiness = pod.readiness
        detail = say.none_ready(service.name, known.selected, readiness.reason)
        return detail, pod, readiness.field
    return say.none_ready(service.name, known.selected, ""), None, "spec.selector"


def _by_hand(
    cluster: Cluster, service: Service, port: ServicePort, known: EndpointSet
) -> tuple[str, Pod | None, str]:
    slices = cluster.slices_of(service)
    if known.endpoints:
        return say.slices_not_ready(service.name), None, "spec"
    if not slices:
        return say.no_selector(service.name), None, "spec"
    if not any(is_of_family(one.value, service.address) for one in slices):
        kinds = sorted({text(one.value, "addressType") for one in slices})
        return say.slices_of_other_family(service.name, say.listed(kinds)), None, "spec"
    have = [
        f"{text(one, 'name')!r} {text(one, 'protocol', default='TCP')}"
        for resource in slices
        for one in items(resource.value, "ports")
    ]
    detail = say.slice_port_names(service.name, port.name, say.listed(have))
    return detail, None, port.field("name")


def _nothing_selected(cluster: Cluster, service: Service) -> tuple[str, Pod | None, str]:
    """Points at the pod whose labels come nearest: equal ones first, then similar values."""
    from difflib import SequenceMatcher

    best, score = None, 0.0
    for pod in cluster.pods:
        if pod.namespace != service.namespace or pod.template.resource is None:
            continue
        value = 0.0
        for key, wanted in service.selector.items():
            if key in pod.labels:
                likeness = SequenceMatcher(None, wanted, pod.labels[key]).ratio()
                value += 3 if likeness == 1 else 1 + likeness
        if value > score:
            best, score = pod, value
    elsewhere = next(
        (pod for pod in cluster.pods if service.selector.items() <= pod.labels.items()), None
    )
    near = ""
    if elsewhere is not None:
        near = say.selected_elsewhere(elsewhere.name, elsewhere.namespace, service.namespace)
    elif best is not None:
        near = say.near_labels(best.name, ", ".join(f"{k}={v}" for k, v in stable_labels(best)))
    selector = ", ".join(f"{key}={value}" for key, value in service.selector.items())
    return say.selects_nothing(service.name, selector, near), None, "spec.selector"
