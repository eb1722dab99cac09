"""Every command of the contract, and the module that runs it.

A module is imported when its command runs, and not before: start-up time is the exercise's.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from checker.cli.console import Console

#: What a command's module gives. The arguments are those after the command's name; the result is
#: the exit code. It raises CommandError, or the workspace's errors.
Runner = Callable[[Sequence[str], Console], int]


#: The formats that every command prints its result in.
FORMATS = ("text", "json")


class Command(NamedTuple):
    """`module` is one of this package, empty for what is not built yet; it has `function`."""

    name: str
    usage: str
    help: str
    module: str
    function: str
    schema: str = "checker/error/v1"
    formats: tuple[str, ...] = FORMATS


COMMANDS = (
    Command(
        "exercise3",
        "exercise3 [--path FILE_OR_DIR]",
        "check an exercise",
        "check",
        "check",
        "checker/report/v1",
        (*FORMATS, "junit"),
    ),
    Command(
        "list",
        "list",
        "all exercises, and how far you are",
        "loop",
        "show_list",
        "checker/course/v1",
    ),
    Command("next", "next", "the next exercise to do", "loop", "show_next", "checker/course/v1"),
    Command(
        "hint",
        "hint [NAME]",
        "one hint more each time",
        "help_along",
        "show_hint",
        "checker/hints/v1",
    ),
    Command(
        "reset",
        "reset NAME",
        "begin anew; a backup is kept",
        "help_along",
        "reset_answer",
        "checker/reset/v1",
    ),
    Command(
        "solution",
        "solution NAME",
        "the solution, once passed or asked twice",
        "help_along",
        "show_solution",
        "checker/solution/v1",
    ),
    Command("watch", "watch [NAME]", "check on every save", "watch", "watch", "checker/report/v1"),
    Command(
        "lint",
        "lint PATH...",
        "findings in any manifests",
        "lint",
        "lint",
        "checker/findings/v1",
        (*FORMATS, "sarif", "junit", "github"),
    ),
    Command(
        "trace",
        "trace PATH... --from F --to T",
        "follow one connection, hop by hop",
        "traffic",
        "follow",
        "checker/trace/v1",
        (*FORMATS, "svg"),
    ),
    Command(
        "matrix",
        "matrix PATH...",
        "who can reach whom",
        "traffic",
        "show_matrix",
        "checker/matrix/v1",
        (*FORMATS, "svg"),
    ),
    Command(
        "explain",
        "explain RULE",
        "what a rule means and how to fix it",
        "explain",
        "explain",
        "checker/rule/v1",
    ),
    Command(
        "grade",
        "grade DIR --out REPORT_DIR",
        "a whole class",
        "grade",
        "grade_class",
        "checker/grades/v1",
    ),
    Command(
        "cluster",
        "cluster up|down|status|doctor|clean",
        "the local kind cluster",
        "cluster",
        "cluster",
        "checker/cluster/v1",
    ),
    Command("init", "init DIR", "a fresh course folder", "init", "init", "checker/init/v1"),
    Command(
        "dev",
        "dev check|mutate|new",
        "the course checks itself",
        "dev",
        "dev",
        "checker/self-check/v1",
    ),
)

#: The command that an exercise's name stands for.
CHECK = COMMANDS[0]
OVERVIEW = Command(
    "", "", "your progress and the next exercise", "loop", "show_overview", "checker/course/v1"
)


def find(name: str) -> Command | None:
    """The command of that name, or the check if the name is an exercise's or could be one."""
    for command in COMMANDS[1:]:
        if command.name == name:
            return command
    return CHECK if exercise_number(name) is not None else None


def formats(name: str) -> tuple[str, ...]:
    """The formats of the command of that name."""
    command = find(name)
    return FORMATS if command is None else command.formats


def exercise_number(name: str) -> int | None:
    """The number in `exercise3`, `Exercise03` or `3`."""
    digits = name.lower().removeprefix("exercise").removeprefix("-").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def usage() -> list[str]:
    """The help of the whole program, as lines."""
    width = max(len(command.usage) for command in COMMANDS)
    rows = [("", OVERVIEW.help), *((command.usage, command.help) for command in COMMANDS)]
    return [
        "Usage: python -m checker [COMMAND] [OPTIONS]",
        "",
        *(f"  {name or 'python -m checker':<{width}}  {text}" for name, text in rows),
        "",
        "Options everywhere: --format text|json, --help",
        *(
            f"  {command.name}: also --format {'|'.join(command.formats[len(FORMATS) :])}"
            for command in COMMANDS
            if command.formats != FORMATS
        ),
        "Exit codes: 0 all well, 1 the manifests fall short, 2 bad usage or input that",
        "            cannot be read, 3 the environment",
    ]
