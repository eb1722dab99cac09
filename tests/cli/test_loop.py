"""The learner's loop: what to do next, hints, beginning anew, solutions."""

import json

from tests.cli.conftest import CHECKOUT

COMMANDS = (
    *("exercise3", "list", "next", "hint", "reset", "solution"),
    *("lint", "trace", "matrix", "explain", "init", "dev"),
)


def pass_exercise(checker, name):
    folder = CHECKOUT / "solutions" / name
    checker(name)
    for file in (checker.course / "exercises" / name / "answer").iterdir():
        file.write_bytes((folder / file.name).read_bytes())
    assert checker(name).code == 0


def test_the_overview_leads_from_one_exercise_to_the_next(checker):
    run = checker()
    assert run.code == 0
    assert "0 of 3 exercises passed" in run.out
    assert "Next: exercise1" in run.out
    assert "python -m checker exercise1" in run.out
    pass_exercise(checker, "exercise1")
    assert "1 of 3 exercises passed" in checker().out
    assert "Next: exercise2" in checker("next").out


def test_the_list_shows_what_is_passed(checker):
    pass_exercise(checker, "exercise1")
    lines = checker("list").out.splitlines()
    assert any("✓ exercise1" in line and "10/10" in line for line in lines)
    assert any("→ exercise2" in line for line in lines)


def test_json_of_the_loop(checker):
    pass_exercise(checker, "exercise1")
    documents = [
        json.loads(checker(*command, "--format", "json").out)
        for command in ((), ("list",), ("next",))
    ]
    assert documents[0] == documents[1] == documents[2]
    assert (documents[0]["passed"], documents[0]["total"], documents[0]["next"]) == (
        1,
        3,
        "exercise2",
    )
    assert [one["status"] for one in documents[0]["exercises"]] == ["pass", "new", "new"]


def test_each_hint_is_one_more(checker):
    counts = [checker("hint", "exercise3").out.count("Hint ") for _ in range(6)]
    total = json.loads(checker("hint", "exercise3", "--format", "json").out)["total"]
    assert total >= 3
    assert counts == [min(number, total) for number in range(1, 7)]
    assert "That was the last hint" in checker("hint", "exercise3").out


def test_a_hint_without_a_name_is_for_the_next_exercise(checker):
    assert "hint exercise1" in checker("hint").out


def test_reset_keeps_what_was_there(checker, course):
    checker("exercise3")
    answer = course / "exercises" / "exercise3" / "answer" / "web.yaml"
    pristine = answer.read_text()
    answer.write_text("# mine\n")
    run = checker("reset", "exercise3")
    assert run.code == 0
    assert "is kept in exercises/exercise3/backups/" in run.out
    assert "python -m checker exercise3" in run.out
    assert answer.read_text() == pristine
    (backup,) = (course / "exercises" / "exercise3" / "backups").iterdir()
    assert (backup / "web.yaml").read_text() == "# mine\n"


def test_the_solution_comes_when_asked_for_twice(checker):
    first = checker("solution", "exercise3")
    assert first.code == 0
    assert first.out == ""
    assert "ask once more" in first.err
    second = checker("solution", "exercise3")
    assert "targetPort: 9376" in second.out
    files = json.loads(checker("solution", "3", "--format", "json").out)["files"]
    assert files["web.yaml"] == (CHECKOUT / "solutions/exercise3/web.yaml").read_text()


def test_the_solution_comes_at_once_after_passing(checker):
    pass_exercise(checker, "exercise3")
    assert "targetPort: 9376" in checker("solution", "exercise3").out


def test_a_broken_progress_file_stops_nobody(checker, course):
    (course / "progress.json").write_text("{")
    run = checker("exercise3")
    assert run.code == 1
    assert "kept as progress.broken-" in run.err
    assert (
        json.loads((course / "progress.json").read_text())["exercises"]["exercise3"]["attempts"]
        == 1
    )


def test_progress_of_a_newer_checker_is_left_alone(checker, course):
    text = '{"schema": "checker/progress/v9"}'
    (course / "progress.json").write_text(text)
    for command in (("exercise3",), ("hint", "exercise3"), ("list",)):
        run = checker(*command)
        assert "another version" in run.err
    assert (course / "progress.json").read_text() == text


def test_a_course_folder_from_nothing(checker, tmp_path):
    run = checker("init", "course", cwd=tmp_path / "..", env={"CHECKER_COURSE": ""})
    assert run.code in (0, 2)
    target = tmp_path / "fresh"
    run = checker("init", target)
    assert run.code == 0, run.all
    assert checker("list", cwd=target).code == 0
    assert checker("exercise1", cwd=target).code == 1
    mine = target / "exercises" / "exercise1" / "answer"
    assert mine.is_dir()
    again = checker("init", target)
    assert again.code == 0, "an older course folder is brought up to date"
    assert mine.is_dir()
    assert (target / "progress.json").exists()


def test_a_folder_with_other_files_is_no_place_for_a_course(checker, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("x")
    run = checker("init", tmp_path / "full")
    assert run.code == 2
    assert "other files" in run.err


def test_outside_of_a_course_one_is_told_where_to_go(checker, tmp_path):
    run = checker("exercise1", env={"CHECKER_COURSE": str(tmp_path)})
    assert run.code == 2
    assert "CHECKER_COURSE" in run.err


def test_the_course_checks_itself(checker, course):
    run = checker("dev", "check", "exercise3")
    # This copy of the course has no wrong answers, which is told as a problem of the course.
    assert run.code == 1
    assert "wrong answer" in run.out
    document = json.loads(checker("dev", "check", "exercise3", "--format", "json").out)
    assert document["exercises"] == ["exercise3"]
    assert document["problems"]


def test_every_command_has_help(checker):
    for command in COMMANDS:
        run = checker(command, "--help")
        assert run.code == 0, command
        assert "python -m checker" in run.out
        assert run.err == ""
    assert "Exit codes" in checker("--help").out
    assert "1.36" in checker("--version").out
