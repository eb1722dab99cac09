"""Why a command ends without a result, and with which exit code.

The exit codes are the contract's: 0 all well, 1 the manifests fall short, 2 bad usage or input
that cannot be read, 3 the environment.
"""

from __future__ import annotations

ALL_WELL = 0
FALLS_SHORT = 1
BAD_INPUT = 2
ENVIRONMENT = 3


class CommandError(Exception):
    """A command that cannot do its work; the message is one sentence for a person."""

    exit_code = ENVIRONMENT


class UsageError(CommandError):
    """Arguments that name nothing, or that do not go together."""

    exit_code = BAD_INPUT


class NotBuiltError(CommandError):
    """A command or an option of the contract that does not exist yet."""

    exit_code = BAD_INPUT

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not built yet")
