"""A matrix as the connections that it is made of, and back."""

from __future__ import annotations

from collections.abc import Sequence

from checker.network import Cluster, Matrix, Trace
from checker.network.answer import Verdict
from checker.network.reachability import cell


def cells(cluster: Cluster, table: Matrix) -> list[Trace]:
    """The connection of every cell, row by row; each is told as `trace` tells it."""
    return [
        cell(cluster, table, row, column)
        for row in range(len(table.sources))
        for column in range(len(table.targets))
    ]


def with_verdicts(table: Matrix, verdicts: Sequence[Verdict]) -> Matrix:
    """The same table with other verdicts, in the order of `cells`."""
    width = len(table.targets)
    rows = tuple(
        tuple(verdicts[row * width : (row + 1) * width]) for row in range(len(table.sources))
    )
    return table._replace(verdicts=rows)
