"""Every notebook still gives what its page shows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.book.conftest import BOOK, ROOT

pytestmark = [pytest.mark.book, pytest.mark.xdist_group("book")]

NOTEBOOKS = sorted([*BOOK.glob("chapters/*.ipynb"), *BOOK.glob("notebooks/*.ipynb")])
REFRESH = "run `python book/refresh_notebooks.py` and look at what differs"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_what_the_code_gives(path: Path) -> None:
    pytest.importorskip("nbval", reason="nbval runs the notebooks")
    result = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q"),
            # No cache folder: inside the book it would break a build.
            *("-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:randomly"),
            *("--rootdir", str(path.parent), "-c", "/dev/null"),
            str(path),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, f"{REFRESH}\n{result.stdout[-4000:]}{result.stderr[-2000:]}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_was_run_from_top_to_bottom(path: Path) -> None:
    """nbval has nothing to say of a cell without stored output, so all must have been run."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert cells
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1)), REFRESH
    assert any(cell["outputs"] for cell in cells), REFRESH
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    assert notebook["metadata"]["kernelspec"] == kernel, f"a kernel of one machine: {REFRESH}"
    assert "execution" not in json.dumps([cell["metadata"] for cell in cells])
