"""A matrix made small enough to be drawn: equal rows and equal columns become one.

Folding loses nothing but names; what is beyond the limit after it is counted, not drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from checker.network.answer import Axis, Matrix, Verdict

#: Above this in either direction, equal rows and columns are folded.
FULL = 40
#: Above this, what is left over is not drawn.
MOST = 120


class Line(NamedTuple):
    """One row or column to draw: the axes that share it, the first one's name for its label."""

    axes: tuple[Axis, ...]

    @property
    def name(self) -> str:
        """The first axis's notation."""
        return self.axes[0].name

    @property
    def members(self) -> int:
        """How many pods or targets stand in this line."""
        return sum(max(1, len(axis.members)) for axis in self.axes)


class Grid(NamedTuple):
    """What is drawn of a matrix; `hidden_*` count axes beyond the limit."""

    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    verdicts: tuple[tuple[Verdict, ...], ...]
    hidden_rows: int
    hidden_columns: int

    @property
    def compact(self) -> bool:
        """Whether it is too large for a label at each line."""
        return len(self.rows) > FULL or len(self.columns) > FULL


def fold_matrix(matrix: Matrix) -> Grid:
    """The grid of a matrix: as it is where it is small, folded where it is large."""
    verdicts = matrix.verdicts
    if len(matrix.sources) <= FULL and len(matrix.targets) <= FULL:
        rows = [Line((axis,)) for axis in matrix.sources]
        columns = [Line((axis,)) for axis in matrix.targets]
    else:
        rows, verdicts = _fold(matrix.sources, verdicts)
        columns, turned = _fold(matrix.targets, _turn(verdicts))
        verdicts = _turn(turned)
    return Grid(
        tuple(rows[:MOST]),
        tuple(columns[:MOST]),
        tuple(row[:MOST] for row in verdicts[:MOST]),
        sum(len(line.axes) for line in rows[MOST:]),
        sum(len(line.axes) for line in columns[MOST:]),
    )


_Verdicts = Sequence[tuple[Verdict, ...]]


def _fold(
    axes: Sequence[Axis], verdicts: _Verdicts
) -> tuple[list[Line], tuple[tuple[Verdict, ...], ...]]:
    lines: dict[tuple[Verdict, ...], list[Axis]] = {}
    for axis, row in zip(axes, verdicts, strict=False):
        lines.setdefault(row, []).append(axis)
    return [Line(tuple(group)) for group in lines.values()], tuple(lines)


def _turn(verdicts: _Verdicts) -> tuple[tuple[Verdict, ...], ...]:
    return tuple(zip(*verdicts, strict=True))
