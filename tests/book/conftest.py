"""The built book: made once, outside the source tree."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "book"
#: `jupyter-book`, by the Python that runs the tests; the package has no `__main__`.
PROGRAM = "from jupyter_book.cli.main import main; main()"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built pages; the build takes warnings for errors."""
    pytest.importorskip("jupyter_book", reason="the book needs the extra `book`")
    target = tmp_path_factory.mktemp("book")
    arguments = ["build", "--all", "--warningiserror", "--keep-going", "--path-output", str(target)]
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments, str(BOOK)],
        cwd=target,
        capture_output=True,
        text=True,
        timeout=600,
    )
    said = result.stdout + result.stderr
    warnings = [line for line in said.splitlines() if "WARNING" in line or "ERROR" in line]
    assert result.returncode == 0, "\n".join(warnings) or said[-4000:]
    return target / "_build" / "html"
