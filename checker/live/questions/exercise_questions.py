"""What an exercise's answer asks of a cluster: every connection that its checks and questions try.

The static checks have said what must come of each; the live ones ask whether the cluster says so.
Where an exercise has no manifests to try, what it is about stands in for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from checker.api import Finding, Resource, admit
from checker.course.exercise import (
    Check,
    Endpoints,
    Exercise,
    Flows,
    Gate,
    Matrix,
    NoFlows,
    Predictions,
)
from checker.course.submission import Submission
from checker.live.questions.tables import cells
from checker.manifests import Manifest, Source, read
from checker.network import Cluster, Trace, build_cluster, matrix

#: Exercise 9 asks for judgements. This is the case that people doubt most: one port, three times.
_THREE_ON_ONE_PORT = """
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      containers:
        - name: main
          image: registry.k8s.io/e2e-test-images/agnhost:2.63.0
          args: [serve-hostname, --port=8080]
          ports: [{{containerPort: 8080}}]
          readinessProbe: {{httpGet: {{path: /, port: 8080}}, periodSeconds: 1}}
"""


class Questions(NamedTuple):
    """One answer's: the objects to apply, their model, and the connections predicted by check."""

    manifests: list[dict[str, Any]]
    resources: list[Resource]
    findings: list[Finding]
    cluster: Cluster
    asked: list[tuple[Check, Trace]]


def questions_of(exercise: Exercise, sources: Sequence[Source]) -> Questions:
    """The questions of an answer that can be read."""
    submission = Submission(exercise, sources)
    given = read(exercise.given_sources()).manifests
    asked: list[tuple[Check, Trace]] = []
    known: set[tuple[str, str, str]] = set()
    for check in exercise.checks:
        for source, target, protocol in _connections(check, exercise):
            trace = submission.trace_between(source, target, protocol)
            if isinstance(trace, str):
                continue
            key = trace.source, trace.target, trace.protocol
            if key not in known:
                known.add(key)
                asked.append((check, trace))
    manifests = [*given, *submission.manifests]
    if not manifests and not asked:
        names = ("first", "second", "third")
        text = "---".join(_THREE_ON_ONE_PORT.format(name=name) for name in names)
        return _without_answer(exercise, read([Source("three.yaml", text)]).manifests, [])
    gates = [check for check in exercise.checks if isinstance(check.spec, Gate)]
    if gates:
        return cases_of(exercise, gates, bad=False)
    admission = admit(manifests, exercise.settings)
    return Questions(
        [one.value for one in manifests],
        admission.resources,
        admission.findings,
        submission.cluster,
        asked,
    )


def cases_of(exercise: Exercise, gates: Iterable[Check], *, bad: bool) -> Questions:
    """The good or the bad cases of a gate, each in a namespace of its own, and who reaches whom."""
    manifests: list[Manifest] = []
    owners: dict[str, Check] = {}
    for check in gates:
        for case in check.spec.cases if isinstance(check.spec, Gate) else ():
            if case.bad is not bad:
                continue
            space = case.file.rpartition(".")[0]
            owners[space] = check
            texts = [*exercise.given_sources(), Source(case.file, exercise.cases[case.file])]
            for one in read(texts).manifests:
                one.value.setdefault("metadata", {})["namespace"] = space
                manifests.append(one)
    return _without_answer(exercise, manifests, list(owners.items()))


def _without_answer(
    exercise: Exercise, manifests: list[Manifest], owners: list[tuple[str, Check]]
) -> Questions:
    admission = admit(manifests, exercise.settings)
    cluster = build_cluster(admission.resources, exercise.settings)
    asked = []
    for space, check in owners:
        for one in cells(cluster, matrix(cluster, "TCP")):
            ends = {one.source.rpartition(".")[2], one.target.partition(":")[0].rpartition(".")[2]}
            if ends == {space}:
                asked.append((check, one))
    values = [one.value for one in manifests]
    return Questions(values, admission.resources, admission.findings, cluster, asked)


def _connections(check: Check, exercise: Exercise) -> Iterator[tuple[str, str, str]]:
    spec = check.spec
    if isinstance(spec, Flows | NoFlows):
        yield from ((one.source, one.target, one.protocol) for one in spec.flows)
    elif isinstance(spec, Endpoints):
        yield spec.source, spec.target, spec.protocol
    elif isinstance(spec, Matrix):
        for source in spec.sources:
            yield from ((source, target, spec.protocol) for target in spec.targets)
    elif isinstance(spec, Predictions) and not isinstance(spec, Gate):
        for question in exercise.questions:
            if question.id in spec.questions and question.flow is not None:
                flow = question.flow
                yield flow.source, flow.target, flow.protocol
