"""Start-up: one exercise run beside `python -c pass`, in one run on one machine.

The course's goal is at most eight times `python -c pass`. Times alone say more about the machine
than about the checker, so the ratio is what is recorded (`extra_info`, and the last line printed).
The processor's time is compared, as other work on the machine does not count into it.
"""

import os
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.measuring import learners_python

CHECKOUT = Path(__file__).resolve().parents[2]
GOAL = 8.0
ROUNDS = 20
ANSWER = CHECKOUT / "exercises" / "exercise3" / "start"


@pytest.fixture(scope="session")
def python(tmp_path_factory):
    """A learner's Python: an environment with PyYAML and the checker, nothing else at start-up."""
    return learners_python(tmp_path_factory.mktemp("learner"))


def processor_time(*command):
    """Seconds of processor time that the command takes, its children aside."""
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=CHECKOUT
    ) as process:
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
    return usage.ru_utime + usage.ru_stime


def test_exercise_beside_an_empty_python(benchmark, python, capsys):
    check = (str(python), "-m", "checker", "exercise3", "--path", str(ANSWER))
    empty = (str(python), "-c", "pass")
    processor_time(*check)
    pairs = [(processor_time(*empty), processor_time(*check)) for _ in range(ROUNDS)]
    base = statistics.median(pair[0] for pair in pairs)
    ours = statistics.median(pair[1] for pair in pairs)
    benchmark.extra_info["python -c pass"] = base
    benchmark.extra_info["exercise3"] = ours
    benchmark.extra_info["ratio"] = ours / base
    benchmark.pedantic(subprocess.run, args=(check,), kwargs={"capture_output": True}, rounds=10)
    told = (
        f"exercise3: {ours * 1000:.0f} ms, python -c pass: {base * 1000:.0f} ms, "
        f"ratio {ours / base:.1f} (goal: at most {GOAL:g})"
    )
    with capsys.disabled():
        sys.stdout.write(f"\n{told}\n")


def test_version_is_quicker_still(benchmark, python):
    command = (str(python), "-m", "checker", "--version")
    benchmark.pedantic(subprocess.run, args=(command,), kwargs={"capture_output": True}, rounds=10)
