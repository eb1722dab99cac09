"""An answer to a report: the checks in their order, up to the first that fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from checker.api.finding import Finding
from checker.api.resource import Resource
from checker.course import sentences
from checker.course.conditions import holds, same
from checker.course.exercise import (
    Accepted,
    Check,
    Endpoints,
    Exercise,
    Fields,
    FindingsGone,
    Flows,
    Gate,
    Keep,
    Matrix,
    NoFlows,
    Predictions,
)
from checker.course.flow_checks import (
    judge_endpoints,
    judge_flows,
    judge_matrix,
    judge_no_flows,
)
from checker.course.object_checks import (
    judge_accepted,
    judge_fields,
    judge_findings_gone,
    judge_keep,
)
from checker.course.prediction_checks import judge_gate, judge_predictions
from checker.course.result import (
    CheckResult,
    ExerciseReport,
    Outcome,
    ReportStatus,
    ToldMisconception,
)
from checker.course.selection import notation
from checker.course.submission import Submission
from checker.manifests import LIMITS, Limits, Source

_JUDGES: dict[type, Callable[[Any, Submission], Outcome]] = {
    Accepted: judge_accepted,
    Flows: judge_flows,
    NoFlows: judge_no_flows,
    Endpoints: judge_endpoints,
    Keep: judge_keep,
    Fields: judge_fields,
    FindingsGone: judge_findings_gone,
    Predictions: judge_predictions,
    Matrix: judge_matrix,
    Gate: judge_gate,
}


def grade(
    exercise: Exercise,
    sources: Sequence[Source],
    *,
    advice: bool = False,
    limits: Limits = LIMITS,
) -> ExerciseReport:
    """The report on an answer: `sources` are its files, or one stream that holds them all.

    Its findings are the API server's; with `advice` those of analysis follow. No annotation
    silences them here.

    An answer that is no YAML has status `error` and no checks. Anything else is judged; an
    answer without the exercise's objects fails the first check and is told what is missing.
    """
    submission = Submission(exercise, sources, limits)
    broken = next((one for one in submission.problems if one.kind != "stray"), None)
    if broken is not None:
        return ExerciseReport(
            exercise.name,
            exercise.title,
            "error",
            0,
            exercise.max_points,
            (),
            (),
            broken.message,
            broken.location,
        )
    results: list[CheckResult] = []
    outcome = _nothing_to_judge(submission)
    for check in exercise.checks:
        if any(result.status == "fail" for result in results):
            results.append(_result(check, Outcome("not-reached"), None))
            continue
        if outcome is None or results:
            outcome = _JUDGES[type(check.spec)](check.spec, submission)
        results.append(_result(check, outcome, _misconception(check, outcome, submission)))
    findings = submission.advised if advice else submission.findings
    return _report(exercise, results, findings if submission.manifests else [])


def _report(
    exercise: Exercise, results: list[CheckResult], findings: list[Finding]
) -> ExerciseReport:
    status: ReportStatus = "pass" if all(one.status == "pass" for one in results) else "fail"
    return ExerciseReport(
        exercise=exercise.name,
        title=exercise.title,
        status=status,
        points=sum(one.points for one in results),
        max_points=sum(one.max_points for one in results if one.status != "cannot-tell"),
        checks=tuple(results),
        findings=tuple(findings),
    )


def _result(
    check: Check, outcome: Outcome, misconception: tuple[ToldMisconception, str] | None
) -> CheckResult:
    told, next_step = misconception or (None, "")
    failed = outcome.status in ("fail", "cannot-tell")
    return CheckResult(
        id=check.id,
        title=check.title,
        status=outcome.status,
        mode="static",
        points=check.points if outcome.status == "pass" else 0,
        max_points=check.points,
        message=outcome.message,
        why=(outcome.why or check.why) if failed else "",
        fix=(next_step or outcome.fix or check.fix) if failed else "",
        misconception=told,
        location=outcome.location,
        trace=outcome.trace,
    )


def _misconception(
    check: Check, outcome: Outcome, submission: Submission
) -> tuple[ToldMisconception, str] | None:
    """The first misconception of the check that fits the answer, and its next step."""
    if outcome.status not in ("fail", "cannot-tell") or not submission.manifests_or_answers:
        return None
    for one in submission.exercise.misconceptions:
        if one.check == check.id and holds(one.when, submission):
            return ToldMisconception(one.id, one.believes, one.truth, one.chapter), one.fix
    return None


def _nothing_to_judge(submission: Submission) -> Outcome | None:
    """Why there is no answer to judge at all, if so."""
    exercise = submission.exercise
    stray = next(iter(submission.problems), None)
    if stray is not None:
        return Outcome(
            "fail",
            f"{stray.message}.",
            stray.location,
            why=sentences.STRAY_WHY,
            fix=sentences.STRAY_FIX,
        )
    names = [notation(resource) for resource in submission.pristine]
    expected = (
        sentences.EXPECTED_OBJECTS.format(objects=sentences.listed(names))
        if names
        else sentences.EXPECTED_ANSWERS
    )
    fix = sentences.EMPTY_FIX.format(exercise=exercise.name)
    if not submission.manifests_or_answers:
        message = sentences.EMPTY.format(expected=expected)
        return Outcome("fail", message, why=sentences.EMPTY_WHY, fix=fix)
    own = [notation(resource) for resource in submission.resources]
    if own and not _kinds_and_names(submission.resources) & _kinds_and_names(submission.pristine):
        found = sentences.listed(own[:5])
        message = sentences.OTHER_EXERCISE.format(found=found, expected=expected)
        return Outcome("fail", message, why=sentences.EMPTY_WHY, fix=fix)
    return _given_changed(submission)


def _kinds_and_names(resources: Sequence[Resource]) -> set[tuple[str, str]]:
    """What objects are called, their namespaces aside: a wrong namespace is a mistake to tell."""
    return {(resource.ref.kind, resource.ref.name) for resource in resources}


def _given_changed(submission: Submission) -> Outcome | None:
    """An answer's own version of a given object would replace it, and prove nothing."""
    given = {notation(resource): resource for resource in submission.given_resources}
    for resource in submission.resources:
        original = given.get(notation(resource))
        if original is not None and not same(original.value, resource.value):
            name = notation(resource)
            return Outcome(
                "fail",
                sentences.GIVEN_CHANGED.format(object=name),
                resource.manifest.location,
                why=sentences.EMPTY_WHY,
                fix=sentences.GIVEN_FIX.format(object=name),
            )
    return None
