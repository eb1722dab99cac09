"""`watch`: through a real terminal with its keys, and through a pipe without."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time

import pytest

from tests.cli.conftest import CHECKOUT

#: Until something appears; generous, as other tests may keep the machine busy.
PATIENCE = 40
WRONG, RIGHT = "targetPort: 8080", "targetPort: 9376"

WATCHERS = ["events", "polling"]


def environment(course, watcher):
    path = [str(CHECKOUT)]
    if watcher == "polling":
        # A watchfiles that does not load stands for one that is not installed.
        broken = course.parent / "without"
        broken.mkdir(exist_ok=True)
        (broken / "watchfiles.py").write_text("raise ImportError\n")
        path.insert(0, str(broken))
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CHECKER_", "NO_COLOR", "COLUMNS", "PYTHON"))
    }
    return kept | {
        "PYTHONPATH": os.pathsep.join(path),
        "PYTHONIOENCODING": "utf-8",
        "TERM": "xterm",
    }


class Watching:
    """A running `watch`: what it has shown so far, and its keyboard."""

    def __init__(self, course, *arguments, terminal, watcher="polling"):
        self.terminal = terminal
        self.seen = ""
        if terminal:
            self._screen, child = pty.openpty()
            self.keyboard = self._screen
            streams = {"stdin": child, "stdout": child, "stderr": child}
        else:
            child_in, self.keyboard = os.pipe()
            self._screen, child_out = os.pipe()
            streams = {"stdin": child_in, "stdout": child_out, "stderr": child_out}
        # A session of its own, whose terminal is this one: keys are for the foreground only.
        code = "import sys; from checker.cli import main; sys.exit(main())"
        if terminal:
            code = (
                "import fcntl, os, sys, termios; os.setsid(); "
                "fcntl.ioctl(0, termios.TIOCSCTTY, 0); " + code
            )
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, "watch", *arguments],
            cwd=course,
            env=environment(course, watcher),
            **streams,
        )
        if terminal:
            self.modes = termios.tcgetattr(child)
            self._child = child
        else:
            os.close(child_in)
            os.close(child_out)

    def press(self, keys):
        os.write(self.keyboard, keys.encode())

    def until(self, text, after=0):
        """Read on until `text` appears behind the position `after`; gives where it ends."""
        deadline = time.monotonic() + PATIENCE
        while text not in self.seen[after:]:
            assert time.monotonic() < deadline, f"no {text!r} in {self.seen[after:]}"
            self.read(0.2)
        return self.seen.index(text, after) + len(text)

    def read(self, seconds):
        ready, _, _ = select.select([self._screen], [], [], seconds)
        if ready:
            try:
                self.seen += os.read(self._screen, 65536).decode(errors="replace")
            except OSError:
                time.sleep(seconds)

    def quiet(self, seconds):
        """What appears within some seconds."""
        before = len(self.seen)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read(0.1)
        return self.seen[before:]

    def end(self):
        """Close the keyboard's end."""
        os.close(self.keyboard)

    def code(self):
        """The exit code, once it has ended."""
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < deadline, "it does not end"
            self.read(0.1)
        self.quiet(0.2)
        if self.process.returncode:
            print(self.seen[-2000:])  # noqa: T201  # pytest shows it where the test fails
        return self.process.returncode


@pytest.fixture
def start(course):
    running = []

    def begin(*arguments, terminal=False, watcher="polling"):
        watching = Watching(course, *arguments, terminal=terminal, watcher=watcher)
        running.append(watching)
        return watching

    yield begin
    for one in running:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()


@pytest.fixture
def answer(course):
    return course / "exercises" / "exercise3" / "answer" / "web.yaml"


def replace_in(file, old, new):
    """As `sed -i` does it: a file beside, then renamed."""
    beside = file.with_name(".new")
    beside.write_text(file.read_text().replace(old, new))
    beside.replace(file)


@pytest.mark.parametrize("watcher", WATCHERS)
def test_on_a_terminal_saves_are_checked_and_keys_are_heard(start, answer, watcher):
    watch = start("exercise3", terminal=True, watcher=watcher)
    at = watch.until("q quit")
    assert "\x1b[2J" in watch.seen, "a fresh screen"
    assert "not yet, 3 of 10 points" in watch.seen
    watch.press("h")
    at = watch.until("Hint 1 of 4", at)
    watch.press("L")
    at = watch.until("0 of 3 exercises passed", at)
    watch.press("n")
    at = watch.until("not passed yet", at)
    replace_in(answer, WRONG, RIGHT)
    at = watch.until("passed, 10 of 10 points", at)
    at = watch.until("n next", at)
    watch.press("n")
    at = watch.until("exercise1", at)
    watch.until("q quit", at)
    watch.press("q")
    assert watch.code() == 0
    assert "Traceback" not in watch.seen


def test_reset_is_a_key_and_keeps_a_backup(start, answer):
    watch = start("3", terminal=True)
    at = watch.until("q quit")
    replace_in(answer, WRONG, "targetPort: 1234")
    at = watch.until("targetPort: 1234", at)
    watch.until("q quit", at)
    watch.press("r")
    watch.until("is as it was at the start", at)
    at = watch.until("q quit", len(watch.seen))
    assert WRONG in answer.read_text()
    assert len(list((answer.parents[1] / "backups").iterdir())) == 1
    replace_in(answer, WRONG, RIGHT)
    watch.until("passed, 10 of 10 points", at)
    watch.press("q")
    assert watch.code() == 0


