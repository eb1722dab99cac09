"""Pods from manifests: bare ones and those that workloads make.

Names are stable and readable instead of random: a Deployment, ReplicaSet, ReplicationController,
DaemonSet or Job `web` has `web-1`, `web-2`, …; a StatefulSet's are its real ones, `web-0`,
`web-1`, …; an Indexed Job's begin at their index, `web-0`. A CronJob stands for one pod of its next
run, which no Service has as an endpoint before that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from checker.network import sentences as say
from checker.network.fields import items, labels, mapping, number, text
from checker.network.model import ANY_ADDRESS, Pod, PodTemplate, Readiness
from checker.network.selectors import Selector

if TYPE_CHECKING:
    from checker.api.resource import Resource

#: A template and its pods.
Workload: TypeAlias = tuple[PodTemplate, list[Pod]]

#: Where each kind keeps its pod template's spec.
POD_SPECS = {
    "Pod": "spec",
    "Deployment": "spec.template.spec",
    "ReplicaSet": "spec.template.spec",
    "ReplicationController": "spec.template.spec",
    "StatefulSet": "spec.template.spec",
    "DaemonSet": "spec.template.spec",
    "Job": "spec.template.spec",
    "CronJob": "spec.jobTemplate.spec.template.spec",
}

#: Controllers whose pods are known by nothing but the labels that people write.
_ADOPTERS = ("ReplicaSet", "ReplicationController")

#: The API groups that these kinds belong to; others may use the same names.
_GROUPS = ("v1", "apps/v1", "batch/v1")

#: Labels that differ between equal pods.
OWN_LABELS = frozenset(
    (
        "statefulset.kubernetes.io/pod-name",
        "apps.kubernetes.io/pod-index",
        "batch.kubernetes.io/job-completion-index",
        "pod-template-hash",
        "controller-revision-hash",
    )
)


def template_of(resource: Resource) -> PodTemplate | None:
    """What the object's pods are made from; None for an object that has none."""
    ref = resource.ref
    prefix = POD_SPECS.get(ref.kind)
    if prefix is None or ref.api_version not in _GROUPS:
        return None
    holder: Any = resource.value
    for step in prefix.split(".")[:-1]:
        holder = mapping(holder, step)
    return PodTemplate(
        resource,
        ref.kind,
        ref.namespace,
        ref.name,
        mapping(holder, "spec"),
        labels(holder, "metadata", "labels"),
        labels(holder, "metadata", "annotations"),
        prefix,
    )


def pods_of(template: PodTemplate, node_count: int, earlier: Sequence[Workload] = ()) -> list[Pod]:
    """The pods of a template. `node_count` is how many nodes a DaemonSet may find; `earlier` are
    the workloads that the input has before it.
    """
    kind, name = template.kind, template.name
    spec = mapping(template.resource.value if template.resource else {}, "spec")
    if kind == "Pod":
        pod = Pod(template, name, template.labels)
        pod.hostname = text(template.spec, "hostname", default=name)
        owner = next((one for one, _ in earlier if _takes_in(one, template)), None)
        if owner is not None:
            template.readiness = Readiness(None, say.taken_in(owner.kind, owner.name))
        return [pod]
    if kind == "StatefulSet":
        return list(_stateful(template, spec))
    if kind == "DaemonSet":
        count = node_count
    elif kind == "Job":
        count = min(
            number(spec, "parallelism", default=1), number(spec, "completions", default=1 << 31)
        )
        if spec.get("suspend") is True:
            count = 0
    elif kind == "CronJob":
        count = 0 if spec.get("suspend") is True else 1
    else:
        count = number(spec, "replicas", default=1)
        if kind in _ADOPTERS:
            count -= sum(one.kind == "Pod" and _takes_in(template, one) for one, _ in earlier)
        if kind == "Deployment" and spec.get("paused") is True:
            # `pkg/controller/deployment/sync.go: sync` makes no new ReplicaSet.
            count = 0
    if is_indexed(template):
        return list(_indexed(template, count))
    pods = []
    # Far more than a cluster's nodes would take; it keeps a typing error from costing minutes.
    for position in range(1, min(count, 10_000) + 1):
        pod = Pod(template, f"{name}-{position}", template.labels)
        pod.hostname = text(template.spec, "hostname", default=pod.name)
        pods.append(pod)
    return pods


