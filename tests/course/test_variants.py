"""A variant is an exercise like the pristine one: it grades its own answers as rightly."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.course import load_exercise
from checker.course.grading import grade
from checker.course.selfcheck import Answers, check_exercise
from checker.course.variants import load_variant, replacements, varied, varied_files
from checker.manifests import Source
from tests.course.repository import answers, exercise, exercise_files, names


@pytest.mark.parametrize("seed", ["1", "ada@example.com"])
@pytest.mark.parametrize("name", names())
def test_a_variant_holds_together(name, seed):
    toml, files = exercise_files(name)
    chosen = replacements(name, exercise(name).tokens, seed)
    variant = load_exercise(name, varied(toml, chosen), varied_files(files, chosen))
    pristine = answers(name)
    changed = Answers(
        varied_files(pristine.solution, chosen),
        {folder: varied_files(texts, chosen) for folder, texts in pristine.alternatives.items()},
        varied_files(pristine.wrong, chosen),
    )
    assert [str(problem) for problem in check_exercise(variant, changed)] == []


@settings(max_examples=15, deadline=None)
@given(name=st.sampled_from(names()), seed=st.text(min_size=1, max_size=30))
def test_every_variant_grades_every_right_answer_as_right(name, seed):
    """Any seed: solution and alternatives have full points, the pristine files fail."""
    toml, files = exercise_files(name)
    variant = load_variant(name, toml, files, exercise(name).tokens, seed)
    held = answers(name)
    for texts in (held.solution, *held.alternatives.values()):
        own = [
            Source(file, varied(texts[file], variant.chosen))
            for file in texts
            if "README" not in file
        ]
        report = grade(variant.exercise, own)
        assert (report.status, report.points) == ("pass", 10)
    assert grade(variant.exercise, variant.exercise.start_sources()).status == "fail"


@pytest.mark.parametrize("name", names())
def test_a_variant_keeps_ids_files_and_title(name):
    """Ids are what reports and wrong answers name: they must not depend on the seed."""
    toml, files = exercise_files(name)
    plain = exercise(name)
    for seed in "abcdef":
        variant = load_variant(name, toml, files, plain.tokens, seed).exercise
        for part in ("checks", "misconceptions", "questions"):
            ids = [one.id for one in getattr(plain, part)]
            assert [one.id for one in getattr(variant, part)] == ids
        assert variant.answer_files == plain.answer_files
        assert variant.title == plain.title


@pytest.mark.parametrize("name", names())
def test_what_stands_in_a_words_place_occurs_nowhere_else(name):
    """Otherwise two things that differ would become the same."""
    toml, files = exercise_files(name)
    words = [choice for choices in exercise(name).tokens.values() for choice in choices]
    rest = re.sub(r"(?ms)^\[variants\]$.*?(?=^\[)", "", toml)
    for text in (rest, *files.values(), *answers(name).solution.values()):
        for word in words:
            assert not re.search(rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])", text), word


#: Predictions and a gate's settings hang on no name: there only the question looks different.
SAME_FOR_ALL = {"exercise1", "exercise9", "exercise24"}


@pytest.mark.parametrize("name", [name for name in names() if name not in SAME_FOR_ALL])
def test_a_neighbours_answer_does_not_pass(name):
    toml, files = exercise_files(name)
    tokens = exercise(name).tokens
    passed = []
    for seed in "abcdefgh":
        variant = load_variant(name, toml, files, tokens, seed).exercise
        solution = answers(name).solution
        own = [Source(file, solution[file]) for file in variant.answer_files]
        if grade(variant, own).status == "pass":
            passed.append(seed)
    assert passed == []


def test_seeds_give_neighbours_different_exercises():
    tokens = exercise("exercise3").tokens
    seen = {tuple(replacements("exercise3", tokens, str(seed)).items()) for seed in range(30)}
    assert len(seen) > 10


def test_a_seed_gives_the_same_variant_again():
    tokens = exercise("exercise3").tokens
    assert replacements("exercise3", tokens, "x") == replacements("exercise3", tokens, "x")


def test_whole_words_change_and_file_names_stay():
    chosen = {"web": "blog", "80": "81"}
    text = "web web-1 cobweb web.yaml website http://web:80 8080 web.default"
    assert varied(text, chosen) == (
        "blog blog-1 cobweb web.yaml website http://blog:81 8080 blog.default"
    )


def test_two_words_never_become_one():
    tokens = {"a": ("x", "y"), "b": ("x", "y")}
    for seed in range(20):
        chosen = replacements("e", tokens, str(seed))
        assert chosen["a"] != chosen["b"]
