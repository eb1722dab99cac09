"""Pods whose egress policies let them call others, but not look up a name.

Names are asked for over UDP 53 and, where an answer is long or lost, TCP 53, and both at the DNS
*pods*: the DNS Service's address is translated before a policy sees the packet.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from checker.advice.found import Found, pods_from
from checker.advice.survey import Survey
from checker.network.fields import text
from checker.network.model import Pod, PodTemplate
from checker.network.policies import EGRESS, Party, Peer, Policy, Rule

_PORT = 53


def check(survey: Survey) -> Iterator[Found]:
    """Every template that egress policies isolate."""
    if not any(EGRESS in policy.types for policy in survey.policies) or survey.has_other_policies:
        return
    servers = survey.dns_pods()
    for template in survey.templates if servers else ():
        pods = survey.pods_of(template)
        if pods and text(template.spec, "dnsPolicy") not in ("None", "Default"):
            yield from _check(survey, template, pods[0], servers)


def _check(survey: Survey, template: PodTemplate, pod: Pod, servers: list[Pod]) -> Iterator[Found]:
    policies = survey.cluster.policies.isolating(pod, EGRESS)
    rules = [(policy, rule) for policy in policies for rule in policy.rules[EGRESS]]
    # A pod that may call nobody needs no names, nor one that is given addresses alone.
    callers = [(policy, rule) for policy, rule in rules if _needs_names(rule)]
    if not callers or any(_has_own_server(survey, rule) for _, rule in rules):
        return
    udp, tcp = (_allowed(survey, pod, servers, protocol) for protocol in ("UDP", "TCP"))
    policy, rule = callers[0]
    words = {"pods": pods_from([template]), "policy": policy.name}
    field = f"spec.egress[{rule.position}]"
    if udp is False:
        block = _service_block(survey, rules)
        if block:
            at, inside, peer = block
            where = f"spec.egress[{inside.position}].to[{peer.position}].ipBlock.cidr"
            words |= {"cidr": str(peer.block), "policy": at.name}
            yield Found("dns-egress-to-service-address", at.resource, where, words=words)
        else:
            yield Found("dns-egress-blocked", policy.resource, field, words=words)
    elif udp and tcp is False:
        for one, inside in rules:
            if any(port.port == _PORT and port.protocol == "UDP" for port in inside.ports):
                policy, field = one, f"spec.egress[{inside.position}].ports"
        yield Found("dns-egress-udp-only", policy.resource, field, words=words)


def _needs_names(rule: Rule) -> bool:
    """Whether a rule lets out to what is called by name: pods, or the whole world."""
    if any(port.port in (_PORT, 5353) for port in rule.ports):
        return False
    return not rule.peers or any(
        peer.block is None or peer.block.prefixlen == 0 for peer in rule.peers
    )


def _has_own_server(survey: Survey, rule: Rule) -> bool:
    """Whether a rule is made for DNS servers that the model has not: a node's cache, OpenShift's
    port 5353, servers outside.
    """
    if any(port.port in (5353, "dns", "dns-tcp") for port in rule.ports):
        return True
    if not any(port.port == _PORT and port.protocol == "UDP" for port in rule.ports):
        return False
    inside = ipaddress.ip_network(survey.settings.service_cidr, strict=False)
    return any(peer.block is not None and not _overlaps(peer, inside) for peer in rule.peers)


def _overlaps(peer: Peer, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    return peer.block is not None and peer.block.overlaps(network)


def _allowed(survey: Survey, pod: Pod, servers: list[Pod], protocol: str) -> bool | None:
    decisions = [
        survey.cluster.policies.decide(
            EGRESS, pod, Party(server, server.address), server, _PORT, protocol
        ).allowed
        for server in servers
    ]
    if True in decisions:
        return True
    return None if None in decisions else False


def _service_block(
    survey: Survey, rules: list[tuple[Policy, Rule]]
) -> tuple[Policy, Rule, Peer] | None:
    """The rule for port 53 whose ipBlock holds the DNS Service's address, if there is one."""
    address = survey.dns_address()
    for policy, rule in rules:
        if not any(port.port == _PORT for port in rule.ports):
            continue
        for peer in rule.peers:
            if peer.block is not None and address is not None and address in peer.block:
                return policy, rule, peer
    return None
