"""Checks on predictions: what a learner says will happen, before it is tried."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checker.course import sentences
from checker.course.conditions import agree, holds
from checker.course.exercise import Exercise, Gate, Predictions, Question
from checker.course.result import Outcome
from checker.course.submission import Submission
from checker.manifests import Source
from checker.network.answer import Trace

#: What a learner writes for a rule of a gate that is to refuse.
ERROR = "error"


def judge_predictions(spec: Predictions, submission: Submission) -> Outcome:
    """Passes where every question has a right answer. The connection in question is shown."""
    unanswered = _unanswered(spec.questions, submission)
    if unanswered is not None:
        return unanswered
    shown: Trace | None = None
    for identifier, right in spec.expect.items():
        question = _question(submission.exercise, identifier)
        given = submission.prediction.values[identifier]
        trace = submission.trace(question.flow) if question.flow else None
        shown = trace if isinstance(trace, Trace) else None
        if not any(agree(value, given) for value in right):
            message = sentences.NOT_SO.format(given=sentences.shown(given), question=question.text)
            return Outcome("fail", message, submission.prediction.locate(identifier), shown)
    if spec.require is not None and not holds(spec.require, submission):
        location = submission.prediction.locate(spec.questions[0])
        return Outcome("fail", spec.message, location)
    return Outcome("pass", trace=shown)


def judge_gate(spec: Gate, submission: Submission) -> Outcome:
    """Passes where the rules that are set to `error` refuse every bad case and no good one."""
    rules = [one for one in submission.exercise.questions if one.refuses is not None]
    unanswered = _unanswered([rule.id for rule in rules], submission)
    if unanswered is not None:
        return unanswered
    answers = submission.prediction.values
    errors = [rule for rule in rules if agree(ERROR, answers[rule.id])]
    for case in spec.cases:
        source = Source(f"cases/{case.file}", submission.exercise.cases[case.file])
        manifests = Submission(submission.exercise, [source])
        refusing = [one.id for one in errors if one.refuses and holds(one.refuses, manifests)]
        if bool(refusing) is case.bad:
            continue
        template = sentences.GATE_REFUSES if refusing else sentences.GATE_LETS_THROUGH
        message = template.format(
            file=source.name, about=case.about, rules=sentences.listed(refusing)
        )
        # What lets a bad case through is some rule that is off: to name it would be the answer.
        location = submission.prediction.locate(refusing[0] if refusing else None)
        return Outcome("fail", message, location)
    return Outcome("pass")


def _unanswered(questions: Sequence[str], submission: Submission) -> Outcome | None:
    """What is missing, or is none of the values that a question has."""
    prediction = submission.prediction
    if not prediction.documents:
        file = submission.exercise.answer_files[0]
        return Outcome("fail", sentences.NO_ANSWERS.format(file=file))
    for identifier in questions:
        question = _question(submission.exercise, identifier)
        given = prediction.values.get(identifier)
        values = sentences.listed(question.values, "or") or sentences.A_NUMBER
        if given is None or given == "":
            template = sentences.UNANSWERED
        elif not _is_value(given, question):
            template = sentences.NOT_A_VALUE
        else:
            continue
        message = template.format(
            given=sentences.shown(given), question=question.text, values=values
        )
        return Outcome("fail", message, prediction.locate(identifier))
    return None


def _is_value(given: Any, question: Question) -> bool:
    if question.values:
        return any(agree(value, given) for value in question.values)
    return isinstance(given, int | float) and not isinstance(given, bool)


def _question(exercise: Exercise, identifier: str) -> Question:
    return next(one for one in exercise.questions if one.id == identifier)
