"""Saved files are noticed however an editor saves: in place, by renaming, by deleting."""

import queue
import threading
import time

import pytest

from checker.workspace import watching
from checker.workspace.watching import POLL, POLL_BESIDES_EVENTS, Events, Watched


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "web.yaml"
    path.write_text("a: 1\n")
    return path


def save_in_place(file, text):
    file.write_text(text)


def save_by_renaming(file, text):
    """As vim, VS Code and sed -i do."""
    beside = file.with_name(".web.yaml.swp")
    beside.write_text(text)
    beside.replace(file)


def save_by_deleting(file, text):
    file.unlink()
    time.sleep(0.05)
    file.write_text(text)


SAVES = [save_in_place, save_by_renaming, save_by_deleting]


@pytest.mark.parametrize("save", SAVES)
def test_every_way_to_save_is_a_change_once(file, save):
    watched = Watched([file])
    assert not watched.changed()
    save(file, "a: 2\n")
    assert watched.changed()
    watched.settle()
    assert not watched.changed()


def test_the_same_text_saved_again_is_a_save(file):
    watched = Watched([file])
    time.sleep(0.02)
    save_in_place(file, "a: 1\n")
    assert watched.changed()


def test_a_file_that_is_deleted_or_created_has_changed(file, tmp_path):
    other = tmp_path / "other.yaml"
    watched = Watched([file, other])
    other.write_text("")
    assert watched.changed()
    watched.settle()
    other.unlink()
    assert watched.changed()


def test_a_file_next_to_it_is_none_of_ours(file):
    watched = Watched([file])
    file.with_name("4913").write_text("")
    assert not watched.changed()


def test_settling_waits_until_the_writer_is_done(file):
    watched = Watched([file])

    def write_slowly():
        with file.open("w") as stream:
            for number in range(8):
                stream.write(f"line{number}: 1\n")
                stream.flush()
                time.sleep(0.04)

    writer = threading.Thread(target=write_slowly)
    writer.start()
    while not watched.changed():
        time.sleep(0.005)
    watched.settle()
    assert len(file.read_text().splitlines()) == 8
    writer.join()


def test_settling_waits_for_a_file_that_is_just_being_replaced(file):
    watched = Watched([file])
    file.unlink()
    threading.Timer(0.3, lambda: file.write_text("a: 2\n")).start()
    watched.settle()
    assert file.read_text() == "a: 2\n"


def test_settling_ends_although_somebody_writes_on_and_on(file, monkeypatch):
    monkeypatch.setattr(watching, "_PATIENCE", 0.5)
    watched = Watched([file])
    going_on = True

    def write_on():
        number = 0
        while going_on:
            number += 1
            file.write_text(f"a: {number}\n")
            time.sleep(0.01)

    writer = threading.Thread(target=write_on)
    writer.start()
    started = time.monotonic()
    watched.settle()
    going_on = False
    writer.join()
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("save", SAVES)
def test_events_tell_of_a_save(tmp_path, save):
    pytest.importorskip("watchfiles", reason="needs the extra `watch`")
    folder = tmp_path / "exercises" / "exercise1" / "answer"
    folder.mkdir(parents=True)
    file = folder / "web.yaml"
    file.write_text("a: 1\n")
    heard = queue.SimpleQueue()
    with Events(tmp_path / "exercises", lambda: heard.put(1)) as events:
        assert events.interval == POLL_BESIDES_EVENTS
        # Until it listens; nothing says when.
        time.sleep(0.5)
        save(file, "a: 2\n")
        assert heard.get(timeout=10) == 1
        # A `reset` in another terminal puts another folder in its place.
        folder.rename(folder.with_name("kept"))
        folder.mkdir()
        assert heard.get(timeout=10) == 1


def test_the_thread_ends_with_the_context(tmp_path):
    before = threading.active_count()
    with Events(tmp_path, lambda: None):
        pass
    assert threading.active_count() == before


def test_without_watchfiles_it_is_looked_at_more_often(tmp_path, monkeypatch):
    monkeypatch.setattr(watching, "_watchfiles", lambda: None)
    with Events(tmp_path, lambda: None) as events:
        assert events.interval == POLL


def test_a_folder_that_cannot_be_followed_is_polled(tmp_path):
    with Events(tmp_path / "nowhere", lambda: None) as events:
        deadline = time.monotonic() + 10
        while events.interval != POLL and time.monotonic() < deadline:
            time.sleep(0.05)
        assert events.interval == POLL
