"""`grades.json`: every learner's result in every exercise, and the class's misconceptions.

A learner's results are documents from the start, as they travel between processes and lie in the
cache. What only the feedback page needs (PAGE_ONLY) is left out of `grades.json`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from checker.course import Exercise
from checker.course.result import CheckResult, ExerciseReport
from checker.report.json_format import Document, Failure, location_document

GRADES = "checker/grades/v1"
#: The folder of the feedback pages in the report.
PAGES_FOLDER = "learners"
PAGE_ONLY = ("checks", "why", "told", "hops", "target")


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


class Belief(NamedTuple):
    """A misconception and the names of the learners whose answers show it."""

    exercise: str
    id: str
    believes: str
    truth: str
    chapter: str
    learners: tuple[str, ...]


class ClassGrades(NamedTuple):
    """The class: learners in their order, results slim; `notes` are of what is no learner."""

    exercises: Sequence[Exercise]
    learners: Sequence[Learner]
    notes: Sequence[tuple[str, str]]

    @property
    def max_points(self) -> int:
        """The points of the whole course."""
        return sum(exercise.max_points for exercise in self.exercises)

    def beliefs(self) -> list[Belief]:
        """The class's misconceptions, the most common first.

        Their words are the plain exercise's, whatever variant a learner works on.
        """
        held: dict[tuple[str, str], list[str]] = {}
        for learner in self.learners:
            for result in learner.results:
                if result["misconception"] is not None:
                    held.setdefault((result["exercise"], result["misconception"]), []).append(
                        learner.name
                    )
        beliefs = [
            Belief(exercise.name, one.id, one.believes, one.truth, one.chapter, tuple(names))
            for exercise in self.exercises
            for one in exercise.misconceptions
            if (names := held.get((exercise.name, one.id)))
        ]
        return sorted(beliefs, key=lambda belief: -len(belief.learners))


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
        "target": "" if trace is None else f"{trace.target} ({trace.protocol})",
        "hops": [] if trace is None else [[hop.status, hop.detail] for hop in trace.hops],
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


def grades_document(grades: ClassGrades) -> Document:
    """The whole class."""
    statuses = [result["status"] for one in grades.learners for result in one.results]
    return {
        "schema": GRADES,
        "summary": {
            "learners": len(grades.learners),
            "max_points": grades.max_points,
            "answers": sum(status != "missing" for status in statuses),
            **{
                name: statuses.count(status)
                for name, status in (("passed", "pass"), ("failed", "fail"), ("unread", "error"))
            },
        },
        "exercises": [
            {
                "name": exercise.name,
                "title": exercise.title,
                "chapter": exercise.chapter,
                "max_points": exercise.max_points,
            }
            for exercise in grades.exercises
        ],
        "learners": [
            {
                "name": one.name,
                "page": one.page,
                "points": one.points,
                "max_points": grades.max_points,
                "results": list(one.results),
                "problems": _problems(one.notes),
            }
            for one in grades.learners
        ],
        "misconceptions": [
            belief._asdict() | {"learners": list(belief.learners), "count": len(belief.learners)}
            for belief in grades.beliefs()
        ],
        "problems": _problems(grades.notes),
    }


def _problems(notes: Iterable[tuple[str, str]]) -> list[Document]:
    return [{"file": file, "message": message} for file, message in notes]


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
        "target": "",
        "hops": [],
    }
