"""Warnings about pods and pod templates. After `pkg/api/pod: warningsForPodSpecAndMeta`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checker.api.gotext import quote
from checker.api.quantity import parse_quantity
from checker.api.validation import formats
from checker.api.validation.addresses import warnings_for_ip
from checker.api.warnings import app_armor

Object = dict[str, Any]
Warnings = list[tuple[str, str]]

_ANNOTATIONS = {
    "scheduler.alpha.kubernetes.io/critical-pod": (
        'non-functional in v1.16+; use the "priorityClassName" field instead'
    ),
    "security.alpha.kubernetes.io/sysctls": (
        'non-functional in v1.11+; use the "sysctls" field instead'
    ),
    "security.alpha.kubernetes.io/unsafe-sysctls": (
        'non-functional in v1.11+; use the "sysctls" field instead'
    ),
}
_SECCOMP = 'non-functional in v1.27+; use the "seccompProfile" field instead'
#: Volume source -> what became of it, in the order of the server's questions.
_VOLUMES = {
    "photonPersistentDisk": "deprecated in v1.11, non-functional in v1.16+",
    "gitRepo": "deprecated in v1.11, and disabled by default in v1.33+",
    "scaleIO": "deprecated in v1.16, non-functional in v1.22+",
    "flocker": "deprecated in v1.22, non-functional in v1.25+",
    "storageos": "deprecated in v1.22, non-functional in v1.25+",
    "quobyte": "deprecated in v1.22, non-functional in v1.25+",
    "glusterfs": "deprecated in v1.25, non-functional in v1.26+",
    "cephfs": "deprecated in v1.28, non-functional in v1.31+",
    "rbd": "deprecated in v1.28, non-functional in v1.31+",
}
_NODE_LABELS = {
    "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
    "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
    "failure-domain.beta.kubernetes.io/region": (
        'deprecated since v1.17; use "topology.kubernetes.io/region" instead'
    ),
    "failure-domain.beta.kubernetes.io/zone": (
        'deprecated since v1.17; use "topology.kubernetes.io/zone" instead'
    ),
    "beta.kubernetes.io/instance-type": (
        'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead'
    ),
    "app.kubernetes.io/created-by": "deprecated since v1.9",
    "scheduler.alpha.kubernetes.io/preferAvoidPods": (
        "deprecated since v1.22; use Taints and Tolerations instead"
    ),
    "node-role.kubernetes.io/master": 'use "node-role.kubernetes.io/control-plane" instead',
}
#: Far more than the server ever sends (see `recorded`), where ports repeat by the thousand.
_MOST_PORTS = 500
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
_NO_SELECTOR = "a null labelSelector results in matching no pod"


def warn(pod: Object) -> Warnings:
    """`podStrategy.WarningsOnCreate`."""
    found: Warnings = []
    name = pod["metadata"].get("name", "")
    if messages := formats.dns_1123_label(name):
        found.append(("metadata.name", hostname_warning("the Pod's hostname", messages)))
    _warn_spec(pod["spec"], pod["metadata"], "", found)
    return found


def warn_early(pod: Object) -> Warnings:
    """`podStrategy.PrepareForCreate: applyAppArmorVersionSkew`."""
    annotations, spec = pod["metadata"].get("annotations"), pod["spec"]
    if not annotations or (spec.get("os") or {}).get("name") == "windows":
        return []
    of_pod = (spec.get("securityContext") or {}).get("appArmorProfile")
    found = (
        app_armor.warning_for(container, of_pod, annotations, "")
        for container, _ in visit_containers(spec, "")
    )
    return [each for each in found if each is not None]


def hostname_warning(where: str, messages: formats.Messages) -> str:
    """That a name is no DNS label, where hostnames are made of it."""
    surprising = "which can result in surprising behavior; a DNS label is recommended"
    return f"metadata.name: this is used in {where}, {surprising}: [{' '.join(messages)}]"


def warn_template(workload: Object) -> Warnings:
    """What a workload's pod template earns."""
    found: Warnings = []
    template = workload["spec"].get("template")
    if template is not None:
        _warn_spec(template["spec"], template["metadata"], "spec.template.", found)
    return found


