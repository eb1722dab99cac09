"""Why a container does not run, or a pod is not ready or not placed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checker.network.sentences.words import count, listed

READY_SAID = "the annotation checker/ready says so"
SERVES_THEN_ENDS = "it serves for a while and then ends"
RUNS_AT_TIMES = "a CronJob's pod runs at its times only"


def crashes(container: str, program: str, reason: str) -> str:
    return f"container {container} ({program}) ends at once with an error: {reason}"


def ends(container: str, program: str) -> str:
    return f"container {container} ({program}) ends of itself and is started again and again"


def init_never_ends(container: str, program: str) -> str:
    return (
        f"init container {container} ({program}) never ends, so the containers after it never start"
    )


def address_in_use(container: str, listener: Any, rival: str) -> str:
    return (
        f"container {container} cannot listen on {listener}: container {rival} of the same pod has "
        f"that port (address already in use)"
    )


def annotation_unreadable(annotation: str, fault: str) -> str:
    return f"the annotation {annotation} could not be read at {fault!r}"


_PROBES = {
    "readinessProbe": "readiness probe",
    "livenessProbe": "liveness probe",
    "startupProbe": "startup probe",
}


def probe_elsewhere(kind: str, host: str) -> str:
    return f"the {_PROBES[kind]} asks another host, {host}"


def probe_name_unknown(kind: str, name: str, container: str) -> str:
    return (
        f"the {_PROBES[kind]} asks the port named {name!r}, which container {container} does not "
        f"declare"
    )


def probe_unknown(kind: str, port: int) -> str:
    return f"whether the {_PROBES[kind]} on port {port} succeeds is not known"


def probe_refused(kind: str, port: int, loopback: bool, listening: str) -> str:
    if loopback:
        return (
            f"the {_PROBES[kind]} on port {port} fails: the listener is bound to 127.0.0.1, and "
            f"probes come from outside the pod"
        )
    what = f"the pod listens on {listening}" if listening else "nothing in the pod listens"
    return f"the {_PROBES[kind]} fails: nothing listens on {port}/TCP; {what}"


def probe_not(kind: str, port: int, wanted: str) -> str:
    return f"the {_PROBES[kind]} fails: what listens on port {port} does not speak {wanted}"


def probe_path_unknown(kind: str, path: str, program: str) -> str:
    return f"what {program} answers to the {_PROBES[kind]}'s GET {path} is not known"


def probe_status(kind: str, path: str, port: int, status: int) -> str:
    return f"the {_PROBES[kind]} fails: GET {path} on port {port} is answered with {status}"


def probe_command_fails(kind: str, command: str) -> str:
    return f"the {_PROBES[kind]}'s command fails: {command}"


def probe_command_unknown(kind: str, command: str) -> str:
    return (
        f"whether the {_PROBES[kind]}'s command succeeds is not known ({command}); the annotation "
        f'checker/ready: "true" or "false" on the pod would say it'
    )


def readiness_gate(condition: str) -> str:
    return f"its readiness gate {condition} is set by nobody here"


def sysctl_forbidden(name: str) -> str:
    return f"the kubelet refuses the unsafe sysctl {name} (SysctlForbidden)"


def sysctl_malformed(name: str, value: str) -> str:
    return f"the kernel does not take {value!r} for {name}, so the pod's sandbox is never made"


def no_such_node(name: str, nodes: Sequence[str]) -> str:
    return f"nodeName is {name}, but the nodes are {listed(nodes)}"


def no_node_fits(number: int) -> str:
    return f"none of the cluster's {count(number, 'node')} fits what the pod asks for"


def scheduling_gate(name: str) -> str:
    return f"the scheduling gate {name} keeps it from being scheduled until someone removes it"


def host_port_taken(protocol: str, port: int, node: str) -> str:
    return f"host port {port}/{protocol} is already taken on {node}"


def host_port_everywhere(protocol: str, port: int, number: int) -> str:
    nodes = "the only node" if number == 1 else f"all {number} nodes"
    return f"host port {port}/{protocol} is already taken on {nodes}; a port has room for one pod"


def kept_apart(number: int) -> str:
    return f"its anti-affinity wants a node of its own, and there are only {number}"


def skew_too_great(number: int) -> str:
    nodes = "the only node" if number == 1 else f"each of the {number} nodes"
    return (
        f"its topologySpreadConstraints let {nodes} that it fits have one pod, for a node that it "
        f"does not fit counts, with none"
    )


def pod_security(level: str, namespace: str, what: str) -> str:
    return (
        f"namespace {namespace} enforces Pod Security {level}, which forbids {what}: the pod is "
        f"never created"
    )
