"""Whether a condition of an exercise holds for an answer."""

from __future__ import annotations

import re
from typing import Any

from checker.course.exercise import (
    AllOf,
    AnswerCondition,
    AnyOf,
    Condition,
    FieldCondition,
    FindingCondition,
    FlowCondition,
    Not,
    ObjectCondition,
    ValueTest,
)
from checker.course.selection import notation, objects, select
from checker.course.submission import Submission


def holds(condition: Condition, submission: Submission) -> bool:
    """Whether `condition` holds for the answer `submission`."""
    match condition:
        case FieldCondition():
            return _field(condition, submission)
        case FindingCondition():
            return _finding(condition, submission)
        case FlowCondition(flow):
            trace = submission.trace(flow)
            return not isinstance(trace, str) and trace.verdict in flow.expect
        case AnswerCondition(question, test):
            return _answer(question, test, submission)
        case ObjectCondition(name, least, most):
            count = len(objects(submission.resources, name))
            return least <= count and (most is None or count <= most)
        case AllOf(conditions):
            return all(holds(one, submission) for one in conditions)
        case AnyOf(conditions):
            return any(holds(one, submission) for one in conditions)
        case Not(negated):
            return not holds(negated, submission)


def same(one: Any, other: Any) -> bool:
    """Equal in value and type all the way down: 80 is not "80", and 1 is not true."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and bool(one == other)


def agree(value: Any, given: Any) -> bool:
    """Whether a learner who wrote `given` means `value`: quotes and capitals do not matter.

    Nor does YAML 1.1, which reads on, yes, off and no as booleans.
    """
    return _meant(value) == _meant(given)


def _meant(value: Any) -> str:
    text = str(value).strip().lower()
    for meaning, words in (("yes", ("true", "on")), ("no", ("false", "off"))):
        if text in words:
            return meaning
    return text


def passes(test: ValueTest, value: Any) -> bool:
    """Whether one value is as `test` wants it, what is asked of its presence aside."""
    if test.equals is not None and not same(test.equals, value):
        return False
    if test.one_of is not None and not any(same(one, value) for one in test.one_of):
        return False
    if test.matches is not None and re.fullmatch(test.matches, str(value)) is None:
        return False
    if test.at_least is None and test.at_most is None:
        return True
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return (test.at_least is None or value >= test.at_least) and (
        test.at_most is None or value <= test.at_most
    )


def _field(condition: FieldCondition, submission: Submission) -> bool:
    test = condition.test
    values = [
        found.value
        for resource in objects(submission.resources, condition.object)
        for found in select(
            resource.manifest.value if condition.written else resource.value, condition.path
        )
    ]
    if test.exists is not None and bool(values) is not test.exists:
        return False
    if test.exists is False:
        return True
    if test.changed is not None and _changed(condition, submission) is not test.changed:
        return False
    if condition.every:
        return bool(values) and all(passes(test, value) for value in values)
    if test._replace(exists=None, changed=None) == ValueTest():
        return True
    return any(passes(test, value) for value in values)


def _changed(condition: FieldCondition, submission: Submission) -> bool:
    """Whether any object has other values there than its pristine namesake."""
    pristine = {notation(resource): resource for resource in submission.pristine}
    for resource in objects(submission.resources, condition.object):
        before = pristine.get(notation(resource))
        if before is None:
            continue
        now = [found.value for found in select(resource.value, condition.path)]
        then = [found.value for found in select(before.value, condition.path)]
        if not same(now, then):
            return True
    return False


def _finding(condition: FindingCondition, submission: Submission) -> bool:
    wanted = objects(submission.resources, condition.object) if condition.object else None
    refs = None if wanted is None else {resource.ref for resource in wanted}
    return any(
        re.fullmatch(condition.rule, finding.rule)
        and (refs is None or finding.object in refs)
        and re.search(condition.field, finding.field)
        and re.search(condition.message, finding.message)
        for finding in submission.findings_of(condition.rule)
    )


def _answer(question: str, test: ValueTest, submission: Submission) -> bool:
    answers = submission.prediction.values
    there = question in answers and answers[question] is not None
    if test.exists is not None:
        return there is test.exists
    values = [one for one in (test.equals, *(test.one_of or ())) if one is not None]
    if values:
        return there and any(agree(value, answers[question]) for value in values)
    return there and passes(test, answers[question])
