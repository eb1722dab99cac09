"""`--variant SEED`: an exercise of one's own, from the first check to the solution."""

import json
import shutil

import pytest

from checker.course.variants import load_variant, varied_files
from checker.workspace.course_folder import CourseFolder
from tests.cli.conftest import CHECKOUT
from tests.course.repository import answers, exercise, exercise_files

SEED = "ada@example.com"


def folder(course, name="exercise3"):
    return course / "exercises" / name / "answer"


def solved(name, seed):
    """The solution of a variant, made here from the plain one."""
    toml, files = exercise_files(name)
    variant = load_variant(name, toml, files, exercise(name).tokens, seed)
    return varied_files(answers(name).solution, variant.chosen), variant.exercise


def progress(course):
    return json.loads((course / "progress.json").read_text())["exercises"]


def test_the_copy_is_the_varied_start_and_says_so(checker, course):
    run = checker("exercise3", "--variant", SEED)
    assert run.code == 1
    _, variant = solved("exercise3", SEED)
    assert (folder(course) / "web.yaml").read_text() == variant.start["web.yaml"]
    assert (folder(course) / "web.yaml").read_text() != exercise("exercise3").start["web.yaml"]
    assert (folder(course) / ".variant").read_text() == SEED + "\n"
    assert (folder(course) / "README.md").read_text() == variant.readme
    for name, text in variant.given.items():
        assert (folder(course) / "given" / name).read_text() == text
    assert "exercises/exercise3/answer/README.md" in run.out, "the task with the variant's names"


def test_from_then_on_no_command_needs_the_seed(checker, course):
    checker("exercise3", "--variant", SEED)
    solution, variant = solved("exercise3", SEED)
    asked = json.loads(checker("hint", "exercise3", "--format", "json").out)
    assert asked["hints"] == list(variant.hints[:1])
    checker("solution", "exercise3")
    told = json.loads(checker("solution", "exercise3", "--format", "json").out)
    assert told["files"] == solution
    (folder(course) / "web.yaml").write_text(solution["web.yaml"])
    run = checker("exercise3", "--format", "json")
    assert run.code == 0
    report = json.loads(run.out)
    assert (report["status"], report["points"], report["variant"]) == ("pass", 10, SEED)
    assert "1 of 3 exercises passed" in checker("list").out


def test_a_variants_progress_is_its_own(checker, course):
    solution, _ = solved("exercise3", SEED)
    checker("exercise3", "--variant", SEED)
    checker("hint", "exercise3")
    (folder(course) / "web.yaml").write_text(solution["web.yaml"])
    assert checker("exercise3").code == 0
    assert set(progress(course)) == {f"exercise3@{SEED}"}
    assert checker("reset", "exercise3", "--plain").code == 0
    assert not (folder(course) / ".variant").exists()
    assert "0 of 3 exercises passed" in checker("list").out
    assert checker("exercise3").code == 1
    assert progress(course)[f"exercise3@{SEED}"]["status"] == "pass"
    assert progress(course)["exercise3"]["status"] == "fail"
    assert "hints_shown" not in progress(course)["exercise3"]


def test_no_variant_takes_the_place_of_another_unasked(checker, course):
    checker("exercise3")
    mine = folder(course) / "web.yaml"
    mine.write_text("# mine\n")
    run = checker("exercise3", "--variant", SEED)
    assert run.code == 2
    assert f"reset exercise3 --variant {SEED}" in run.err
    assert mine.read_text() == "# mine\n"
    run = checker("reset", "exercise3", "--variant", SEED)
    assert run.code == 0
    assert SEED in run.out
    (backup,) = (course / "exercises" / "exercise3" / "backups").iterdir()
    assert (backup / "web.yaml").read_text() == "# mine\n"
    assert checker("exercise3", "--variant", SEED).code == 1
    assert checker("exercise3", "--variant", "bob").code == 2


def test_reset_keeps_to_the_variant(checker, course):
    checker("exercise3", "--variant", SEED)
    before = (folder(course) / "web.yaml").read_text()
    (folder(course) / "web.yaml").write_text("")
    checker("reset", "exercise3")
    assert (folder(course) / "web.yaml").read_text() == before
    assert (folder(course) / ".variant").read_text() == SEED + "\n"


