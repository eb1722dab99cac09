import json
import subprocess
import sys

import pytest

from checker.workspace.progress import Progress


def stored(folder):
    return json.loads((folder / "progress.json").read_text())


def test_nothing_is_written_before_there_is_anything_to_keep(tmp_path):
    assert not Progress(tmp_path).entry("exercise1").passed
    assert list(tmp_path.iterdir()) == []


def test_the_best_result_counts(tmp_path):
    progress = Progress(tmp_path)
    for status, points in (("fail", 4), ("fail", 2), ("pass", 10), ("fail", 0)):
        progress.record_result("exercise1", status, points, 10)
    entry = Progress(tmp_path).entry("exercise1")
    assert entry.passed
    assert (entry.points, entry.max_points, entry.attempts) == (10, 10, 4)


def test_points_are_compared_as_shares_of_what_there_was_to_have(tmp_path):
    progress = Progress(tmp_path)
    progress.record_result("exercise1", "fail", 4, 5)
    progress.record_result("exercise1", "fail", 5, 10)
    assert (progress.entry("exercise1").points, progress.entry("exercise1").max_points) == (4, 5)


def test_what_another_version_added_stays(tmp_path):
    kept = {"schema": "checker/progress/v1", "extra": [1], "exercises": {"x": {"new": {"a": 1}}}}
    (tmp_path / "progress.json").write_text(json.dumps(kept))
    Progress(tmp_path).record_hints("x", 2)
    assert stored(tmp_path) == kept | {"exercises": {"x": {"new": {"a": 1}, "hints_shown": 2}}}


def test_a_newer_file_is_left_alone(tmp_path):
    text = '{"schema": "checker/progress/v2", "exercises": []}'
    (tmp_path / "progress.json").write_text(text)
    progress = Progress(tmp_path)
    progress.record_result("exercise1", "pass", 10, 10)
    assert (tmp_path / "progress.json").read_text() == text
    assert any("another version" in note for note in progress.notes)
    assert progress.entry("exercise1").passed, "this run still knows what it did"


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"\xff", b'{"schema": "checker/progress/v1"}', b"[" * 100_000],
    ids=["empty", "cut", "list", "null", "no text", "no exercises", "deep"],
)
def test_a_broken_file_is_kept_aside(tmp_path, content):
    (tmp_path / "progress.json").write_bytes(content)
    progress = Progress(tmp_path)
    progress.record_hints("exercise1", 1)
    (aside,) = tmp_path.glob("progress.broken-*.json")
    assert aside.read_bytes() == content
    assert stored(tmp_path)["exercises"] == {"exercise1": {"hints_shown": 1}}
    assert len(progress.notes) == 1
    assert aside.name in progress.notes[0]


@pytest.mark.parametrize("value", [None, 3, "pass", [], {"points": "ten", "attempts": True}])
def test_an_entry_of_a_wrong_type_counts_as_nothing(tmp_path, value):
    data = {"schema": "checker/progress/v1", "exercises": {"exercise1": value}}
    (tmp_path / "progress.json").write_text(json.dumps(data))
    progress = Progress(tmp_path)
    assert progress.entry("exercise1").points == 0
    progress.record_result("exercise1", "fail", 3, 10)
    assert progress.entry("exercise1").attempts == 1


def test_a_folder_that_is_gone_loses_no_result_of_this_run(tmp_path):
    progress = Progress(tmp_path / "gone")
    progress.record_result("exercise1", "pass", 10, 10)
    assert progress.entry("exercise1").passed
    assert "progress is not kept" in progress.notes[0]


def test_nothing_is_kept_where_nothing_may_be(tmp_path):
    progress = Progress(tmp_path, writable=False)
    progress.record_result("exercise1", "pass", 10, 10)
    assert list(tmp_path.iterdir()) == []


def test_runs_at_the_same_time_lose_nothing_of_each_other(tmp_path):
    code = (
        "import sys; from pathlib import Path; from checker.workspace.progress import Progress\n"
        "progress = Progress(Path(sys.argv[1]))\n"
        "for _ in range(25): progress.record_result(sys.argv[2], 'fail', 1, 10)\n"
        "for _ in range(25): progress.record_result('both', 'fail', 1, 10)\n"
        "assert not progress.notes, progress.notes\n"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name])
        for name in ("exercise1", "exercise2", "exercise3")
    ]
    assert [run.wait(timeout=60) for run in runs] == [0, 0, 0]
    attempts = {name: entry["attempts"] for name, entry in stored(tmp_path)["exercises"].items()}
    assert attempts == {"exercise1": 25, "exercise2": 25, "exercise3": 25, "both": 75}
    assert [path.name for path in tmp_path.iterdir()] == ["progress.json"]
