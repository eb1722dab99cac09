"""Terminals, pipes and keyboards as they come."""

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from checker.cli.console import Console
from checker.report.text.style import Style
from tests.cli.conftest import CHECKOUT, TIMEOUT


def on_terminal(course, *arguments, env=None, columns=80):
    """What `python -m checker` shows on a terminal, and its exit code."""
    import fcntl
    import struct
    import termios

    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CHECKER_", "NO_COLOR", "COLUMNS", "PYTHON"))
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "checker", *arguments],
        stdin=child,
        stdout=child,
        stderr=child,
        cwd=course,
        env=environment | {"PYTHONPATH": str(CHECKOUT), "TERM": "xterm"} | (env or {}),
    )
    os.close(child)
    shown = b""
    while True:
        try:
            part = os.read(parent, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(parent)
    return shown.decode().replace("\r\n", "\n"), process.wait(timeout=TIMEOUT)


def test_colour_on_a_terminal_only(checker, course):
    shown, code = on_terminal(course, "list", env={"LC_ALL": "C.UTF-8"})
    assert code == 0
    assert "\x1b[" in shown
    assert "\x1b" not in checker("list").out


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colour_where_none_is_wanted(course, env):
    shown, _ = on_terminal(course, "list", env={"LC_ALL": "C.UTF-8"} | env)
    assert "\x1b" not in shown


def test_an_empty_no_color_is_none(course):
    """https://no-color.org: "when present and not an empty string"."""
    shown, _ = on_terminal(course, "list", env={"LC_ALL": "C.UTF-8", "NO_COLOR": ""})
    assert "\x1b[" in shown


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_lines_fit_the_terminal(course, columns):
    shown, _ = on_terminal(
        course, "list", env={"LC_ALL": "C.UTF-8", "NO_COLOR": "1"}, columns=columns
    )
    widest = max(len(line) for line in shown.splitlines())
    assert widest <= max(columns, len("  next  python -m checker exercise1"))
    assert widest <= 100, "beyond that, lines are hard to read"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "cp437"])
@pytest.mark.parametrize("command", ["exercise3", "list", "", "--help", "hint"])
def test_a_terminal_without_unicode_gets_plain_signs(checker, encoding, command):
    run = checker(*command.split(), env={"PYTHONIOENCODING": encoding})
    assert run.code in (0, 1)
    assert "Traceback" not in run.all
    assert "\\u" not in run.out, "every sign that we use has a plain one"


def test_json_survives_any_encoding(checker):
    import json

    plain = json.loads(checker("exercise3", "--format", "json").out)
    run = checker("exercise3", "--format", "json", env={"PYTHONIOENCODING": "ascii"})
    assert json.loads(run.out) == plain


@pytest.mark.parametrize("command", ["exercise3", "--help", "exercise3 --format json"])
def test_a_reader_that_goes_away_is_no_trouble(course, command):
    done = subprocess.run(
        [
            "bash",
            "-c",
            f'"{sys.executable}" -m checker {command} | head -c 1; echo "${{PIPESTATUS[0]}}"',
        ],
        capture_output=True,
        text=True,
        cwd=course,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT), "CHECKER_COURSE": str(course)},
        timeout=TIMEOUT,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "Broken" not in done.stderr
    assert done.stdout.strip()[-1] in "01"


def test_a_full_disk_is_the_environments_fault(course):
    device = Path("/dev/full")
    if not device.exists():
        pytest.skip("needs /dev/full")
    with device.open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "checker", "--help"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=course,
            env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
            timeout=TIMEOUT,
            check=False,
        )
    assert done.returncode == 3
    assert done.stderr == "checker: the result cannot be written: No space left on device\n"


def test_closed_streams_are_no_trouble(course):
    done = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -m checker --version >&- 2>&-'],
        cwd=course,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
        timeout=TIMEOUT,
        check=False,
    )
    assert done.returncode in (0, 3)


def wait_until_idle(pid):
    """Until the process has loaded what it needs and waits for its standard input."""
    used, idle_since = "", time.monotonic()
    while time.monotonic() - idle_since < 1:
        now = Path(f"/proc/{pid}/stat").read_text().split()[13:15]
        if now != used or now == ["0", "0"]:
            used, idle_since = now, time.monotonic()
        time.sleep(0.05)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_ctrl_c_is_quiet_and_ends_with_3(course):
    process = subprocess.Popen(
        [sys.executable, "-m", "checker", "lint", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=course,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
    )
    wait_until_idle(process.pid)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, out, err) == (3, "", "checker: interrupted\n")


def test_a_fault_of_our_own_is_one_sentence(course):
    code = (
        "import sys\n"
        "from checker.cli import entry\n"
        "def fault(*_): raise ZeroDivisionError('x')\n"
        "entry._dispatch = fault\n"
        "sys.exit(entry.main(['list']))\n"
    )
    environment = os.environ | {"PYTHONPATH": str(CHECKOUT)}

    def run(**more):
        return subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            cwd=course,
            env=environment | more,
            timeout=TIMEOUT,
            check=False,
        )

    quiet = run()
    assert quiet.returncode == 3
    assert "Traceback" not in quiet.stderr
    assert "ZeroDivisionError" in quiet.stderr
    assert "report it" in quiet.stderr
    assert "Traceback" in run(CHECKER_DEBUG="1").stderr


class Screen:
    """A stream that remembers, with the encoding of a terminal."""

    encoding = "utf-8"

    def __init__(self):
        self.text = ""

    def isatty(self):
        return True

    def fileno(self):
        raise OSError

    def write(self, text):
        self.text += text


def test_control_sequences_of_a_manifest_are_shown_not_obeyed():
    screen = Screen()
    console = Console(screen, screen)
    console.style = Style(colour=True)
    evil = "\x1b[2J\x1b]0;title\x07 \x9b31m \u202egnp\x00\r"
    console.lines([console.style.bad("own") + evil])
    own, _, rest = screen.text.partition("own\x1b[0m")
    assert own == "\x1b[1;31m"
    assert rest == "\\x1b[2J\\x1b]0;title\\x07 \\x9b31m \\u202egnp\\x00\\x0d\n"


def test_without_colour_no_escape_passes():
    screen = Screen()
    console = Console(screen, screen)
    console.style = Style(colour=False)
    console.lines(["\x1b[1;31mred"])
    assert screen.text == "\\x1b[1;31mred\n"
