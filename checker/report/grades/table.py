"""`grades.csv`: a learner a row, an exercise a column, then the total; after RFC 4180.

A spreadsheet runs what looks like a formula, and a folder's name may be anything: OWASP's "CSV
Injection" says which cells are dangerous and that an apostrophe makes them text.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.report.grades.document import ClassGrades
from checker.report.grades.learner import Learner

_FORMULA_SIGNS = "=+-@\t\r\n＝＋－＠"

# Without a byte order mark Excel takes a CSV file for one of the system's old code page, and `Ünï`
# for `ÃœnÃ¯`. With it Excel, LibreOffice and pandas (since 0.19, pull request 13885) read UTF-8 and
# leave the mark out; a script that reads `utf-8` would find it in the first heading, so it has to
# say `utf-8-sig`. A table of ASCII alone is read alike by all of them, and has none.
_BOM = "\ufeff"


def grades_csv(grades: ClassGrades) -> Iterator[str]:
    """The table. An exercise that was not handed in is an empty cell, an unreadable answer is 0."""
    if not all(learner.name.isascii() for learner in grades.learners):
        yield _BOM
    yield _line(["learner", *(exercise.name for exercise in grades.exercises), "total"])
    for learner in grades.learners:
        yield _line(_row(learner))


def _line(cells: list[str]) -> str:
    return ",".join(map(cell, cells)) + "\r\n"


def _row(learner: Learner) -> list[str]:
    points = [
        "" if result["status"] == "missing" else str(result["points"]) for result in learner.results
    ]
    return [learner.name, *points, str(learner.points)]


def cell(text: str) -> str:
    """A text as one cell of one line, whatever is in it."""
    if text.lstrip(" ")[:1] in tuple(_FORMULA_SIGNS):
        text = f"'{text}"
    visible = "".join(sign if _is_plain(sign) else f"\\x{ord(sign):02x}" for sign in text)
    if any(sign in visible for sign in ",;\"'") or visible != visible.strip():
        quoted = visible.replace('"', '""')
        return f'"{quoted}"'
    return visible


def _is_plain(sign: str) -> bool:
    """Whether a sign is no control character (C0, DEL, C1)."""
    return not (ord(sign) < 0x20 or 0x7F <= ord(sign) < 0xA0)
