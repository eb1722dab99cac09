"""What an exercise's answer asks of a cluster: every connection that its checks and questions try.

The static checks have said what must come of each; the live ones ask whether the cluster says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

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
from checker.manifests import Source, read
from checker.network import Cluster, Trace


class Questions(NamedTuple):
    """One answer's: the objects to apply, their model, and the connections predicted by check.

    `apart` says why there is nothing to ask, where that is so.
    """

    manifests: list[dict[str, Any]]
    cluster: Cluster
    asked: list[tuple[Check, Trace]]
    apart: str = ""


def questions_of(exercise: Exercise, sources: Sequence[Source]) -> Questions:
    """The questions of an answer that can be read."""
    submission = Submission(exercise, sources)
    given = read(exercise.given_sources()).manifests
    manifests = [one.value for one in (*given, *submission.manifests)]
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
    apart = "" if asked else "this exercise has no connection to try in a cluster"
    return Questions(manifests, submission.cluster, asked, apart)


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
