"""Arguments that are paths and a format alone, as those of most runs are.

They need no argparse, which takes a tenth of a short run to load with what it loads itself, and to
be told of all options.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checker.cli import commands
from checker.cli.options import Options
from checker.cli.settings import project_settings


def plain(arguments: Sequence[str], command: str, defaults: Mapping[str, object]) -> Options | None:
    """The options of a command line of paths and `--format` alone; None for any other.

    `defaults` are of the command's options; the project's settings go before them. Raises
    InputError where those are wrong.
    """
    paths: list[str] = []
    wanted = "text"
    rest = iter(arguments)
    for argument in rest:
        if argument == "--format":
            wanted = next(rest, "")
        elif argument.startswith("--format="):
            wanted = argument.partition("=")[2]
        elif argument.startswith("-") and argument != "-":
            return None
        else:
            paths.append(argument)
    if not paths or wanted not in commands.formats(command):
        # argparse knows what to say of it.
        return None
    settings = project_settings()
    given = {"paths": paths, "format": wanted, "settings": settings}
    return Options(**{**defaults, **settings.options, **given})
