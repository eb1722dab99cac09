"""Who in the input may make pods that no manifest shows: operators, by the roles bound to them.

A controller that creates pods, or the workloads that do, needs leave for it
(`kubernetes.io/docs/reference/access-authn-authz/rbac`): a Role or ClusterRole with the verb
`create`, bound to its ServiceAccount. Where a binding gives that leave, selectors that match
nothing in the input may well match what comes later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from checker.api.resource import Resource
from checker.network.fields import items, mapping, text, texts

RBAC = "rbac.authorization.k8s.io/"
#: Resources that are pods or make them, with their API group.
_POD_MAKERS = {
    "": ("pods", "replicationcontrollers"),
    "apps": ("deployments", "daemonsets", "statefulsets", "replicasets"),
    "batch": ("jobs", "cronjobs"),
}


def namespaces_with_operators(resources: Iterable[Resource]) -> set[str]:
    """The namespaces in which somebody of the input may make pods; "" stands for all."""
    roles: set[tuple[str, str]] = set()
    bindings: list[Resource] = []
    for resource in resources:
        if not resource.ref.api_version.startswith(RBAC):
            continue
        if resource.ref.kind.endswith("Binding"):
            bindings.append(resource)
        elif any(_makes_pods(rule) for rule in items(resource.value, "rules")):
            roles.add(_place(resource.ref.kind, resource.ref.namespace, resource.ref.name))
    return set(_where(bindings, roles))


def _place(kind: str, namespace: str, name: str) -> tuple[str, str]:
    return ("" if kind == "ClusterRole" else namespace, name)


def _where(bindings: Sequence[Resource], roles: set[tuple[str, str]]) -> Iterator[str]:
    for binding in bindings:
        role = mapping(binding.value, "roleRef")
        namespace = binding.ref.namespace if binding.ref.kind == "RoleBinding" else ""
        subjects = items(binding.value, "subjects")
        bound = any(text(one, "kind") == "ServiceAccount" for one in subjects)
        if bound and _place(text(role, "kind"), namespace, text(role, "name")) in roles:
            yield namespace


def _makes_pods(rule: Any) -> bool:
    return _has(rule, "verbs", ("create",)) and any(
        _has(rule, "apiGroups", (group,)) and _has(rule, "resources", names)
        for group, names in _POD_MAKERS.items()
    )


def _has(rule: Any, key: str, wanted: Sequence[str]) -> bool:
    return any(one == "*" or one in wanted for one in texts(rule, key))
