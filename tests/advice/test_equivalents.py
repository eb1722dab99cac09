"""Equal things written differently get equal findings."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from checker.advice import explain
from checker.advice.rule import rule_ids
from tests.advice.building import manifest
from tests.advice.linting import said


def documents(rule_id: str) -> list[dict[str, Any]]:
    rule = explain(rule_id)
    assert rule is not None
    return list(yaml.safe_load_all(rule.bad))


def with_expressions(value: Any) -> Any:
    """`matchLabels` as `matchExpressions`, wherever they stand."""
    if isinstance(value, list):
        return [with_expressions(item) for item in value]
    if not isinstance(value, dict):
        return value
    changed = {key: with_expressions(item) for key, item in value.items()}
    labels = changed.pop("matchLabels", None)
    if labels is not None:
        changed["matchExpressions"] = [
            {"key": key, "operator": "In", "values": [item]} for key, item in labels.items()
        ]
    return changed


def as_workload(value: dict[str, Any], kind: str) -> dict[str, Any]:
    """A Pod as a workload of one replica."""
    if value["kind"] != "Pod":
        return value
    metadata = value["metadata"]
    labels = metadata.get("labels", {}) | {"only": metadata["name"]}
    template = {"metadata": metadata | {"labels": labels}, "spec": value["spec"]}
    spec: dict[str, Any] = {"selector": {"matchLabels": labels}, "template": template}
    if kind == "StatefulSet":
        spec["serviceName"] = "any"
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {key: item for key, item in metadata.items() if key != "labels"},
        "spec": spec,
    }


@pytest.mark.parametrize("rule_id", rule_ids())
def test_labels_or_expressions(rule_id: str) -> None:
    """metav1 LabelSelector: `matchLabels` is short for `In` with one value."""
    written = documents(rule_id)
    assert said(manifest(*map(with_expressions, written))) == said(manifest(*written))


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet"])
@pytest.mark.parametrize("rule_id", rule_ids())
def test_pods_or_workloads(rule_id: str, kind: str) -> None:
    """What is wrong with a Pod is wrong with a template that makes such pods."""
    written = documents(rule_id)
    made = [as_workload(one, kind) for one in written]
    assert said(manifest(*made)) == said(manifest(*written))


@pytest.mark.parametrize("rule_id", rule_ids())
def test_default_namespace_said_or_not(rule_id: str) -> None:
    """No namespace is the namespace `default`."""
    written = documents(rule_id)
    moved = [
        one | {"metadata": {"namespace": "default"} | one["metadata"]}
        if one["kind"] not in ("Namespace",)
        else one
        for one in written
    ]
    assert said(manifest(*moved)) == said(manifest(*written))


#: Nodes and node ports are shared by all namespaces.
CLUSTER_WIDE = {
    "host-port-conflict",
    "host-port-in-node-port-range",
    "host-port-used",
    "node-port-in-dynamic-band",
}
IN_ONE_NAMESPACE = [
    rule_id
    for rule_id in rule_ids()
    if rule_id not in CLUSTER_WIDE
    and not any(
        "namespace" in one["metadata"] or one["kind"] == "Namespace" for one in documents(rule_id)
    )
]


@pytest.mark.parametrize("rule_id", IN_ONE_NAMESPACE)
def test_what_is_elsewhere_changes_nothing(rule_id: str) -> None:
    """The same objects a second time, in a namespace of their own, neither mend nor break them."""
    written = documents(rule_id)
    copies = [one | {"metadata": one["metadata"] | {"namespace": "copy"}} for one in written]
    assert said(manifest(*written, *copies)) == said(manifest(*written))
