"""What a class's results lie in: any order, replaced and dropped pieces, a disk that is full."""

import errno
import os

import pytest

from checker.workspace import spool
from checker.workspace.errors import FolderError
from checker.workspace.spool import Spool


def test_pieces_come_in_the_order_that_was_set(tmp_path):
    kept = Spool(tmp_path)
    for key in "abc":
        kept.put(key, key.encode() * 3)
    kept.put("a", b"another")
    assert list(kept) == [("a", b"another"), ("b", b"bbb"), ("c", b"ccc")]
    kept.arrange(["c", "nobody", "a"])
    assert list(kept) == [("c", b"ccc"), ("a", b"another")]
    assert list(kept) == list(kept), "as often as one likes"


def test_what_was_replaced_does_not_fill_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(spool, "_SMALL", 1000)
    kept = Spool(tmp_path)
    for number in range(100):
        kept.put("a", bytes([number]) * 100)
        kept.put("b", b"b")
        kept.arrange(["b", "a"])
        assert kept._end < 1000 + 2 * 101 + 101
    assert list(kept) == [("b", b"b"), ("a", b"\x63" * 100)]


def test_nothing_is_left(tmp_path):
    kept = Spool(tmp_path)
    kept.put("a", b"a")
    if os.name == "posix":
        assert list(tmp_path.iterdir()) == [], "gone, however the process ends"


def test_a_disk_that_is_full(tmp_path, monkeypatch):
    kept = Spool(tmp_path)

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(spool.tempfile, "TemporaryFile", full)
    with pytest.raises(FolderError, match="cannot hold the grades: no space left on device"):
        kept.put("a", b"a")
