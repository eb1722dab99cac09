"""Exercises: what they ask, how an answer is graded, what a wrong one seems to believe.

An exercise is a folder of data (docs: `FORMAT.md` beside this module, `exercise.schema.json` for
editors). This room asks `checker.api` and `checker.network`, and knows no rule of Kubernetes.
"""

from checker.course.exercise import Exercise, ExerciseError
from checker.course.grading import grade
from checker.course.loading import load_exercise
from checker.course.result import CheckResult, ExerciseReport, ToldMisconception

__all__ = [
    "CheckResult",
    "Exercise",
    "ExerciseError",
    "ExerciseReport",
    "ToldMisconception",
    "grade",
    "load_exercise",
]
