"""The checker installed from a package, far from any checkout: the course is packed in it."""

import shutil

import pytest

from tests.cli.conftest import CHECKOUT, Checker


@pytest.fixture
def installed(tmp_path, course):
    """Runs a copy of the package with the course packed in it, in an empty folder."""
    site = tmp_path / "site"
    shutil.copytree(
        CHECKOUT / "checker", site / "checker", ignore=shutil.ignore_patterns("__pycache__")
    )
    for part in ("exercises", "solutions"):
        shutil.copytree(course / part, site / "checker" / "packed" / part)
    empty = tmp_path / "empty"
    empty.mkdir()
    checker = Checker(empty)
    return lambda *arguments, **more: checker(
        *arguments, env={"PYTHONPATH": str(site)} | more.pop("env", {}), **more
    )


def test_without_a_course_folder_one_is_told_to_make_one(installed, tmp_path):
    run = installed("exercise1")
    assert run.code == 2
    assert "python -m checker init" in run.err
    assert installed("reset", "exercise1").code == 2
    assert not any((tmp_path / "empty").iterdir())


def test_what_needs_no_folder_works_without_one(installed, tmp_path):
    assert "0 of 3 exercises passed" in installed("list").out
    assert installed("hint", "exercise1").code == 0
    solution = CHECKOUT / "solutions" / "exercise3"
    assert installed("exercise3", "--path", solution).code == 0
    assert not any((tmp_path / "empty").iterdir())


def test_a_course_folder_made_from_the_package(installed, tmp_path):
    assert installed("init", "course").code == 0
    folder = tmp_path / "empty" / "course"
    assert not (folder / "solutions").exists(), "they are asked for by the command"
    assert installed("exercise3", cwd=folder).code == 1
    assert (folder / "exercises" / "exercise3" / "answer" / "web.yaml").exists()
    installed("solution", "exercise3", cwd=folder)
    assert "targetPort: 9376" in installed("solution", "exercise3", cwd=folder).out
