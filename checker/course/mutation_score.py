"""How an exercise's checks fare against the mutants of its solution: the score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from checker.course.exercise import Exercise
from checker.course.grading import grade
from checker.course.mutation import Fate, judge_mutants
from checker.manifests import Source


class NotSolvedError(ValueError):
    """There is nothing to change: the solution is not there, or does not pass."""


class Score(NamedTuple):
    """What became of an exercise's mutants; `survivors` says which ones nothing noticed."""

    exercise: str
    fails: int
    equivalent: int
    listed: int
    survivors: tuple[str, ...]

    @property
    def mutants(self) -> int:
        """How many there were."""
        return self.fails + self.equivalent + self.listed + len(self.survivors)


def score(exercise: Exercise, solution: Mapping[str, str]) -> Score:
    """Judge every mutant of a solution (texts by file name). Raises NotSolvedError."""
    missing = [file for file in exercise.answer_files if file not in solution]
    if missing:
        raise NotSolvedError(f"solutions/{exercise.name} lacks {', '.join(missing)}")
    report = grade(exercise, [Source(file, solution[file]) for file in exercise.answer_files])
    if report.status != "pass":
        raise NotSolvedError(f"the solution of {exercise.name} does not pass")
    judged = judge_mutants(exercise, solution)
    fates: Counter[Fate] = Counter(one.fate for one in judged)
    survivors = tuple(one.what for one in judged if one.fate == "survives")
    return Score(exercise.name, fates["fails"], fates["equivalent"], fates["listed"], survivors)


def total(scores: list[Score]) -> Score:
    """The sum of scores; each survivor with its exercise before it."""
    return Score(
        "all",
        sum(one.fails for one in scores),
        sum(one.equivalent for one in scores),
        sum(one.listed for one in scores),
        tuple(f"{one.exercise}: {what}" for one in scores for what in one.survivors),
    )
