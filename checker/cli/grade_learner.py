"""One learner of a class graded, in a process that grades many; no hand-in makes it raise."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import wait
from pathlib import Path
from typing import NamedTuple

from checker.cli.errors import ENVIRONMENT
from checker.course import Exercise
from checker.course.grading import grade
from checker.manifests import Limits, Source
from checker.report.grades.learner import (
    Learner,
    missing_document,
    result_document,
    unread_document,
)
from checker.report.json_format import Document, Failure
from checker.workspace.course_folder import CourseFolder, ExerciseFolder
from checker.workspace.errors import InputError
from checker.workspace.grade_cache import answer_key, read_results, write_results
from checker.workspace.hand_ins import Place, find_answers, read_answer, readable, what_of
from checker.workspace.variant_mark import VARIANT_FILE, recorded_seed

#: Far more than an answer needs, and so little that no answer costs more than a second or two. By
#: size, not by time, as the same hand-in must be worth the same on every machine.
_LIMITS = Limits(nodes=20_000, documents=200, objects=200)


#: Of the processor's time, for what is small and costs a lot all the same (a million replicas).
_SECONDS = 10


class _TooLongError(BaseException):
    """An answer takes too long. No `except Exception` on its way may hold it."""


class Task(NamedTuple):
    """What all learners of a class have in common. `valid_for` is the cache's fingerprint."""

    folder: Path
    report: Path
    course: CourseFolder
    cache: Path
    valid_for: str


class Grader:
    """The course, loaded once for many learners."""

    def __init__(self, task: Task, exercises: Mapping[str, Exercise]) -> None:
        self._task = task
        self._exercises = exercises
        self._variants: dict[tuple[str, str], Exercise] = {}

    def learner(self, folder_name: str, file: str) -> Learner:
        """The learner whose folder has this name, graded or taken from the cache.

        `file` is what the learner's files in the report are called.
        """
        task = self._task
        folder = task.folder / folder_name
        found = find_answers(folder, list(self._exercises), task.report)
        notes = [(note.file, note.message) for note in found.notes]
        cache = task.cache / f"{file}.json"
        known = read_results(cache, task.valid_for)
        used: dict[str, Document] = {}
        results = []
        for name, exercise in self._exercises.items():
            place = found.answers.get(name)
            if place is None:
                results.append(missing_document(exercise))
                continue
            try:
                seed = _seed(place)
                sources, told = read_answer(folder, place, exercise.answer_files)
            except InputError as error:
                failure = Failure(error.message, error.file, error.line)
                results.append(unread_document(exercise, readable(place.name), failure))
                continue
            notes += [(note.file, note.message) for note in told]
            key = answer_key(name, seed, [Source(place.name, ""), *sources])
            if key not in used:
                used[key] = known.get(key) or self._graded(exercise, seed, place, sources)
            results.append(used[key])
        if used.keys() != known.keys():
            write_results(cache, task.valid_for, used)
        return Learner(readable(folder_name), file, results, notes)

    def unfinished(self, folder_name: str, file: str) -> Learner:
        """What stands for a learner at whose hand-in the process ended."""
        results = [missing_document(exercise) for exercise in self._exercises.values()]
        told = "made the checker's process end, so it is not graded; look at it by hand"
        return Learner(readable(folder_name), file, results, [(".", told)])

    def _graded(
        self, exercise: Exercise, seed: str, place: Place, sources: list[Source]
    ) -> Document:
        file = readable(place.name)
        try:
            with _hurried():
                report = grade(self._variant(exercise, seed), sources, limits=_LIMITS)
                return result_document(report, file, seed)
        except _TooLongError:
            told = f"takes more than {_SECONDS} seconds to judge; look at it by hand"
            return unread_document(exercise, file, Failure(told))
        except Exception as error:
            # One hand-in never stops the rest, not even by a fault of ours.
            told = f"a fault of the checker's own ({type(error).__name__}); please report it"
            return unread_document(exercise, file, Failure(told))

    def _variant(self, exercise: Exercise, seed: str) -> Exercise:
        if not seed or not exercise.tokens:
            return exercise
        key = (exercise.name, seed)
        if key not in self._variants:
            from checker.course.variants import load_variant

            if len(self._variants) > 100:
                self._variants.clear()
            folder = self._task.course.exercise(exercise.name)
            if folder is None:
                return exercise
            self._variants[key] = load_variant(
                exercise.name, folder.toml(), folder.files(), exercise.tokens, seed
            ).exercise
        return self._variants[key]


def load_exercises(folders: list[ExerciseFolder]) -> dict[str, Exercise]:
    """The exercises by name, in the order of the folders. Raises FolderError."""
    from checker.cli.course import load

    return {folder.name: load(folder) for folder in folders}


@contextmanager
def _hurried() -> Iterator[None]:
    """Raise _TooLongError in what takes too long, where the system has a timer for that."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def too_long(*_: object) -> None:
        raise _TooLongError

    before = signal.signal(signal.SIGVTALRM, too_long)
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, _SECONDS)
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _seed(place: Place) -> str:
    """The variant that an answer's folder belongs to. Raises InputError."""
    if not place.is_folder:
        return ""
    mark = place.path / VARIANT_FILE
    name = f"{readable(place.name)}/{VARIANT_FILE}"
    if mark.is_symlink():
        raise InputError("is a link, which is not followed", name)
    try:
        return recorded_seed(place.path)
    except InputError as error:
        raise InputError(what_of(error), name) from error


#: The grader of this process; `begin` makes it.
_GRADER: list[Grader] = []


def begin(task: Task) -> None:
    """Make this process ready: what runs first in each."""
    # Ctrl-C reaches every process of the terminal; the first of them ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        # A parent that was killed can end nobody, and this process would wait for work for ever.
        watch = threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True)
        watch.start()
    # The command line does without the collector, as it is short; this process is not.
    gc.enable()
    _GRADER[:] = [Grader(task, load_exercises(task.course.exercises()))]


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(ENVIRONMENT)


def graded(folder_name: str, file: str) -> Learner:
    """As `Grader.learner`, by the grader of this process."""
    return _GRADER[0].learner(folder_name, file)
