import pytest

from checker.workspace.course_folder import CourseFolder, find_course, number_last, shown
from checker.workspace.errors import FolderError, InputError


def make(folder, *names):
    for name in names:
        exercise = folder / "exercises" / name
        (exercise / "start").mkdir(parents=True)
        (exercise / "exercise.toml").write_text("title = 'x'\n")
        (exercise / "start" / "web.yaml").write_text("a: 1\n")
    return folder


@pytest.fixture(autouse=True)
def _no_named_course(monkeypatch):
    monkeypatch.delenv("CHECKER_COURSE", raising=False)


def test_the_course_is_found_from_below_it(tmp_path):
    course = make(tmp_path / "course", "exercise1")
    deep = course / "exercises" / "exercise1" / "start"
    assert find_course(deep).path == course


def test_a_named_course_goes_before_all_others(tmp_path, monkeypatch):
    here, named = make(tmp_path / "here", "exercise1"), make(tmp_path / "named", "exercise1")
    monkeypatch.setenv("CHECKER_COURSE", str(named))
    assert find_course(here).path == named
    monkeypatch.setenv("CHECKER_COURSE", str(tmp_path))
    with pytest.raises(InputError, match="CHECKER_COURSE"):
        find_course(here)


def test_any_folder_may_be_called_exercises(tmp_path):
    course = make(tmp_path, "exercise1")
    inner = tmp_path / "project"
    (inner / "exercises" / "piano").mkdir(parents=True)
    assert find_course(inner).path == course


def test_elsewhere_it_is_the_checkout_that_the_package_lies_in(tmp_path):
    assert find_course(tmp_path).exercise("exercise1") is not None


def test_exercises_are_in_the_order_of_their_numbers(tmp_path):
    course = CourseFolder(make(tmp_path, "exercise10", "exercise2", "exercise1", "bonus"))
    (tmp_path / "exercises" / "unfinished").mkdir()
    assert [one.name for one in course.exercises()] == [
        "bonus",
        "exercise1",
        "exercise2",
        "exercise10",
    ]
    assert number_last("exercise10") > number_last("exercise9")


def test_an_exercises_files_are_the_courses_not_the_learners(tmp_path):
    course = CourseFolder(make(tmp_path, "exercise1"))
    folder = course.exercise("exercise1")
    (folder.answer).mkdir()
    (folder.answer / "web.yaml").write_text("mine")
    assert folder.files() == {"start/web.yaml": "a: 1\n"}


def test_a_damaged_course_is_not_the_learners_fault(tmp_path):
    course = CourseFolder(make(tmp_path, "exercise1"))
    (tmp_path / "exercises" / "exercise1" / "start" / "web.yaml").write_bytes(b"\xff")
    with pytest.raises(FolderError, match="the course is damaged"):
        course.exercise("exercise1").files()


def test_paths_are_shown_from_where_one_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert shown(tmp_path / "a" / "b") == "a/b"
    assert shown(tmp_path.parent / "x") == str(tmp_path.parent / "x")
