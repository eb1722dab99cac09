"""The course proves itself: `checker.course.selfcheck` finds nothing wrong with any exercise."""

import pytest

from checker.course.selfcheck import check_exercise
from tests.course.repository import answers, exercise, names


@pytest.mark.parametrize("name", names())
def test_the_exercise_holds_together(name):
    assert [str(problem) for problem in check_exercise(exercise(name), answers(name))] == []
