"""File names as others need them: from the repository's root for CI, from a baseline's folder."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from checker.workspace.input_files import STANDARD_INPUT_NAME

#: Standard input as the name of a file: viewers ask for a name without signs of their own.
STANDARD_INPUT_FILE = "stdin"


def report_root() -> Path:
    """The folder that a CI system's file names begin at: GitHub's checkout, else this folder."""
    try:
        here = Path.cwd()
    except OSError:
        return Path()
    checkout = os.environ.get("GITHUB_WORKSPACE", "")
    if checkout and Path(checkout).is_absolute() and here.is_relative_to(checkout):
        return Path(checkout)
    return here


def names_below(root: Path, names: Iterable[str]) -> dict[str, str]:
    """Each name as a path from `root` with `/`; absolute where the file is not below `root`."""
    return {name: _below(root, name) for name in names}


def names_from(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Each name as a path from `folder` with `/`, through `..` where need be."""
    return {name: _from(folder, name) for name in names}


def _below(root: Path, name: str) -> str:
    relative = _from(root, name)
    if relative.startswith("../"):
        return Path(os.path.abspath(name)).as_posix()  # noqa: PTH100  # links stay as they are
    return relative


def _from(folder: Path, name: str) -> str:
    if name == STANDARD_INPUT_NAME:
        return STANDARD_INPUT_FILE
    absolute = os.path.abspath(name)  # noqa: PTH100  # resolve() would follow links
    try:
        return Path(os.path.relpath(absolute, os.path.abspath(folder))).as_posix()  # noqa: PTH100
    except ValueError:
        # Another drive of Windows.
        return Path(absolute).as_posix()
