"""The course proves itself: `checker.course.selfcheck` finds nothing wrong with any exercise."""

import pytest

from checker.course.selfcheck import check_exercise
from tests.course.repository import answers, exercise, names


@pytest.mark.parametrize("name", names())
def test_the_exercise_holds_together(name):
    assert [str(problem) for problem in check_exercise(exercise(name), answers(name))] == []


def problems(name, **changes):
    pristine = answers(name)._replace(**changes)
    return [problem.message for problem in check_exercise(exercise(name), pristine)]


def test_a_solution_that_fails_is_found():
    start = {"web.yaml": exercise("exercise3").start["web.yaml"], "README.md": "Why."}
    found = problems("exercise3", solution=start)
    assert any("should pass with full points, but it fails target" in one for one in found)


def test_an_alternative_that_lacks_a_file_is_found():
    found = problems("exercise6", alternatives={"short": {"service.yaml": ""}})
    assert found == ["lacks web-v1.yaml, web-v2.yaml"]


def test_a_wrong_answer_that_passes_is_found():
    right = answers("exercise3").solution["web.yaml"]
    wrong = {
        **answers("exercise3").wrong,
        "right.yaml": f"# fails: target misconception: target-is-the-clients-port\n{right}",
    }
    (found,) = problems("exercise3", wrong=wrong)
    assert found.startswith("should fail target with target-is-the-clients-port, but it passes")


def test_a_wrong_answer_with_another_fault_than_it_says_is_found():
    start = exercise("exercise3").start["web.yaml"]
    text = start.replace("targetPort: 8080", "targetPort: 80")
    wrong = {
        **answers("exercise3").wrong,
        "check.yaml": f"# fails: kept misconception: target-is-the-clients-port\n{text}",
        "told.yaml": f"# fails: target misconception: number-as-text\n{text}",
        "bare.yaml": text,
    }
    found = problems("exercise3", wrong=wrong)
    assert len(found) == 3
    assert "should fail kept" in found[0]
    assert "with number-as-text, but it fails target" in found[1]
    assert "its first line is not" in found[2]


def test_a_misconception_that_no_wrong_answer_shows_is_found():
    wrong = dict(answers("exercise3").wrong)
    del wrong["quoted.yaml"]
    assert problems("exercise3", wrong=wrong) == [
        "no wrong answer shows the misconception number-as-text"
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"hints": ("Write `targetPort: 9376`.", "b", "c")}, "hint 1 gives away"),
        ({"hints": ("a", "b")}, "has fewer than 3 hints"),
        ({"readme": "# Another title\n"}, "not with the title"),
        ({"situation": ""}, "has no text below `## Situation`"),
        ({"task": ""}, "has no text below `## Task`"),
        ({"start": {"web.yaml": answers("exercise3").solution["web.yaml"]}}, "its status is pass"),
    ],
)
def test_a_broken_exercise_is_found(change, told):
    broken = exercise("exercise3")._replace(**change)
    found = [problem.message for problem in check_exercise(broken, answers("exercise3"))]
    assert any(told in one for one in found)


def test_points_that_do_not_make_ten_are_found():
    whole = exercise("exercise3")
    less = whole._replace(checks=whole.checks[:-1])
    found = [problem.message for problem in check_exercise(less, answers("exercise3"))]
    assert "the checks make 7 points, not 10" in found


def test_a_question_that_the_model_answers_otherwise_is_found():
    whole = exercise("exercise1")
    lying = [one._replace(flow=whole.questions[2].flow) for one in whole.questions]
    broken = whole._replace(questions=tuple(lying))
    found = [problem.message for problem in check_exercise(broken, answers("exercise1"))]
    assert "the model answers pod-address with refused, the check otherwise" in found
