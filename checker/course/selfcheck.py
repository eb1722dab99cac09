"""The course's check of itself: is every exercise graded rightly, and is every text there?

What must hold: the pristine files fail; the solution and every alternative pass with full points,
in files and as one stream; every wrong answer fails at the check it names and is told the
misconception it names; an empty or deleted answer fails; no hint but the last gives the answer
away; each misconception is shown by a wrong answer; the points make ten; no text is still the
skeleton's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from checker.course.exercise import Exercise, Predictions
from checker.course.grading import grade
from checker.course.loading import asked
from checker.course.result import CheckResult, ExerciseReport
from checker.course.skeleton import PLACEHOLDERS
from checker.course.submission import Submission
from checker.manifests import Source
from checker.network.answer import Trace

POINTS = 10
LEAST_HINTS = 3
LEAST_WRONG_ANSWERS = 3

Files = Mapping[str, str]


class Answers(NamedTuple):
    """What the repository holds for an exercise besides its folder: texts by file name.

    `solution` has the YAML files and README.md; `alternatives` are such files by folder;
    `wrong` are whole answers, each in one text.
    """

    solution: Files
    alternatives: Mapping[str, Files]
    wrong: Files


class CourseProblem(NamedTuple):
    """One thing that is wrong with the course. `where` is a file or folder of the repository."""

    exercise: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


def check_exercise(exercise: Exercise, answers: Answers) -> list[CourseProblem]:
    """All that is wrong with one exercise; empty where it holds together."""
    name = exercise.name
    found = [
        *_unwritten(exercise, answers),
        *_texts(exercise, answers),
        *_hints(exercise, answers.solution),
        *_questions(exercise),
        *_right(exercise, f"solutions/{name}", answers.solution),
        *_unsolved(exercise),
    ]
    for folder, files in answers.alternatives.items():
        found += _right(exercise, f"solutions/{name}/alternatives/{folder}", files)
    found += _wrong_answers(exercise, answers.wrong)
    return [CourseProblem(name, where, message) for where, message in found]


def marked(text: str) -> tuple[str, str] | None:
    """The check and the misconception that a wrong answer's first comment line names.

    None where the line is not `# fails: CHECK_ID misconception: ID`.
    """
    first = text.partition("\n")[0]
    match = re.fullmatch(r"# fails: ([a-z0-9-]+) misconception: ([a-z0-9-]+)\s*", first)
    return (match[1], match[2]) if match else None


Found = Iterator[tuple[str, str]]


def _unwritten(exercise: Exercise, answers: Answers) -> Found:
    """Texts that are still the skeleton's."""
    folder = f"exercises/{exercise.name}"
    told = [(one.believes, one.truth) for one in exercise.misconceptions]
    written = [exercise.summary, exercise.works, *exercise.hints, *(t for two in told for t in two)]
    for where, texts in (
        (f"{folder}/README.md", [exercise.situation, exercise.task]),
        (f"{folder}/exercise.toml", written),
        (
            f"solutions/{exercise.name}/README.md",
            answers.solution.get("README.md", "").splitlines(),
        ),
    ):
        for text in texts:
            if text.strip() in PLACEHOLDERS:
                yield where, f"still says {text.strip()!r}, as the skeleton does"


def _texts(exercise: Exercise, answers: Answers) -> Found:
    folder = f"exercises/{exercise.name}"
    heading = exercise.readme.partition("\n")[0]
    if heading != f"# {exercise.title}":
        yield f"{folder}/README.md", f"begins with {heading!r}, not with the title"
    for part, text in (("Situation", exercise.situation), ("Task", exercise.task)):
        if not text:
            yield f"{folder}/README.md", f"has no text below `## {part}`"
    if exercise.max_points != POINTS:
        message = f"the checks make {exercise.max_points} points, not {POINTS}"
        yield f"{folder}/exercise.toml", message
    if len(exercise.hints) < LEAST_HINTS:
        yield f"{folder}/exercise.toml", f"has fewer than {LEAST_HINTS} hints"
    if len(answers.wrong) < LEAST_WRONG_ANSWERS:
        message = f"has fewer than {LEAST_WRONG_ANSWERS} wrong answers"
        yield f"tests/wrong_answers/{exercise.name}", message
    if not answers.solution.get("README.md", "").strip():
        yield f"solutions/{exercise.name}/README.md", "the solution has no explanation"


