"""`python -m checker exercise3`, from the first check to the last."""

import json
import os
import subprocess
import sys

from tests.cli.conftest import CHECKOUT, TIMEOUT

SOLUTION = CHECKOUT / "solutions" / "exercise3" / "web.yaml"


def answer(course):
    return course / "exercises" / "exercise3" / "answer" / "web.yaml"


def test_the_first_check_makes_a_copy_and_names_the_hop_where_the_packet_dies(checker, course):
    run = checker("exercise3")
    assert run.code == 1, run.all
    assert "Your own copy to edit: exercises/exercise3/answer" in run.err
    assert (
        answer(course).read_bytes()
        == (CHECKOUT / "exercises/exercise3/start/web.yaml").read_bytes()
    )
    assert "✗ listener" in run.out
    assert "9376" in run.out, "the port that the application listens on"
    assert "exercises/exercise3/answer/web.yaml:" in run.out
    assert "targetPort: 8080" in run.out, "the line at fault is shown"
    assert "^^^^" in run.out
    assert "python -m checker hint exercise3" in run.out


def test_the_solution_passes_and_the_next_exercise_is_named(checker, course):
    checker("exercise3")
    answer(course).write_bytes(SOLUTION.read_bytes())
    run = checker("exercise3")
    assert run.code == 0, run.all
    assert "10 of 10 points" in run.out
    assert run.err == ""
    assert "python -m checker exercise1" in run.out, "the first that is not passed"
    progress = json.loads((course / "progress.json").read_text())["exercises"]["exercise3"]
    assert progress["status"] == "pass"
    assert (progress["points"], progress["max_points"], progress["attempts"]) == (10, 10, 2)


def test_a_number_is_a_name(checker):
    assert checker("3").out == checker("exercise3").out == checker("Exercise03").out


def test_json_is_the_same_result(checker):
    run = checker("exercise3", "--format", "json")
    document = json.loads(run.out)
    assert run.code == 1
    assert document["schema"] == "checker/report/v1"
    assert (document["exercise"], document["status"]) == ("exercise3", "fail")
    statuses = [check["status"] for check in document["checks"]]
    assert "fail" in statuses
    assert statuses[statuses.index("fail") + 1 :] == ["not-reached"] * (
        len(statuses) - statuses.index("fail") - 1
    )
    failed = document["checks"][statuses.index("fail")]
    assert failed["trace"]["hops"][-1]["stage"] == "listener"
    assert failed["trace"]["hops"][-1]["location"]["file"] == "exercises/exercise3/answer/web.yaml"


def test_another_answer_is_checked_without_touching_ones_own(checker, course, tmp_path):
    for path, stdin in ((SOLUTION, ""), (SOLUTION.parent, ""), ("-", SOLUTION.read_text())):
        run = checker("exercise3", "--path", path, stdin=stdin)
        assert run.code == 0, run.all
    assert not answer(course).parent.exists()
    assert not (course / "progress.json").exists(), "it was not the learner's own answer"


def test_an_empty_or_deleted_answer_falls_short(checker, course, tmp_path):
    checker("exercise3")
    answer(course).write_text("")
    assert checker("exercise3").code == 1
    answer(course).write_text("# nothing but this\n---\n")
    assert checker("exercise3").code == 1
    answer(course).unlink()
    run = checker("exercise3")
    assert run.code == 1
    (answer(course).parent / "web.yml").write_bytes(SOLUTION.read_bytes())
    run = checker("exercise3")
    assert run.code == 1
    assert "reads web.yaml; not read: web.yml" in run.err
    empty = tmp_path / "empty"
    empty.mkdir()
    assert checker("exercise3", "--path", empty).code == 1
    assert checker("exercise3", "--path", "-").code == 1


def test_yaml_that_cannot_be_parsed_is_an_error_with_its_line(checker, course):
    checker("exercise3")
    answer(course).write_text("apiVersion: v1\nkind: [Service\n")
    run = checker("exercise3")
    assert run.code == 2
    assert "answer/web.yaml:" in run.out
    document = json.loads(checker("exercise3", "--format", "json").out)
    assert document["status"] == "error"
    assert document["error"]["location"]["file"] == "exercises/exercise3/answer/web.yaml"


def test_a_missing_path_is_bad_input(checker):
    run = checker("exercise3", "--path", "nowhere.yaml", "--format", "json")
    assert run.code == 2
    document = json.loads(run.out)
    assert document["exercise"] == "exercise3"
    assert document["error"]["location"] == {"file": "nowhere.yaml"}


def test_an_update_of_the_course_never_touches_the_answer(checker, course):
    checker("exercise3")
    answer(course).write_text("# mine\n")
    start = course / "exercises" / "exercise3" / "start" / "web.yaml"
    start.write_text(start.read_text() + "# updated\n")
    checker("exercise3")
    assert answer(course).read_text() == "# mine\n"


def test_a_damaged_exercise_is_not_the_learners_fault(checker, course):
    (course / "exercises" / "exercise3" / "exercise.toml").write_text("title = [")
    run = checker("exercise3")
    assert run.code == 3
    assert "the course is damaged" in run.err
    assert "Traceback" not in run.err


def test_unknown_exercises_are_told_what_exists(checker):
    for name, told in (("exercise9", "exercise1 to exercise3"), ("exrcise2", "`exercise2`")):
        run = checker(name)
        assert run.code == 2
        assert told in run.err
        assert run.out == ""
    document = json.loads(checker("exercise9", "--format", "json").out)
    assert document["schema"] == "checker/report/v1"
    assert document["exercise"] == "exercise9"


def test_json_has_the_findings_of_analysis_too_and_text_does_not_wait_for_them(checker, course):
    """The start of exercise 3 forwards to a port on which nobody listens."""
    findings = json.loads(checker("exercise3", "--format", "json").out)["findings"]
    (found,) = [one for one in findings if one["rule"] == "target-port-nobody-listens"]
    assert found["source"] == "analysis"
    assert found["location"]["file"] == "exercises/exercise3/answer/web.yaml"
    code = (
        "import sys\nfrom checker.cli import main\nmain(['exercise3'])\n"
        "print('checker.advice.checks' in sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=course,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT), "PYTHONIOENCODING": "utf-8"},
        timeout=TIMEOUT,
        check=False,
    )
    assert done.stderr.split()[-1] == "False"
