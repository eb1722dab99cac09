"""Hops of a connection: what the walk decided, at the line that decided it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from checker.network import sentences as say
from checker.network.answer import Stage
from checker.network.endpoints import Endpoint, EndpointSet
from checker.network.model import Node, Pod
from checker.network.noendpoints import explain
from checker.network.policies import EGRESS, INGRESS, Decision
from checker.network.services import Service, ServicePort
from checker.network.story import Story

if TYPE_CHECKING:
    from checker.network.cluster import Cluster


def policy_hop(
    cluster: Cluster,
    decision: Decision,
    way: str,
    pod: Pod,
    other: str,
    port: int,
    protocol: str,
    story: Story,
) -> None:
    """What the policies that isolate `pod` for `way` (ingress or egress) decide, and by which."""
    stage: Stage = "egress-policy" if way == "egress" else "ingress-policy"
    policy, rule = decision.policy, decision.rule
    if policy is None:
        return
    field = "spec.podSelector"
    if rule is not None:
        field = f"spec.{way}[{rule.position}]"
        if decision.peer is not None:
            field += f".{'to' if way == 'egress' else 'from'}[{decision.peer.position}]"
        elif decision.near == "port":
            field += ".ports"
        elif decision.near == "peer":
            field += ".to" if way == "egress" else ".from"
    if decision.allowed:
        detail = say.policy_allows(way, policy.name, rule.position if rule else 0)
        story.add(stage, "pass", detail, policy.resource, field)
    elif decision.allowed is None:
        detail = say.policy_unknown(policy.name, other)
        story.add(stage, "unknown", detail, policy.resource, field)
    else:
        names = [
            one.name
            for one in cluster.policies.isolating(pod, EGRESS if way == "egress" else INGRESS)
        ]
        detail = say.policy_denies(way, pod.name, decision.near, names, port, protocol, other)
        story.add(stage, "fail", detail, policy.resource, field)


def forwarding_hop(service: Service, port: ServicePort, known: EndpointSet, story: Story) -> None:
    """Which port of how many pods a Service's port stands for."""
    number = len(known.ready)
    by_hand = known.endpoints and all(one.resource is not None for one in known.endpoints)
    if by_hand and not service.selector:
        detail = say.forwards_by_hand(service.name, port.port, port.protocol, number)
    else:
        detail = say.forwards(service.name, port.port, port.protocol, port.target, number)
    field = port.field("targetPort")
    story.add_service("service", "pass", detail, service, field)


def endpoints_hop(
    service: Service,
    port: ServicePort,
    known: EndpointSet,
    ready: Sequence[Endpoint],
    unsure: Sequence[Endpoint],
    story: Story,
) -> None:
    """How many endpoints there are to pick from."""
    by_hand = next((one for one in known.endpoints if one.resource is not None), None)
    if unsure and unsure[0].pod is not None:
        pod = unsure[0].pod
        detail = say.readiness_unknown(len(unsure), pod.readiness.reason)
        story.add_pod("endpoints", "unknown", detail, pod, pod.readiness.field)
    elif by_hand is not None and not service.selector:
        story.add(
            "endpoints", "pass", say.by_hand_ready(len(ready)), by_hand.resource, by_hand.field
        )
    else:
        left = sum(one.why == "port-name" for one in known.left)
        detail = say.all_ready(len(ready), max(known.selected, len(ready)), left)
        field = "spec.selector"
        named = next((one for one in ready if one.named is not None), None)
        if named is not None and named.pod is not None and named.named is not None:
            story.add_pod("endpoints", "pass", detail, named.pod, named.named.field)
        else:
            story.add_service("endpoints", "pass", detail, service, field)


def no_local_hop(
    service: Service,
    port: ServicePort,
    known: EndpointSet,
    node: Node,
    policy: str,
    story: Story,
) -> None:
    """A traffic policy wants endpoints of one node, and there are none."""
    forwarding_hop(service, port, known, story)
    detail = say.no_local_endpoint(service.name, node.name, policy)
    story.add_service("endpoints", "fail", detail, service, f"spec.{policy}")


def no_endpoints_hop(
    cluster: Cluster,
    service: Service,
    port: ServicePort,
    known: EndpointSet,
    more: str,
    story: Story,
) -> None:
    """Nothing is ready behind a Service's port: why, in a sentence that ends with `more`."""
    forwarding_hop(service, port, known, story)
    detail, pod, field = explain(cluster, service, port, known)
    if pod is not None:
        story.add_pod("endpoints", "fail", detail + more, pod, field)
    else:
        story.add_service("endpoints", "fail", detail + more, service, field)
