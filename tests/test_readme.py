"""The README shows what the checker says, and names only what exists."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PICTURE = ROOT / "book/images/failing-trace.svg"


def checker(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "checker", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_picture_is_a_real_trace() -> None:
    """To draw it anew: the command below `> book/images/failing-trace.svg`."""
    result = checker(
        "trace", "exercises/exercise3/start", "exercises/exercise3/given",
        "--from", "pod/client", "--to", "svc/web:80", "--format", "svg",
    )  # fmt: skip
    assert result.returncode == 1
    assert result.stdout == PICTURE.read_text(encoding="utf-8")


def test_linked_files_exist() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize(
    "command", sorted(set(re.findall(r"python -m checker ([a-z]+)\b", README)))
)
def test_named_commands_exist(command: str) -> None:
    usage = checker("--help").stdout
    assert f" {command}" in usage


def test_named_rules_exist() -> None:
    for rule in re.findall(r"checker explain ([a-z-]+)", README):
        assert checker("explain", rule).returncode == 0
