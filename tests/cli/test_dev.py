"""`dev mutate` and `dev new`, for those who write the course (`dev check` is in test_loop.py)."""

import json
import tomllib

import pytest

from tests.cli.test_terminal import on_terminal


def test_the_score_is_printed(checker):
    run = checker("dev", "mutate", "exercise2", "3")
    assert run.code == 0, run.all
    heads, *rows = (line.split() for line in run.out.splitlines())
    assert heads == ["mutants", "fail", "equivalent", "listed", "survive"]
    assert [row[1] for row in rows] == ["exercise2", "exercise3", "all"]
    for row in rows:
        mutants, fail, equivalent, listed, survive = map(int, row[2:])
        assert mutants == fail + equivalent + listed + survive > 40
        assert survive == 0
    sums = [sum(int(row[column]) for row in rows[:2]) for column in range(2, 7)]
    assert sums == [int(cell) for cell in rows[2][2:]]
    assert run.err == ""


def test_a_survivor_is_named_and_ends_with_1(checker, course):
    toml = course / "exercises" / "exercise3" / "exercise.toml"
    # What the course lists as harmless, it has to list.
    text = toml.read_text()
    toml.write_text(text[: text.index("[[harmless]]")])
    run = checker("dev", "mutate", "exercise3")
    assert run.code == 1
    assert "spec.replicas becomes 3" in run.out
    assert "[[harmless]]" in run.out
    document = json.loads(checker("dev", "mutate", "exercise3", "--format", "json").out)
    assert document["schema"] == "checker/mutation/v1"
    (row,) = document["exercises"]
    assert row["name"] == "exercise3"
    assert row["survive"] == len(row["survivors"]) == document["total"]["survive"] > 0
    assert row["mutants"] == document["total"]["mutants"]


def test_on_a_terminal_one_sees_how_far_it_is(course):
    shown, code = on_terminal(course, "dev", "mutate", env={"LC_ALL": "C.UTF-8"})
    assert code == 0
    assert "2 of 3: mutants of exercise2" in shown


def test_without_a_solution_there_is_nothing_to_change(checker, course):
    (course / "solutions" / "exercise3" / "web.yaml").unlink()
    run = checker("dev", "mutate", "exercise3")
    assert run.code == 2
    assert "solutions/exercise3 lacks web.yaml" in run.err
    (course / "solutions" / "exercise3" / "web.yaml").write_text("")
    assert "does not pass" in checker("dev", "mutate", "exercise3").err
    assert checker("dev", "mutate", "exercise77").code == 2


def test_a_new_exercise_is_a_folder_and_dev_check_says_what_it_lacks(checker, course):
    run = checker("dev", "new", "exercise4", "--title", 'Ports "by" name')
    assert run.code == 0, run.all
    made = [course / line for line in run.out.splitlines() if line.startswith(("ex", "so", "te"))]
    assert len(made) == 8
    assert all(path.is_file() for path in made)
    toml = course / "exercises" / "exercise4" / "exercise.toml"
    assert tomllib.loads(toml.read_text())["title"] == 'Ports "by" name'
    assert "python -m checker dev check exercise4" in run.out
    told = checker("dev", "check", "exercise4")
    assert told.code == 1
    assert "still says" in told.out
    assert "fewer than 3 wrong answers" in told.out
    # It is an exercise at once.
    assert checker("exercise4").code == 1
    assert checker("exercise4", "--path", course / "solutions" / "exercise4").code == 0
    assert checker("dev", "mutate", "exercise4").code in (0, 1)


@pytest.mark.parametrize(
    "taken", ["exercises/exercise4", "solutions/exercise4", "tests/wrong_answers/exercise4"]
)
def test_nothing_is_overwritten(checker, course, taken):
    (course / taken).mkdir(parents=True)
    (course / taken / "mine.txt").write_text("mine")
    before = sorted(course.rglob("*"))
    run = checker("dev", "new", "exercise4")
    assert run.code == 2
    assert "is there already" in run.err
    assert sorted(course.rglob("*")) == before


@pytest.mark.parametrize("name", ["", "../evil", "web", "exercise", "exercise4/x", "0"])
def test_a_new_exercise_has_a_number(checker, course, name):
    before = sorted(course.rglob("*"))
    run = checker("dev", "new", name)
    assert run.code == 2
    assert "dev new exercise4" in run.err
    assert sorted(course.rglob("*")) == before


@pytest.mark.parametrize("title", ["", " ", "two\nlines"])
def test_a_title_is_a_line(checker, title):
    assert checker("dev", "new", "exercise4", "--title", title).code == 2


def test_new_as_json(checker):
    document = json.loads(checker("dev", "new", "4", "--format", "json").out)
    assert document["schema"] == "checker/new-exercise/v1"
    assert document["exercise"] == "exercise4"
    assert "exercises/exercise4/exercise.toml" in document["files"]


def test_the_parts_of_dev_have_help(checker):
    for part in ("", "check", "mutate", "new"):
        run = checker("dev", *part.split(), "--help")
        assert run.code == 0
        assert f"dev {part}".strip() in run.out
    assert checker("dev").code == 2
    assert checker("dev", "chekc").code == 2
