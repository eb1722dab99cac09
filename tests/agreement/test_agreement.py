"""What `make agreement` wrote down is of today's answers and of today's predictions.

The observations are a real cluster's; here nothing is asked of one.
"""

import json
from collections import Counter

import pytest

from checker import KUBERNETES_VERSION
from checker.live.questions.pod_facts import predicted_states
from checker.live.runs.fences import is_shared
from tests.agreement.record import DATA, Row, differences, untried
from tests.agreement.scenarios import Scenario, predicted, scenarios

RECORDED = json.loads(DATA.read_text(encoding="utf-8"))
ROWS: list[Row] = RECORDED["scenarios"]


@pytest.fixture(scope="module")
def current() -> list[Scenario]:
    return list(scenarios())


def test_it_is_of_the_courses_kubernetes():
    assert RECORDED["kubernetes"].startswith(f"v{KUBERNETES_VERSION}.")


def test_every_answer_was_run(current: list[Scenario]):
    there = [(one.exercise.name, one.answers) for one in current]
    assert [(row["exercise"], row["answers"]) for row in ROWS] == there


def test_the_predictions_are_todays(current: list[Scenario]):
    for scenario, row in zip(current, ROWS, strict=True):
        recorded = [
            [one["from"], one["to"], one["protocol"], one["predicted"]]
            for one in row["connections"]
        ]
        if any("has no program" in line for line in untried(row)):
            continue  # nothing of it was asked
        assert recorded == predicted(scenario), scenario.name
        # Names may be there several times, in several namespaces.
        objects = Counter(
            (one["about"], one["predicted"] == "accepted")
            for one in row["facts"]
            if one["id"] == "object"
        )
        applied = {
            (one.ref.kind, one.ref.namespace, one.ref.name): one
            for one in reversed(scenario.questions.resources)
            if not is_shared(one.manifest.value)
        }
        assert objects == Counter((str(one.ref), one.accepted) for one in applied.values()), (
            scenario.name
        )
        pods = Counter(
            (one["about"], one["predicted"]) for one in row["facts"] if one["id"] == "pods"
        )
        foretold = Counter(
            (f"{template.kind}/{template.name}", predicted_states(template, members))
            for template, members in scenario.questions.cluster.workloads
        )
        assert pods <= foretold, scenario.name


def test_prediction_and_cluster_agree_in_each():
    wrong = {f"{row['exercise']}/{row['answers'][0]}": differences(row) for row in ROWS}
    assert {name: lines for name, lines in wrong.items() if lines} == {}


def test_hardly_anything_is_left_open():
    """What was not tried has its reason, and what the manifests do not tell is rare."""
    questions = [one for row in ROWS for one in (*row["connections"], *row["facts"])]
    assert len(questions) > 1000
    open_ = [one for one in questions if one["predicted"] == "cannot-tell"]
    assert len(open_) < len(questions) / 50
    reasons = (
        "no controller answers",
        "the cluster's own namespace",
        "has no address",
        "has no program",
    )
    for row in ROWS:
        for line in untried(row):
            assert any(reason in line for reason in reasons), line
