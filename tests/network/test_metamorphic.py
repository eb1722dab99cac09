"""What must not change a verdict, and in which direction policies may change one.

NetworkPolicy's own definition: policies add up; an isolated pod is allowed what any of them
allows (kubernetes.io, network policies, "The two sorts of pod isolation").
"""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.api import admit
from checker.api.settings import ClusterSettings
from checker.manifests import Source, read
from checker.network import build_cluster, matrix
from tests.network.worlds import policy, rules, text, worlds

MANY = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
SETTINGS = ClusterSettings(nodes=2)


def verdicts(*sources: str) -> dict[tuple[str, str], str]:
    """Verdicts by source pod and target, over all pods and Services, grouping undone."""
    reading = read([Source(f"{i}.yaml", one) for i, one in enumerate(sources)])
    made = build_cluster(admit(reading.manifests, SETTINGS).resources, SETTINGS)
    # Each pod by itself, for groups may differ between two worlds.
    for number, pod in enumerate(made.pods):
        pod.group = number
    found = matrix(made)
    return {
        (source.name, target.name): verdict
        for source, row in zip(found.sources, found.verdicts, strict=True)
        for target, verdict in zip(found.targets, row, strict=True)
    }


def objects(world: str) -> list[dict[str, Any]]:
    return [one for one in yaml.safe_load_all(world) if one]


@MANY
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_objects_rules_and_peers_means_nothing(
    world: str, dice: random.Random
) -> None:
    shuffled = copy.deepcopy(objects(world))
    for one in shuffled:
        if one["kind"] == "NetworkPolicy":
            for key, peers in (("ingress", "from"), ("egress", "to")):
                found = one["spec"].get(key) or []
                dice.shuffle(found)
                for rule in found:
                    dice.shuffle(rule.get(peers) or [])
                    dice.shuffle(rule.get("ports") or [])
    dice.shuffle(shuffled)
    assert verdicts(text(shuffled)) == verdicts(world)


@MANY
@given(worlds())
def test_splitting_files_means_nothing(world: str) -> None:
    assert verdicts(*(f"---\n{json.dumps(one)}\n" for one in objects(world))) == verdicts(world)


def as_expressions(selector: dict[str, Any]) -> dict[str, Any]:
    labels = selector.get("matchLabels") or {}
    written = [{"key": key, "operator": "In", "values": [value]} for key, value in labels.items()]
    return {"matchExpressions": written + (selector.get("matchExpressions") or [])}


def rewrite(value: Any) -> Any:
    """Every label selector below `value` with expressions instead of labels."""
    if isinstance(value, list):
        return [rewrite(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: as_expressions(one) if key in ("podSelector", "namespaceSelector") else rewrite(one)
        for key, one in value.items()
    }


@MANY
@given(worlds())
def test_labels_and_expressions_are_one(world: str) -> None:
    changed = [rewrite(one) if one["kind"] == "NetworkPolicy" else one for one in objects(world)]
    assert verdicts(text(changed)) == verdicts(world)


@MANY
@given(worlds())
def test_number_and_name_are_one_where_every_pod_declares_the_name(world: str) -> None:
    def with_port(number: int | str) -> str:
        changed = copy.deepcopy(objects(world))
        for one in changed:
            if one["kind"] == "Pod":
                one["spec"]["containers"][0]["ports"] = [{"name": "http", "containerPort": 8080}]
            elif one["kind"] == "Service":
                one["spec"]["ports"][0]["targetPort"] = number
            elif one["kind"] == "NetworkPolicy":
                for key in ("ingress", "egress"):
                    for rule in one["spec"].get(key) or []:
                        for port in rule.get("ports") or []:
                            if port.get("port") in (8080, "http"):
                                port["port"] = number
                                port["protocol"] = "TCP"
                                # A name means one pod's port; a node has none.
                                port.pop("endPort", None)
        # On the host network a pod is a node to policies, and a name means nothing there.
        for one in changed:
            one.get("spec", {}).pop("hostNetwork", None)
        return text(changed)

    assert verdicts(with_port("http")) == verdicts(with_port(8080))


@MANY
@given(worlds(), policy("extra"))
def test_a_policy_never_opens_what_no_policy_closed(world: str, extra: dict[str, Any]) -> None:
    bare = [one for one in objects(world) if one["kind"] != "NetworkPolicy"]
    before, after = verdicts(text(bare)), verdicts(text([*bare, extra]))
    for way, verdict in after.items():
        if verdict == "connected":
            assert before[way] == "connected", way


@MANY
@given(worlds(), policy("first"), rules("from"), rules("to"))
def test_another_policy_for_the_same_pods_never_closes_and_its_removal_never_opens(
    world: str, first: dict[str, Any], ingress: list[Any], egress: list[Any]
) -> None:
    second = copy.deepcopy(first)
    second["metadata"]["name"] = "second"
    if "Ingress" in first["spec"]["policyTypes"]:
        second["spec"]["ingress"] = ingress
    if "Egress" in first["spec"]["policyTypes"]:
        second["spec"]["egress"] = egress
    one, two = verdicts(world + text([first])), verdicts(world + text([first, second]))
    for way, verdict in one.items():
        if verdict == "connected":
            assert two[way] == "connected", way
        if two[way] in ("timeout", "refused"):
            assert verdict in ("timeout", "refused", "cannot-tell"), way


@MANY
@given(worlds())
def test_a_label_that_nobody_asks_for_means_nothing(world: str) -> None:
    changed = copy.deepcopy(objects(world))
    for number, one in enumerate(changed):
        if one["kind"] == "Pod":
            one["metadata"].setdefault("labels", {})[f"extra-{number}"] = "x"
    assert verdicts(text(changed)) == verdicts(world)
