"""Signs for verdicts and hops: each has its own shape, so that none needs its colour.

They are paths, not characters: no font is asked for a check mark. A sign is three paths in
absolute position, so that many of a kind can be joined into one element.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import cos, pi, sin
from typing import NamedTuple

from checker.network.answer import HopStatus, Verdict
from checker.report.picture import svg
from checker.report.picture.style import Tone

TONE_OF: dict[Verdict, Tone] = {
    "connected": "good",
    "refused": "bad",
    "timeout": "bad",
    "dns-failure": "bad",
    "rejected": "bad",
    "intermittent": "mixed",
    "cannot-tell": "unknown",
}

#: Hops have the signs of the verdicts that they lead to.
VERDICT_OF: dict[HopStatus, Verdict] = {
    "pass": "connected",
    "fail": "refused",
    "unknown": "cannot-tell",
}

# Marks in a square from -1 to 1 as (command, coordinates…): what stands in the shape.
_MARKS: dict[Verdict, tuple[tuple[str, tuple[float, ...]], ...]] = {
    "connected": (("M", (-0.45, 0.05)), ("l", (0.3, 0.32, 0.6, -0.66))),
    "refused": (
        ("M", (-0.36, -0.36)),
        ("l", (0.72, 0.72)),
        ("m", (0, -0.72)),
        ("l", (-0.72, 0.72)),
    ),
    # Three dots: waiting.
    "timeout": (("M", (-0.45, 0)), ("h", (0,)), ("m", (0.45, 0)), ("h", (0,)),
                ("m", (0.45, 0)), ("h", (0,))),
    # A magnifying glass.
    "dns-failure": (
        ("M", (-0.42, -0.12)),
        ("a", (0.3, 0.3, 0, 1, 1, 0.6, 0)),
        ("a", (0.3, 0.3, 0, 1, 1, -0.6, 0)),
        ("M", (0.11, 0.11)),
        ("l", (0.34, 0.34)),
    ),
    # No entry.
    "rejected": (("M", (-0.45, 0)), ("h", (0.9,))),
    # A wave: up and down.
    "intermittent": (("M", (-0.5, 0.1)), ("q", (0.25, -0.5, 0.5, -0.1, 0.25, 0.4, 0.5, -0.1))),
    "cannot-tell": (
        ("M", (-0.24, -0.22)),
        ("q", (0.03, -0.26, 0.27, -0.26, 0.25, 0.02, 0.22, 0.25, -0.02, 0.16, -0.25, 0.3)),
        ("m", (0, 0.3)),
        ("h", (0,)),
    ),
}  # fmt: skip
#: Drawn in lines only.
_HOLLOW = ("timeout", "dns-failure")
#: Numbers of an `a` command that are no lengths: angle and flags.
_ARC_PLAIN = (2, 3, 4)


class Sign(NamedTuple):
    """The outline of a sign, and the mark in it, as path data."""

    outline: str
    mark: str


def sign(verdict: Verdict, x: float, y: float, radius: float) -> Sign:
    """The sign of a verdict about a centre."""
    if verdict == "cannot-tell":
        outline = _polygon(4, x, y, radius * 1.15, 0)
    elif verdict in ("refused", "dns-failure"):
        outline = _polygon(8, x, y, radius * 1.04, pi / 8)
    else:
        outline = circle(x, y, radius)
    return Sign(outline, _mark(verdict, x, y, radius))


def draw_sign(verdict: Verdict, x: float, y: float, radius: float) -> str:
    """The sign of a verdict in its tone."""
    return draw_signs(verdict, [(x, y)], radius)


def draw_signs(verdict: Verdict, centres: Iterable[tuple[float, float]], radius: float) -> str:
    """Many signs of one verdict, as few elements."""
    shapes = [sign(verdict, x, y, radius) for x, y in centres]
    hollow = verdict in _HOLLOW
    outlines = "".join(shape.outline for shape in shapes)
    marks = "".join(shape.mark for shape in shapes)
    parts = (
        svg.path(outlines, "kp-hollow" if hollow else "kp-fill"),
        svg.path(marks, "kp-stroke" if hollow else "kp-on"),
    )
    return svg.group(parts, css_class=f"kp-{TONE_OF[verdict]}")


def circle(x: float, y: float, radius: float) -> str:
    """A circle as path data."""
    size = svg.number(radius)
    turn = svg.number(2 * radius)
    return (
        f"M{svg.number(x - radius)} {svg.number(y)}"
        f"a{size} {size} 0 1 0 {turn} 0a{size} {size} 0 1 0 -{turn} 0z"
    )


def _polygon(corners: int, x: float, y: float, radius: float, turn: float) -> str:
    points = (
        (
            x + radius * cos(turn + 2 * pi * corner / corners),
            y + radius * sin(turn + 2 * pi * corner / corners),
        )
        for corner in range(corners)
    )
    return "M" + "L".join(f"{svg.number(px)} {svg.number(py)}" for px, py in points) + "z"


def _mark(verdict: Verdict, x: float, y: float, radius: float) -> str:
    data = []
    for command, numbers in _MARKS[verdict]:
        if command == "M":
            values = [x + numbers[0] * radius, y + numbers[1] * radius]
        elif command == "a":
            values = [
                value if index % 7 in _ARC_PLAIN else value * radius
                for index, value in enumerate(numbers)
            ]
        else:
            values = [value * radius for value in numbers]
        data.append(command + " ".join(map(svg.number, values)))
    return "".join(data)
