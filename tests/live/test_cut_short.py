"""Runs that are interrupted or killed, and who takes away what they leave."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from checker.live.runs.cleaning import clean
from checker.live.runs.run import Run, open_run
from checker.live.server.connection import Api, connect
from checker.live.server.places import namespace_path
from tests.live.conftest import ROOT, Checker
from tests.live.objects import going

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("machine")]


SCRIPT = """
import sys, time
from checker.live.runs import run as runs
from checker.live.server.connection import connect
runs.LIFE_SECONDS = {life}
with runs.open_run(connect({context!r}, {kubeconfig!r}), {learner!r}) as run:
    run.apply([])
    print(*run.namespaces, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def started(kubeconfig: Path, context: str) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    processes = []

    def start(learner: str, life: int = 600, before: tuple[str, ...] = ()):
        script = SCRIPT.format(
            life=life, context=context, kubeconfig=str(kubeconfig), learner=learner
        )
        process = subprocess.Popen(
            [*before, sys.executable, "-c", script], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.terminate()
        process.communicate(timeout=60)


@pytest.mark.parametrize(
    "numbers",
    [
        [signal.SIGINT],
        [signal.SIGTERM],
        [signal.SIGHUP],
        [signal.SIGINT, signal.SIGINT, signal.SIGINT],
        [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGTERM],
    ],
)
def test_signals_end_a_run_and_not_its_cleaning_up(live_api: Api, started, numbers):
    learner = f"cut-{os.getpid()}-{len(numbers)}{int(numbers[0])}"
    process = started(learner)
    names = process.stdout.readline().split()
    assert going(live_api, learner) == names != []
    for number in numbers:
        process.send_signal(number)
        time.sleep(0.05)
    process.wait(60)
    assert process.returncode != 0
    assert not going(live_api, learner)


def test_a_run_started_with_nohup_outlives_its_terminal(live_api: Api, started):
    learner = f"nohup-{os.getpid()}"
    process = started(learner, before=("nohup",))
    names = process.stdout.readline().split()
    process.send_signal(signal.SIGHUP)
    time.sleep(0.5)
    assert process.poll() is None
    assert going(live_api, learner) == names
    process.send_signal(signal.SIGTERM)
    process.wait(60)
    assert not going(live_api, learner)


def test_a_killed_run_is_taken_away_by_the_next(live_api: Api, started):
    learner = f"kill-{os.getpid()}"
    process = started(learner, life=1)
    names = process.stdout.readline().split()
    process.kill()
    process.wait(60)
    assert going(live_api, learner) == names != []
    time.sleep(2.5)
    with open_run(live_api, "somebody-else"):
        assert not going(live_api, learner)


def test_a_run_that_goes_on_is_not_taken_away_by_the_next(live_api: Api, started):
    learner = f"on-{os.getpid()}"
    process = started(learner)
    names = process.stdout.readline().split()
    with open_run(live_api, "somebody-else"):
        assert going(live_api, learner) == names


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_wrong_clock_takes_nobodys_run_away(
    live_api: Api, kubeconfig: Path, context: str, monkeypatch: pytest.MonkeyPatch, hours: int
):
    """Forty laptops: one of them has the time of another country."""
    real = time.time
    with open_run(live_api, "tests") as run:
        run.apply([])
        monkeypatch.setattr(time, "time", lambda: real() + hours * 3600)
        wrong = connect(context, str(kubeconfig))
        assert clean(wrong, expired=True) == []
        other = Run(wrong, "tests")
        other.apply([])
        monkeypatch.undo()
        # Neither too early nor for hours.
        assert clean(live_api, expired=True) == []
        until = other.api.get(namespace_path(other.namespaces[0]))["metadata"]["annotations"]
        assert abs(int(until["kubernetes-ports/expires"]) - real() - 600) < 60
        other.close()


def test_cleaning_is_for_ones_own_runs_unless_others_are_named(
    live_api: Api, checker: Checker, kubeconfig: Path, context: str
):
    me, other = f"me-{os.getpid()}", f"you-{os.getpid()}"
    mine, yours = Run(live_api, me), Run(live_api, other)
    try:
        mine.apply([])
        yours.apply([])

        def command(*words: str) -> str:
            done = checker(
                "cluster", "clean", "--context", context, *words,
                KUBECONFIG=str(kubeconfig), LOGNAME=me,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
            return done.stdout

        assert mine.namespaces[0] in command()
        assert going(live_api, other) == yours.namespaces
        # Written as people write names.
        assert yours.namespaces[0] in command("--learner", other.upper().replace("-", " "))
    finally:
        mine.close()
        yours.close()
