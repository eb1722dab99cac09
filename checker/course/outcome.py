"""What judging one check yields, before points and misconceptions are added."""

from __future__ import annotations

from typing import NamedTuple

from checker.course.result import CheckStatus
from checker.manifests import Location
from checker.network.answer import Trace


class Outcome(NamedTuple):
    """`message` says what was seen and what was expected; it may be empty with `pass`.

    `why` and `fix` are set where something more exact is known than what the check itself says.
    """

    status: CheckStatus
    message: str = ""
    location: Location | None = None
    trace: Trace | None = None
    why: str = ""
    fix: str = ""


PASS = Outcome("pass")
