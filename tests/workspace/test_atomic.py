import pytest

from checker.workspace import atomic
from checker.workspace.atomic import locked, write_text
from checker.workspace.errors import FolderError


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "progress.json"
    write_text(path, "old")

    def no_space(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic.os, "fsync", no_space)
    with pytest.raises(FolderError, match=r"progress\.json cannot be written: no space left"):
        write_text(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_lock_that_is_not_given_back_is_not_waited_for_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(atomic, "LOCK_PATIENCE", 0.1)
    with locked(tmp_path), pytest.raises(FolderError, match="another run"), locked(tmp_path):
        pass
    with locked(tmp_path):
        pass