def warn_named_template(workload: Object) -> Warnings:
    """The same, for workloads whose name becomes part of their pods' hostnames."""
    found: Warnings = []
    if messages := formats.dns_1123_label(workload["metadata"].get("name", "")):
        used = "Pod names and hostnames"
        found.append(("metadata.name", hostname_warning(used, messages)))
    return found + warn_template(workload)


def warn_stateful_set(stateful_set: Object) -> Warnings:
    """`pkg/registry/apps/statefulset: WarningsOnCreate`."""
    found = warn_template(stateful_set)
    spec = stateful_set["spec"]
    for index, claim in enumerate(spec.get("volumeClaimTemplates") or ()):
        resources = (claim.get("spec") or {}).get("resources") or {}
        for part in ("requests", "limits"):
            text = (resources.get(part) or {}).get("storage")
            if text is not None and not parse_quantity(text).is_whole:
                # The path that it prints lacks the claim's own `spec`.
                path = f"spec.volumeClaimTemplates[{index}].resources.{part}[storage]"
                _add(found, path, _fractional(text))
    if spec.get("revisionHistoryLimit", 0) < 0:
        line = "a negative value retains all historical revisions; a value >= 0 is recommended"
        _add(found, "spec.revisionHistoryLimit", line)
    return found


def warn_job(job: Object) -> Warnings:
    """`pkg/registry/batch/job: WarningsOnCreate`, of CronJobs too."""
    found: Warnings = []
    if messages := formats.dns_1123_label(job["metadata"].get("name", "")):
        used = "Pod names and hostnames"
        found.append(("metadata.name", hostname_warning(used, messages)))
    spec, path = job["spec"], "spec"
    if job["kind"] == "CronJob":
        spec, path = spec["jobTemplate"]["spec"], "spec.jobTemplate.spec"
    many = (spec.get("completions") or 0) > 100_000 and (spec.get("parallelism") or 0) > 10_000
    if spec.get("completionMode") == "Indexed" and many:
        line = (
            "In Indexed Jobs with a number of completions higher than 10^5 and a parallelism "
            "higher than 10^4, Kubernetes might not be able to track completedIndexes when a big "
            "number of indexes fail"
        )
        _add(found, path, line)
    template = spec["template"]
    _warn_spec(template["spec"], template["metadata"], f"{path}.template.", found)
    return found


def visit_containers(spec: Object, path: str) -> Iterator[tuple[Object, str]]:
    """`podshelper.VisitContainersWithPath`: init containers come first."""
    for name in ("initContainers", "containers", "ephemeralContainers"):
        for index, container in enumerate(spec.get(name) or ()):
            yield container, f"{path}.{name}[{index}]"


def _warn_spec(spec: Object, meta: Object, prefix: str, found: Warnings) -> None:
    path = f"{prefix}spec"
    annotations = meta.get("annotations") or {}
    _warn_placement(spec, path, found)
    for key, line in _ANNOTATIONS.items():
        if key in annotations:
            _add(found, f"{prefix}metadata.annotations[{key}]", line)
    _warn_volumes(spec.get("volumes") or [], path, found)
    _warn_repeated(spec, path, found)
    if annotations:
        _warn_profiles(spec, annotations, prefix, found)
    for name in ("memory", "ephemeral-storage"):
        text = (spec.get("overhead") or {}).get(name)
        if text is not None and not parse_quantity(text).is_whole:
            _add(found, f"{path}.overhead[{name}]", _fractional(text))
    for container, below in visit_containers(spec, path):
        _warn_fractions(container.get("resources") or {}, f"{below}.resources", found)
        if len(container.get("env") or ()) > 1:
            _warn_hidden(container["env"], f"{below}.env", found)
    _warn_ports(spec, path, found)
    if (spec.get("terminationGracePeriodSeconds") or 0) < 0:
        line = "must be >= 0; negative values are invalid and will be treated as 1"
        _add(found, f"{path}.terminationGracePeriodSeconds", line)
    if affinity := spec.get("affinity"):
        _warn_affinity(affinity, f"{path}.affinity", found)
    for index, server in enumerate((spec.get("dnsConfig") or {}).get("nameservers") or ()):
        below = f"{path}.dnsConfig.nameservers[{index}]"
        found += [(below, line) for line in warnings_for_ip(server, below)]
    for index, alias in enumerate(spec.get("hostAliases") or ()):
        below = f"{path}.hostAliases[{index}].ip"
        found += [(below, line) for line in warnings_for_ip(alias.get("ip", ""), below)]


