"""Peers of policies that choose no pod, where it is plain which one was meant.

A policy may well name pods that another repository deploys, or that come later: that nothing is
chosen is no fault by itself, and most of what other linters say of it are false alarms. So all of
this has to hold before anything is said:

- the namespaces that the peer is about are known by name, and the input has all their workloads;
- no pod there has the labels;
- a pod there has all of them but one, which differs by a slip of the pen or stands under another
  key, and nobody spells it so; or a pod of that name is in another namespace;
- the policy does not let that pod in by another item, nor has its namespace the same policy.

A label that is no name, as `redis-client: "true"`, is for whoever wants to opt in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.advice.found import Found, pods_from
from checker.advice.nearest import is_slip
from checker.advice.selecting import asks_controllers
from checker.advice.survey import Survey
from checker.network.model import PodTemplate
from checker.network.policies import EGRESS, INGRESS, Peer, Policy
from checker.network.selectors import NAMESPACE_NAME_LABEL, Selector

#: Labels that say who a pod is (the last part of their keys), unlike those that say what it may.
_NAMES = frozenset(("app", "name", "k8s-app", "component", "tier", "role", "run"))
#: Comparing words costs; among more pods than these none is looked for.
_MOST_PODS = 200
_FIELDS = {INGRESS: ("ingress", "from"), EGRESS: ("egress", "to")}


def check(survey: Survey) -> Iterator[Found]:
    """Every peer of every policy that has pods and that nothing else makes void."""
    for policy in survey.policies:
        if not survey.select_by(policy.namespace, policy.selector):
            continue
        for way, (key, peers) in _FIELDS.items():
            for rule in policy.rules[way] if way in policy.types else ():
                for peer in rule.peers:
                    case, words = _missed(survey, policy, way, peer)
                    if case:
                        words["peers"] = peers
                        field = f"spec.{key}[{rule.position}].{peers}[{peer.position}].podSelector"
                        yield Found(
                            "policy-peer-matches-nothing", policy.resource, field, case, words
                        )


def _missed(survey: Survey, policy: Policy, way: str, peer: Peer) -> tuple[str, dict[str, object]]:
    """How the peer misses the pods that it means; "" where it does not, or where nobody knows."""
    if peer.pods is None or peer.pods.is_empty or asks_controllers(peer.pods):
        return "", {}
    wanted = _as_labels(peer.pods)
    namespaces = _namespaces(survey, policy, peer)
    if not namespaces or any(survey.select_by(name, wanted) for name in namespaces):
        return "", {}
    words: dict[str, object] = {"namespace": " or ".join(namespaces), "selector": str(wanted)}
    elsewhere = survey.elsewhere(wanted)
    if elsewhere is not None:
        # Each namespace may have its own copy of everything, this one without those pods.
        copied = any(
            one.name == policy.name and one.namespace == elsewhere.namespace
            for one in survey.policies
            if one is not policy
        )
        named = any(map(_is_name, wanted.labels))
        if copied or not named or _allows(survey, policy, way, elsewhere):
            return "", {}
        words |= {"other": elsewhere.namespace, "near": pods_from([elsewhere])}
        return "elsewhere" if peer.namespaces is None else "other_namespace", words
    pods = [one for name in namespaces for one in survey.in_namespace(name)]
    for key, value in wanted.labels.items() if len(pods) <= _MOST_PODS else ():
        case, found, difference = _nearest(survey, pods, wanted, key, value)
        if found is not None and not _allows(survey, policy, way, found):
            words["near"] = pods_from([found])
            words["differences" if case == "value" else "other"] = difference
            return case, words
    return "", {}


def _namespaces(survey: Survey, policy: Policy, peer: Peer) -> list[str]:
    """The namespaces that a peer is about; none where they are not known, or not their pods."""
    names = [policy.namespace]
    if peer.namespaces is not None:
        # Any other label may be on namespaces that the input does not hold.
        own = _as_labels(peer.namespaces)
        names = [own.labels[NAMESPACE_NAME_LABEL]] if NAMESPACE_NAME_LABEL in own.labels else []
        for key, operator, values in own.expressions:
            if key == NAMESPACE_NAME_LABEL and operator == "In":
                names = names or sorted(values)
        known = survey.cluster.namespaces
        if not all(peer.namespaces.matches(known.get(name, {})) for name in names):
            return []
    if any(survey.may_hold_more(name) or not survey.in_namespace(name) for name in names):
        return []
    return names


def _as_labels(selector: Selector) -> Selector:
    """The same selector with `In` of one value, which is what a label is, as a label."""
    plain = Selector(None)
    plain.labels = dict(selector.labels)
    for key, operator, values in selector.expressions:
        if operator == "In" and len(values) == 1 and key not in plain.labels:
            (plain.labels[key],) = values
        else:
            plain.expressions.append((key, operator, values))
    return plain


def _nearest(
    survey: Survey, pods: Sequence[PodTemplate], wanted: Selector, key: str, value: str
) -> tuple[str, PodTemplate | None, str]:
    """The pod that has all that is wanted but this one label, and what it has in its place."""
    rest = Selector(None)
    rest.labels = {name: one for name, one in wanted.labels.items() if name != key}
    rest.expressions = wanted.expressions
    if survey.elsewhere(Selector({"matchLabels": {key: value}})) is not None:
        # It is spelt as somebody else spells it.
        return "", None, ""
    near = [one for one in pods if rest.matches(one.labels)]
    for one in near:
        if key in one.labels and is_slip(one.labels[key], value):
            return "value", one, f"{key}={one.labels[key]}, not {value}"
    if not _is_name(key) or any(key in one.labels for one in pods):
        return "", None, ""
    for one in near:
        for other, has in one.labels.items():
            if has == value and other not in wanted.labels and _is_name(other):
                return "key", one, f"{other}={has}"
    return "", None, ""


def _allows(survey: Survey, policy: Policy, way: str, template: PodTemplate) -> bool:
    return any(
        template in survey.chosen(peer, policy) for rule in policy.rules[way] for peer in rule.peers
    )


def _is_name(key: str) -> bool:
    return key.rpartition("/")[2] in _NAMES
