"""A policy's peer that chooses nothing: told where it is a slip, and nowhere else.

That a peer chooses no pod of the input is no fault (kube-linter's
`dangling-networkpolicypeer-podselector` was a false alarm in 5 of 5 public manifests:
tests/benchmarks/judgements.toml). NetworkPolicy's own documentation has the cases with more
namespaces: "Behavior of to and from selectors".
"""

from __future__ import annotations

from typing import Any

import pytest

from checker.advice.nearest import is_slip
from tests.advice.building import container, deployment, manifest, pod, policy
from tests.advice.linting import lint, said

RULE = "policy-peer-matches-nothing"
API = pod(container(), name="api")


def labels(**wanted: str) -> dict[str, Any]:
    return {"podSelector": {"matchLabels": wanted}}


def admitting(*peers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return policy(app="api", ingress=[{"from": list(peers)}], **more)


def named(*names: str) -> dict[str, Any]:
    key = "kubernetes.io/metadata.name"
    if len(names) == 1:
        return {"namespaceSelector": {"matchLabels": {key: names[0]}}}
    chosen = {"key": key, "operator": "In", "values": list(names)}
    return {"namespaceSelector": {"matchExpressions": [chosen]}}


@pytest.mark.parametrize(
    ("one", "other", "slip"),
    [
        ("frontend", "front-end", True),
        ("frontend", "Frontend", True),
        ("frontend", "fronted", True),
        ("frontend", "fontend", True),
        ("frontend", "fornt-end", False),
        ("database", "databsae", True),
        ("checkout-service", "chekout-service", True),
        ("workers", "worker", True),
        ("carts", "cart", True),
        ("carts-db", "cart-db", True),
        ("db", "dbs", False),
        ("v1", "v2", False),
        ("redis-0", "redis-1", False),
        ("zone-a", "zone-b", False),
        ("nodea", "nodeb", False),
        ("web-1-2", "web-12", False),
        ("blue", "glue", False),
        ("web", "api", False),
        ("internal-gateway", "external-gateway", False),
        ("redis-master", "redis-replica", False),
        ("1.2", "12", False),
        ("prometheus", "prometheus-operator", False),
    ],
)
def test_slips(one: str, other: str, slip: bool) -> None:
    assert is_slip(one, other) == is_slip(other, one) == slip


def test_a_label_misspelt() -> None:
    web = deployment(container(), name="frontend")
    for way, key in (("ingress", "from"), ("egress", "to")):
        one = policy(app="api", **{way: [{key: [labels(app="fronted")]}]})
        found = [each for each in lint(manifest(API, web, one)) if each.rule == RULE]
        assert [(each.severity, each.field) for each in found] == [
            ("warning", f"spec.{way}[0].{key}[0].podSelector")
        ]
        assert f"this item of `{key}` allows nothing" in found[0].message
        assert "nearest: the pods of Deployment frontend (app=frontend, not fronted)" in (
            found[0].message
        )


def test_all_other_labels_have_to_fit() -> None:
    web = pod(container(), name="frontend", labels={"tier": "shown"})
    assert said(manifest(API, web, admitting(labels(app="fronted", tier="shown")))) == {
        RULE: "warning"
    }
    assert said(manifest(API, web, admitting(labels(app="fronted", tier="hidden")))) == {}


def test_the_namespace_forgotten() -> None:
    """A podSelector alone chooses pods of the policy's own namespace."""
    web = pod(container(), name="web", namespace="shop")
    found = lint(manifest(API, web, admitting(labels(app="web"))))
    assert [(one.rule, one.severity) for one in found] == [(RULE, "warning")]
    assert "kubernetes.io/metadata.name=shop" in found[0].fix
    assert lint(manifest(API, web, admitting(labels(app="web") | named("shop")))) == []


def test_namespaces_are_known_by_name_alone() -> None:
    """Any other label may be on a namespace that the input does not hold."""
    web = pod(container(), name="frontend", namespace="shop")
    slip = labels(app="fronted")
    assert said(manifest(API, web, admitting(slip | named("shop")))) == {RULE: "warning"}
    both = [pod(container(), name="other", namespace="more"), web]
    assert said(manifest(API, *both, admitting(slip | named("shop", "more")))) == {RULE: "warning"}
    # Of this one the input has no pods.
    assert said(manifest(API, web, admitting(slip | named("shop", "elsewhere")))) == {}
    space = {"apiVersion": "v1", "kind": "Namespace"}
    space |= {"metadata": {"name": "shop", "labels": {"team": "shop"}}}
    for chosen in ({"matchLabels": {"team": "shop"}}, {}):
        peer = slip | {"namespaceSelector": chosen}
        assert said(manifest(space, API, web, admitting(peer))) == {}


FRONTEND = pod(container(), name="frontend")
DATABASE = {"apiVersion": "postgresql.cnpg.io/v1", "kind": "Cluster", "metadata": {"name": "db"}}
SILENT: dict[str, tuple[dict[str, Any], ...]] = {
    "pods of another repository": (FRONTEND, admitting(labels(app="prometheus"))),
    "another value of a key that is there": (FRONTEND, admitting(labels(app="backend"))),
    "a twin": (pod(container(), name="web-v1"), admitting(labels(app="web-v2"))),
    "who opts in": (FRONTEND, admitting(labels(**{"api-client": "true"}))),
    "who opts in there": (
        pod(container(), name="x", namespace="shop", labels={"api-client": "true"}),
        admitting(labels(**{"api-client": "true"})),
    ),
    "another true": (
        pod(container(), name="x", labels={"sidecar.istio.io/inject": "true"}),
        admitting(labels(**{"api-client": "true"})),
    ),
    "a component that is off": (
        pod(container(), name="db", labels={"component": "primary"}),
        admitting(labels(app="db", component="metrics")),
    ),
    "both spellings": (FRONTEND, admitting(labels(app="frontend"), labels(app="front-end"))),
    "both spellings in two rules": (
        FRONTEND,
        policy(
            app="api",
            ingress=[{"from": [labels(app="front-end")]}, {"from": [labels(app="frontend")]}],
        ),
    ),
    "both namespaces": (
        pod(container(), name="web", namespace="shop"),
        admitting(labels(app="web"), labels(app="web") | named("shop")),
    ),
    "spelt so by somebody": (
        FRONTEND,
        pod(container(), name="front-end", app="other", labels={"name": "x"}),
        pod(container(), name="front-end", namespace="shop", labels={"tier": "shown"}),
        admitting(labels(app="front-end", tier="hidden")),
    ),
    "a copy for each namespace": (
        pod(container(), name="debug", namespace="dev"),
        admitting(labels(app="debug")),
        admitting(labels(app="debug"), namespace="dev"),
    ),
    "an operator's pods": (FRONTEND, DATABASE, admitting(labels(app="fronted"))),
    "a controller's label": (FRONTEND, admitting(labels(**{"job-name": "frontend"}))),
    "no replicas": (
        deployment(container(), name="worker", replicas=0),
        admitting(labels(app="worker")),
    ),
    "everybody": (FRONTEND, admitting({"podSelector": {}})),
    "a block": (FRONTEND, admitting({"ipBlock": {"cidr": "10.0.0.0/8"}})),
    "whoever is not": (
        FRONTEND,
        admitting(
            {"podSelector": {"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}}
        ),
    ),
}


@pytest.mark.parametrize("case", SILENT)
def test_nothing_is_said_of(case: str) -> None:
    found = lint(manifest(API, *SILENT[case]))
    assert [one for one in found if one.rule == RULE] == []


def test_a_policy_for_nobody_is_told_by_itself() -> None:
    one = policy(app="apii", ingress=[{"from": [labels(app="fronted")]}])
    assert said(manifest(API, FRONTEND, one)) == {"policy-selects-nothing": "warning"}


def test_it_can_be_silenced() -> None:
    one = admitting(labels(app="fronted"))
    one["metadata"]["annotations"] = {f"checker/ignore.{RULE}": "they come with the next release"}
    assert lint(manifest(API, FRONTEND, one)) == []
