"""Run every notebook of the book and store what its cells give.

    python book/refresh_notebooks.py [NAME.ipynb …]

The outputs are committed, and the tests hold them to what the code gives (`nbval`). Run this
after a change in the checker's words, look at what differs, and commit it. Metadata that changes
from machine to machine is left out.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

BOOK = Path(__file__).parent
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def notebooks() -> list[Path]:
    """All notebooks of the book, in order."""
    folders = ("chapters", "notebooks")
    return [path for folder in folders for path in sorted((BOOK / folder).glob("*.ipynb"))]


def refresh(path: Path) -> None:
    """Run one notebook where it lies and write it back."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    )
    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        record_timing=False,
        # Output comes in pieces, cut differently each time.
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    notebook.metadata["language_info"] = nbformat.from_dict({"name": "python"})
    nbformat.write(notebook, path)


def main(names: list[str]) -> None:
    """Refresh the notebooks of these names, or all."""
    for path in notebooks():
        if not names or path.name in names:
            sys.stderr.write(f"{path.relative_to(BOOK)}\n")
            refresh(path)


if __name__ == "__main__":
    main(sys.argv[1:])
