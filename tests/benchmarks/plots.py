"""Plots as SVG in the house style: lines over sizes, both axes logarithmic.

A line is told by its name at its end and by the shape of its marks, so that no colour is needed.
The same numbers give the same text.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import NamedTuple

from checker.report.picture.lettering import text_width
from checker.report.picture.style import BODY, LABEL, SMALL, Ink
from checker.report.picture.svg import document, group, number, path, text

WIDTH, HEIGHT = 640, 400
LEFT, TOP, BOTTOM = 84, 64, 52
#: A label needs so many pixels to the next one.
_LEADING = 17
#: Shapes of marks, about a point.
_MARKS = (
    "M{x} {y}m-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z",
    "M{x} {y}m-4.5 -4.5h9v9h-9z",
    "M{x} {y}m0 -6l5.5 10h-11z",
    "M{x} {y}m0 -6l6 6l-6 6l-6 -6z",
    "M{x} {y}m0 6l5.5 -10h-11z",
    "M{x} {y}m-6 -2h4v-4h4v4h4v4h-4v4h-4v-4h-4z",
)


class Line(NamedTuple):
    """One line of a plot: its name, and the points that were measured."""

    name: str
    points: Sequence[tuple[float, float]]


class Axis(NamedTuple):
    """What an axis says, and which unit follows its numbers."""

    title: str
    unit: str = ""


def plot(title: str, description: str, x_axis: Axis, y_axis: Axis, lines: Sequence[Line]) -> str:
    """The whole picture. The first line is the one that the page is about."""
    drawn = [line for line in lines if line.points]
    labels = max(text_width(line.name, LABEL if line is drawn[0] else BODY) for line in drawn)
    right = WIDTH - 30 - labels
    xs = sorted({x for line in drawn for x, _ in line.points})
    ys = [y for line in drawn for _, y in line.points]
    low, high = math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys)))

    def place(x: float, y: float) -> tuple[float, float]:
        wide = math.log10(xs[-1] / xs[0])
        tall = (high - low) or 1
        return (
            LEFT + (right - LEFT) * math.log10(x / xs[0]) / wide,
            HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (math.log10(y) - low) / tall,
        )

    parts = [text(20, 28, title, LABEL), text(20, 48, y_axis.title, SMALL, "muted")]
    for exponent in range(low, high + 1):
        _, y = place(xs[0], 10**exponent)
        parts.append(_ruled(f"M{LEFT} {number(y)}H{number(right)}"))
        told = f"{10**exponent:,g}{y_axis.unit}"
        parts.append(text(LEFT - 14, y + 4, told, SMALL, "muted", "end"))
    for x in xs:
        across, _ = place(x, 10**low)
        parts.append(_ruled(f"M{number(across)} {TOP}V{HEIGHT - BOTTOM}"))
        told = f"{x:,.0f}"
        parts.append(text(across, HEIGHT - BOTTOM + 20, told, SMALL, "muted", "middle"))
    parts.append(text((LEFT + right) / 2, HEIGHT - 12, x_axis.title, SMALL, "muted", "middle"))
    ends = _apart([place(*line.points[-1])[1] for line in drawn])
    ways = [
        _line(line, order, [place(*point) for point in line.points], right, end)
        for order, (line, end) in enumerate(zip(drawn, ends, strict=True))
    ]
    # The first lies above all others.
    parts += reversed(ways)
    return document(WIDTH, HEIGHT, title, description, "".join(parts)) + "\n"


def _ruled(data: str) -> str:
    return group([path(data, "kp-stroke kp-grid")], css_class="kp-line")


def _line(
    line: Line, order: int, points: Sequence[tuple[float, float]], right: float, end: float
) -> str:
    ink: Ink = "muted" if order else "good"
    way = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)
    parts = []
    last_x, last_y = points[-1]
    # Where the label had to move, or the line ends early, a thread leads to it.
    if abs(end - last_y) > 3 or right - last_x > 3:
        thread = f"M{number(last_x)} {number(last_y)}L{number(right + 10)} {number(end)}"
        parts.append(path(thread, "kp-stroke kp-grid"))
    parts.append(path(way, "kp-stroke kp-small" if order else "kp-stroke kp-rail"))
    for x, y in points:
        mark = _MARKS[order % len(_MARKS)].format(x=number(x), y=number(y))
        parts.append(path(mark, "kp-hollow" if order else "kp-fill"))
    name = text(right + 14, end + 4.5, line.name, BODY if order else LABEL, ink)
    return group([*parts, name], css_class=f"kp-{ink}")


def _apart(heights: Sequence[float]) -> list[float]:
    """The same heights, moved so that no two labels touch."""
    order = sorted(range(len(heights)), key=lambda index: heights[index])
    placed = list(heights)
    for _ in range(50):
        for above, below in itertools.pairwise(order):
            gap = placed[below] - placed[above]
            if gap < _LEADING:
                placed[above] -= (_LEADING - gap) / 2
                placed[below] += (_LEADING - gap) / 2
    return placed