def _takes_in(owner: PodTemplate, pod: PodTemplate) -> bool:
    """Whether a controller takes a bare pod for one of its own, as it has the labels that the
    controller selects (`pkg/controller/controller_ref_manager.go: ClaimPods`). One that came before
    it spares it a pod. With one that comes later there is one too many: which of them goes, it or
    another, both have been seen. A Deployment's ReplicaSets select by a hash, too, which no other
    pod has.
    """
    if owner.kind not in _ADOPTERS or owner.resource is None or not owner.accepted:
        return False
    if pod.namespace != owner.namespace or pod.finished or not pod.accepted:
        return False
    selector = mapping(owner.resource.value, "spec", "selector")
    if owner.kind == "ReplicationController":
        selector = {"matchLabels": selector or owner.labels}
    return Selector(selector).matches(pod.labels)


def _stateful(template: PodTemplate, spec: dict[str, Any]) -> Iterator[Pod]:
    """`pkg/controller/statefulset/stateful_set_utils.go: newStatefulSetPod, initIdentity`."""
    first = number(spec, "ordinals", "start")
    in_order = text(spec, "podManagementPolicy", default="OrderedReady") == "OrderedReady"
    waits = in_order and template.readiness.ready is False
    count = min(number(spec, "replicas", default=1), 10_000)
    for ordinal in range(first, first + count):
        name = f"{template.name}-{ordinal}"
        own = {
            "statefulset.kubernetes.io/pod-name": name,
            "apps.kubernetes.io/pod-index": str(ordinal),
        }
        pod = Pod(template, name, {**template.labels, **own})
        if waits and ordinal > first:
            # `monotonic`: the next pod is made when the one before it is ready.
            pod.pending = (say.waits_for(name, f"{template.name}-{ordinal - 1}"), "")
        yield pod


def field_of(template: PodTemplate, path: str) -> str | None:
    """What `fieldRef` gives to the containers of the template's pods; None where only the running
    pod knows (`pkg/fieldpath: ExtractFieldPathAsString`).
    """
    if path == "metadata.namespace":
        return template.namespace
    if path == "metadata.name" and template.kind == "Pod":
        return template.name
    if path == "spec.serviceAccountName":
        return text(template.spec, "serviceAccountName", default="default")
    for kind, values in (("labels", template.labels), ("annotations", template.annotations)):
        start = f"metadata.{kind}['"
        if path.startswith(start) and path.endswith("']"):
            return values.get(path[len(start) : -2])
    return None


def is_indexed(template: PodTemplate) -> bool:
    """Whether it is a Job's whose pods have an index."""
    value = template.resource.value if template.resource else {}
    return template.kind == "Job" and text(value, "spec", "completionMode") == "Indexed"


def _indexed(template: PodTemplate, count: int) -> Iterator[Pod]:
    """`pkg/controller/job/indexed_job_utils.go: addCompletionIndexLabel`, and the hostname that
    `job_controller.go: manageJob` gives.
    """
    for index in range(min(count, 10_000)):
        own = {"batch.kubernetes.io/job-completion-index": str(index)}
        yield Pod(template, f"{template.name}-{index}", {**template.labels, **own})


def subdomain(pod: Pod) -> str:
    """The headless Service in whose domain the pod has a name of its own."""
    if pod.template.kind == "StatefulSet":
        resource = pod.template.resource
        return text(resource.value if resource else {}, "spec", "serviceName")
    return text(pod.template.spec, "subdomain")


def has_hostname(pod: Pod) -> bool:
    """Whether its hostname is set in its spec, which gives it a name below a headless Service."""
    by_controller = pod.template.kind == "StatefulSet" or is_indexed(pod.template)
    return by_controller or bool(text(pod.template.spec, "hostname"))


def stable_labels(pod: Pod) -> tuple[tuple[str, str], ...]:
    """The labels that equal pods share, sorted."""
    return tuple(sorted((k, v) for k, v in pod.labels.items() if k not in OWN_LABELS))


def host_ports(template: PodTemplate) -> list[tuple[str, str, int, str]]:
    """Protocol, host address, port and field of what the scheduler keeps free on the node.

    Regular containers and sidecars; with hostNetwork each declared port is one, for pods are
    defaulted so when they are made (`pkg/scheduler/util: GetHostPorts`,
    `pkg/apis/core/v1/defaults.go: defaultHostNetworkPorts`).
    """
    found = []
    for port in template.ports:
        host_port = port.host_port or (port.port if template.host_network else 0)
        if host_port and port.role != "init":
            found.append((port.protocol, port.host_ip or ANY_ADDRESS, host_port, port.field))
    return found


def containers(template: PodTemplate) -> list[dict[str, Any]]:
    """All containers, regular ones first."""
    return items(template.spec, "containers") + items(template.spec, "initContainers")
