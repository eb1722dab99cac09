"""The live checks of an exercise: its connections in a cluster, predicted beside observed.

A live check that agrees passes. One that does not is no fault of the learner's, whose answer the
static checks have passed: it cannot tell, and says whom to believe. None has points: the
exercise's ten are for the answer, and no cluster of one's own is needed to get them.
"""

from __future__ import annotations

from collections.abc import Sequence

from checker.course.exercise import Check, Exercise
from checker.course.result import CheckResult, CheckStatus
from checker.live.asking import Observation, Tell, observe
from checker.live.connection import Api
from checker.live.exercise_questions import questions_of
from checker.live.run import open_run
from checker.manifests import Source

BELIEVE = (
    "Believe the cluster: it is what your clients meet. Either the checker is wrong, or this "
    "cluster does not do as Kubernetes' own parts do (another network plugin, an older version)."
)
REPORT = (
    "Please report it with the manifests, this line and the output of `kubectl version`: "
    "a prediction that is wrong is a fault of the checker's."
)


def check_live(
    api: Api, exercise: Exercise, sources: Sequence[Source], tell: Tell
) -> list[CheckResult]:
    """The live checks of an answer that has passed the static ones. Raises LiveError.

    None where the exercise has no connection to try.
    """
    questions = questions_of(exercise, sources)
    if not questions.asked:
        return []
    with open_run(api, default=exercise.settings.namespace) as run:
        predicted = [trace for _, trace in questions.asked]
        seen = observe(run, questions.cluster, questions.manifests, predicted, tell)
    return [
        _result(check, one, number)
        for number, ((check, _), one) in enumerate(zip(questions.asked, seen, strict=True), 1)
    ]


def _result(check: Check, one: Observation, number: int) -> CheckResult:
    connection = f"{one.predicted.source} → {one.predicted.target} ({one.predicted.protocol})"
    said = f"predicted {one.predicted.verdict}, observed {one.seen.verdict}"
    status: CheckStatus = "pass" if one.agrees else "cannot-tell"
    why = fix = ""
    message = f"{connection}: {said}."
    if one.note:
        message = f"{connection} was not tried: {one.note}."
    elif not one.agrees:
        why, fix = BELIEVE, REPORT
    return CheckResult(
        id=f"live-{check.id}-{number}",
        title=f"{connection}: {said}",
        status=status,
        mode="live",
        points=0,
        max_points=0,
        message=message,
        why=why,
        fix=fix,
        misconception=None,
        location=None,
        trace=one.seen,
    )


def differs(result: CheckResult) -> bool:
    """Whether the cluster answered otherwise than predicted."""
    return result.status == "cannot-tell" and bool(result.fix)
