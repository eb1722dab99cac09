"""`grade --watch`: the report follows the class, with file events and without, until Ctrl-C."""

import json
import shutil
import signal
import subprocess
import sys
import time

import pytest

from tests.cli.conftest import CHECKOUT
from tests.cli.grading import files_of, put, right
from tests.cli.test_watch import WATCHERS, environment

#: Until something is written; generous, as other tests may keep the machine busy.
PATIENCE = 60


class Following:
    """A running `grade --watch`, in the checkout's own course."""

    def __init__(self, hand_ins, report, *arguments, watcher="events"):
        self.report = report
        self.out = (report.parent / "out.txt").open("w+")
        command = [sys.executable, "-m", "checker", "grade", hand_ins, "--out", report, "--watch"]
        self.process = subprocess.Popen(
            [*command, *arguments],
            cwd=CHECKOUT,
            env=environment(report, watcher),
            stdin=subprocess.DEVNULL,
            stdout=self.out,
            stderr=subprocess.STDOUT,
        )

    def told(self):
        return (self.report.parent / "out.txt").read_text()

    def until(self, wanted):
        """Wait until `wanted` holds of the status by learner and exercise."""
        deadline = time.monotonic() + PATIENCE
        while not wanted(seen := self.statuses()):
            assert self.process.poll() is None, self.told()
            assert time.monotonic() < deadline, f"{seen}\n{self.told()}"
            time.sleep(0.1)

    def until_told(self, text, times=1):
        deadline = time.monotonic() + PATIENCE
        while self.told().count(text) < times:
            assert self.process.poll() is None, self.told()
            assert time.monotonic() < deadline, self.told()
            time.sleep(0.1)

    def statuses(self):
        try:
            document = json.loads((self.report / "grades.json").read_text())
        except FileNotFoundError:
            return None
        return {
            learner["name"]: {
                result["exercise"]: result["status"]
                for result in learner["results"]
                if result["status"] != "missing"
            }
            for learner in document["learners"]
        }

    def interrupted(self):
        """The exit code after Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.out.close()


@pytest.fixture
def hand_ins(tmp_path):
    folder = tmp_path / "class"
    folder.mkdir()
    return folder


@pytest.fixture
def follow(hand_ins, tmp_path):
    running = []

    def begin(*arguments, watcher="events"):
        running.append(Following(hand_ins, tmp_path / "report", *arguments, watcher=watcher))
        return running[-1]

    yield begin
    for one in running:
        one.close()


@pytest.mark.parametrize("watcher", WATCHERS)
def test_the_report_follows_the_class(hand_ins, follow, watcher):
    following = follow(watcher=watcher)
    following.until(lambda seen: seen == {})
    put(hand_ins / "ann" / "exercise3.yaml", right())
    answer = put(hand_ins / "bob" / "exercise3" / "web.yaml", "kind: [")
    following.until(
        lambda seen: seen == {"ann": {"exercise3": "pass"}, "bob": {"exercise3": "error"}}
    )
    before = len(following.told())
    answer.write_text(right())
    following.until(lambda seen: seen["bob"] == {"exercise3": "pass"})
    following.until_told("2 of them right.")
    assert "ann" not in following.told()[before:], "who handed in nothing new is not graded again"
    answer.write_text(right().replace("targetPort: 9376", "targetPort: 80"))
    following.until(lambda seen: seen["bob"] == {"exercise3": "fail"})
    shutil.rmtree(hand_ins / "ann")
    following.until(lambda seen: list(seen) == ["bob"])
    answer.rename(answer.with_name("other.txt"))
    following.until(lambda seen: seen == {"bob": {}})
    put(hand_ins / "bob" / "exercise5.yaml", "")
    following.until(lambda seen: seen == {"bob": {"exercise5": "fail"}})
    assert following.interrupted() == 0
    assert "Traceback" not in following.told()


def test_it_leaves_what_a_plain_run_writes(hand_ins, follow, tmp_path):
    put(hand_ins / "ann" / "exercise3.yaml", right())
    put(hand_ins / "bob" / "exercise3.yaml", "kind: [")
    following = follow()
    following.until_told("2 learners, 2 answers")
    page = (following.report / "index.html").read_text()
    assert "<script>" in page
    assert (following.report / "version.js").exists()
    assert following.interrupted() == 0
    out = tmp_path / "plain"
    command = [sys.executable, "-m", "checker", "grade", hand_ins, "--out", out]
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, timeout=PATIENCE)
    assert files_of(following.report) == files_of(out)


def test_a_class_that_is_away_for_a_while(hand_ins, follow):
    put(hand_ins / "ann" / "exercise3.yaml", right())
    following = follow()
    following.until(lambda seen: seen == {"ann": {"exercise3": "pass"}})
    away = hand_ins.rename(hand_ins.with_name("away"))
    following.until_told("is no folder, or not there")
    put(away / "bob" / "exercise3.yaml", right())
    away.rename(hand_ins)
    following.until(lambda seen: seen is not None and set(seen) == {"ann", "bob"})
    assert following.told().count("is no folder") == 1
    assert following.interrupted() == 0


@pytest.mark.parametrize("part", [".", "learners"])
def test_a_report_that_somebody_deletes_is_written_anew(hand_ins, follow, part):
    put(hand_ins / "ann" / "exercise3.yaml", right())
    following = follow()
    following.until_told("1 learner, 1 answer")
    before = files_of(following.report)
    shutil.rmtree(following.report / part)
    following.until(lambda seen: seen == {"ann": {"exercise3": "pass"}})
    following.until_told("1 learner, 1 answer", times=2)
    assert files_of(following.report) == before
    assert following.interrupted() == 0
    assert "Traceback" not in following.told()


def test_json_is_a_document_a_change(hand_ins, follow):
    answer = put(hand_ins / "ann" / "exercise3.yaml", right())
    following = follow("--format", "json")
    following.until(lambda seen: seen == {"ann": {"exercise3": "pass"}})
    answer.write_text("")
    following.until(lambda seen: seen == {"ann": {"exercise3": "fail"}})
    assert following.interrupted() == 0
    rest = following.told().replace("\n", "")
    summaries = []
    while "{" in rest:
        document, end = json.JSONDecoder().raw_decode(rest[rest.index("{") :])
        summaries.append(document["summary"]["passed"])
        rest = rest[rest.index("{") + end :]
    assert (summaries[0], summaries[-1]) == (1, 0)
