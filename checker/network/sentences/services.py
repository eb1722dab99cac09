"""Hops at names, Services and their endpoints."""

from __future__ import annotations

from collections.abc import Sequence

from checker.network.sentences.words import count, listed


def dns_resolves(name: str, full: str, what: str) -> str:
    return f"{name} resolves as {full} to {what}" if full != name else f"{name} resolves to {what}"


def dns_unknown_name(name: str, tried: Sequence[str]) -> str:
    return f"{name} does not resolve; tried {listed(tried)}"


def dns_no_addresses(name: str, service: str) -> str:
    return f"{name} has no addresses: headless Service {service} has no ready pod"


NO_POD = "the source is no pod"


def dns_policy(name: str, why: str) -> str:
    return f"{name} is asked of the node's own name server, which knows no Services: {why}"


def dns_policy_reason(policy: str) -> str:
    if policy == "ClusterFirst":
        return (
            "on the host network dnsPolicy ClusterFirst means that; ClusterFirstWithHostNet asks "
            "the cluster's"
        )
    return f"dnsPolicy is {policy}"


def dns_outside(name: str) -> str:
    return f"{name} is a name outside the cluster; what it resolves to is not known here"


def dns_own_servers(name: str) -> str:
    return f"{name} is asked of the name servers in dnsConfig, which the checker does not know"


def dns_servers_silent(name: str, servers: Sequence[str]) -> str:
    return (
        f"{name} is asked of the name servers in dnsConfig, {', '.join(servers)}, and none of "
        f"them can answer that"
    )


def dns_next_address(name: str, refusing: int, number: int) -> str:
    return (
        f"{refusing} of the {number} addresses of {name} refuse, and a client goes on to the next "
        f"one until it is connected"
    )


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


def slices_not_ready(service: str) -> str:
    return f"no address in the EndpointSlices of Service {service} is ready"


def slices_of_other_family(service: str, kinds: str) -> str:
    return (
        f"the EndpointSlices of Service {service} hold addresses of type {kinds}, and kube-proxy "
        f"takes only those of the Service's own IP family"
    )


def port_name_nowhere(name: str, protocol: str, number: int, have: str) -> str:
    tail = f"they declare {have}" if have else "they declare no named port"
    return (
        f"targetPort {name!r} names no {protocol} containerPort of the "
        f"{count(number, 'selected pod')}; {tail}"
    )


def none_ready(service: str, number: int, reason: str) -> str:
    if number == 1:
        return f"the only pod behind Service {service} is not ready: {reason}"
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


def cluster_ip_from_outside(service: str) -> str:
    return f"the address of Service {service} exists inside the cluster only"


def load_balancer_pending(service: str) -> str:
    return (
        f"the external address of Service {service} stays <pending>: this cluster has no load "
        f"balancer; its node ports work"
    )


def no_service_at(address: str) -> str:
    return f"no Service has the address {address}: packets to it are lost"


def external_address(address: str, service: str) -> str:
    return f"{address} is an external IP of Service {service}: every node takes it for the Service"


def selected_elsewhere(pod: str, namespace: str, own: str) -> str:
    return f"pod {pod} does, but in namespace {namespace}, and a Service selects in its own ({own})"
