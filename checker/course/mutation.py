"""The checker graded in turn: small faults put into a solution, each of which must be noticed.

A mutant is the solution with one thing changed: a number one up or down, a name, protocol, label,
type or prediction another one, a selector or a policy's list emptied, a field or list item
removed. A mutant *fails* if grading fails it. One that passes must be *equivalent*: the model
says that the API server's verdicts and the reachability of everything from everywhere are those
of the solution (what must stay, the passed checks have shown). Or the exercise lists it with a
reason. Any other *survives*, and shows that a check is missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from checker.course.conditions import agree
from checker.course.exercise import Exercise
from checker.course.grading import grade
from checker.course.selection import printed
from checker.course.submission import ANSWERS_API_VERSION, Submission
from checker.manifests import Manifest, Source, read
from checker.network.answer import Protocol

Fate = Literal["fails", "equivalent", "listed", "survives"]
Steps = tuple[str | int, ...]

REMOVED: Any = object()

_ENUMERATIONS: dict[str, tuple[str, ...]] = {
    "protocol": ("TCP", "UDP"),
    "type": ("ClusterIP", "NodePort", "LoadBalancer"),
    "externalTrafficPolicy": ("Cluster", "Local"),
    "sessionAffinity": ("None", "ClientIP"),
    "pathType": ("Prefix", "Exact"),
    "operator": ("In", "NotIn"),
    "whenUnsatisfiable": ("DoNotSchedule", "ScheduleAnyway"),
}
_SELECTORS = ("selector", "podSelector", "namespaceSelector", "matchLabels")
_RULES = ("ingress", "egress")
_RULE_PARTS = ("from", "to", "ports")


class Mutant(NamedTuple):
    """One changed solution. `what` says what was changed, the same for the same solution."""

    what: str
    sources: tuple[Source, ...]


class Judged(NamedTuple):
    """What became of a mutant. `reason` is the check that failed, or the exercise's own words."""

    what: str
    fate: Fate
    reason: str


def mutants(exercise: Exercise, solution: Mapping[str, str]) -> Iterator[Mutant]:
    """Every mutant of a solution (texts by file name), one change each."""
    files = [(name, read([Source(name, solution[name])]).manifests) for name in solution]
    for _, manifests in files:
        for manifest in manifests:
            for steps, new in _document_changes(exercise, manifest):
                changed = _changed(manifest.value, steps, new)
                sources = tuple(_source(other, those, manifest, changed) for other, those in files)
                yield Mutant(_what(manifest, steps, new), sources)


def judge_mutants(exercise: Exercise, solution: Mapping[str, str]) -> list[Judged]:
    """Every mutant of a solution with its fate."""
    pristine = [Source(name, solution[name]) for name in exercise.answer_files]
    expected = _signature(Submission(exercise, pristine))
    return [
        _judged(exercise, mutant, expected)
        for mutant in mutants(exercise, {name: solution[name] for name in exercise.answer_files})
    ]


def _judged(exercise: Exercise, mutant: Mutant, expected: Any) -> Judged:
    report = grade(exercise, mutant.sources)
    if report.status != "pass":
        failing = (one.id for one in report.checks if one.status in ("fail", "cannot-tell"))
        return Judged(mutant.what, "fails", next(failing, report.error or ""))
    if _signature(Submission(exercise, mutant.sources)) == expected:
        return Judged(mutant.what, "equivalent", "")
    for listed in exercise.harmless:
        if re.search(listed.mutant, mutant.what):
            return Judged(mutant.what, "listed", listed.reason)
    return Judged(mutant.what, "survives", "")


def _signature(submission: Submission) -> tuple[Any, ...]:
    """What the model says of an answer: refusals, and who reaches whom over which protocol."""
    from checker.network import matrix

    errors = sorted(
        (one.rule, one.message) for one in submission.findings if one.severity == "error"
    )
    protocols: tuple[Protocol, ...] = ("TCP", "UDP")
    reach = []
    for protocol in protocols:
        found = matrix(submission.cluster, protocol)
        sources = [(axis.name, axis.members) for axis in found.sources]
        targets = [(axis.name, axis.members) for axis in found.targets]
        reach.append((sources, targets, found.verdicts))
    return (errors, reach, submission.prediction.values)


def _document_changes(exercise: Exercise, manifest: Manifest) -> Iterator[tuple[Steps, Any]]:
    if manifest.value.get("apiVersion") == ANSWERS_API_VERSION:
        yield from _answer_changes(exercise, manifest)
    else:
        yield from _changes(manifest.value, ())


def _answer_changes(exercise: Exercise, manifest: Manifest) -> Iterator[tuple[Steps, Any]]:
    for question in exercise.questions:
        given = manifest.value["answers"].get(question.id)
        steps = ("answers", question.id)
        yield steps, REMOVED
        numbers = (given - 1, given + 1) if isinstance(given, int) else ()
        for value in question.values or numbers:
            if not agree(value, given):
                yield steps, value


def _changes(value: Any, steps: Steps) -> Iterator[tuple[Steps, Any]]:
    """All changes at `value` and below it, the removal of each part included."""
    if isinstance(value, dict | list):
        yield from ((steps, new) for new in _emptied(value, steps))
        keys: Any = value if isinstance(value, dict) else range(len(value))
        for key in keys:
            yield (*steps, key), REMOVED
            yield from _changes(value[key], (*steps, key))
    else:
        yield from ((steps, new) for new in _other_scalars(value, steps))


def _emptied(value: Any, steps: Steps) -> Iterator[Any]:
    name = steps[-1] if steps else ""
    if value and name in _SELECTORS:
        yield {}
    if value and name in (*_RULES, *_RULE_PARTS):
        yield []
    if name in _RULES and value != [{}]:
        yield [{}]


def _other_scalars(value: Any, steps: Steps) -> Iterator[Any]:
    name = str(steps[-1])
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1)
    elif name in _ENUMERATIONS and value in _ENUMERATIONS[name]:
        yield from (other for other in _ENUMERATIONS[name] if other != value)
    elif isinstance(value, str):
        number = re.search(r"[0-9]+$", value)
        if number and number.start() > 0 and not value[number.start() - 1].isalnum():
            head = value[: number.start()]
            yield from (f"{head}{int(number[0]) + 1}", f"{head}{int(number[0]) - 1}")
        else:
            yield f"{value}x"


def _changed(value: Any, steps: Steps, new: Any) -> Any:
    """A copy of `value` with `new` at `steps`, or with nothing there."""
    if not steps:
        return new
    key, rest = steps[0], steps[1:]
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    if new is REMOVED and not rest:
        del copy[key]
    elif not rest:
        copy[key] = new
    else:
        copy[key] = _changed(copy[key], rest, new)
    return copy


def _source(
    name: str, manifests: list[Manifest], changed: Manifest, value: dict[str, Any]
) -> Source:
    """A file with one of its objects changed; JSON is YAML."""
    documents = [value if one is changed else one.value for one in manifests]
    return Source(name, "\n---\n".join(json.dumps(one) for one in documents))


def _what(manifest: Manifest, steps: Steps, new: Any) -> str:
    metadata = manifest.value.get("metadata")
    name = metadata.get("name", "") if isinstance(metadata, dict) else ""
    place = f"{manifest.value.get('kind')}/{name}".rstrip("/")
    change = "removed" if new is REMOVED else f"becomes {json.dumps(new)}"
    return f"{place} {printed(steps)} {change}"
