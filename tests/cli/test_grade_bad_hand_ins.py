"""`grade` and what a class should not have handed in: each a line, and the class is graded."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from checker.cli import grade_learner
from checker.cli.grade_learner import Grader, Task, load_exercises
from checker.workspace.course_folder import find_course
from tests.cli.classroom import make_class
from tests.cli.conftest import CHECKOUT
from tests.cli.grading import graded, grades_of, problems, put, results, right
from tests.course.repository import names


def test_bad_hand_ins_are_lines_and_the_class_is_graded(checker, hand_ins, tmp_path):
    secret = put(tmp_path / "secret.yaml", right())
    put(hand_ins / "good" / "exercise3.yaml", right())
    put(hand_ins / "packed" / "all.zip", "PK")
    put(hand_ins / "link" / "exercise3" / "other.txt")
    (hand_ins / "link" / "exercise3" / "web.yaml").symlink_to(secret)
    (hand_ins / "out").mkdir()
    (hand_ins / "out" / "exercise3").symlink_to(tmp_path)
    (hand_ins / "whole").symlink_to(tmp_path, target_is_directory=True)
    (hand_ins / "circle").symlink_to("circle")
    (hand_ins / "binary" / "exercise3").mkdir(parents=True)
    (hand_ins / "binary" / "exercise3" / "web.yaml").write_bytes(b"\x00\xff" * 100)
    (hand_ins / "empty").mkdir()
    (hand_ins / "pipe" / "exercise3").mkdir(parents=True)
    os.mkfifo(hand_ins / "pipe" / "exercise3" / "web.yaml")
    put(hand_ins / "loose.tar.gz")
    mark = put(hand_ins / "mark" / "exercise3" / "web.yaml", right()).parent / ".variant"
    mark.symlink_to(secret)
    report = graded(checker, hand_ins)
    got = results(report)
    assert {name: one["exercise3"]["status"] for name, one in got.items()} == {
        "good": "pass",
        "packed": "missing",
        "link": "error",
        "out": "missing",
        "whole": "missing",
        "binary": "error",
        "empty": "missing",
        "pipe": "error",
        "mark": "error",
    }
    assert "unpack it" in problems(report, "packed")
    assert "link, which is not followed" in got["link"]["exercise3"]["message"]
    assert "exercise3 is a link" in problems(report, "out")
    assert "link" in problems(report, "whole")
    assert "holds no answer" in problems(report, "empty")
    assert "binary" in got["binary"]["exercise3"]["message"]
    loose = {one["file"]: one["message"] for one in grades_of(report)["problems"]}
    assert "unpack" in loose["loose.tar.gz"]
    assert "circle" in loose
    assert str(tmp_path) not in (report / "grades.json").read_text()


def test_a_costly_answer_has_limits(checker, hand_ins):
    """Each of them would take minutes otherwise, and the class would wait."""
    pod = "\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: p%d}\n"
    pod += "spec: {containers: [{name: c, image: x}]}\n"
    many = "".join(pod % number for number in range(300))
    items = ", ".join(["*p"] * 300)
    peers = ", ".join(["{podSelector: {}}"] * 11_000)
    policy = "\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\n"
    put(hand_ins / "good" / "exercise3.yaml", right())
    put(hand_ins / "large" / "exercise3.yaml", right() + "#" * 300_000)
    put(hand_ins / "many" / "exercise3.yaml", right() + many)
    put(hand_ins / "list" / "exercise3.yaml", f"a: &p {{kind: Pod}}\nkind: List\nitems: [{items}]")
    put(
        hand_ins / "wide" / "exercise3.yaml",
        f"{right()}{policy}spec: {{ingress: [{{from: [{peers}]}}]}}",
    )
    got = {name: one["exercise3"] for name, one in results(graded(checker, hand_ins)).items()}
    assert got["good"]["status"] == "pass"
    assert {one["status"] for name, one in got.items() if name != "good"} == {"error"}
    assert got["large"]["message"].endswith("an answer should be at most 256 KiB")
    assert got["many"]["message"] == "more than 200 documents in one file"
    assert got["list"]["message"] == "more than 200 objects"
    assert got["wide"]["message"].startswith("more than 20,000 values")


def test_what_is_small_and_takes_long_is_left(hand_ins, tmp_path, monkeypatch):
    """A million replicas fit into a line. Without the timer of Unix there is no such limit."""

    def long(*_, **__):
        while True:
            try:
                sum(range(1000))
            except Exception:
                continue

    monkeypatch.chdir(CHECKOUT)
    monkeypatch.setattr(grade_learner, "_SECONDS", 0.2)
    monkeypatch.setattr(grade_learner, "grade", long)
    put(hand_ins / "ann" / "exercise3.yaml", right())
    course = find_course()
    task = Task(hand_ins, tmp_path / "report", course, tmp_path / "cache", "now")
    learner = Grader(task, load_exercises(course.exercises())).learner("ann", "ann")
    (result,) = (one for one in learner.results if one["status"] != "missing")
    assert result["status"] == "error"
    assert "seconds to judge; look at it by hand" in result["message"]


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_the_command(hand_ins, how):
    """`kill`, `timeout` and the system's want of memory end the first process only."""
    make_class(hand_ins, 200, names(), alike=False)
    command = [sys.executable, "-m", "checker", "grade", hand_ins, "--out"]
    command += [hand_ins.parent / "report", "--jobs", "2"]
    with subprocess.Popen(
        command, cwd=CHECKOUT, stdout=subprocess.DEVNULL, start_new_session=True
    ) as process:
        until(lambda: len(session(process.pid)) == 3)
        process.send_signal(how)
        assert process.wait(60) == -how
    until(lambda: not session(process.pid))


def session(leader):
    """The processes of a session."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, one = stat.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(one) == leader and state != "Z":
            found.append(stat.parent.name)
    return found


def until(condition):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_very_many_files_are_a_line(checker, hand_ins):
    flood = hand_ins / "flood" / "a"
    flood.mkdir(parents=True)
    upper = hand_ins / "flood"
    for number in range(3_000):
        (flood / f"{number}.yaml").touch()
        (upper / f"0 {number}.yaml").touch()
    put(upper / "exercise3" / "web.yaml", right())
    for number in range(3_000):
        (upper / "exercise3" / f"{number}.yaml").touch()
    put(hand_ins / "good" / "exercise3.yaml", right())
    report = graded(checker, hand_ins)
    assert [one["exercise3"]["status"] for one in results(report).values()] == ["pass", "pass"]
    assert "a holds very many files; 2,000 of them were looked at" in problems(report, "flood")
