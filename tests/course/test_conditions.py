"""Conditions as exercises write them, on answers to exercise 3."""

import tomllib

import pytest

from checker.course import ExerciseError
from checker.course.condition_tables import read_condition
from checker.course.conditions import agree, holds
from checker.course.submission import Submission
from checker.course.tables import Table
from checker.manifests import Source
from tests.course.repository import exercise

START = exercise("exercise3").start["web.yaml"]


def condition(text):
    return read_condition(Table(tomllib.loads(f"when = {{ {text} }}")["when"], "x.toml"))


def field(rest):
    return f'field = {{ object = "Service/web", path = "spec.ports[*].targetPort", {rest} }}'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (field("equals = 8080"), True),
        (field('equals = "8080"'), False),
        (field("in = [80, 8080]"), True),
        (field('matches = "80.*"'), True),
        (field('matches = "80"'), False),
        (field("at_least = 8080, at_most = 8080"), True),
        (field("at_most = 8079"), False),
        (field("exists = true"), True),
        (field("exists = false"), False),
        (field("changed = false"), True),
        (field("every = true, equals = 8080"), True),
        ('field = { object = "Service/*", path = "spec.type", equals = "ClusterIP" }', True),
        (
            'field = { object = "Service/web", path = "spec.type", written = true, exists = true }',
            False,
        ),
        ('field = { object = "Service/db", path = "spec", exists = true }', False),
        ('object = { object = "Service/web", exists = true }', True),
        ('object = { object = "Service/*", at_least = 2 }', False),
        ('object = { object = "Ingress/*", exists = false }', True),
        ('flow = { from = "pod/client", to = "svc/web:80", expect = ["refused"] }', True),
        ('flow = { from = "pod/client", to = "svc/web:80" }', False),
        ('flow = { from = "pod/client", to = "svc/missing:80" }', False),
        ('finding = { rule = "api-.*" }', False),
        ('finding = { rule = "target-port-nobody-listens", object = "Service/web" }', True),
        ('finding = { rule = "target-port-nobody-listens", object = "Deployment/web" }', False),
        (f"not = {{ {field('equals = 80')} }}", True),
        (f"all = [{{ {field('equals = 8080')} }}, {{ {field('equals = 80')} }}]", False),
        (f"any = [{{ {field('equals = 8080')} }}, {{ {field('equals = 80')} }}]", True),
    ],
)
def test_conditions_on_the_pristine_answer(text, expected):
    submission = Submission(exercise("exercise3"), [Source("web.yaml", START)])
    assert holds(condition(text), submission) is expected


def test_a_change_is_seen_whatever_it_is():
    changed = START.replace("      targetPort: 8080\n", "")
    submission = Submission(exercise("exercise3"), [Source("web.yaml", changed)])
    assert holds(condition(field("changed = true")), submission)
    assert holds(condition(field("equals = 80")), submission), "the default, as the server has it"
    assert not holds(condition(field("written = true, exists = true")), submission)


def test_an_annotation_silences_nothing_in_an_exercise():
    """CONTRACT.md: `checker/ignore.RULE` silences an analysis rule, not in exercises."""
    silenced = START.replace(
        "kind: Service\nmetadata:\n",
        "kind: Service\nmetadata:\n  annotations:\n"
        "    checker/ignore.target-port-nobody-listens: because I say so\n",
    )
    assert silenced != START
    submission = Submission(exercise("exercise3"), [Source("web.yaml", silenced)])
    assert holds(condition('finding = { rule = "target-port-nobody-listens" }'), submission)


@pytest.mark.parametrize(
    "text",
    [
        "",
        'field = { object = "Service/web" }',
        'field = { object = "Service/web", path = "spec" }',
        'object = { object = "Service/web" }',
        'flow = { from = "pod/a" }',
        'not = { nothing = { a = "b" } }',
    ],
)
def test_conditions_that_ask_nothing_are_refused(text):
    with pytest.raises(ExerciseError, match=r"^x\.toml"):
        condition(text)


@pytest.mark.parametrize(
    ("value", "given", "expected"),
    [
        ("off", False, True),  # YAML 1.1 reads off as a boolean
        ("off", "off", True),
        ("error", "Error", True),
        ("yes", True, True),
        (100, "100", True),
        (100, 1000, False),
        ("refused", None, False),
        ("off", True, False),
    ],
)
def test_predictions_mean_what_people_mean(value, given, expected):
    assert agree(value, given) is expected
