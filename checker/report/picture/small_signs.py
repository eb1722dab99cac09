"""Signs for cells too small for a shape with a mark in it; each verdict still has its own form.

Large matrices are mostly runs of one verdict, so a run that reaches on is one bar, or one row of
dots, and costs no more than a single cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.network.answer import Verdict
from checker.report.picture import svg
from checker.report.picture.signs import TONE_OF

# Single cells, from their upper left corner, in a square of six pixels.
_CELLS: dict[Verdict, str] = {
    "refused": "l6 6m0-6l-6 6",
    "dns-failure": "v6h6",
    "rejected": "m0 3h6",
    "intermittent": "m0 6l6-6",
    "cannot-tell": "m3 0l3 3l-3 3l-3-3z",
}
_SIZE = 6


def draw_small(
    verdict: Verdict, places: Sequence[tuple[int, int]], left: float, top: float, pitch: float
) -> str:
    """The cells of one verdict. Places are columns and rows, in the order of reading."""
    tone = f"kp-{TONE_OF[verdict]}"
    inset = (pitch - _SIZE) / 2
    if verdict == "connected":
        bars = []
        for x, y, length in _runs(places):
            start = f"M{svg.number(left + pitch * x + 1)} {svg.number(top + pitch * y + 1.5)}"
            reach = svg.number(pitch * length - 2)
            bars.append(f"{start}h{reach}v7h-{reach}z")
        return svg.group((svg.path("".join(bars), "kp-fill"),), css_class=tone)
    if verdict == "timeout":
        dots = []
        for x, y, length in _runs(places):
            start_x, middle = left + pitch * (x + 0.5), top + pitch * (y + 0.5)
            # The dashes are dots, one in each cell; the tiny rest lets the last one be drawn.
            reach = svg.number(pitch * (length - 1) + 0.1)
            dots.append(f"M{svg.number(start_x)} {svg.number(middle)}h{reach}")
        return svg.group((svg.path("".join(dots), "kp-stroke kp-dots"),), css_class=tone)
    form = _CELLS[verdict]
    cells = (
        f"M{svg.number(left + pitch * x + inset)} {svg.number(top + pitch * y + inset)}{form}"
        for x, y in places
    )
    return svg.group((svg.path("".join(cells), "kp-stroke kp-small"),), css_class=tone)


def _runs(places: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Cells side by side as column, row, length."""
    start: tuple[int, int] | None = None
    length = 0
    for x, y in places:
        if start is not None and (x, y) == (start[0] + length, start[1]):
            length += 1
            continue
        if start is not None:
            yield (*start, length)
        start, length = (x, y), 1
    if start is not None:
        yield (*start, length)
