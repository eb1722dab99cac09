"""Selectors that match nothing yet: where an operator may make the pods, nothing is said.

Leave to make pods is RBAC's (`kubernetes.io/docs/reference/access-authn-authz/rbac`): a binding in
a namespace gives it there, a ClusterRoleBinding everywhere. Longhorn is such a case: its manager
makes the pods that the policies of its own manifest select.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.advice.building import container, manifest, pod, policy, service
from tests.advice.linting import said

DANGLING = {"policy-selects-nothing": "warning", "selector-matches-nothing": "warning"}
RBAC = "rbac.authorization.k8s.io/v1"


def role(kind: str = "ClusterRole", **rule: Any) -> dict[str, Any]:
    given = {"apiGroups": [""], "resources": ["pods"], "verbs": ["*"], **rule}
    metadata = {"name": "maker"}
    return {"apiVersion": RBAC, "kind": kind, "metadata": metadata, "rules": [given]}


def binding(kind: str = "ClusterRole", everywhere: bool = True, **more: Any) -> dict[str, Any]:
    return {
        "apiVersion": RBAC,
        "kind": "ClusterRoleBinding" if everywhere else "RoleBinding",
        "metadata": {"name": "maker", **more},
        "roleRef": {"apiGroup": RBAC.partition("/")[0], "kind": kind, "name": "maker"},
        "subjects": [{"kind": "ServiceAccount", "name": "operator", "namespace": "default"}],
    }


def dangling(*objects: dict[str, Any]) -> dict[str, str]:
    """What is said where a Service and a policy select what no pod of the input is."""
    web = service("web", ports=[{"port": 80}])
    return said(manifest(web, policy(app="web"), pod(container(80), name="b", app="b"), *objects))


def test_without_an_operator_both_are_faults() -> None:
    assert dangling() == DANGLING


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"apiGroups": ["apps"], "resources": ["daemonsets"], "verbs": ["get", "create"]},
        {"apiGroups": ["*"], "resources": ["*"]},
        {"apiGroups": ["batch"], "resources": ["jobs"]},
    ],
    ids=json.dumps,
)
def test_who_may_make_pods_may_make_these(rule: dict[str, Any]) -> None:
    assert dangling(role(**rule), binding()) == {}
    assert dangling(role(**rule), binding(everywhere=False)) == {}
    assert dangling(role("Role", **rule), binding("Role", everywhere=False)) == {}


@pytest.mark.parametrize(
    "rule",
    [
        {"verbs": ["get", "list", "watch"]},
        {"resources": ["configmaps"]},
        {"apiGroups": ["apps"], "resources": ["pods"]},
    ],
    ids=json.dumps,
)
def test_other_leave_makes_no_pods(rule: dict[str, Any]) -> None:
    """A role names resources of its API groups: there are no pods in `apps`."""
    assert dangling(role(**rule), binding()) == DANGLING


def test_a_role_without_binding_gives_no_leave() -> None:
    assert dangling(role()) == DANGLING


def test_leave_in_another_namespace_is_none_here() -> None:
    elsewhere = binding(everywhere=False, namespace="other")
    assert dangling(role(), elsewhere) == DANGLING
