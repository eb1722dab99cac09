"""The checker graded by mutants of every solution; the score is printed with the results."""

from collections import Counter

import pytest

from checker.course.mutation import judge_mutants, mutants
from tests.course.repository import answers, exercise, names


def test_every_mutant_fails_is_equivalent_or_is_listed(capsys):
    fates = Counter()
    survivors = []
    for name in names():
        for judged in judge_mutants(exercise(name), answers(name).solution):
            fates[judged.fate] += 1
            if judged.fate == "survives":
                survivors.append(f"{name}: {judged.what}")
    with capsys.disabled():
        print(  # noqa: T201  # the score is meant to be read
            f"\nmutants of {len(names())} solutions: {fates['fails']} fail, "
            f"{fates['equivalent']} are equivalent, {fates['listed']} are listed, "
            f"{len(survivors)} survive"
        )
    assert survivors == []
    assert fates["fails"] > 1000


@pytest.mark.parametrize("name", [name for name in names() if exercise(name).harmless])
def test_every_harmless_change_that_is_listed_exists(name):
    listed = exercise(name).harmless
    judged = judge_mutants(exercise(name), answers(name).solution)
    reasons = {one.reason for one in judged if one.fate == "listed"}
    assert reasons == {one.reason for one in listed}


def test_a_missing_check_shows_as_survivors():
    """Without its check on both versions' ports, exercise 6 would let a version go silent."""
    whole = exercise("exercise6")
    blind = whole._replace(checks=tuple(c for c in whole.checks if c.kind in ("accepted", "flow")))
    judged = judge_mutants(blind, answers("exercise6").solution)
    survivors = [one.what for one in judged if one.fate == "survives"]
    assert any("web-v2" in one for one in survivors)


def test_the_mutants_of_a_small_service():
    solution = {"service.yaml": answers("exercise11").solution["service.yaml"]}
    found = {mutant.what for mutant in mutants(exercise("exercise11"), solution)}
    for expected in (
        "Service/web spec.ports[0].nodePort becomes 30082",
        "Service/web spec.ports[0].nodePort becomes 30080",
        "Service/web spec.ports[0].nodePort removed",
        'Service/web spec.type becomes "ClusterIP"',
        "Service/web spec.selector becomes {}",
        'Service/web spec.selector.app becomes "webx"',
        "Service/web spec.ports[0] removed",
    ):
        assert expected in found


def test_numbers_at_the_end_of_arguments_are_changed():
    found = [mutant.what for mutant in mutants(exercise("exercise2"), solution_files("exercise2"))]
    assert 'Pod/web spec.containers[0].args[1] becomes "--serve=0.0.0.0:8081"' in found


def solution_files(name):
    files = answers(name).solution
    return {file: files[file] for file in exercise(name).answer_files}