def _hints(exercise: Exercise, solution: Files) -> Found:
    changed = set()
    for file in exercise.answer_files:
        before = {_bare(line) for line in exercise.start[file].splitlines()}
        changed |= {_bare(line) for line in solution.get(file, "").splitlines()} - before
    for number, hint in enumerate(exercise.hints[:-1], 1):
        for line in sorted(changed):
            if len(line) > 2 and line in hint:
                where = f"exercises/{exercise.name}/exercise.toml"
                yield where, f"hint {number} gives away {line!r}; only the last one may"


def _bare(line: str) -> str:
    return line.strip().removeprefix("- ")


def _questions(exercise: Exercise) -> Found:
    """A question about a connection has the answer that the model gives."""
    where = f"exercises/{exercise.name}/exercise.toml"
    right = {
        question: values
        for check in exercise.checks
        if isinstance(check.spec, Predictions)
        for question, values in check.spec.expect.items()
    }
    looked_at = {
        identifier for check in exercise.checks for identifier in asked(check, exercise.questions)
    }
    submission = Submission(exercise, exercise.start_sources())
    for question in exercise.questions:
        if question.id not in looked_at:
            yield where, f"no check asks the question {question.id}"
        elif question.flow is not None and question.id in right:
            trace = submission.trace(question.flow)
            verdict = trace.verdict if isinstance(trace, Trace) else trace
            if verdict not in right[question.id]:
                message = f"the model answers {question.id} with {verdict}, the check otherwise"
                yield where, message


def _right(exercise: Exercise, where: str, files: Files) -> Found:
    missing = [file for file in exercise.answer_files if file not in files]
    if missing:
        yield where, f"lacks {', '.join(missing)}"
        return
    sources = [Source(file, files[file]) for file in exercise.answer_files]
    yield from _full_points(exercise, where, grade(exercise, sources))
    stream = Source("<stdin>", "\n---\n".join(source.text for source in reversed(sources)))
    yield from _full_points(exercise, f"{where} (as one stream)", grade(exercise, [stream]))


def _full_points(exercise: Exercise, where: str, report: ExerciseReport) -> Found:
    if report.status == "pass" and report.points == report.max_points == exercise.max_points:
        return
    yield where, f"should pass with full points, but {_story(report)}"


def _unsolved(exercise: Exercise) -> Found:
    name = exercise.name
    blank = [Source(file, "") for file in exercise.answer_files]
    comment = [Source(file, "# later\n---\n") for file in exercise.answer_files]
    for where, sources in (
        (f"exercises/{name}/start", list(exercise.start_sources())),
        (f"{name} (every file empty)", blank),
        (f"{name} (comments only)", comment),
        (f"{name} (every file deleted)", []),
    ):
        report = grade(exercise, sources)
        if report.status != "fail":
            yield where, f"should fail, but its status is {report.status}"
        failing = [check for check in report.checks if check.status == "fail"]
        if not all(check.message and check.why and check.fix for check in failing):
            yield where, "fails without a message, a reason and a next step"


def _wrong_answers(exercise: Exercise, wrong: Files) -> Found:
    shown = set()
    for file, text in wrong.items():
        where = f"tests/wrong_answers/{exercise.name}/{file}"
        named = marked(text)
        if named is None:
            yield where, "its first line is not `# fails: CHECK_ID misconception: ID`"
            continue
        shown.add(named[1])
        report = grade(exercise, [Source(file, text)])
        failing = _short(report)
        told = failing[0].misconception.id if failing and failing[0].misconception else "none"
        if not failing or failing[0].id != named[0] or told != named[1]:
            message = f"should fail {named[0]} with {named[1]}, but {_story(report)} with {told}"
            yield where, message
    for misconception in exercise.misconceptions:
        if misconception.id not in shown:
            where = f"exercises/{exercise.name}/exercise.toml"
            yield where, f"no wrong answer shows the misconception {misconception.id}"


def _short(report: ExerciseReport) -> list[CheckResult]:
    """The checks that were asked and do not pass; grading ends with the first that fails."""
    return [check for check in report.checks if check.status in ("fail", "cannot-tell")]


def _story(report: ExerciseReport) -> str:
    if report.status == "error":
        return f"it cannot be read: {report.error}"
    failing = _short(report)
    if not failing:
        return f"it passes with {report.points} of {report.max_points} points"
    check = failing[0]
    return f"it fails {check.id} ({check.message or check.status})"
