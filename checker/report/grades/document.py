"""`grades.json`: every learner's result in every exercise, and the class's misconceptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from checker.course import Exercise
from checker.report.grades.learner import Learner
from checker.report.json_format import Document, encode

GRADES = "checker/grades/v1"


class Belief(NamedTuple):
    """A misconception and the names of the learners whose answers show it."""

    exercise: str
    id: str
    believes: str
    truth: str
    chapter: str
    learners: tuple[str, ...]


class Tally(NamedTuple):
    """The class in numbers. `odd` counts what was not read or is odd."""

    learners: int
    answers: int
    passed: int
    failed: int
    unread: int
    odd: int
    passed_by_exercise: Mapping[str, int]
    #: The misconceptions, the most common first.
    beliefs: Sequence[Belief]


class ClassGrades(NamedTuple):
    """The class: `notes` are of what is no learner.

    `learners` are in the class's order, their results slim; they can be gone through many times.
    """

    exercises: Sequence[Exercise]
    learners: Iterable[Learner]
    notes: Sequence[tuple[str, str]]
    tally: Tally

    @property
    def max_points(self) -> int:
        """The points of the whole course."""
        return sum(exercise.max_points for exercise in self.exercises)


def class_grades(
    exercises: Sequence[Exercise], learners: Iterable[Learner], notes: Sequence[tuple[str, str]]
) -> ClassGrades:
    """The grades with their tally.

    The words of a misconception are the plain exercise's, whatever variant a learner works on.
    """
    held: dict[tuple[str, str], list[str]] = {}
    statuses = dict.fromkeys(("pass", "fail", "error", "missing"), 0)
    passed_by = dict.fromkeys((exercise.name for exercise in exercises), 0)
    number, odd = 0, len(notes)
    for learner in learners:
        number += 1
        odd += len(learner.notes)
        for result in learner.results:
            statuses[result["status"]] += 1
            passed_by[result["exercise"]] += result["status"] == "pass"
            if result["misconception"] is not None:
                key = (result["exercise"], result["misconception"])
                held.setdefault(key, []).append(learner.name)
    passed, failed, unread = statuses["pass"], statuses["fail"], statuses["error"]
    answers = passed + failed + unread
    beliefs = _beliefs(exercises, held)
    tally = Tally(number, answers, passed, failed, unread, odd, passed_by, beliefs)
    return ClassGrades(exercises, learners, notes, tally)


def grades_json(grades: ClassGrades) -> Iterator[str]:
    """`grades.json`, a learner a piece, as a large class is more than memory should hold."""
    empty = '\n  "learners": []'
    # No text of JSON holds a line break, so this stands there once.
    before, here, after = encode(_frame(grades)).partition(empty)
    yield before + here[:-1]
    between = "\n    "
    for learner in grades.learners:
        document = _learner(learner, grades.max_points)
        yield between + encode(document)[:-1].replace("\n", "\n    ")
        between = ",\n    "
    yield ("" if between == "\n    " else "\n  ") + here[-1] + after


def _frame(grades: ClassGrades) -> Document:
    tally = grades.tally
    return {
        "schema": GRADES,
        "summary": {
            "learners": tally.learners,
            "max_points": grades.max_points,
            "answers": tally.answers,
            "passed": tally.passed,
            "failed": tally.failed,
            "unread": tally.unread,
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
        "learners": [],
        "misconceptions": [
            belief._asdict() | {"learners": list(belief.learners), "count": len(belief.learners)}
            for belief in tally.beliefs
        ],
        "problems": _problems(grades.notes),
    }


def _learner(learner: Learner, most: int) -> Document:
    return {
        "name": learner.name,
        "page": learner.page,
        "points": learner.points,
        "max_points": most,
        "results": list(learner.results),
        "problems": _problems(learner.notes),
    }


def _beliefs(exercises: Sequence[Exercise], held: dict[tuple[str, str], list[str]]) -> list[Belief]:
    beliefs = [
        Belief(exercise.name, one.id, one.believes, one.truth, one.chapter, tuple(names))
        for exercise in exercises
        for one in exercise.misconceptions
        if (names := held.get((exercise.name, one.id)))
    ]
    return sorted(beliefs, key=lambda belief: -len(belief.learners))


def _problems(notes: Iterable[tuple[str, str]]) -> list[Document]:
    return [{"file": file, "message": message} for file, message in notes]
