"""What is left out below folders: `--exclude`, and `exclude` in the settings.

A pattern without a slash is held against the names of files and folders, wherever they are; one
with a slash against their paths from the folder that the pattern was written for. `*` stands for
anything. A path that is named itself is never left out.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

#: Whether the file or folder of this name, at this path, is left out.
Excluded = Callable[[str, str], bool]


def excluded(patterns: Sequence[str], folder: str) -> Excluded:
    """The test for these patterns, written for this (absolute) folder."""
    from fnmatch import fnmatchcase

    names = [one.rstrip("/") for one in patterns if "/" not in one.rstrip("/")]
    # What is special in patterns may be in the folder's own name.
    escaped = "".join(f"[{sign}]" if sign in "*?[" else sign for sign in folder)
    paths = [
        os.path.normpath(os.path.join(escaped, one)) for one in patterns if "/" in one.rstrip("/")
    ]

    def is_excluded(name: str, path: str) -> bool:
        if any(fnmatchcase(name, pattern) for pattern in names):
            return True
        if not paths:
            return False
        whole = os.path.abspath(path)
        return any(fnmatchcase(whole, pattern) for pattern in paths)

    return is_excluded
