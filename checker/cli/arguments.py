"""Arguments of a command: argparse, with errors as sentences and the options that many share."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from checker.cli import commands
from checker.cli.errors import UsageError
from checker.cli.option_values import (
    PROXY_MODES,
    cidr,
    node_count,
    port_range,
    seed,
    service_cidr,
)
from checker.cli.options import Options

if TYPE_CHECKING:
    from checker.cli.console import Console


class HelpShown(Exception):  # noqa: N818  # not an error: `--help` was asked for and given
    """The command has printed its help; there is nothing left to do."""


class Parser(argparse.ArgumentParser):
    """A parser that neither prints nor exits by itself."""

    def __init__(self, command: str, description: str) -> None:
        super().__init__(
            prog=f"python -m checker {command}".rstrip(),
            description=description,
            allow_abbrev=False,
            add_help=False,
            formatter_class=_quick_formatter,
        )
        self.formats = commands.formats(command)
        #: Whether the project's settings are this command's defaults; `add_model` sees to it.
        self.reads_settings = False
        self.add_argument("-h", "--help", action="store_true", help="show this and exit")
        self.add_argument(
            "--format",
            default="text",
            metavar="|".join(self.formats),
            help="how to print the result",
        )

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (see `{self.prog} --help`)")

    def read(self, arguments: Sequence[str], console: Console) -> Options:
        """Parse. Raises UsageError, or HelpShown after printing the help to `console`.

        With `reads_settings` the result has `settings`; raises InputError where they are wrong.
        """
        if any(argument in ("-h", "--help") for argument in arguments):
            self.formatter_class = argparse.HelpFormatter
            console.lines(self.format_help().rstrip().splitlines())
            raise HelpShown
        if self.reads_settings:
            from checker.cli.settings import project_settings

            settings = project_settings()
            self.set_defaults(settings=settings, **settings.options)
        options = self.parse_args(arguments)
        if options.format not in self.formats:
            known = ", ".join(self.formats)
            self.error(f"there is no format {options.format!r} here; there are {known}")
        return Options(**vars(options))


def _quick_formatter(prog: str) -> argparse.HelpFormatter:
    """What argparse makes for each argument that it is told of, to try it.

    Without a width each formatter asks for the terminal's, through shutil and all its compressors.
    """
    return argparse.HelpFormatter(prog, width=80)


def add_paths(parser: Parser) -> None:
    """The PATH arguments of `lint`, `trace` and `matrix`."""
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help=".yaml, .yml, .json files, folders with all that is below them, - (standard input)",
    )
    parser.add_argument(
        "--exclude",
        action="append",
        metavar="PATTERN",
        help="leave this out below folders: a name, or a path from here; * stands for anything",
    )


def add_model(parser: Parser) -> None:
    """What is assumed of the cluster."""
    from checker.api.settings import ClusterSettings

    assumed = ClusterSettings()
    group = parser.add_argument_group("the cluster that is assumed")
    group.add_argument(
        "-n", "--namespace", default=assumed.namespace, help="of objects that name none"
    )
    group.add_argument(
        "--nodes",
        type=node_count,
        default=assumed.nodes,
        metavar="N",
        help="where the input has no Node objects",
    )
    group.add_argument("--pod-cidr", type=cidr, default=assumed.pod_cidr, metavar="CIDR")
    group.add_argument(
        "--service-cidr", type=service_cidr, default=assumed.service_cidr, metavar="CIDR"
    )
    group.add_argument(
        "--node-port-range", type=port_range, default=assumed.node_port_range, metavar="A-B"
    )
    group.add_argument("--proxy-mode", choices=PROXY_MODES, default=assumed.proxy_mode)
    parser.reads_settings = True


def add_variant(parser: Parser, help_text: str) -> None:
    """The option `--variant`, None where it is left out."""
    parser.add_argument("--variant", type=seed, metavar="SEED", help=help_text)
