"""Which pod templates a selector selects, quickly: by namespace, then by one label."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from checker.network.model import PodTemplate
from checker.network.selectors import Selector

#: Labels that controllers put on pods, which no template shows.
#: `pkg/controller: PodHashLabel…`, `k8s.io/api/apps/v1: StatefulSetPodNameLabel`, `batch/v1`.
CONTROLLER_LABELS = frozenset(
    (
        "pod-template-hash",
        "controller-revision-hash",
        "pod-template-generation",
        "statefulset.kubernetes.io/pod-name",
        "apps.kubernetes.io/pod-index",
        "controller-uid",
        "job-name",
        "batch.kubernetes.io/controller-uid",
        "batch.kubernetes.io/job-name",
        "batch.kubernetes.io/job-completion-index",
        "topology.kubernetes.io/zone",
        "topology.kubernetes.io/region",
    )
)


class TemplateIndex:
    """Templates by namespace and label."""

    def __init__(self, templates: Iterable[PodTemplate]) -> None:
        self._namespaces: dict[str, list[PodTemplate]] = defaultdict(list)
        self._labels: dict[tuple[str, str, str], list[PodTemplate]] = defaultdict(list)
        for template in templates:
            namespace = template.namespace
            self._namespaces[namespace].append(template)
            for key, value in template.labels.items():
                self._labels[namespace, key, value].append(template)

    def namespaces(self) -> list[str]:
        """The namespaces that have templates."""
        return list(self._namespaces)

    def in_namespace(self, namespace: str) -> Sequence[PodTemplate]:
        """The templates of a namespace."""
        return self._namespaces.get(namespace, ())

    def select(self, namespace: str, selector: Any) -> list[PodTemplate]:
        """The templates that a LabelSelector (a value of the API) selects.

        One that asks for a label that only controllers give may select any pod of a template, so
        it is held against the other labels.
        """
        return self.matching(namespace, Selector(selector))

    def matching(self, namespace: str, selector: Selector) -> list[PodTemplate]:
        """As `select`, for a selector that has been read."""
        wanted = Selector(None)
        wanted.labels = {k: v for k, v in selector.labels.items() if k not in CONTROLLER_LABELS}
        wanted.expressions = [x for x in selector.expressions if x[0] not in CONTROLLER_LABELS]
        candidates: Sequence[PodTemplate] = self.in_namespace(namespace)
        for key, value in wanted.labels.items():
            narrower = self._labels.get((namespace, key, value), ())
            if len(narrower) < len(candidates):
                candidates = narrower
        return [template for template in candidates if wanted.matches(template.labels)]


def asks_controllers(selector: Any) -> bool:
    """Whether a LabelSelector, read or as a value, asks for labels that only controllers give."""
    wanted = selector if isinstance(selector, Selector) else Selector(selector)
    keys = {*wanted.labels, *(expression[0] for expression in wanted.expressions)}
    return not CONTROLLER_LABELS.isdisjoint(keys)
