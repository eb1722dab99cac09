"""Every sentence that the model says to people, in one place.

One sentence a hop: what happened there, with the numbers. No rule is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any


def count(number: int, thing: str, things: str = "") -> str:
    """`1 pod`, `2 pods`, `no pod`."""
    if number == 0:
        return f"no {thing}"
    return f"{number} {thing if number == 1 else things or thing + 's'}"


def listed(names: Iterable[Any], most: int = 6) -> str:
    """`a, b and c`, cut short where there are many."""
    words = [str(name) for name in names]
    if len(words) > most:
        words = [*words[:most], f"{len(words) - most} more"]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


# Containers and probes


READY_SAID = "the annotation checker/ready says so"
SERVES_THEN_ENDS = "it serves for a while and then ends"


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


# Nodes and scheduling


def no_such_node(name: str, nodes: Sequence[str]) -> str:
    return f"nodeName is {name}, but the nodes are {listed(nodes)}"


def no_node_fits(number: int) -> str:
    return f"none of the cluster's {count(number, 'node')} fits what the pod asks for"


def host_port_taken(protocol: str, port: int, node: str) -> str:
    return f"host port {port}/{protocol} is already taken on {node}"


def host_port_everywhere(protocol: str, port: int, number: int) -> str:
    nodes = "the only node" if number == 1 else f"all {number} nodes"
    return f"host port {port}/{protocol} is already taken on {nodes}; a port has room for one pod"


def kept_apart(number: int) -> str:
    return f"its anti-affinity wants a node of its own, and there are only {number}"


def pod_security(level: str, namespace: str, what: str) -> str:
    return (
        f"namespace {namespace} enforces Pod Security {level}, which forbids {what}: the pod is "
        f"never created"
    )


# Sources and targets that are not there


def malformed_source(text: str) -> str:
    return f"{text!r} is no source: use pod/NAME[.NS], deploy/NAME[.NS], node[/NAME] or external"


def malformed_target(text: str) -> str:
    return (
        f"{text!r} is no target: use svc/NAME[.NS]:PORT, dns/HOSTNAME:PORT, pod/NAME[.NS]:PORT, "
        f"deploy/NAME[.NS]:PORT, node[/NAME]:PORT, localhost:PORT or ingress/HOST/PATH"
    )


def malformed_port(text: str) -> str:
    return f"{text!r} is no port: use a number from 1 to 65535"


def bad_protocol(text: str) -> str:
    return f"{text!r} is no protocol: use TCP, UDP or SCTP"


def not_there(kind: str, name: str, namespace: str, have: Sequence[str]) -> str:
    where = f" in namespace {namespace}" if namespace else ""
    known = f"there is {listed(have)}" if have else f"there is no {kind} at all"
    return f"no {kind} named {name}{where}; {known}"


def no_port_name(name: str, service: str, have: Sequence[str]) -> str:
    named = f"its ports are named {listed(have)}" if have else "its ports have no names"
    return f"Service {service} has no port named {name!r}; {named}"


def no_pods(kind: str, name: str) -> str:
    return f"{kind} {name} has no pods: its replicas are 0"


# Hops


def refused_object(kind: str, name: str) -> str:
    return f"the API server refuses {kind} {name}, so it is not in the cluster"


def source_forbidden(reason: str) -> str:
    return reason


def source_pending(pod: str, reason: str) -> str:
    return f"pod {pod} stays Pending and sends nothing: {reason}"


def target_pending(pod: str, reason: str) -> str:
    return f"pod {pod} stays Pending and has no address: {reason}"


def target_finished(pod: str, reason: str) -> str:
    return f"pod {pod} has ended, its address is gone{': ' + reason if reason else ''}"


def dns_resolves(name: str, full: str, what: str) -> str:
    return f"{name} resolves as {full} to {what}" if full != name else f"{name} resolves to {what}"


def dns_unknown_name(name: str, tried: Sequence[str]) -> str:
    return f"{name} does not resolve; tried {listed(tried)}"


def dns_no_addresses(name: str, service: str) -> str:
    return f"{name} has no addresses: headless Service {service} has no ready pod"


def dns_policy(name: str, policy: str, why: str) -> str:
    return f"{name} is asked of the node's own name server, which knows no Services: {why}"


def dns_outside(name: str) -> str:
    return f"{name} is a name outside the cluster; what it resolves to is not known here"


def dns_own_servers(name: str) -> str:
    return f"{name} is asked of the name servers in dnsConfig, which the checker does not know"


def dns_unreachable(verdict: str) -> str:
    how = "gets no answer" if verdict == "timeout" else "is refused"
    return f"the lookup itself {how}: the way to the DNS server on UDP port 53 is closed"


def forwards(service: str, port: int, protocol: str, target: object, number: int) -> str:
    return (
        f"{service}:{port}/{protocol} forwards to targetPort {target} of "
        f"{count(number, 'ready pod')}"
    )


def forwards_by_hand(service: str, port: int, protocol: str, number: int) -> str:
    return (
        f"{service}:{port}/{protocol} forwards to {count(number, 'address', 'addresses')} "
        f"written by hand"
    )


def headless_dials(service: str, port: int, number: int) -> str:
    return (
        f"{service} is headless: no address of its own, nothing is translated; port {port} of "
        f"{count(number, 'pod')} is dialled"
    )


def external_name(service: str, name: str) -> str:
    return f"{service} is an ExternalName: it stands for the name {name} and forwards nothing"


def undeclared_port(service: str, port: int, protocol: str, ports: Sequence[str], mode: str) -> str:
    have = f"it has {listed(ports)}" if ports else "it has no ports"
    what = (
        "kube-proxy rejects the packet"
        if mode == "nftables"
        else "no rule of kube-proxy matches and the packet is lost"
    )
    return f"Service {service} has no port {port}/{protocol} ({have}): {what}"


def selects_nothing(service: str, selector: str, near: str) -> str:
    tail = f"; {near}" if near else ""
    return f"no pod matches the selector {selector} of Service {service}{tail}"


def near_labels(pod: str, labels: str) -> str:
    return f"pod {pod} has {labels}"


def no_selector(service: str) -> str:
    return f"Service {service} has no selector, and no EndpointSlice names its addresses"


def slice_port_names(service: str, wanted: str, have: str) -> str:
    return (
        f"the EndpointSlices of Service {service} have no port named {wanted!r} ({have}), and "
        f"kube-proxy joins them by name"
    )


def port_name_nowhere(name: str, protocol: str, number: int, have: str) -> str:
    tail = f"they declare {have}" if have else "they declare no named port"
    return (
        f"targetPort {name!r} names no {protocol} containerPort of the "
        f"{count(number, 'selected pod')}; {tail}"
    )


def none_ready(service: str, number: int, reason: str) -> str:
    return f"none of the {count(number, 'pod')} behind Service {service} is ready: {reason}"


def readiness_unknown(number: int, reason: str) -> str:
    return f"whether {count(number, 'pod')} behind it is ready is not known: {reason}"


def all_ready(number: int, selected: int, left_out: int) -> str:
    text = f"{number} of {count(selected, 'selected pod')} ready"
    if left_out:
        text += f", {left_out} without the named port"
    return text


def by_hand_ready(number: int) -> str:
    return f"{count(number, 'address', 'addresses')} written by hand"


def no_local_endpoint(service: str, node: str, policy: str) -> str:
    return (
        f"{policy} is Local and Service {service} has no ready pod on {node}: kube-proxy drops "
        f"the packet there"
    )


def local_is_open(service: str, node: str) -> str:
    return (
        f"whether a pod of Service {service} is on {node} is up to the scheduler; spreading or a "
        f"nodeName would settle it"
    )


def placement_open(pod: str) -> str:
    return f"the answer depends on which node pod {pod} is on, and that is up to the scheduler"


def policy_allows(way: str, policy: str, rule: int) -> str:
    return f"NetworkPolicy {policy} allows it by rule {way}[{rule}]"


def policy_denies(
    way: str, pod: str, near: str, policies: Sequence[str], port: int, protocol: str, other: str
) -> str:
    direction = "from" if way == "ingress" else "to"
    isolated = f"pod {pod} is isolated for {way} by NetworkPolicy {listed(policies)}"
    reasons = {
        "none": "which has no rule that allows anything",
        "port": f"whose rules allow {other}, but not port {port}/{protocol} of the pod",
        "peer": f"whose rules allow port {port}/{protocol}, but not {direction} {other}",
        "both": f"and no rule allows port {port}/{protocol} {direction} {other}",
    }
    return f"{isolated}, {reasons[near]}: the packet is dropped"


def policy_unknown(policy: str, other: str) -> str:
    return (
        f"whether the ipBlock of NetworkPolicy {policy} holds the address of {other} is known only "
        f"in the cluster"
    )


def reject_lost(pod: str, policies: Sequence[str]) -> str:
    return (
        f"the refusal is an ICMP message from the node, and NetworkPolicy {listed(policies)} lets "
        f"no such message into pod {pod}: the client waits in vain"
    )


def on_node(pod: str, address: str, node: str) -> str:
    return f"pod {pod} has the address {address} on {node}"


def somewhere(pod: str, address: str) -> str:
    return f"pod {pod} has the address {address}"


def sent_to(pod: str, number: int, others: int) -> str:
    if others:
        return f"the proxy picks pod {pod}, one of {others + 1}, and sends to its port {number}"
    return f"the proxy sends to port {number} of pod {pod}"


def listens(program: str, listener: object, pod: str) -> str:
    return f"{program} listens on {listener} in pod {pod}"


def no_listener(port: int, protocol: str, pod: str, what: str) -> str:
    return f"nothing listens on {port}/{protocol} in pod {pod}: {what}"


def listening_instead(program: str, listeners: Sequence[object]) -> str:
    if not listeners:
        return f"{program} opens no port"
    return f"{program} listens on {listed(listeners)}"


def loopback_only(program: str, listener: object, pod: str) -> str:
    return (
        f"{program} listens on {listener} in pod {pod}, an address that only the pod itself "
        f"reaches; bind 0.0.0.0 instead"
    )


def bound_elsewhere(program: str, listener: object, pod: str) -> str:
    return f"{program} in pod {pod} listens on {listener} alone, not on the address dialled"


def listener_unknown(port: int, protocol: str, pod: str, program: str, reason: str) -> str:
    return (
        f"what {program or 'the container'} in pod {pod} listens on is not known"
        f"{' (' + reason + ')' if reason else ''}; the annotation "
        f'checker/listens: "{port}/{protocol}" on the pod would say it'
    )


def flapping(pod: str, reason: str) -> str:
    return f"pod {pod} is restarted again and again: {reason}"


def cluster_ip_from_outside(service: str) -> str:
    return f"the address of Service {service} exists inside the cluster only"


def load_balancer_pending(service: str) -> str:
    return (
        f"the external address of Service {service} stays <pending>: this cluster has no load "
        f"balancer; its node ports work"
    )


def pod_from_outside(pod: str) -> str:
    return f"the address of pod {pod} exists inside the cluster only"


def node_port(node: str, port: int, protocol: str, service: str) -> str:
    return f"{node}:{port}/{protocol} is a node port of Service {service}"


def node_port_nothing(node: str, port: int, protocol: str, have: Sequence[str]) -> str:
    tail = f"; its node ports are {listed(have)}" if have else ""
    return f"nothing listens on {port}/{protocol} of {node}{tail}"


def node_port_localhost(port: int) -> str:
    return (
        f"kube-proxy in nftables mode serves node port {port} on the node's own address, not on "
        f"localhost"
    )


def host_port(node: str, port: int, pod: str, inside: int) -> str:
    return f"{node}:{port} is a host port: it leads to port {inside} of pod {pod}"


def node_program(name: str, node: str, port: int) -> str:
    return f"{name} listens on port {port} of {node}"


def node_unknown(node: str, port: int) -> str:
    return f"what besides Kubernetes listens on port {port} of {node} is not known"


def outside_unknown(address: str) -> str:
    return f"what listens at {address}, outside the cluster, is not known"


def outside_nowhere(address: str) -> str:
    return f"{address} is kept for documentation and never answers"


def localhost_source(text: str) -> str:
    return f"localhost is not known for the source {text}: it is outside the cluster"


def masqueraded(node: str, address: str) -> str:
    return f"{node} sends it on under its own address, {address}"


# Ingress and Gateway


def ingress_matches(name: str, host: str, path: str, service: str) -> str:
    return f"Ingress {name} sends {host or '*'}{path} to {service}"


def ingress_default(name: str, service: str) -> str:
    return f"no rule matches; the default backend of Ingress {name} is {service}"


def ingress_no_rule(host: str, path: str, hosts: Sequence[str]) -> str:
    have = f"the hosts are {listed(hosts)}" if hosts else "there is no Ingress and no HTTPRoute"
    return f"no rule matches {host}{path} ({have}): the controller answers 404"


def ingress_no_path(host: str, path: str, paths: Sequence[str]) -> str:
    return f"no path of host {host} matches {path} ({listed(paths)}): the controller answers 404"


def backend_no_service(service: str, namespace: str, status: int) -> str:
    return (
        f"the backend Service {service} does not exist in namespace {namespace}: the controller "
        f"answers {status}"
    )


def backend_no_port(service: str, port: object, ports: Sequence[str], status: int) -> str:
    return (
        f"Service {service} has no port {port} ({listed(ports)}); a backend names the Service's "
        f"port, not the pod's: the controller answers {status}"
    )


def backend_resource(name: str) -> str:
    return f"the backend of {name} is no Service; what answers there is not known"


def backend_answers(verdict: str) -> str:
    return {
        "refused": "the controller cannot reach the backend and answers 502 or 503",
        "timeout": "the controller waits for the backend in vain and answers 504",
    }.get(verdict, "")


def route_matches(name: str, host: str, path: str, service: str) -> str:
    return f"HTTPRoute {name} sends {host}{path} to {service}"


def route_no_gateway(route: str, gateway: str) -> str:
    return f"HTTPRoute {route} names the Gateway {gateway}, which does not exist"


def route_not_allowed(route: str, namespace: str, gateway: str) -> str:
    return (
        f"Gateway {gateway} takes no HTTPRoute from namespace {namespace} (allowedRoutes of its "
        f"listeners), so {route} is not attached"
    )


def route_no_listener(route: str, gateway: str, host: str) -> str:
    return f"no listener of Gateway {gateway} fits HTTPRoute {route} for host {host}"


def route_needs_grant(route: str, namespace: str, service: str, to: str) -> str:
    return (
        f"HTTPRoute {route} in namespace {namespace} may not use Service {service} in namespace "
        f"{to}: no ReferenceGrant in {to} allows it, and the gateway answers 500"
    )


def route_no_backend(route: str) -> str:
    return f"the rule of HTTPRoute {route} has no backend: the gateway answers 500"


def selected_elsewhere(pod: str, namespace: str, own: str) -> str:
    return f"pod {pod} does, but in namespace {namespace}, and a Service selects in its own ({own})"
