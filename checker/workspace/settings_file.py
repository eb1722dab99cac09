"""A project's settings: `.checker.toml`, or `[tool.checker]` in `pyproject.toml`.

The nearest folder upwards that has one of them decides; there, `.checker.toml` goes first.
"""

import os
from typing import Any, NamedTuple

from checker.workspace.errors import InputError
from checker.workspace.input_files import read_file

OWN_FILE = ".checker.toml"
SHARED_FILE = "pyproject.toml"
#: What may stand around the names in a table's header.
_NO_MATTER = str.maketrans("", "", " \t\"'")


class SettingsFile(NamedTuple):
    """The table as it stands in the file."""

    file: str
    table: dict[str, Any]


def find_settings(folder: str) -> SettingsFile | None:
    """The settings for work in `folder`. Raises InputError for a file that cannot be read."""
    place, below = folder, ""
    while place != below:
        own, shared = os.path.join(place, OWN_FILE), os.path.join(place, SHARED_FILE)
        # Unlike pathlib's, these take a folder without permission for one without the file.
        if os.path.isfile(own):
            return SettingsFile(own, _parsed(own, read_file(own)))
        table = _own_table(shared) if os.path.isfile(shared) else None
        if table is not None:
            return SettingsFile(shared, table)
        place, below = os.path.dirname(place), place
    return None


def _own_table(file: str) -> dict[str, Any] | None:
    # Most projects' file has nothing for us: it need not be parsed, nor be right.
    try:
        text = read_file(file)
    except InputError:
        return None
    if not _may_hold_table(text):
        return None
    tools = _parsed(file, text).get("tool")
    if not isinstance(tools, dict) or "checker" not in tools:
        return None
    table = tools["checker"]
    if not isinstance(table, dict):
        raise InputError("has a `tool.checker` that is no table", file)
    return table


def _may_hold_table(text: str) -> bool:
    """Whether it is worth parsing: in TOML a table's name, and a dotted key, is one line's."""
    lines = text.splitlines() if "checker" in text else ()
    return any(
        ("checker" in line and "tool" in line)
        or ("[" in line and line.translate(_NO_MATTER).startswith("[tool]"))
        for line in lines
    )


def _parsed(file: str, text: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        why = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "it is nested too deep"
        raise InputError(f"is no TOML: {why}", file) from error
