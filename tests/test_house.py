"""The house rules, as `make test` holds them: style, types, walls, pure rooms."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent

PURE = ["manifests", "api", "network", "advice", "course", "report"]


@pytest.mark.parametrize(
    "command",
    [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"], ["lint-imports"]],
    ids=lambda command: " ".join(command),
)
def test_tool_is_content(command: list[str]) -> None:
    result = subprocess.run(
        [BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, timeout=600
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("room", PURE)
def test_pure_room_imports_nothing_of_the_outside(room: str) -> None:
    """Beside the rooms before it, a pure room needs PyYAML and the standard library only."""
    code = (
        f"import sys, checker.{room}, pkgutil, importlib\n"
        f"for m in pkgutil.walk_packages(checker.{room}.__path__, 'checker.{room}.'):\n"
        "    importlib.import_module(m.name)\n"
        "known = sys.stdlib_module_names | {'yaml', '_yaml', 'checker', '__main__'}\n"
        "names = {n.partition('.')[0] for n in sys.modules} - known\n"
        "print(sorted(n for n in names if 'cython' not in n))\n"
    )
    # -S: what site-packages' .pth files import is no doing of ours; yaml is put back by path.
    packages = str(Path(yaml.__file__).parent.parent)
    result = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = [{packages!r}]\n" + code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.stdout.strip() == "[]", result.stdout + result.stderr
