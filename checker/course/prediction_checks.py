"""Checks on predictions: what a learner says will happen, before it is tried."""

from __future__ import annotations

from typing import Any

from checker.course import sentences
from checker.course.exercise import Exercise, Predictions, Question
from checker.course.outcome import Outcome
from checker.course.submission import Submission
from checker.network.answer import Trace


def judge_predictions(spec: Predictions, submission: Submission) -> Outcome:
    """Passes where every question has a right answer. The connection in question is shown."""
    exercise = submission.exercise
    if not submission.prediction.documents:
        file = exercise.answer_files[0]
        return Outcome("fail", sentences.NO_ANSWERS.format(file=file))
    shown: Trace | None = None
    for identifier, right in spec.expect.items():
        question = _question(exercise, identifier)
        given = submission.prediction.values.get(identifier)
        location = submission.prediction.locate(identifier)
        values = sentences.listed(question.values, "or")
        if given is None or given == "":
            message = sentences.UNANSWERED.format(question=question.text, values=values)
            return Outcome("fail", message, location)
        if not any(_agree(value, given) for value in question.values):
            message = sentences.NOT_A_VALUE.format(
                given=sentences.shown(given), question=question.text, values=values
            )
            return Outcome("fail", message, location)
        trace = submission.trace(question.flow) if question.flow else None
        shown = trace if isinstance(trace, Trace) else None
        if not any(_agree(value, given) for value in right):
            message = sentences.NOT_SO.format(given=sentences.shown(given), question=question.text)
            return Outcome("fail", message, location, shown)
    return Outcome("pass", trace=shown)


def _question(exercise: Exercise, identifier: str) -> Question:
    return next(one for one in exercise.questions if one.id == identifier)


def _agree(value: Any, given: Any) -> bool:
    """Whether a learner who wrote `given` means `value`: quotes and capitals do not matter."""
    return _text(value) == _text(given)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value).strip().lower()
    return {"true": "yes", "false": "no"}.get(text, text)
