"""Label selectors.

A selector with neither labels nor expressions matches everything; a missing one is for its owner
to interpret (a Service without selector selects nothing, a policy's peer without podSelector
selects all pods of its namespaces). After
`k8s.io/apimachinery/pkg/apis/meta/v1: LabelSelectorAsSelector`, `pkg/labels: Requirement.Matches`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker.network.fields import items, labels, text, texts

#: The label that every namespace has, set by the API server, with its own name.
NAMESPACE_NAME_LABEL = "kubernetes.io/metadata.name"


class Selector:
    """A LabelSelector, read once and asked often."""

    __slots__ = ("expressions", "labels")

    def __init__(self, value: Any) -> None:
        self.labels = labels(value, "matchLabels")
        self.expressions = [
            (text(item, "key"), text(item, "operator"), frozenset(texts(item, "values")))
            for item in items(value, "matchExpressions")
        ]

    @property
    def is_empty(self) -> bool:
        """Whether it matches everything."""
        return not self.labels and not self.expressions

    def matches(self, of: Mapping[str, str]) -> bool:
        """Whether an object with these labels is selected.

        `NotIn` and `DoesNotExist` match where the key is missing; an operator that does not exist
        matches nothing.
        """
        for key, value in self.labels.items():
            if of.get(key) != value:
                return False
        return all(_meets(of, *expression) for expression in self.expressions)

    def key(self) -> tuple[object, ...]:
        """Equal for selectors that are written alike."""
        return (
            tuple(sorted(self.labels.items())),
            tuple(sorted((key, how, tuple(sorted(of))) for key, how, of in self.expressions)),
        )

    def __str__(self) -> str:
        words = [f"{key}={value}" for key, value in self.labels.items()]
        for key, operator, values in self.expressions:
            listed = f" ({', '.join(sorted(values))})" if values else ""
            words.append(f"{key} {operator}{listed}")
        return ", ".join(words)


def _meets(of: Mapping[str, str], key: str, operator: str, values: frozenset[str]) -> bool:
    if operator == "In":
        return key in of and of[key] in values
    if operator == "NotIn":
        return key not in of or of[key] not in values
    if operator == "Exists":
        return key in of
    if operator == "DoesNotExist":
        return key not in of
    return False


def meets_node_expression(
    of: Mapping[str, str], key: str, operator: str, values: list[str]
) -> bool:
    """One requirement of a node selector term, which knows Gt and Lt besides.

    `k8s.io/component-helpers/scheduling/corev1/nodeaffinity: nodeSelectorRequirementsAsSelector`.
    """
    if operator in ("Gt", "Lt"):
        try:
            have, want = int(of[key]), int(values[0])
        except (KeyError, IndexError, ValueError):
            return False
        return have > want if operator == "Gt" else have < want
    return _meets(of, key, operator, frozenset(values))
