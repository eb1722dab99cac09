import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.cli.names import distance, nearest

NAMES = ["lint", "list", "trace", "matrix", "exercise1", "exercise12"]
WORDS = st.text("abc", max_size=6)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("lnit", "lint"),
        ("Lits", "list"),
        ("traec", "trace"),
        ("martix", "matrix"),
        ("exersise1", "exercise1"),
        ("exercise2", "exercise1"),
        ("frobnicate", None),
        ("", None),
        ("x" * 100_000, None),
    ],
)
def test_the_nearest_name(name, meant):
    assert nearest(name, NAMES) == meant


def test_a_swap_is_one_slip():
    assert distance("lnit", "lint") == 1


@given(WORDS, WORDS)
def test_distance_is_the_same_both_ways_and_nothing_to_itself(one, other):
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)
    assert distance(one, other) <= max(len(one), len(other))
