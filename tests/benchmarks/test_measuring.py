"""How commands are measured: their own time and memory, not those of whoever starts them."""

from __future__ import annotations

import sys
from collections import namedtuple

import pytest

from tests.benchmarks import measuring
from tests.benchmarks.goals import goals
from tests.benchmarks.measuring import Run, TooSlowError, in_turn, run, summary
from tests.benchmarks.plots import Axis, Line, plot

PYTHON = [sys.executable, "-I", "-S", "-c"]


def test_memory_is_the_commands_own():
    """`getrusage`: a child's peak begins with its parent's, and this process is made large."""
    ballast = bytearray(200_000_000)
    small = run([*PYTHON, "pass"])
    large = run([*PYTHON, "x = bytearray(100_000_000)"])
    assert len(ballast) == 200_000_000
    assert small.peak_mb < 50
    assert 100 < large.peak_mb < 150


def test_output_and_exit_code(tmp_path):
    said = tmp_path / "said"
    done = run([*PYTHON, "import sys; print('hello'); sys.exit(3)"], said)
    assert done.code == 3
    assert said.read_text(encoding="utf-8") == "hello\n"


def test_what_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(measuring, "LIMIT", 0.5)
    with pytest.raises(TooSlowError):
        run([*PYTHON, "import time; time.sleep(60)"])
    assert in_turn({"slow": [*PYTHON, "import time; time.sleep(60)"]}, 2) == {"slow": []}


def test_a_slow_command_is_run_once(monkeypatch):
    monkeypatch.setattr(measuring, "SLOW", 0.2)
    slow = [*PYTHON, "import time; time.sleep(0.3)"]
    runs = in_turn({"slow": slow, "quick": [*PYTHON, "pass"]}, 3)
    assert len(runs["slow"]) == 1
    assert len(runs["quick"]) in (1, 3)  # 1 where the machine is busy


def test_summary_is_of_medians_and_the_largest_peak():
    runs = [Run(3.0, 1.0, 20.0, 0), Run(1.0, 2.0, 30.0, 0), Run(2.0, 9.0, 25.0, 0)]
    assert summary(runs) == {
        "seconds": 2.0,
        "fastest": 1.0,
        "slowest": 3.0,
        "processor": 2.0,
        "peak_mb": 30.0,
        "rounds": 3,
    }


def results(ours, theirs, matrix=4.0):
    tool = namedtuple("tool", "seconds")
    tools = {
        count: {
            "checker": {"seconds": 0.1 + ours * count / 1000, "peak_mb": 60.0},
            **({"kubeconform": tool(theirs * count / 1000)._asdict()} if theirs else {}),
        }
        for count in (1, 1000, 10000)
    }
    model = {"pods": 1000, "services": 200, "policies": 200}
    model |= {"slowest_trace_ms": 9.0, "matrix_s": matrix, "peak_mb": 90.0}
    return {
        "lint": [{"files": count, "tools": tool} for count, tool in tools.items()],
        "growth": {"pods": [model]},
    }


def test_goals_compare_with_kubeconform():
    kept = {goal.what: goal.kept for goal in goals(results(1.0, 1.0, matrix=6.0))}
    assert kept["lint, 1,000 files: times kubeconform"] is True
    assert kept["lint, one file: times kubeconform's whole process"] is False
    assert kept["the whole matrix (1,000 pods, 200 Services, 200 policies)"] is False


def test_without_kubeconform_nothing_is_claimed():
    kept = {goal.what: goal.kept for goal in goals(results(1.0, None))}
    assert kept["lint, 1,000 files: times kubeconform"] is None


def test_plot_says_what_it_shows():
    lines = [Line("ours", [(1, 0.2), (10, 2.0)]), Line("theirs <1>", [(1, 0.5)])]
    drawn = plot("Time", "What it shows", Axis("files"), Axis("seconds", " s"), lines)
    assert "<title" in drawn
    assert "What it shows</desc>" in drawn
    assert "theirs &lt;1&gt;" in drawn
    # 0.2 to 2.0 s takes the axis from 0.1 to 10 s.
    assert [f">{told} s<" in drawn for told in ("0.01", "0.1", "1", "10")] == [
        False,
        True,
        True,
        True,
    ]
