"""`grade`: a whole class, one folder a learner."""

from __future__ import annotations

import gc
from argparse import ArgumentTypeError
from collections.abc import Sequence
from pathlib import Path

from checker.cli.arguments import Parser
from checker.cli.classroom import Classroom, class_in, show
from checker.cli.console import Console
from checker.cli.errors import ALL_WELL, UsageError
from checker.cli.grade_report import make_place
from checker.cli.options import Options
from checker.workspace.errors import InputError

_BOOK = "https://kubernetes-ports.github.io/kubernetes-ports/"


def grade_class(arguments: Sequence[str], console: Console) -> int:
    """Write the report on a class. The grades do not matter to the exit code."""
    options = _options(arguments, console)
    folder, out = Path(options.dir), Path(options.out)
    names, notes = class_in(folder, out)
    if not names and not options.watch:
        raise InputError("holds no folder: there should be one a learner", str(folder))
    make_place(out)
    # The command line does without the collector, as it is short; a class is not.
    gc.enable()
    room = Classroom(folder, out, options.book, options.jobs)
    if options.watch:
        from checker.cli.grade_watch import watch_class

        return watch_class(room, console)
    room.grade(names, console)
    room.keep(names)
    grades = room.grades(notes)
    room.report.write_class(grades)
    show(grades, room.report, console)
    return ALL_WELL


def _options(arguments: Sequence[str], console: Console) -> Options:
    parser = Parser("grade", "Grade a whole class: grades.csv, grades.json, index.html.")
    parser.add_argument("dir", metavar="DIR", help="one folder a learner")
    parser.add_argument(
        "--out", metavar="REPORT_DIR", required=True, help="where to write; earlier results help"
    )
    parser.add_argument("--watch", action="store_true", help="keep the report current until Ctrl-C")
    parser.add_argument(
        "--book",
        type=_book,
        metavar="PLACE",
        default=_BOOK,
        help="the book that the pages link to: an address, or the folder of a built one",
    )
    parser.add_argument(
        "--jobs", type=_jobs, metavar="N", help="processes to use; as many as cores if left out"
    )
    options = parser.read(arguments, console)
    if not options.dir or not options.out:
        raise UsageError("DIR or --out is empty")
    return options


def _book(text: str) -> str:
    """The address of the book's root."""
    if text.startswith(("https://", "http://")):
        return text.rstrip("/") + "/"
    try:
        if (Path(text) / "index.html").is_file():
            return f"{Path(text).resolve().as_uri()}/"
    except (OSError, ValueError):
        pass
    raise ArgumentTypeError(f"{text!r} is neither https://… nor a folder with an index.html")


def _jobs(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    if not number:
        raise ArgumentTypeError(f"{text!r} is no number of processes from 1 to 999")
    return number
