"""NetworkPolicies that do not do what they look like.

A policy sees pods and *pod* ports, after the Service's address has been translated; what isolates
a pod and what its rules allow is the model's to say (`checker.network.policies`).
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.advice.checks.services import nothing_selected
from checker.advice.found import Found, listed, pods_from
from checker.advice.listening import declared, listeners_on
from checker.advice.selecting import asks_controllers
from checker.advice.survey import Survey, target_of
from checker.network.fields import mapping
from checker.network.model import Pod, PodTemplate
from checker.network.policies import EGRESS, INGRESS, Policy, PolicyPort, Rule, allows_port
from checker.network.services import Service, ServicePort

_FIELDS = {INGRESS: ("ingress", "from"), EGRESS: ("egress", "to")}


def check(survey: Survey) -> Iterator[Found]:
    """Every policy, then what the policies together do to Services."""
    told: set[tuple[str, str, int]] = set()
    for policy in survey.policies:
        selected = survey.select(policy.namespace, _selector(policy))
        if not selected:
            yield from _selects_nothing(survey, policy)
        yield from _ignored(policy)
        for way in (INGRESS, EGRESS):
            for rule in policy.rules[way] if way in policy.types else ():
                yield from _split(policy, way, rule)
                pods = selected if way == INGRESS else _peers(survey, policy, rule)
                for found, service in _ports(survey, policy, way, rule, pods):
                    if service:
                        told.add(service)
                    yield found
    yield from _blocked(survey, told)


def _selector(policy: Policy) -> object:
    return mapping(policy.resource.value, "spec").get("podSelector")


def _selects_nothing(survey: Survey, policy: Policy) -> Iterator[Found]:
    if policy.selector.is_empty or survey.may_hold_more(policy.namespace):
        return
    if asks_controllers(_selector(policy)):
        return
    yield from nothing_selected(
        survey,
        "policy-selects-nothing",
        policy.resource,
        "spec.podSelector",
        policy.namespace,
        policy.selector,
    )


def _ignored(policy: Policy) -> Iterator[Found]:
    """Rules of a direction that policyTypes leaves out."""
    for way, (key, _) in _FIELDS.items():
        if policy.rules[way] and way not in policy.types:
            words = {"key": key, "way": way, "types": listed(sorted(policy.types))}
            yield Found("policy-rules-ignored", policy.resource, f"spec.{key}", words=words)


def _split(policy: Policy, way: str, rule: Rule) -> Iterator[Found]:
    """Two items with one selector each, where one item with both may have been meant."""
    if len(rule.peers) != 2:
        return
    spaces = [one for one in rule.peers if one.namespaces is not None and one.pods is None]
    pods = [one for one in rule.peers if one.pods is not None and one.namespaces is None]
    if len(spaces) != 1 or len(pods) != 1:
        return
    chosen, others = spaces[0].namespaces, pods[0].pods
    if chosen is None or others is None or others.is_empty:
        return
    key, peers = _FIELDS[way]
    words = {
        "namespaces": str(chosen) or "any label, or none",
        "pods": str(others),
        "namespace": policy.namespace,
        "peers": peers,
    }
    later = max(spaces[0].position, pods[0].position)
    field = f"spec.{key}[{rule.position}].{peers}[{later}]"
    yield Found("policy-selectors-split", policy.resource, field, words=words)


def _peers(survey: Survey, policy: Policy, rule: Rule) -> list[PodTemplate]:
    """The templates that a rule's selectors choose.

    None for a rule that is not about pods, or that has no ports to compare with theirs.
    """
    if not rule.ports or not rule.peers or any(peer.block for peer in rule.peers):
        return []
    found = [template for peer in rule.peers for template in survey.chosen(peer, policy)]
    return list({id(template): template for template in found}.values())


def _ports(
    survey: Survey, policy: Policy, way: str, rule: Rule, pods: list[PodTemplate]
) -> Iterator[tuple[Found, tuple[str, str, int] | None]]:
    """Ports of a rule that no pod has which the rule is about."""
    if not pods:
        return
    key = _FIELDS[way][0]
    for index, port in enumerate(rule.ports):
        field = f"spec.{key}[{rule.position}].ports[{index}].port"
        if isinstance(port.port, str):
            # An operator's pods may have it.
            open_ended = any(survey.may_hold_more(one.namespace) for one in pods)
            if not open_ended and not any(_is_named(template, port) for template in pods):
                words = {"name": port.port, "protocol": port.protocol, "pods": pods_from(pods)}
                names = [one.name for template in pods for one in template.ports if one.name]
                words["names"] = listed(names) or "none"
                yield Found("policy-port-name-unknown", policy.resource, field, words=words), None
        elif port.port is not None and port.end is None:
            yield from _service_port(survey, policy, rule, port, pods, field)


def _is_named(template: PodTemplate, port: PolicyPort) -> bool:
    return any(one.name == port.port and one.protocol == port.protocol for one in template.ports)


def _service_port(
    survey: Survey,
    policy: Policy,
    rule: Rule,
    port: PolicyPort,
    pods: list[PodTemplate],
    field: str,
) -> Iterator[tuple[Found, tuple[str, str, int] | None]]:
    number, protocol = port.port, port.protocol
    if not isinstance(number, int) or any(
        declared(template, number, protocol) or listeners_on(template, number, protocol)
        for template in pods
    ):
        return
    for service, one in survey.services_of(pods):
        if one.port != number or one.protocol != protocol or service.is_headless:
            continue
        behind = [template for template in survey.behind(service) if template in pods]
        targets = {target_of(template, one) for template in behind} - {None, number}
        missed = [
            target
            for target in targets
            if not any(
                allows_port(rule.ports, _one(survey, template), target or 0, protocol)
                for template in behind
            )
        ]
        if missed:
            words = {
                "port": number,
                "protocol": protocol,
                "service": service.name,
                "target": listed(sorted(target or 0 for target in missed), "or"),
                "pods": pods_from(behind),
            }
            found = Found("policy-uses-service-port", policy.resource, field, words=words)
            yield found, (service.namespace, service.name, one.position)
            return


def _one(survey: Survey, template: PodTemplate) -> Pod | None:
    pods = survey.pods_of(template)
    return pods[0] if pods else None


def _blocked(survey: Survey, told: set[tuple[str, str, int]]) -> Iterator[Found]:
    """Services with isolated pods that no rule lets anybody into on their port."""
    if not survey.policies or survey.has_other_policies:
        return
    for service in survey.services:
        for port in service.ports:
            if (service.namespace, service.name, port.position) not in told:
                yield from _blocks(survey, service, port)


def _blocks(survey: Survey, service: Service, port: ServicePort) -> Iterator[Found]:
    shut: dict[int, Policy] = {}
    fine: list[PodTemplate] = []
    behind = [one for one in survey.behind(service) if survey.pods_of(one)]
    for index, template in enumerate(behind):
        number = target_of(template, port)
        pod = survey.pods_of(template)[0]
        isolating = survey.cluster.policies.isolating(pod, INGRESS)
        if number is None:
            return
        rules = [rule for policy in isolating for rule in policy.rules[INGRESS]]
        if not isolating or any(
            allows_port(rule.ports, pod, number, port.protocol) for rule in rules
        ):
            fine.append(template)
            continue
        # The one with rules is where a port is missing; without any, none was meant to come in.
        shut[index] = next((one for one in isolating if one.rules[INGRESS]), isolating[0])
    if not shut:
        return
    policy = next(iter(shut.values()))
    pods = [behind[index] for index in shut]
    words = {
        "service": service.name,
        "port": port.port,
        "protocol": port.protocol,
        "target": listed(dict.fromkeys(target_of(one, port) for one in pods), "or"),
        "pods": pods_from(pods),
        "fine": pods_from(fine),
        "policy": policy.name,
    }
    rule = next(iter(policy.rules[INGRESS]), None)
    field = f"spec.ingress[{rule.position}].ports" if rule else "spec.podSelector"
    case = "some" if fine else "message" if rule else "deny_all"
    yield Found("policy-blocks-service", policy.resource, field, case, words)
