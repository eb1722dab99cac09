"""`grade`: a whole class, one folder a learner."""

from __future__ import annotations

import gc
import re
from argparse import ArgumentTypeError, Namespace
from collections.abc import Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from checker.cli.arguments import Parser
from checker.cli.console import Console
from checker.cli.errors import ALL_WELL, UsageError
from checker.report.grades.document import PAGES_FOLDER, ClassGrades
from checker.workspace.atomic import write_text
from checker.workspace.errors import FolderError, InputError, reason
from checker.workspace.grade_cache import CACHE_FOLDER
from checker.workspace.hand_ins import Note, learners_in

#: The report's files; every one but the pages, which lie in a folder of their own.
_CSV, _JSON, _HTML = "grades.csv", "grades.json", "index.html"
#: The names that `_file_name` makes.
_PAGE_NAME = r"[a-z0-9-]*[0-9a-f]{12}\.html"


def grade_class(arguments: Sequence[str], console: Console) -> int:
    """Write the report on a class. The grades do not matter to the exit code."""
    options = _options(arguments, console)
    folder, report = Path(options.dir), Path(options.out)
    names, notes = _class_of(folder, report)
    _make_place(report)
    # The command line does without the collector, as it is short; a class is not.
    gc.enable()
    grades = _graded(folder, report, names, notes, options.jobs, console)
    _write_class(report, grades)
    _show(grades, report, console)
    return ALL_WELL


def _options(arguments: Sequence[str], console: Console) -> Namespace:
    parser = Parser("grade", "Grade a whole class: grades.csv, grades.json, index.html.")
    parser.add_argument("dir", metavar="DIR", help="one folder a learner")
    parser.add_argument(
        "--out", metavar="REPORT_DIR", required=True, help="where to write; earlier results help"
    )
    parser.add_argument(
        "--jobs", type=_jobs, metavar="N", help="processes to use; as many as cores if left out"
    )
    options = parser.read(arguments, console)
    if not options.dir or not options.out:
        raise UsageError("DIR or --out is empty")
    return options


def _jobs(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    if not number:
        raise ArgumentTypeError(f"{text!r} is no number of processes from 1 to 999")
    return number


def _class_of(folder: Path, report: Path) -> tuple[list[str], list[Note]]:
    try:
        there = folder.is_dir()
        same = there and report.exists() and folder.samefile(report)
    except (OSError, ValueError) as error:
        raise InputError("cannot be read", repr(str(folder))) from error
    if not there:
        raise InputError("is no folder, or not there", str(folder))
    if same:
        raise UsageError("--out is the class's own folder; name another one for the report")
    names, notes = learners_in(folder, report)
    if not names:
        raise InputError("holds no folder: there should be one a learner", str(folder))
    return names, notes


def _make_place(report: Path) -> None:
    """Make the report's folder; nothing that is not a report of ours is ever replaced."""
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


def _graded(
    folder: Path,
    report: Path,
    names: Sequence[str],
    notes: Sequence[Note],
    jobs: int | None,
    console: Console,
) -> ClassGrades:
    from checker import KUBERNETES_VERSION, __version__
    from checker.cli.grade_learner import Grader, Task, load_exercises
    from checker.cli.grade_pool import grade_all, processes
    from checker.report.grades.feedback import feedback_page
    from checker.workspace.course_folder import find_course
    from checker.workspace.grade_cache import fingerprint

    course = find_course()
    exercises = load_exercises(course.exercises())
    valid_for = fingerprint(course, f"{__version__} {KUBERNETES_VERSION}")
    task = Task(folder, report, course, report / CACHE_FOLDER, valid_for)
    files = [(name, _file_name(name)) for name in names]
    pages = {f"{file}.html" for _, file in files}
    learners = []
    results = grade_all(task, Grader(task, exercises), files, jobs or processes())
    with closing(results):
        for learner in results:
            _write(report / learner.page, feedback_page(learner, exercises))
            learners.append(learner.slim())
            console.progress(f"{len(learners):,} of {len(files):,} learners graded …")
    console.progress("")
    for path in (report / PAGES_FOLDER).iterdir():
        # Of a learner who is no longer there.
        if re.fullmatch(_PAGE_NAME, path.name) and path.name not in pages:
            path.unlink(missing_ok=True)
    return ClassGrades(
        list(exercises.values()), learners, [(one.file, one.message) for one in notes]
    )


def _file_name(name: str) -> str:
    """A name for a learner's files: safe wherever it is, and another for every other learner."""
    known = name.encode("utf-8", "surrogateescape")
    words = re.sub(r"[^a-z0-9]+", "-", name.lower())[:40].strip("-")
    return f"{words}-{sha256(known).hexdigest()[:12]}".lstrip("-")


def _write_class(report: Path, grades: ClassGrades) -> None:
    from checker.report.grades.document import grades_document
    from checker.report.grades.overview import overview_page
    from checker.report.grades.table import grades_csv
    from checker.report.json_format import encode

    _write(report / _CSV, grades_csv(grades))
    _write(report / _JSON, encode(grades_document(grades)))
    _write(report / _HTML, overview_page(grades))


def _write(path: Path, text: str) -> None:
    """Write only what changed, so that a page that is being read stays as it is."""
    try:
        if path.read_bytes() == text.encode():
            return
    except OSError:
        pass
    write_text(path, text)


def _show(grades: ClassGrades, report: Path, console: Console) -> None:
    from checker.report.grades.document import grades_document
    from checker.report.grades.summary import summary_lines

    if console.as_json:
        console.document(grades_document(grades))
    else:
        console.lines(summary_lines(grades, str(report / _HTML), console.style))
