"""A new exercise's skeleton is read and graded; `dev check` says what is still to be done."""

import pytest

from checker.course import load_exercise
from checker.course.selfcheck import Answers, check_exercise
from checker.course.skeleton import AGNHOST, PLACEHOLDERS, skeleton
from tests.course.repository import ROOT


def below(files, folder):
    return {path.removeprefix(folder): text for path, text in files.items() if folder in path}


@pytest.mark.parametrize("title", ["A new one", 'The "second" \\ one', "Übung"])
def test_the_skeleton_lacks_only_words_and_wrong_answers(title):
    files = skeleton("exercise99", title)
    folder = below(files, "exercises/exercise99/")
    exercise = load_exercise("exercise99", folder.pop("exercise.toml"), folder)
    answers = Answers(
        solution=below(files, "solutions/exercise99/"),
        alternatives={},
        wrong=below(files, "tests/wrong_answers/exercise99/"),
    )
    assert exercise.title == title
    found = [problem.message for problem in check_exercise(exercise, answers)]
    unwritten = [f"still says {text!r}, as the skeleton does" for text in PLACEHOLDERS]
    assert sorted(found) == sorted([*unwritten, "has fewer than 3 wrong answers"])


def test_every_exercise_uses_the_one_version_of_agnhost():
    """2.63.0 is what test/images/agnhost/VERSION of Kubernetes 1.36 says."""
    tag = AGNHOST.rpartition(":")[2]
    assert tag == "2.63.0"
    for folder in ("exercises", "solutions", "tests/wrong_answers"):
        for path in (ROOT / folder).rglob("*.yaml"):
            if "answer" in path.relative_to(ROOT / folder).parts:
                continue
            for line in path.read_text().splitlines():
                if "agnhost:" in line:
                    assert line.strip() == f"image: {AGNHOST}", path
