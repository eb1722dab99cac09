"""A class of forty on one cluster, all at once: each gets the result of its own answer.

Most of them write the same two fixed node ports, which the cluster gives to one only.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from checker.live.runs.labels import LEARNER, SELECTOR
from checker.live.server.connection import Api
from tests.live.conftest import ROOT

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("machine")]

LEARNERS = 40
#: Generous: two cores that do other work besides.
SECONDS = 900


class Task(NamedTuple):
    """An answer, the exit code that it deserves, and what its live checks say first."""

    exercise: str
    answer: str
    code: int
    predicted: str


#: Most of the work is the probes': to meet both pods of a Service almost surely takes fifteen
#: connections, each a process in a container. So one in ten asks that.
NODE_PORT = Task("exercise11", "solutions/exercise11", 0, "external → node:30081")
NAMED = Task("exercise11", "solutions/exercise11/alternatives/named-target", 0, "external → node:")
TASKS = (
    Task("exercise3", "solutions/exercise3/alternatives/named", 0, "pod/client → svc/web:80"),
    NODE_PORT,
    NAMED,
    NODE_PORT,
    Task("exercise5", "solutions/exercise5", 0, "pod/client → svc/web:"),
    NODE_PORT,
    NAMED,
    # Falls short before the cluster is asked; the others do not notice.
    Task("exercise3", "exercises/exercise3/start", 1, ""),
    NODE_PORT,
    NAMED,
)


def test_forty_learners_finish_each_with_their_own_result(
    live_api: Api, kubeconfig: Path, context: str, tmp_path: Path
):
    begun = time.monotonic()
    stem = f"class-{os.getpid()}"
    processes = []
    for number in range(LEARNERS):
        task = TASKS[number % len(TASKS)]
        command = [
            sys.executable, "-m", "checker", task.exercise, "--path", task.answer,
            "--live", "--context", context, "--format", "json",
        ]  # fmt: skip
        env = {
            **os.environ, "KUBECONFIG": str(kubeconfig), "LOGNAME": f"{stem}-{number}",
        }  # fmt: skip
        with (
            (tmp_path / f"{number}.out").open("w") as out,
            (tmp_path / f"{number}.err").open("w") as err,
        ):
            processes.append(
                (task, subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=err))
            )
    try:
        for number, (task, process) in enumerate(processes):
            code = process.wait(max(1, begun + SECONDS - time.monotonic()))
            said = (tmp_path / f"{number}.err").read_text(encoding="utf-8")
            assert code == task.code, f"learner {number}, {task.answer}: {said}"
            report = json.loads((tmp_path / f"{number}.out").read_text(encoding="utf-8"))
            assert report["exercise"] == task.exercise
            live = [one for one in report["checks"] if one["mode"] == "live"]
            assert (report["status"] == "pass") is (task.code == 0)
            assert bool(live) is (task.code == 0)
            if live:
                assert task.predicted in live[0]["title"]
                # From outside there is not a way into every cluster; all else agrees.
                assert {one["status"] for one in live} <= {"pass", "cannot-tell"}
                outside = ("external", "that a server sees")
                assert all(
                    one["status"] == "pass" or any(words in one["title"] for words in outside)
                    for one in live
                ), live
    finally:
        for _, process in processes:
            process.kill()
            process.wait()
    left = [
        one["metadata"]["name"]
        for one in live_api.items("/api/v1/namespaces", labelSelector=SELECTOR)
        if one["metadata"]["labels"].get(LEARNER, "").startswith(stem)
        and "deletionTimestamp" not in one["metadata"]
    ]
    assert left == []
