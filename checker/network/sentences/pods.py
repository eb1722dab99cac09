"""Hops at policies, pods, nodes and listeners."""

from __future__ import annotations

from collections.abc import Sequence

from checker.network.sentences.words import listed


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
        f"the refusal is lost on its way back to pod {pod}, as it is for every pod that a "
        f"NetworkPolicy selects ({listed(policies)}), and the client waits in vain"
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


def waits_for(pod: str, before: str) -> str:
    return (
        f"{pod} is not made before {before} is ready: a StatefulSet starts its pods one after "
        "another unless its podManagementPolicy is Parallel"
    )


def answers_astray(listener: object, pod: str) -> str:
    return (
        f"{listener} in pod {pod} is asked at the node's address, but answers a pod of the same "
        "node from another of the node's addresses, and the answer is dropped: bind the server to "
        "one address"
    )


def listening_instead(program: str, listeners: Sequence[object]) -> str:
    if not listeners:
        return f"{program} opens no port"
    return f"{program} listens on {listed(listeners)}"


def loopback_only(program: str, listener: object, pod: str) -> str:
    return (
        f"{program} listens on {listener} in pod {pod}, an address that only the pod itself reaches"
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


def api_server(address: str) -> str:
    return f"kube-apiserver listens on {address}"


def outside_nowhere(address: str) -> str:
    return f"{address} is kept for documentation and never answers"


def localhost_source(text: str) -> str:
    return f"localhost is not known for the source {text}: it is outside the cluster"


def masqueraded(node: str, address: str) -> str:
    return f"{node} sends it on under its own address, {address}"


def taken_in(kind: str, name: str) -> str:
    return f"{kind} {name} selects it, takes it for its own, and deletes a pod that is too many"
