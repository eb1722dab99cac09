"""A class as `grade` works on it: its folder, who is in it, and their grades by now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from checker.cli.console import Console
from checker.cli.errors import UsageError
from checker.cli.grade_report import ReportFolder, file_name
from checker.report.grades.document import ClassGrades, class_grades
from checker.report.grades.learner import Learner
from checker.report.grades.packed import pack, unpack
from checker.workspace.errors import InputError
from checker.workspace.grade_cache import CACHE_FOLDER
from checker.workspace.hand_ins import Note, learners_in
from checker.workspace.spool import Spool

#: How long the bar of progress is, in signs.
_BAR = 30


class _Learners:
    """All who were graded, on the disk: a class of thousands is half a gigabyte of values."""

    def __init__(self, spool: Spool) -> None:
        self.spool = spool

    def __iter__(self) -> Iterator[Learner]:
        return (unpack(file, data) for file, data in self.spool)


class Classroom:
    """A class's folder, its report, and the grades of all who were graded."""

    def __init__(self, folder: Path, out: Path, book: str, jobs: int | None) -> None:
        from checker import KUBERNETES_VERSION, __version__
        from checker.cli.grade_learner import Grader, Task, load_exercises
        from checker.cli.grade_pool import processes
        from checker.report.grades.page import Book
        from checker.workspace.course_folder import find_course
        from checker.workspace.grade_cache import fingerprint

        course = find_course()
        exercises = load_exercises(course.exercises())
        valid_for = fingerprint(course, f"{__version__} {KUBERNETES_VERSION}")
        self.folder = folder
        self.report = ReportFolder(out, exercises, Book(book))
        self._task = Task(folder, out, course, out / CACHE_FOLDER, valid_for)
        self._grader = Grader(self._task, exercises)
        self._jobs = jobs or processes()
        self._learners = _Learners(Spool(out / CACHE_FOLDER))

    def grade(self, names: Sequence[str], console: Console) -> None:
        """Grade these learners, once more if need be, and write their pages."""
        from checker.cli.grade_pool import grade_all

        files = [(name, file_name(name)) for name in names]
        done = 0
        with closing(grade_all(self._task, self._grader, files, self._jobs)) as results:
            for learner in results:
                self.report.write_learner(learner)
                self._learners.spool.put(learner.file, pack(learner.slim()))
                done += 1
                console.progress(_bar(done, len(files)))
        console.progress("")

    def keep(self, names: Iterable[str]) -> None:
        """Bring the class into this order, and forget who is not in it."""
        files = [file_name(name) for name in names]
        self._learners.spool.arrange(files)
        self.report.drop_others(files)

    def grades(self, notes: Sequence[Note]) -> ClassGrades:
        """The class as it is graded by now; `notes` are of what is no learner."""
        exercises = list(self.report.exercises.values())
        return class_grades(exercises, self._learners, [(one.file, one.message) for one in notes])


def class_in(folder: Path, out: Path) -> tuple[list[str], list[Note]]:
    """The learners in a class's folder, and what else is there. Raises InputError, UsageError."""
    try:
        there = folder.is_dir()
        same = there and out.exists() and folder.samefile(out)
    except (OSError, ValueError) as error:
        raise InputError("cannot be read", repr(str(folder))) from error
    if not there:
        raise InputError("is no folder, or not there", str(folder))
    if same:
        raise UsageError("--out is the class's own folder; name another one for the report")
    return learners_in(folder, out)


def show(grades: ClassGrades, report: ReportFolder, console: Console) -> None:
    """Print the result of a run."""
    from checker.report.grades.document import grades_json
    from checker.report.grades.summary import summary_lines

    if console.as_json:
        console.pieces(grades_json(grades))
    else:
        console.lines(summary_lines(grades, str(report.index), console.style))


def _bar(done: int, whole: int) -> str:
    filled = done * _BAR // whole
    return f"[{'#' * filled}{'-' * (_BAR - filled)}] {done:,} of {whole:,} learners graded"