def test_the_terminal_is_given_back_as_it_was(start):
    for farewell in ("q", "\x03", "\x04"):
        watch = start("exercise3", terminal=True)
        watch.until("q quit")
        assert not termios.tcgetattr(watch._child)[3] & termios.ICANON, "single keys"
        assert termios.tcgetattr(watch._child)[3] & termios.ISIG, "Ctrl-C and Ctrl-Z go on working"
        watch.press(farewell)
        assert watch.code() == 0
        assert termios.tcgetattr(watch._child) == watch.modes
        assert "Traceback" not in watch.seen


def test_a_polite_kill_gives_the_terminal_back(start):
    watch = start("exercise3", terminal=True)
    watch.until("q quit")
    watch.process.send_signal(signal.SIGTERM)
    assert watch.code() == 0
    assert termios.tcgetattr(watch._child) == watch.modes


def test_arrows_and_other_keys_do_nothing(start, answer):
    watch = start("exercise3", terminal=True)
    watch.until("q quit")
    for sequence in ("\x1b[A", "\x1bOP", "\x1b[H", "x", "ü", "\t", "\n"):
        watch.press(sequence)
    assert "Hint" not in watch.quiet(1.0)
    watch.press("q")
    assert watch.code() == 0


@pytest.mark.parametrize("watcher", WATCHERS)
def test_through_a_pipe_there_are_no_keys_and_it_goes_on_by_itself(start, answer, watcher):
    watch = start("exercise3", watcher=watcher)
    at = watch.until("Waiting for exercises/exercise3/answer/web.yaml")
    watch.press("q\n")
    assert "\x1b" not in watch.seen
    replace_in(answer, WRONG, RIGHT)
    at = watch.until("passed, 10 of 10 points", at)
    watch.until("Waiting for exercises/exercise1/answer/predictions.yaml", at)
    watch.end()
    assert watch.code() == 0


def test_the_end_of_the_input_is_the_end(checker):
    run = checker("watch", "exercise3")
    assert run.code == 0
    assert "not yet, 3 of 10 points" in run.out
    assert run.err.strip() == "Waiting for exercises/exercise3/answer/web.yaml to be saved."


def test_ctrl_c_ends_it_quietly(start):
    watch = start("exercise3")
    watch.until("Waiting for")
    watch.process.send_signal(signal.SIGINT)
    assert watch.code() == 0
    assert "Traceback" not in watch.seen
    assert "interrupted" not in watch.seen


def test_when_all_is_passed_it_ends(checker, course):
    for name in ("exercise1", "exercise2", "exercise3"):
        checker(name)
        for file in (course / "exercises" / name / "answer").iterdir():
            file.write_bytes((CHECKOUT / "solutions" / name / file.name).read_bytes())
    # Nothing is recorded yet, and nobody ends the input: it goes from one to the next by itself.
    (course / "progress.json").unlink()
    watch = Watching(course, terminal=False)
    watch.until("Every exercise is passed.")
    assert watch.code() == 0
    assert watch.seen.count("passed, 10 of 10 points") == 3


def test_half_a_file_and_no_file_are_judged_only_when_they_stay(start, answer):
    watch = start("exercise3", "--format", "json")
    watch.until('"findings"')
    whole = answer.read_text().replace(WRONG, RIGHT)
    # Half of it, and the rest a moment later: one check, of the whole.
    answer.write_text(whole[: len(whole) // 2])
    time.sleep(0.05)
    answer.write_text(whole)
    at = watch.until('"exercise": "exercise1"')
    assert watch.seen[:at].count('"status": "error"') == 0
    watch.end()
    assert watch.code() == 0
    documents = re.split(
        r"(?m)^}\n", re.sub(r"(?m)^(Waiting|exercise3 is).*\n|^\n", "", watch.seen)
    )
    reports = [json.loads(one + "}") for one in documents if one.strip()]
    assert [(one["exercise"], one["status"]) for one in reports] == [
        ("exercise3", "fail"),
        ("exercise3", "pass"),
        ("exercise1", "fail"),
    ]


def test_a_file_that_cannot_be_read_ends_nothing(start, answer):
    watch = start("exercise3")
    at = watch.until("Waiting for")
    answer.write_bytes(b"\xff\xfe\x00")
    at = watch.until("web.yaml", at)
    watch.until("Waiting for", at)
    answer.write_text("a: [\n")
    at = watch.until("cannot be read", at)
    answer.unlink()
    at = watch.until("not yet, 0 of 10 points", at)
    answer.write_text((CHECKOUT / "solutions/exercise3/web.yaml").read_text())
    watch.until("passed, 10 of 10 points", at)
    watch.process.send_signal(signal.SIGINT)
    assert watch.code() == 0


def test_a_save_during_a_check_is_checked_afterwards(start, answer):
    """Fast saves one after the other: the last one counts, and the checks stand in a row."""
    watch = start("exercise3")
    at = watch.until("Waiting for")
    for number in range(5):
        replace_in(
            answer, re.search(r"targetPort: \d+", answer.read_text())[0], f"targetPort: 1{number}"
        )
        watch.quiet(0.15)
    watch.until("targetPort: 14", at)
    watch.quiet(1.0)
    assert watch.seen.rstrip().endswith("to be saved.")
    assert "targetPort: 14" in watch.seen[watch.seen.rindex("not yet") :]


def test_an_unknown_exercise_is_told_at_once(checker):
    run = checker("watch", "exercise99")
    assert run.code == 2
    assert "there is no exercise" in run.err


def test_a_variant_can_be_watched(checker, course):
    run = checker("watch", "exercise3", "--variant", "ada")
    assert run.code == 0
    answer = course / "exercises" / "exercise3" / "answer"
    assert (answer / ".variant").read_text() == "ada\n"
