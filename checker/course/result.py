"""What judging a check yields, and what grading an answer does: the exercise, check by check."""

from typing import Literal, NamedTuple

from checker.api.finding import Finding
from checker.manifests import Location
from checker.network.answer import Trace

CheckStatus = Literal["pass", "fail", "not-reached", "cannot-tell"]
ReportStatus = Literal["pass", "fail", "error"]


class ToldMisconception(NamedTuple):
    """A belief that the answer shows: what it seems to be, what is true, where the book says so."""

    id: str
    believes: str
    truth: str
    chapter: str


class CheckResult(NamedTuple):
    """One check's outcome. `points` counts only with status `pass`."""

    id: str
    title: str
    status: CheckStatus
    mode: Literal["static", "live"]
    points: int
    max_points: int
    message: str
    why: str
    fix: str
    misconception: ToldMisconception | None
    location: Location | None
    trace: Trace | None


class ExerciseReport(NamedTuple):
    """All checks of one exercise on one answer. `error` is set with status `error` only."""

    exercise: str
    title: str
    status: ReportStatus
    points: int
    max_points: int
    checks: tuple[CheckResult, ...]
    findings: tuple[Finding, ...]
    error: str | None = None
    error_location: Location | None = None


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
