"""The course as commands use it: exercises by name, progress, what comes next."""

from typing import TYPE_CHECKING, NamedTuple

from checker.cli.commands import exercise_number
from checker.cli.errors import UsageError
from checker.workspace.course_folder import (
    CourseFolder,
    ExerciseFolder,
    find_course,
    packed_course,
    shown,
)
from checker.workspace.errors import FolderError
from checker.workspace.progress import Progress

if TYPE_CHECKING:
    from checker.course.exercise import Exercise
    from checker.report.text.progress import ExerciseRow

#: How people start the checker; every command that is suggested to them begins so.
COMMAND = "python -m checker"


class Opened(NamedTuple):
    """One exercise of a course: its folder and what the folder says."""

    course: CourseFolder
    folder: ExerciseFolder
    exercise: "Exercise"


def open_exercise(name: str) -> Opened:
    """The exercise that `name` means. Raises UsageError, or what the course's rooms raise."""
    course = find_course()
    folder = _folder(course, name)
    if folder is None:
        raise unknown_exercise(name)
    return Opened(course, folder, load(folder))


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
        entry = progress.entry(folder.name)
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
    names = [folder.name for folder in course.exercises()]
    position = names.index(after) + 1 if after in names else 0
    for name in names[position:] + names[:position]:
        if name != after and not progress.entry(name).passed:
            return name
    return ""


def solution_of(opened: Opened) -> dict[str, str]:
    """The solution's texts; from the package where the course folder has none."""
    files = opened.course.solution(opened.exercise.name)
    packed = packed_course()
    if not files and packed is not None:
        files = packed.solution(opened.exercise.name)
    return files


def answer_paths(opened: Opened) -> list[str]:
    """The files that the learner edits, as people are shown them."""
    return [shown(opened.folder.answer / name) for name in opened.exercise.answer_files]
