"""`init DIR`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from checker.cli.arguments import Parser
from checker.cli.console import Console
from checker.cli.course import COMMAND
from checker.cli.errors import ALL_WELL
from checker.workspace.course_folder import shown
from checker.workspace.new_course import make_course


def init(arguments: Sequence[str], console: Console) -> int:
    """Make a course folder, or bring one up to date without touching what the learner has."""
    parser = Parser("init", "A fresh course folder; an older one is brought up to date.")
    parser.add_argument("folder", metavar="DIR")
    options = parser.read(arguments, console)
    folder = Path(options.folder)
    count = make_course(folder)
    if console.as_json:
        console.document({"schema": "checker/init/v1", "folder": shown(folder), "exercises": count})
        return ALL_WELL
    console.lines(
        [
            f"{count} exercises are in {shown(folder)}. Begin with:",
            "",
            f"  cd {shown(folder)}",
            f"  {COMMAND}",
        ]
    )
    return ALL_WELL
