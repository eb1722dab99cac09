"""Checks on the objects themselves: accepted, kept, free of findings, designed as asked."""

from __future__ import annotations

from typing import Any

from checker.api import Finding, Resource
from checker.course import sentences
from checker.course.conditions import holds, same
from checker.course.exercise import Accepted, Fields, FindingsGone, Keep, KeptObject
from checker.course.result import PASS, Outcome
from checker.course.selection import Found, notation, objects, printed, select
from checker.course.submission import Submission

#: What kubectl's default validation refuses although the API server alone would only warn.
STRICT_RULES = ("api-unknown-field", "api-duplicate-field")


def judge_accepted(spec: Accepted, submission: Submission) -> Outcome:
    """Passes where kube-apiserver would create every object of the answer."""
    for finding in submission.findings:
        strict = finding.rule in STRICT_RULES
        if finding.source == "api-server" and (
            spec.strict if strict else finding.severity == "error"
        ):
            return _finding_outcome(sentences.REFUSED_OBJECT, finding)
    return PASS


def judge_findings_gone(spec: FindingsGone, submission: Submission) -> Outcome:
    """Passes where none of the rules has anything to say about the answer."""
    findings = [one for rule in spec.rules for one in submission.findings_of(rule)]
    for finding in findings:
        if finding.rule in spec.rules:
            return _finding_outcome(sentences.UNKNOWN_FIELD, finding)
    return PASS


def judge_fields(spec: Fields, submission: Submission) -> Outcome:
    """Passes where the condition holds; a failure points at the field that decides."""
    if holds(spec.require, submission):
        return PASS
    found = objects(submission.resources, spec.object)
    if not found:
        return Outcome("fail", sentences.GONE.format(object=spec.object))
    for path in spec.path:
        there = select(found[0].value, path)
        if there:
            return Outcome("fail", spec.message, found[0].manifest.locate(there[0].steps))
    return Outcome("fail", spec.message, found[0].manifest.location)


def judge_keep(spec: Keep, submission: Submission) -> Outcome:
    """Passes where the objects are there and what must stay is as in the pristine files."""
    for kept in spec.objects:
        for before in objects(submission.pristine, kept.object):
            outcome = _kept(kept, before, submission)
            if outcome.status != "pass":
                return outcome
    return PASS


def _finding_outcome(template: str, finding: Finding) -> Outcome:
    said = f"{finding.field}: {finding.message}" if finding.field else finding.message
    message = template.format(object=finding.object or "the object", finding=said)
    return Outcome("fail", message, finding.location, why=finding.why, fix=finding.fix)


def _kept(kept: KeptObject, before: Resource, submission: Submission) -> Outcome:
    name = notation(before)
    now = next((one for one in submission.resources if notation(one) == name), None)
    if now is None:
        return Outcome("fail", sentences.GONE.format(object=name))
    if kept.exists:
        return PASS
    for path in kept.fields or ("spec",):
        then_values, now_values = select(before.value, path), select(now.value, path)
        before_them = [_without(found, kept.but) for found in then_values]
        if _alike_in_any_order(before_them, [_without(found, kept.but) for found in now_values]):
            continue
        return _changed(name, path, then_values, now_values, now)
    return PASS


def _without(found: Found, but: tuple[str, ...]) -> Any:
    """The value without the fields that may change: `but` are paths from the object's root."""
    gone = {position.steps for path in but for position in select(_rooted(found), path)}
    return _pruned(found.value, found.steps, gone)


def _rooted(found: Found) -> Any:
    """The value put back at its place below an otherwise empty object."""
    value = found.value
    for step in reversed(found.steps):
        value = {step: value} if isinstance(step, str) else [None] * step + [value]
    return value


def _pruned(value: Any, steps: tuple[str | int, ...], gone: set[tuple[str | int, ...]]) -> Any:
    if isinstance(value, dict):
        return {
            key: _pruned(item, (*steps, key), gone)
            for key, item in value.items()
            if (*steps, key) not in gone
        }
    if isinstance(value, list):
        return [
            _pruned(item, (*steps, position), gone)
            for position, item in enumerate(value)
            if (*steps, position) not in gone
        ]
    return value


def _alike(one: Any, other: Any) -> bool:
    """Equal, the order of a list's objects aside: Kubernetes' own lists of objects are keyed."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        if one and all(isinstance(item, dict) for item in one):
            return _alike_in_any_order(one, other)
        return len(one) == len(other) and all(map(_alike, one, other))
    return same(one, other)


def _alike_in_any_order(one: list[Any], other: list[Any]) -> bool:
    left = list(other)
    for item in one:
        match = next((position for position, e in enumerate(left) if _alike(item, e)), None)
        if match is None:
            return False
        del left[match]
    return not left


def _changed(
    name: str, path: str, before: list[Found], after: list[Found], now: Resource
) -> Outcome:
    if len(before) == len(after) == 1:
        then, current = _narrowed(before[0], after[0])
        field, before, after = printed(current.steps), [then], [current]
    else:
        field = path
    template = sentences.CHANGED
    if not before:
        template = sentences.ADDED
    elif not after:
        template = sentences.REMOVED
    differing = next(
        (
            found
            for position, found in enumerate(after)
            if position >= len(before) or not same(before[position].value, found.value)
        ),
        (after or before)[0],
    )
    message = template.format(
        object=name,
        field=field,
        before=sentences.listed(sentences.shown(found.value) for found in before),
        after=sentences.listed(sentences.shown(found.value) for found in after),
    )
    return Outcome("fail", message, now.manifest.locate(differing.steps))


def _narrowed(before: Found, after: Found) -> tuple[Found, Found]:
    """The first place within two values where they differ, as long as both have it."""
    one, other = before.value, after.value
    keys: Any = ()
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        keys = one.keys()
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        keys = range(len(one))
    for key in keys:
        if not _alike(one[key], other[key]):
            steps = (*after.steps, key)
            return _narrowed(Found(steps, one[key]), Found(steps, other[key]))
    return before, after