def test_the_next_exercise_goes_on_with_the_same_seed(checker, course):
    solution, _ = solved("exercise2", "ada lovelace")
    checker("exercise2", "--variant", "ada lovelace")
    for name in exercise("exercise2").answer_files:
        (folder(course, "exercise2") / name).write_text(solution[name])
    assert "python -m checker exercise3 --variant 'ada lovelace'" in checker("exercise2").out


@pytest.mark.parametrize("name", ["exercise1", "exercise2", "exercise3"])
def test_answers_elsewhere_are_graded_as_the_variant_that_is_named(checker, tmp_path, name):
    solution, variant = solved(name, SEED)
    handed_in = tmp_path / "ada"
    handed_in.mkdir()
    for file in variant.answer_files:
        (handed_in / file).write_text(solution[file])
    assert checker(name, "--path", handed_in, "--variant", SEED).code == 0
    stream = "\n---\n".join(solution[file] for file in variant.answer_files)
    assert checker(name, "--path", "-", "--variant", SEED, stdin=stream).code == 0
    if name != "exercise1":
        assert checker(name, "--path", handed_in).code == 1, "by itself it is no variant"
        assert checker(name, "--path", handed_in, "--variant", "bob").code == 1


def test_a_folder_that_is_handed_in_says_which_variant_it_is(checker, course, tmp_path):
    checker("exercise3", "--variant", SEED)
    solution, _ = solved("exercise3", SEED)
    (folder(course) / "web.yaml").write_text(solution["web.yaml"])
    shutil.copytree(folder(course), tmp_path / "handed-in")
    assert checker("exercise3", "--path", tmp_path / "handed-in").code == 0
    plain = CHECKOUT / "solutions" / "exercise3" / "web.yaml"
    assert checker("exercise3", "--path", plain).code == 0, "one's own variant is another matter"


def test_grading_elsewhere_needs_no_answer_of_ones_own_and_leaves_progress_alone(checker, course):
    checker("exercise3", "--path", "-", "--variant", SEED)
    assert not folder(course).exists()
    assert not (course / "progress.json").exists()


@pytest.mark.parametrize("seed", ["", "  ", "x" * 101, "a\nb", "a\x1b[2J"])
def test_a_seed_is_a_line_of_text(checker, course, seed):
    run = checker("exercise3", "--variant", seed)
    assert run.code == 2
    assert "--variant" in run.err
    assert not folder(course).exists()


def test_an_exercise_without_variants_is_the_same_for_everyone(checker, course):
    shutil.copytree(
        CHECKOUT / "exercises" / "exercise9",
        course / "exercises" / "exercise9",
        ignore=shutil.ignore_patterns("answer", "backups", ".*"),
    )
    run = checker("exercise9", "--variant", SEED)
    assert run.code == 1
    assert "the same for everyone" in run.err
    assert not (folder(course, "exercise9") / ".variant").exists()
    assert set(progress(course)) == {"exercise9"}


@pytest.mark.parametrize("mark", [b"", b"\xff", b"x" * 4000])
def test_a_spoilt_mark_is_told_and_can_be_mended(checker, course, mark):
    checker("exercise3", "--variant", SEED)
    (folder(course) / ".variant").write_bytes(mark)
    for command in (("exercise3",), ("hint", "exercise3"), ("solution", "exercise3")):
        run = checker(*command)
        assert run.code == 2
        assert ".variant" in run.err
    assert checker("list").code == 0
    assert checker("reset", "exercise3", "--variant", SEED).code == 0
    assert checker("exercise3").code == 1


def test_an_update_of_the_course_leaves_a_variant_alone(checker, course, tmp_path):
    target = tmp_path / "fresh"
    checker("init", target)
    checker("exercise3", "--variant", SEED, cwd=target)
    assert checker("init", target).code == 0
    mark = target / "exercises" / "exercise3" / "answer" / ".variant"
    assert mark.read_text() == SEED + "\n"
    assert CourseFolder(target).exercise("exercise3") is not None
