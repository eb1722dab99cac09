"""From the arguments to an exit code, whatever happens on the way.

Interrupted (Ctrl-C) ends with 3: the manifests were not judged, and that is not their fault.
A reader that has gone away (`| head`) is no failure: the exit code is the result's.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from checker.cli import commands
from checker.cli.console import Console, OutputError, standard_console
from checker.cli.errors import ALL_WELL, BAD_INPUT, ENVIRONMENT, CommandError, UsageError

if TYPE_CHECKING:
    from checker.report.json_format import Failure

#: Set to anything, it lets Python's own report of a fault through.
DEBUG_VARIABLE = "CHECKER_DEBUG"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (the process's own without `arguments`). Gives the exit code."""
    console = standard_console()
    arguments = sys.argv[1:] if arguments is None else arguments
    code = ALL_WELL
    try:
        code = _guarded(list(arguments), console)
        console.flush()
    except BrokenPipeError:
        console.abandon()
    except OutputError as error:
        console.abandon(messages=False)
        return _last_words(f"the result cannot be written: {error}")
    except KeyboardInterrupt:
        console.abandon()
        return ENVIRONMENT
    return code


def _guarded(arguments: list[str], console: Console) -> int:
    try:
        return _dispatch(arguments, console)
    except (BrokenPipeError, OutputError):
        raise
    except KeyboardInterrupt:
        _fail(console, "interrupted")
        return ENVIRONMENT
    except CommandError as error:
        _fail(console, str(error))
        return error.exit_code
    except Exception as error:
        if os.environ.get(DEBUG_VARIABLE):
            raise
        code = _expected(error, console)
        if code is None:
            _fail(console, _fault(error))
            return ENVIRONMENT
        return code


def _dispatch(arguments: list[str], console: Console) -> int:
    asked_format = _format(arguments)
    console.format = asked_format if asked_format in commands.FORMATS else "text"
    arguments = _command_first(arguments)
    name = arguments[0] if arguments else ""
    if name in ("-h", "--help", "help"):
        console.lines(commands.usage())
        return ALL_WELL
    if name in ("-V", "--version"):
        from checker import KUBERNETES_VERSION, __version__

        console.lines([f"checker {__version__} (Kubernetes {KUBERNETES_VERSION})"])
        return ALL_WELL
    overview = not arguments or name.startswith("-")
    command = commands.OVERVIEW if overview else commands.find(name)
    if command is None:
        raise _unknown(name, console)
    console.schema = command.schema
    if asked_format in command.formats:
        console.format = asked_format
    if not command.module:
        from checker.cli.errors import NotBuiltError

        raise NotBuiltError(f"`{name}`")
    module = import_module(f"checker.cli.{command.module}")
    run: commands.Runner = getattr(module, command.function)
    # A check is told which exercise; other commands need no repetition of their name.
    rest = arguments if command in (commands.CHECK, commands.OVERVIEW) else arguments[1:]
    return run(rest, console)


def _command_first(arguments: list[str]) -> list[str]:
    """`--format json exercise3` is as good as `exercise3 --format json`."""
    taken = 0
    while taken < len(arguments) and arguments[taken].startswith("--format"):
        taken += 1 if "=" in arguments[taken] else 2
    return arguments[taken:] + arguments[:taken]


def _format(arguments: Sequence[str]) -> str:
    """The format that is asked for anywhere: also a failure to parse the rest obeys it."""
    found = "text"
    for position, argument in enumerate(arguments):
        value = argument.removeprefix("--format=") if argument.startswith("--format=") else ""
        if argument == "--format" and position + 1 < len(arguments):
            value = arguments[position + 1]
        # The last one holds, as with every option.
        found = value or found
    return found


def _unknown(name: str, console: Console) -> UsageError:
    from checker.cli.names import nearest

    names = [command.name for command in commands.COMMANDS[1:]]
    if name.lower().startswith("ex"):
        from checker.cli.course import unknown_exercise

        console.schema, console.asked = commands.CHECK.schema, name
        return unknown_exercise(name)
    meant = nearest(name, [*names, "exercise1"])
    guess = f"did you mean `{meant}`? " if meant else ""
    return UsageError(
        f"there is no command {name!r}; {guess}there are {', '.join(names)}, "
        "and the exercises by name"
    )


def _expected(error: Exception, console: Console) -> int | None:
    """The exit code of an error that the rooms announce; None for a fault of our own."""
    from checker.cli.arguments import HelpShown
    from checker.report.json_format import Failure
    from checker.workspace.errors import FolderError, InputError

    if isinstance(error, HelpShown):
        return ALL_WELL
    if isinstance(error, InputError):
        # The line is in the sentence where it helps; the document has it by itself.
        _tell(console, Failure(error.message, error.file, error.line))
        return BAD_INPUT
    if isinstance(error, FolderError):
        _fail(console, error.message)
        return ENVIRONMENT
    return None


def _fail(console: Console, message: str) -> None:
    from checker.report.json_format import Failure

    _tell(console, Failure(message))


def _tell(console: Console, failure: Failure) -> None:
    console.failure(failure)


def _fault(error: Exception) -> str:
    place = ""
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "")
        if name.startswith("checker."):
            place = f" in {name}, line {trace.tb_lineno}"
        trace = trace.tb_next
    kind = type(error).__name__
    return (
        f"a fault of the checker's own ({kind}{place}), not of your manifests; please report it "
        f"with the command and the files, and with what {DEBUG_VARIABLE}=1 prints"
    )


def _last_words(message: str) -> int:
    """For when standard output is gone: standard error may still be there."""
    try:
        print(f"checker: {message}", file=sys.stderr, flush=True)  # noqa: T201  # see above
    except (OSError, ValueError):
        return ENVIRONMENT
    return ENVIRONMENT
