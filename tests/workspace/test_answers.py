import io
import sys
import threading

import pytest

from checker.workspace.answers import answer_at, own_answer, reset
from checker.workspace.course_folder import ExerciseFolder
from checker.workspace.errors import FolderError, InputError

START = {"web.yaml": "a: 1\n", "service.yaml": "b: 2\r\n"}
NAMES = tuple(START)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "exercises" / "exercise1"
    path.mkdir(parents=True)
    return ExerciseFolder("exercise1", path)


def texts(answer):
    return {source.name: source.text for source in answer.sources}


def test_the_first_check_makes_the_answer_from_the_pristine_files(folder):
    answer = own_answer(folder, START, NAMES)
    assert answer.made == folder.answer
    assert texts(answer) == {
        "exercises/exercise1/answer/web.yaml": "a: 1\n",
        "exercises/exercise1/answer/service.yaml": "b: 2\r\n",
    }


def test_later_checks_never_touch_it(folder):
    own_answer(folder, START, NAMES)
    (folder.answer / "web.yaml").write_text("mine")
    answer = own_answer(folder, dict.fromkeys(NAMES, "updated course"), NAMES)
    assert answer.made is None
    assert (folder.answer / "web.yaml").read_text() == "mine"


def test_a_deleted_file_stays_deleted(folder):
    own_answer(folder, START, NAMES)
    (folder.answer / "web.yaml").rename(folder.answer / "web.yml")
    answer = own_answer(folder, START, NAMES)
    assert list(texts(answer)) == ["exercises/exercise1/answer/service.yaml"]
    assert answer.unread == ("web.yml",), "so that a misnamed file can be told"


@pytest.mark.parametrize("again", range(10))
def test_many_first_checks_at_once_make_one_answer(folder, again):
    answers, together = [], threading.Barrier(8)

    def first_check():
        together.wait()
        answers.append(own_answer(folder, START, NAMES))

    threads = [threading.Thread(target=first_check) for _ in range(8)]
    interval = sys.getswitchinterval()
    # One is made to wait between any two of its steps, as another does the same.
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert len(answers) == 8
    assert all(len(answer.sources) == 2 for answer in answers)
    assert [path.name for path in folder.path.iterdir()] == ["answer"]


def test_reset_keeps_what_was_there(folder):
    own_answer(folder, START, NAMES)
    (folder.answer / "web.yaml").write_text("mine")
    backups = {reset(folder, START), reset(folder, START), reset(folder, START)}
    assert len(backups) == 3, "two resets within a second are two backups"
    assert sorted((one / "web.yaml").read_text() for one in backups) == ["a: 1\n", "a: 1\n", "mine"]
    assert (folder.answer / "web.yaml").read_text() == "a: 1\n"


def test_reset_before_the_first_check_has_nothing_to_keep(folder):
    assert reset(folder, START) is None
    assert (folder.answer / "web.yaml").read_text() == "a: 1\n"


def test_a_file_where_the_answer_should_be(folder):
    folder.answer.write_text("?")
    with pytest.raises(InputError, match="no folder"):
        own_answer(folder, START, NAMES)


def test_no_room_for_an_answer_is_the_machines_fault(folder):
    folder.path.rmdir()
    with pytest.raises(FolderError, match="cannot be made"):
        own_answer(folder, START, NAMES)


def test_a_path_to_a_file_is_one_stream(folder, tmp_path):
    (tmp_path / "all.yaml").write_text("c: 3\n")
    assert texts(answer_at("all.yaml", NAMES, None)) == {"all.yaml": "c: 3\n"}
    assert texts(answer_at("-", NAMES, io.BytesIO(b"d: 4\n"))) == {"<stdin>": "d: 4\n"}


def test_a_path_to_a_folder_reads_the_exercises_files_and_nothing_below(folder, tmp_path):
    (tmp_path / "theirs" / "deep").mkdir(parents=True)
    for name in ("web.yaml", "other.yaml", "deep/service.yaml"):
        (tmp_path / "theirs" / name).write_text("e: 5\n")
    answer = answer_at("theirs", NAMES, None)
    assert texts(answer) == {"theirs/web.yaml": "e: 5\n"}
    assert answer.unread == ("other.yaml",)


def test_a_path_that_is_not_there(folder):
    with pytest.raises(InputError, match="nowhere does not exist"):
        answer_at("nowhere", NAMES, None)
