"""The folder of a class's report: what is in it, and what may be replaced there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from checker.cli.errors import UsageError
from checker.course import Exercise
from checker.report.grades.document import ClassGrades
from checker.report.grades.learner import PAGES_FOLDER, Learner
from checker.report.grades.page import Book
from checker.workspace.atomic import write_if_new
from checker.workspace.errors import FolderError, reason
from checker.workspace.grade_cache import CACHE_FOLDER

#: The report's files; every one but the pages, which lie in a folder of their own.
_CSV, _JSON, _HTML = "grades.csv", "grades.json", "index.html"
#: The names that `file_name` makes.
_PAGE_NAME = r"[a-z0-9-]*[0-9a-f]{12}\.html"


class ReportFolder:
    """A report on a class that does these exercises. Writing raises FolderError."""

    def __init__(self, path: Path, exercises: Mapping[str, Exercise], book: Book) -> None:
        self.path = path
        self.exercises = exercises
        self._book = book

    @property
    def index(self) -> Path:
        """The page to open."""
        return self.path / _HTML

    def is_gone(self) -> bool:
        """Whether somebody deleted the folder, or one in it."""
        return not ((self.path / PAGES_FOLDER).is_dir() and (self.path / CACHE_FOLDER).is_dir())

    def write_learner(self, learner: Learner) -> None:
        """Write the feedback page; the learner's results are whole, not slim."""
        from checker.report.grades.feedback import feedback_page

        text = feedback_page(learner, self.exercises, self._book)
        write_if_new(self.path / learner.page, [text])

    def write_class(self, grades: ClassGrades, *, followed: bool = False) -> None:
        """Write the rest; a page that is `followed` shows its newest version by itself."""
        from checker.report.grades import following
        from checker.report.grades.document import grades_json
        from checker.report.grades.overview import overview_page
        from checker.report.grades.table import grades_csv

        write_if_new(self.path / _CSV, grades_csv(grades))
        write_if_new(self.path / _JSON, grades_json(grades))
        version = ""
        if followed:
            digest = sha256()
            for piece in overview_page(grades, self._book, "0"):
                digest.update(piece.encode())
            version = digest.hexdigest()[:16]
        write_if_new(self.index, overview_page(grades, self._book, version))
        script = self.path / following.VERSION_FILE
        if version:
            # After the page, as it sends readers there.
            write_if_new(script, [following.version_script(version)])
        else:
            script.unlink(missing_ok=True)

    def drop_others(self, files: Iterable[str]) -> None:
        """Delete the pages of learners who are no longer there; `files` are those who are."""
        pages = {f"{file}.html" for file in files}
        try:
            for path in (self.path / PAGES_FOLDER).iterdir():
                if re.fullmatch(_PAGE_NAME, path.name) and path.name not in pages:
                    path.unlink(missing_ok=True)
        except OSError as error:
            raise FolderError(f"{self.path} cannot be written: {reason(error)}") from error


def make_place(report: Path) -> None:
    """Make the report's folder; nothing that is not a report of ours is ever replaced.

    Raises UsageError where something else is there, FolderError where it cannot be made.
    """
    try:
        report.mkdir(parents=True, exist_ok=True)
        ours = (report / CACHE_FOLDER).is_dir() or not any(report.iterdir())
        if ours:
            (report / CACHE_FOLDER).mkdir(exist_ok=True)
            (report / PAGES_FOLDER).mkdir(exist_ok=True)
    except FileExistsError as error:
        raise UsageError(f"--out: {report} is a file, where a folder should be") from error
    except ValueError as error:
        raise UsageError("--out is no path: it holds a NUL character") from error
    except OSError as error:
        raise FolderError(f"{report} cannot be made: {reason(error)}") from error
    if not ours:
        raise UsageError(f"--out: {report} holds other things than a report; name a new folder")


def file_name(name: str) -> str:
    """A name for a learner's files: safe wherever it is, and another for every other learner."""
    known = name.encode("utf-8", "surrogateescape")
    words = re.sub(r"[^a-z0-9]+", "-", name.lower())[:40].strip("-")
    return f"{words}-{sha256(known).hexdigest()[:12]}".lstrip("-")
