"""One learner's results, as documents: so they travel between processes and lie in the cache.

What only the feedback page needs (PAGE_ONLY) is left out of `grades.json`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from checker.course import Exercise
from checker.course.result import CheckResult, ExerciseReport
from checker.network.answer import Trace
from checker.report.json_format import Document, Failure, location_document
from checker.report.picture import Picture
from checker.report.picture.style import css

#: The folder of the feedback pages in the report.
PAGES_FOLDER = "learners"
PAGE_ONLY = ("checks", "why", "told", "picture")
#: In pixels: what a phone's page has room for.
_PICTURE_WIDTH = 328


class Learner(NamedTuple):
    """One learner: `results` has a document for each exercise of the course, in its order.

    `file` is what the learner's files in the report are called; `notes` are pairs of a path in the
    learner's folder and what is to be said of it.
    """

    name: str
    file: str
    results: Sequence[Document]
    notes: Sequence[tuple[str, str]]

    @property
    def page(self) -> str:
        """The path of the feedback page in the report."""
        return f"{PAGES_FOLDER}/{self.file}.html"

    @property
    def points(self) -> int:
        """The points of all exercises together."""
        return sum(result["points"] for result in self.results)

    def slim(self) -> Learner:
        """The same without what only the feedback page needs."""
        kept = [
            {key: value for key, value in result.items() if key not in PAGE_ONLY}
            for result in self.results
        ]
        return self._replace(results=kept)


def result_document(report: ExerciseReport, file: str, variant: str) -> Document:
    """One graded answer; `file` is where it lies in the learner's folder."""
    failed = _first_failure(report.checks)
    message = report.error or "" if failed is None else failed.message
    place = report.error_location if failed is None else failed.location
    told = None if failed is None else failed.misconception
    trace = None if failed is None else failed.trace
    return {
        "exercise": report.exercise,
        "status": report.status,
        "points": report.points,
        "max_points": report.max_points,
        "file": file,
        "variant": variant,
        "check": None if failed is None else failed.id,
        "message": message,
        "why": "" if failed is None else failed.why,
        "fix": "" if failed is None else failed.fix,
        "misconception": None if told is None else told.id,
        "location": location_document(place),
        "told": None if told is None else [told.believes, told.truth, told.chapter],
        "checks": [[check.title, check.status] for check in report.checks],
        "picture": "" if trace is None else _picture(trace, report.exercise),
    }


def missing_document(exercise: Exercise) -> Document:
    """What stands for an exercise that was not handed in."""
    return _without_checks(exercise, "missing", "", "")


def unread_document(exercise: Exercise, file: str, failure: Failure) -> Document:
    """What stands for an answer that could not be read."""
    return _without_checks(exercise, "error", file, failure.message) | {
        "location": {"file": failure.file, "line": failure.line, "column": failure.column or 1}
        if failure.file is not None and failure.line is not None
        else None
    }


def _picture(trace: Trace, exercise: str) -> str:
    """The packet's way, without the style sheet: the page has one for all its pictures."""
    drawn = Picture(trace, width=_PICTURE_WIDTH, name=exercise).html
    return drawn.replace(f"<style>{css()}</style>", "")


def _first_failure(checks: Sequence[CheckResult]) -> CheckResult | None:
    """The check to speak of: the first that fails, or else the first that cannot tell."""
    for status in ("fail", "cannot-tell"):
        for check in checks:
            if check.status == status:
                return check
    return None


def _without_checks(exercise: Exercise, status: str, file: str, message: str) -> Document:
    return {
        "exercise": exercise.name,
        "status": status,
        "points": 0,
        "max_points": exercise.max_points,
        "file": file,
        "variant": "",
        "check": None,
        "message": message,
        "why": "",
        "fix": "",
        "misconception": None,
        "location": None,
        "told": None,
        "checks": [],
        "picture": "",
    }
