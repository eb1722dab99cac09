"""Answers of every sort, and what their learners are told.

Which connection works is Kubernetes' matter (FACTS.md C, tests/network); here it is how an answer
is taken: read, compared, stopped at its first fault, and never met with a traceback.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.course import grade, load_exercise
from checker.manifests import Source
from tests.course.repository import answers, exercise, names


def graded(name, text):
    return grade(exercise(name), [Source("answer.yaml", text)])


def solution(name):
    files = answers(name).solution
    return "\n---\n".join(files[file] for file in exercise(name).answer_files)


def failing(report):
    return next(check for check in report.checks if check.status == "fail")


@pytest.mark.parametrize("text", ["", "\n", "---\n---\n", "# nothing yet\n", "null\n", "[]", "{}"])
@pytest.mark.parametrize("name", ["exercise1", "exercise3"])
def test_an_answer_without_objects_fails_and_is_told_what_it_should_hold(name, text):
    report = graded(name, text)
    assert (report.status, report.points) == ("fail", 0)
    check = failing(report)
    assert check is report.checks[0]
    assert check.message
    assert check.fix
    assert all(other.status == "not-reached" for other in report.checks[1:])


def test_an_empty_answer_names_the_objects_that_are_missing():
    message = failing(graded("exercise3", "")).message
    assert message == "The answer is empty. It should hold Deployment/web and Service/web."


def test_text_that_is_no_yaml_is_an_error_with_its_place():
    report = graded("exercise3", "kind: [\n")
    assert report.status == "error"
    assert report.checks == ()
    assert report.error.startswith("not YAML")
    assert (report.error_location.file, report.error_location.line) == ("answer.yaml", 2)


def test_a_half_typed_word_is_no_object():
    report = graded("exercise3", "kin")
    assert report.status == "fail"
    assert "an object with apiVersion and kind" in failing(report).message


def test_the_answer_to_another_exercise_is_told_what_is_expected():
    report = graded("exercise3", solution("exercise17"))
    assert report.status == "fail"
    assert failing(report).message == (
        "This looks like the answer to another exercise: it holds NetworkPolicy/web. "
        "It should hold Deployment/web and Service/web."
    )


def test_another_namespace_is_not_another_exercise():
    report = graded("exercise3", solution("exercise3").replace("name: web\n", "name: web\n", 1))
    assert report.status == "pass"
    moved = solution("exercise3").replace(
        "kind: Service\nmetadata:\n  name: web\n",
        "kind: Service\nmetadata:\n  name: web\n  namespace: elsewhere\n",
    )
    check = failing(graded("exercise3", moved))
    assert check.id == "kept"
    assert "Service/web is missing" in check.message


def test_objects_beside_the_answer_do_no_harm():
    extra = "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: notes\ndata: {}\n"
    assert graded("exercise3", solution("exercise3") + extra).status == "pass"


def test_a_given_object_may_be_repeated_but_not_replaced():
    client = exercise("exercise3").given["client.yaml"]
    assert graded("exercise3", solution("exercise3") + "---\n" + client).status == "pass"
    other = client.replace("pause", "netexec")
    report = graded("exercise3", solution("exercise3") + "---\n" + other)
    assert "Pod/client belongs to the exercise's surroundings" in failing(report).message


def test_a_missing_object_is_named():
    only_service = "---" + solution("exercise3").partition("---")[2]
    check = failing(graded("exercise3", only_service))
    assert check.id == "kept"
    assert check.message == "Deployment/web is missing. It must stay."


def test_points_are_for_the_checks_before_the_first_failure():
    start = exercise("exercise3").start["web.yaml"]
    report = graded("exercise3", start)
    assert [check.status for check in report.checks] == ["pass", "pass", "fail", "not-reached"]
    assert [check.points for check in report.checks] == [1, 2, 0, 0]
    assert (report.points, report.max_points) == (3, 10)


def test_a_failure_points_at_the_learners_own_line():
    report = graded("exercise3", exercise("exercise3").start["web.yaml"])
    location = failing(report).location
    lines = exercise("exercise3").start["web.yaml"].splitlines()
    assert location.file == "answer.yaml"
    assert lines[location.line - 1].strip() == "targetPort: 8080"


def test_an_unknown_image_is_neither_right_nor_wrong():
    """A listener that nobody can know: never a guess, and no points either way."""
    text = solution("exercise20") + "---\n"
    blurred = exercise("exercise20")
    given_files = {
        name: body.replace("registry.k8s.io/e2e-test-images/agnhost:2.63.0", "example.com/x:1")
        for name, body in blurred.given.items()
        if name == "web.yaml"
    }
    blurred = blurred._replace(given={**blurred.given, **given_files})
    report = grade(blurred, [Source("answer.yaml", text)])
    reachable = next(check for check in report.checks if check.id == "reachable")
    assert reachable.status == "cannot-tell"
    assert report.status == "fail"
    assert report.max_points == 8


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("connected", "pass"),
        ("Connected", "pass"),
        ('"connected"', "pass"),
        ("refused", "fail"),
        ("", "fail"),
        ("maybe", "fail"),
        ("[connected]", "fail"),
        ("{a: 1}", "fail"),
        ("yes", "fail"),
    ],
)
def test_predictions_are_taken_as_people_write_them(written, status):
    text = solution("exercise1").replace("pod-address: connected", f"pod-address: {written}")
    report = graded("exercise1", text)
    assert report.checks[0].status == status
    if written == "maybe":
        assert "connected, refused or timeout" in report.checks[0].message


def test_a_prediction_about_a_connection_is_shown_its_way():
    report = graded("exercise1", solution("exercise1"))
    assert report.checks[0].trace.verdict == "connected"
    assert report.checks[4].trace.verdict == "refused"


def test_the_order_of_list_entries_and_documents_does_not_matter():
    text = solution("exercise5")
    head, first, second = text.partition("    - name: metrics")[0], "", ""
    http = head[head.index("    - name: http") :]
    top = head[: head.index("    - name: http")]
    second = text[text.index("    - name: metrics") :]
    assert graded("exercise5", top + second + http + first).status == "pass"


def test_json_is_yaml():
    import json

    import yaml

    documents = [json.dumps(one) for one in yaml.safe_load_all(solution("exercise3"))]
    assert graded("exercise3", "\n---\n".join(documents)).status == "pass"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_cut_or_doubling_of_a_solution_raises(data):
    """Half-typed answers: any piece of a file, in any order, gets a report."""
    name = data.draw(st.sampled_from(names()))
    lines = solution(name).splitlines(keepends=True)
    start = data.draw(st.integers(0, len(lines)))
    end = data.draw(st.integers(start, len(lines)))
    place = data.draw(st.integers(0, len(lines)))
    kept = lines[:start] + lines[end:]
    report = graded(name, "".join(kept[:place] + lines[start:end] + kept[place:]))
    assert report.status in ("pass", "fail", "error")
    assert (report.error is not None) is (report.status == "error")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["exercise1", "exercise4", "exercise17"]), st.text(max_size=60))
def test_no_text_raises(name, text):
    assert graded(name, text).status in ("fail", "error")


def test_an_exercise_is_read_from_texts_alone():
    toml = """
schema = "checker/exercise/v1"
title = "Smallest"
chapter = 1
summary = "The smallest exercise."
files = ["a.yaml"]
hints = ["one", "two", "three"]
works = "It works."
[[checks]]
id = "accepted"
kind = "accepted"
title = "Accepted"
points = 10
why = "So."
fix = "Do."
"""
    pod = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n"
    smallest = load_exercise("exercise99", toml, {"start/a.yaml": pod, "notes.txt": "left alone"})
    assert (smallest.number, smallest.max_points) == (99, 10)
    assert grade(smallest, [Source("a.yaml", pod)]).status == "pass"
