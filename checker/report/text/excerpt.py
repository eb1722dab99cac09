"""The line that a location points at, between its neighbours, with carets under it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from checker.manifests import Location
from checker.report.text.layout import columns
from checker.report.text.style import Style

#: Lines shown above and below the one that matters.
CONTEXT = 1
_TAB = 4


def excerpt(texts: Mapping[str, str], location: Location, style: Style) -> list[str]:
    """Place and excerpt, as rustc draws them. `texts` are the sources by their names.

    A source that is not in `texts` yields its place alone.
    """
    lines = _lines(texts.get(location.file, ""))
    gutter = len(str(min(location.line + CONTEXT, max(len(lines), 1))))
    place = f"{location.file}:{location.line}:{location.column}"
    out = [f"{' ' * gutter}{style.faint('-->')} {style.place(place)}"]
    if not 1 <= location.line <= len(lines):
        return out
    bar = style.faint(style.marks.line)
    first = max(1, location.line - CONTEXT)
    last = min(len(lines), location.line + CONTEXT)
    room = max(20, style.width - gutter - 3)
    start = _window(lines[location.line - 1], location.column - 1, room)
    for number in range(first, last + 1):
        if number != location.line and not lines[number - 1].strip():
            continue
        shown = _cut(_expand(lines[number - 1]), start, room, style)
        label = f"{number:>{gutter}}"
        if number == location.line:
            out.append(f"{style.strong(label)} {bar} {shown}".rstrip())
            pad, size = _underline(lines[number - 1], location.column - 1)
            pad -= start
            size = max(1, min(size, room - pad))
            carets = style.bad(style.marks.caret * size)
            out.append(f"{' ' * gutter} {bar} {' ' * pad}{carets}")
        else:
            out.append(f"{style.faint(label)} {bar} {shown}".rstrip())
    return out


@lru_cache(maxsize=8)
def _lines(text: str) -> list[str]:
    return text.splitlines()


def _expand(line: str) -> str:
    return line.replace("\t", " " * _TAB)


def _underline(line: str, column: int) -> tuple[int, int]:
    """Where the carets begin, and how many columns what stands there takes, comments aside."""
    column = min(column, len(line))
    before, after = _expand(line[:column]), _expand(line[column:])
    content = after.split(" #", 1)[0].rstrip()
    return columns(before), columns(content) or 1


def _window(line: str, column: int, room: int) -> int:
    """The first column to show, so that `column` is in sight: JSON may be one endless line."""
    if columns(_expand(line)) <= room or column < room * 3 // 4:
        return 0
    return columns(_expand(line[:column])) - room // 3


def _cut(line: str, start: int, room: int, style: Style) -> str:
    shown = line[start : start + room]
    if len(line) > start + room:
        shown = shown[:-1] + style.marks.cut
    if start:
        shown = style.marks.cut + shown[1:]
    return shown
