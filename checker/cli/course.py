"""The course as commands use it: exercises by name, progress, what comes next."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from checker.cli.commands import exercise_number
from checker.cli.errors import UsageError
from checker.workspace.course_folder import (
    CourseFolder,
    ExerciseFolder,
    checkout_course,
    find_course,
    packed_course,
    shown,
)
from checker.workspace.errors import FolderError, InputError
from checker.workspace.progress import Progress
from checker.workspace.variant_mark import VARIANT_FILE, recorded_seed

if TYPE_CHECKING:
    from checker.course.exercise import Exercise
    from checker.report.text.progress import ExerciseRow

#: How people start the checker; every command that is suggested to them begins so.
COMMAND = "python -m checker"


class Opened(NamedTuple):
    """One exercise of a course: its folder and what the folder says, in the variant `seed`.

    `chosen` says by what the variant replaces each word; both are empty for the plain exercise.
    """

    course: CourseFolder
    folder: ExerciseFolder
    exercise: "Exercise"
    seed: str = ""
    chosen: Mapping[str, str] = MappingProxyType({})

    @property
    def readme(self) -> Path:
        """Where the learner reads the task."""
        return (self.folder.answer if self.seed else self.folder.path) / "README.md"


def open_exercise(name: str, seed: str | None = None) -> Opened:
    """The exercise that `name` means, in the variant `seed` (empty for the plain one).

    Without a seed it is the variant that the learner has begun. An exercise that has no variants
    is the plain one. Raises UsageError, or what the course's rooms raise.
    """
    course = find_course()
    folder = _folder(course, name)
    if folder is None:
        raise unknown_exercise(name)
    return open_folder(course, folder, seed)


def open_folder(course: CourseFolder, folder: ExerciseFolder, seed: str | None = None) -> Opened:
    """As `open_exercise`, where the folder is known."""
    seed = recorded_seed(folder.answer) if seed is None else seed
    exercise = load(folder)
    if not seed or not exercise.tokens:
        return Opened(course, folder, exercise)
    from checker.course.variants import load_variant

    variant = load_variant(folder.name, folder.toml(), folder.files(), exercise.tokens, seed)
    return Opened(course, folder, variant.exercise, seed, variant.chosen)


def variant_option(seed: str) -> str:
    """The option that asks for a variant, as a shell takes it."""
    from shlex import quote

    return f"--variant {quote(seed)}"


def beginning(opened: Opened) -> dict[str, str]:
    """What an answer's folder holds at first: texts by path.

    A variant brings its own task and given files along, and is marked as that variant.
    """
    exercise = opened.exercise
    if not opened.seed:
        return dict(exercise.start)
    given = {f"given/{name}": text for name, text in exercise.given.items()}
    cases = {f"cases/{name}": text for name, text in exercise.cases.items()}
    mark = {VARIANT_FILE: opened.seed + "\n", "README.md": exercise.readme}
    return {**given, **cases, **mark, **exercise.start}


def load(folder: ExerciseFolder) -> "Exercise":
    """Read one exercise. Raises FolderError."""
    from checker.course.exercise import ExerciseError
    from checker.course.loading import load_exercise

    try:
        return load_exercise(folder.name, folder.toml(), folder.files())
    except ExerciseError as error:
        raise FolderError(f"the course is damaged: {error}") from error


def _folder(course: CourseFolder, name: str) -> ExerciseFolder | None:
    number = exercise_number(name)
    if number is not None:
        return course.exercise(f"exercise{number}")
    return next((one for one in course.exercises() if one.name == name.lower()), None)


def need_place_to_work(course: CourseFolder) -> None:
    """Raise UsageError where the course is only to be read."""
    if course.packed:
        raise UsageError(
            "this is no course folder, so there is nowhere to keep your answer: make one with "
            f"`{COMMAND} init kubernetes-ports`, and go there"
        )


def unknown_exercise(name: str) -> UsageError:
    """The sentence for an exercise that is not there: the nearest one, and what there is."""
    from checker.cli.names import nearest
    from checker.report.text.layout import join_words

    names = [folder.name for folder in find_course().exercises()]
    numbers = [exercise_number(one) for one in names]
    run = [number for number in numbers if number is not None]
    if run == list(range(1, len(names) + 1)) and len(names) > 2:
        there = f"{names[0]} to {names[-1]}"
    else:
        there = join_words(names)
    meant = nearest(name, names)
    # After a number that is too high, a near name would only look like an answer.
    guess = f"; did you mean `{meant}`?" if meant and exercise_number(name) is None else "."
    return UsageError(f"there is no exercise {name!r}{guess} There are {there}.")


def exercise_folders(course: CourseFolder, names: Sequence[str]) -> list[ExerciseFolder]:
    """The folders of the exercises `names`, of all without any. Raises UsageError."""
    if not names:
        folders = course.exercises()
        if not folders:
            raise UsageError(f"there are no exercises in {course.path}")
        return folders
    found = []
    for name in names:
        folder = _folder(course, name)
        if folder is None:
            raise unknown_exercise(name)
        found.append(folder)
    return found


def progress_of(course: CourseFolder) -> Progress:
    """The learner's progress in this course."""
    return Progress(course.path, writable=not course.packed)


def rows(course: CourseFolder, progress: Progress) -> "list[ExerciseRow]":
    """Every exercise with its progress."""
    from checker.report.text.progress import ExerciseRow

    found = []
    for folder in course.exercises():
        try:
            exercise = load(folder)
        except FolderError as error:
            found.append(ExerciseRow(folder.name, f"({error.message})", "", False, 0, 0, 0, 0))
            continue
        entry = progress.entry(progress_key(folder))
        found.append(
            ExerciseRow(
                folder.name,
                exercise.title,
                exercise.chapter,
                entry.passed,
                entry.attempts,
                entry.points,
                entry.max_points or exercise.max_points,
                entry.hints_shown,
            )
        )
    return found


def next_name(course: CourseFolder, progress: Progress, after: str = "") -> str:
    """The first exercise not yet passed, those after `after` first; empty if all are passed."""
    folders = {folder.name: folder for folder in course.exercises()}
    names = list(folders)
    position = names.index(after) + 1 if after in names else 0
    for name in names[position:] + names[:position]:
        if name != after and not progress.entry(progress_key(folders[name])).passed:
            return name
    return ""


def progress_key(folder: ExerciseFolder, seed: str | None = None) -> str:
    """Under which name progress keeps an exercise: each variant is one of its own.

    Without a seed it is the variant that the learner has begun.
    """
    if seed is None:
        try:
            seed = recorded_seed(folder.answer)
        except InputError:
            # Whoever opens the exercise is told; an overview has no room for it.
            seed = ""
    return f"{folder.name}@{seed}" if seed else folder.name


def solution_of(opened: Opened) -> dict[str, str]:
    """The solution's texts; from the package or its checkout where the course folder has none."""
    files = opened.course.solution(opened.exercise.name)
    origin = None if files else packed_course() or checkout_course()
    if origin is not None:
        files = origin.solution(opened.exercise.name)
    if not opened.chosen:
        return files
    from checker.course.variants import varied_files

    return varied_files(files, opened.chosen)


def answer_paths(opened: Opened) -> list[str]:
    """The files that the learner edits, as people are shown them."""
    return [shown(opened.folder.answer / name) for name in opened.exercise.answer_files]