def _add(found: Warnings, path: str, line: str) -> None:
    found.append((path, f"{path}: {line}"))


def _warn_placement(spec: Object, path: str, found: Warnings) -> None:
    for key in spec.get("nodeSelector") or ():
        if key in _NODE_LABELS:
            _add(found, f"{path}.nodeSelector[{key}]", _NODE_LABELS[key])
    node = (spec.get("affinity") or {}).get("nodeAffinity") or {}
    terms = [
        (term, f"{_REQUIRED}.nodeSelectorTerms[{index}]")
        for index, term in enumerate((node.get(_REQUIRED) or {}).get("nodeSelectorTerms") or ())
    ] + [
        (weighted.get("preference") or {}, f"{_PREFERRED}[{index}].preference")
        for index, weighted in enumerate(node.get(_PREFERRED) or ())
    ]
    for term, place in terms:
        for index, expression in enumerate(term.get("matchExpressions") or ()):
            key = expression.get("key", "")
            if key in _NODE_LABELS:
                below = f"{path}.affinity.nodeAffinity.{place}.matchExpressions[{index}].key"
                _add(found, below, f"{key} is {_NODE_LABELS[key]}")
            if not place.startswith(_PREFERRED):
                continue
            for position, value in enumerate(expression.get("values") or ()):
                below = f"{path}.affinity.nodeAffinity.{place}.matchExpressions[{index}]"
                for message in formats.label_value(value):
                    _add(found, f"{below}.values[{position}]", f"{value} is invalid, {message}")
    for index, constraint in enumerate(spec.get("topologySpreadConstraints") or ()):
        below, key = f"{path}.topologySpreadConstraints[{index}]", constraint.get("topologyKey")
        if key in _NODE_LABELS:
            _add(found, f"{below}.topologyKey", f"{key} is {_NODE_LABELS[key]}")
        if constraint.get("labelSelector") is None:
            _add(found, f"{below}.labelSelector", _NO_SELECTOR)


def _warn_volumes(volumes: list[Object], path: str, found: Warnings) -> None:
    for index, volume in enumerate(volumes):
        for name, line in _VOLUMES.items():
            if volume.get(name) is not None:
                printed = "storageOS" if name == "storageos" else name
                _add(found, f"{path}.volumes[{index}].{printed}", line)


def _warn_repeated(spec: Object, path: str, found: Warnings) -> None:
    seen: set[str] = set()
    for index, alias in enumerate(spec.get("hostAliases") or ()):
        address = alias.get("ip", "")
        if address in seen:
            line = f"duplicate ip {quote(address)}"
            _add(found, f"{path}.hostAliases[{index}].ip", line)
        seen.add(address)
    names = [each.get("name", "") for each in spec.get("imagePullSecrets") or ()]
    known: set[str] = set()
    for index, name in enumerate(names):
        if name in known:
            line = f"duplicate name {quote(name)}"
            _add(found, f"{path}.imagePullSecrets[{index}].name", line)
        known.add(name)
    for index, name in enumerate(names):
        if not name:
            _add(found, f"{path}.imagePullSecrets[{index}].name", 'invalid empty name ""')


def _warn_profiles(spec: Object, annotations: dict[str, str], prefix: str, found: Warnings) -> None:
    """Annotations that fields have replaced."""
    pod_context = spec.get("securityContext") or {}
    key = "seccomp.security.alpha.kubernetes.io/pod"
    if key in annotations and pod_context.get("seccompProfile") is None:
        _add(found, f"{prefix}metadata.annotations[{key}]", _SECCOMP)
    for container, _ in visit_containers(spec, ""):
        context, name = container.get("securityContext") or {}, container.get("name", "")
        key = f"container.seccomp.security.alpha.kubernetes.io/{name}"
        if key in annotations and context.get("seccompProfile") is None:
            _add(found, f"{prefix}metadata.annotations[{key}]", _SECCOMP)
        # A pod's own come before it is judged: `warn_early`.
        of_pod = pod_context.get("appArmorProfile")
        if prefix and (said := app_armor.warning_for(container, of_pod, annotations, prefix)):
            found.append(said)


