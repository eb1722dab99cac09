"""A variant is an exercise like the pristine one: it grades its own answers as rightly."""

import pytest

from checker.course import load_exercise
from checker.course.selfcheck import Answers, check_exercise
from checker.course.variants import replacements, varied, varied_files
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
