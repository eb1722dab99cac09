"""Misspelt names: the nearest one that exists."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The one of `names` that `name` is most like, if it is like any: one slip in three letters."""
    # What is far longer than any name is none of them, and would take long to compare.
    wanted = name.lower()[:40]
    best: tuple[int, str] | None = None
    for one in names:
        slips = distance(wanted, one.lower())
        if slips <= max(1, len(one) // 3) and (best is None or slips < best[0]):
            best = (slips, one)
    return best[1] if best else None


def distance(one: str, other: str) -> int:
    """How many slips lead from one word to the other: a letter more, less, wrong, or two swapped.

    The restricted Damerau-Levenshtein distance.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, counterpart in enumerate(other, 1):
            cost = min(row[j - 1] + 1, before[j] + 1, before[j - 1] + (letter != counterpart))
            swapped = i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == counterpart
            row.append(min(cost, last[j - 2] + 1) if swapped else cost)
    return row[-1]