def _warn_fractions(resources: Object, path: str, found: Warnings) -> None:
    for name in ("memory", "ephemeral-storage"):
        for part in ("limits", "requests"):
            text = (resources.get(part) or {}).get(name)
            if text is not None and not parse_quantity(text).is_whole:
                _add(found, f"{path}.{part}[{name}]", _fractional(text))


def _fractional(text: str) -> str:
    return f"fractional byte value {quote(text)} is invalid, must be an integer"


def _warn_hidden(variables: list[Object], path: str, found: Warnings) -> None:
    seen = set()
    for index, variable in enumerate(variables):
        name, value = variable.get("name", ""), variable.get("value", "")
        reference = f"$({name})"
        if name not in seen:
            seen.add(name)
        elif variable.get("valueFrom") is not None or value == reference or reference not in value:
            hides = f"hides previous definition of {quote(name)}"
            _add(found, f"{path}[{index}]", f"{hides}, which may be dropped when using apply")


def _warn_ports(spec: Object, path: str, found: Warnings) -> None:
    """Ports that stand twice, or share a name, anywhere in the pod."""
    known: dict[tuple[int, str], list[tuple[str, Object]]] = {}
    names: dict[str, str] = {}
    by_name: Warnings = []
    for container, place in visit_containers(spec, path):
        for index, port in enumerate(container.get("ports") or ()):
            below = f"{place}.ports[{index}]"
            host_ip, host_port = port.get("hostIP", ""), port.get("hostPort", 0)
            if host_ip and not host_port:
                struct = (
                    f"{{Name:{port.get('name', '')} HostPort:0 "
                    f"ContainerPort:{port.get('containerPort', 0)} "
                    f"Protocol:{port.get('protocol', '')} HostIP:{host_ip}}}"
                )
                _add(found, below, f"hostIP set without hostPort: {struct}")
            key = (port.get("containerPort", 0), port.get("protocol", ""))
            others = known.setdefault(key, [])
            for other_path, other in others:
                if len(found) > _MOST_PORTS:
                    break
                kind = _overlap(host_ip, host_port, other)
                if kind:
                    _add(found, below, f"{kind} port definition with {other_path}")
            others.append((below, port))
            if name := port.get("name"):
                if name in names:
                    first = names[name]
                    line = (
                        f"duplicate port name {quote(name)} with {first}, services and probes "
                        f"that select ports by name will use {first}"
                    )
                    _add(by_name, below, line)
                else:
                    names[name] = below
    found += by_name


def _overlap(host_ip: str, host_port: int, other: Object) -> str:
    other_ip, other_port = other.get("hostIP", ""), other.get("hostPort", 0)
    if (host_ip, host_port) == (other_ip, other_port):
        return "duplicate"
    if not host_port or not other_port:
        return "overlapping"
    if host_port == other_port and (not host_ip) != (not other_ip):
        return "dangerously ambiguous"
    return ""


def _warn_affinity(affinity: Object, path: str, found: Warnings) -> None:
    for kind in ("podAffinity", "podAntiAffinity"):
        terms = affinity.get(kind) or {}
        for index, term in enumerate(terms.get(_REQUIRED) or ()):
            if term.get("labelSelector") is None:
                _add(found, f"{path}.{kind}.{_REQUIRED}[{index}].labelSelector", _NO_SELECTOR)
        for index, weighted in enumerate(terms.get(_PREFERRED) or ()):
            if (weighted.get("podAffinityTerm") or {}).get("labelSelector") is None:
                place = f"{path}.{kind}.{_PREFERRED}[{index}].podAffinityTerm.labelSelector"
                _add(found, place, _NO_SELECTOR)
