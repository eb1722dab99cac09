"""What a slow command shows on a terminal, and elsewhere."""

import json
import os
import pty
import re
import select
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live.conftest import ROOT
from tests.live.stand_ins import Program


def on_terminal(command: list[str], env: dict[str, str], columns: int = 80) -> tuple[str, str]:
    """What a command writes to a terminal as its standard error, and to standard output."""
    import fcntl
    import struct
    import termios

    here, there = pty.openpty()
    fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        command, cwd=ROOT, env=env, stdin=there, stdout=subprocess.PIPE, stderr=there, text=True
    )
    os.close(there)
    shown = b""
    while process.poll() is None or select.select([here], [], [], 0)[0]:
        if select.select([here], [], [], 0.1)[0]:
            try:
                data = os.read(here, 65536)
            except OSError:
                break
            shown += data
    os.close(here)
    output = process.stdout.read() if process.stdout else ""
    process.wait()
    return shown.decode(), output


ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.fixture
def slow(program: Program, kind: Program, folder: Path, stand_in: Path) -> dict[str, str]:
    kind(create="sleep 1.2;")
    program("docker", "true")
    bare = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS")}
    return {
        **bare, "PATH": str(folder), "KUBECONFIG": str(stand_in), "TERM": "xterm-256color",
        "PYTHONIOENCODING": "utf-8",
    }  # fmt: skip


def up(config: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "checker", "cluster", "up", "--config", str(config), *more]


def test_on_a_terminal_steps_have_their_time(slow: dict[str, str], config: Path):
    shown, output = on_terminal(up(config, "--format", "json"), slow)
    assert json.loads(output)["context"] == "kind-kubernetes-ports"
    plain = ESCAPE.sub("", shown)
    lines = [line.rstrip() for line in re.split(r"[\r\n]+", plain)]
    assert any(re.match(r"\s+✓ making the cluster kubernetes-ports .*\d s$", one) for one in lines)
    assert any("✓ asking it for its version" in one for one in lines)
    # What a step took stays what it took.
    took = re.findall(r"✓ making the cluster [^\r\n]* (\d+) s", plain)
    assert len(set(took)) == 1, took
    assert max(map(len, lines)) <= 80
    # The cursor is there again.
    assert shown.count("\x1b[?25l") == shown.count("\x1b[?25h") > 0


def test_on_a_narrow_terminal_nothing_runs_over(slow: dict[str, str], config: Path):
    shown, _ = on_terminal(up(config), slow, columns=40)
    lines = [line.rstrip() for line in re.split(r"[\r\n]+", ESCAPE.sub("", shown))]
    assert any("making the cluster" in one for one in lines)
    assert max(map(len, lines)) <= 40


def test_without_colour_there_is_none(slow: dict[str, str], config: Path):
    shown, _ = on_terminal(up(config), {**slow, "NO_COLOR": "1"})
    assert "\x1b[3" not in shown
    assert "✓ making the cluster" in ESCAPE.sub("", shown)


def test_a_dumb_terminal_gets_lines(slow: dict[str, str], config: Path):
    shown, _ = on_terminal(up(config), {**slow, "TERM": "dumb"})
    assert "\x1b" not in shown
    assert "making the cluster kubernetes-ports" in shown


def test_a_step_that_fails_is_marked(slow: dict[str, str], config: Path, kind: Program):
    kind(create="echo 'ERROR: failed to create cluster' >&2; exit 1;")
    shown, _ = on_terminal(up(config), slow)
    plain = ESCAPE.sub("", shown)
    assert "✗ taking away what was half made" in plain or "✗ making the cluster" in plain
    assert "checker: `kind create cluster" in plain.replace("\r\n", " ")


def test_without_rich_there_are_lines(slow: dict[str, str], config: Path, tmp_path: Path):
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "rich.py").write_text("raise ImportError('not installed')\n")
    shown, _ = on_terminal(up(config), {**slow, "PYTHONPATH": str(tmp_path / "none")})
    assert "\x1b[?25l" not in shown
    assert "making the cluster kubernetes-ports" in shown
