"""The live checks of an exercise: what was predicted of its answer beside what a cluster shows.

A live check that agrees passes. One that does not is no fault of the learner's, whose answer the
static checks have passed: it cannot tell, and says whom to believe. None has points: the
exercise's ten are for the answer, and no cluster of one's own is needed to get them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.course.exercise import Check, Exercise
from checker.course.result import CheckResult, CheckStatus
from checker.live.clients.outside import Outside
from checker.live.questions.asking import Observation, Seen, Tell, observe
from checker.live.questions.exercise_facts import facts_of
from checker.live.questions.exercise_questions import Questions, questions_of
from checker.live.questions.fact import Fact
from checker.live.questions.object_facts import TAKEN, object_facts
from checker.live.runs.run import Run, open_run
from checker.live.server.connection import Api
from checker.manifests import Source
from checker.network.answer import Trace

BELIEVE = (
    "Believe the cluster: it is what your clients meet. Either the checker is wrong, or this "
    "cluster does not do as Kubernetes' own parts do (another network plugin, an older version)."
)
REPORT = (
    "Please report it with the manifests, this line and the output of `kubectl version`: "
    "a prediction that is wrong is a fault of the checker's."
)
#: Exercises whose subject is not in a cluster without a mesh.
WITHOUT_LIVE_CHECK = frozenset({"exercise23"})


def check_live(
    api: Api,
    exercise: Exercise,
    sources: Sequence[Source],
    tell: Tell,
    outside: Outside | None = None,
) -> list[CheckResult]:
    """The live checks of an answer that has passed the static ones. Raises LiveError.

    None where the exercise has no live check. `outside` is the client outside the cluster, for who
    has a better one than this machine.
    """
    if exercise.name in WITHOUT_LIVE_CHECK:
        return []
    questions = questions_of(exercise, sources)
    with open_run(api, default=exercise.settings.namespace) as run:
        seen, facts = ask(run, exercise, questions, tell, outside)
    results = [
        _connection(check, one, number)
        for number, ((check, _), one) in enumerate(
            zip(questions.asked, seen.connections, strict=True), 1
        )
    ]
    return [*results, *_facts(facts)]


def ask(
    run: Run,
    exercise: Exercise,
    questions: Questions,
    tell: Tell = lambda _: None,
    outside: Outside | None = None,
) -> tuple[Seen, list[Fact]]:
    """Put an answer's questions: the connections, and all facts. Raises LiveError."""
    predicted = [trace for _, trace in questions.asked]
    also = facts_of(exercise, questions.cluster)
    seen = observe(run, questions.cluster, questions.manifests, predicted, tell, outside, also)
    if not run.namespaces:
        return seen, []
    taken = object_facts(run, questions.resources, questions.findings, seen.refused)
    return seen, [*taken, *seen.facts]


def _connection(check: Check, one: Observation, number: int) -> CheckResult:
    connection = f"{one.predicted.source} → {one.predicted.target} ({one.predicted.protocol})"
    return _result(
        f"live-{check.id}-{number}",
        connection,
        (one.predicted.verdict, one.seen.verdict),
        one.agrees,
        one.note,
        # Of one that agrees, the way that the static check has told is the better story.
        one.seen if one.agrees is False else None,
    )


def _facts(facts: Sequence[Fact]) -> Iterator[CheckResult]:
    """One result for all objects and one for all pods that are as predicted; the rest by itself."""
    for identifier in ("object", "pods"):
        fine = [one for one in facts if one.id == identifier and one.agrees]
        if fine:
            said = ", ".join(f"{one.about} {one.observed}" for one in fine)
            if {one.observed for one in fine} == {TAKEN}:
                said = f"{', '.join(one.about for one in fine)}: {TAKEN}"
            yield _passed(f"live-{identifier}", f"{said}, as predicted")
    for number, one in enumerate(facts, 1):
        if one.id not in ("object", "pods") or not one.agrees:
            words = one.predicted, one.observed
            yield _result(f"live-{one.id}-{number}", one.about, words, one.agrees, one.note, None)


def _passed(identifier: str, said: str) -> CheckResult:
    return CheckResult(
        id=identifier,
        title=said,
        status="pass",
        mode="live",
        points=0,
        max_points=0,
        message=f"{said}.",
        why="",
        fix="",
        misconception=None,
        location=None,
        trace=None,
    )


def _result(
    identifier: str,
    about: str,
    words: tuple[str, str],
    agrees: bool | None,
    note: str,
    trace: Trace | None,
) -> CheckResult:
    said = f"predicted {words[0]}, observed {words[1]}"
    if agrees:
        return _passed(identifier, f"{about}: {said}")
    status: CheckStatus = "cannot-tell"
    why = fix = ""
    message = f"{about}: {said}."
    if note:
        message = f"{about} was not tried: {note}."
    elif agrees is False:
        why, fix = BELIEVE, REPORT
    return CheckResult(
        id=identifier,
        title=f"{about}: {said}" if not note else f"{about}: predicted {words[0]}, not tried",
        status=status,
        mode="live",
        points=0,
        max_points=0,
        message=message,
        why=why,
        fix=fix,
        misconception=None,
        location=None,
        trace=trace,
    )


def differs(result: CheckResult) -> bool:
    """Whether the cluster answered otherwise than predicted."""
    return result.status == "cannot-tell" and bool(result.fix)
