"""The command line: arguments, exit codes, and which room does what."""

from checker.cli.entry import main

__all__ = ["main"]
