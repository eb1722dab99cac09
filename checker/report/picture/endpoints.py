"""The branches of a way: one row an endpoint, many of a kind folded into one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from checker.network.answer import EndpointVerdict, Verdict
from checker.report.picture import svg
from checker.report.picture.lettering import cut_middle, text_width
from checker.report.picture.signs import TONE_OF, draw_sign
from checker.report.picture.style import BODY, NAME, TAG
from checker.report.picture.words import address

ROW = 22
#: All are shown up to this many; beyond, as many of each verdict as _SHOWN_OF_EACH.
_SHOWN = 5
_SHOWN_OF_EACH = 2
# Names and verdicts that stand too far apart are not read as one line.
_WIDEST = 420


class Row(NamedTuple):
    """A line in the picture: an endpoint, or what is left out."""

    label: str
    verdict: Verdict
    #: The endpoints that this line stands for, where it stands for several.
    folded: str = ""


def fold_endpoints(endpoints: Sequence[EndpointVerdict]) -> list[Row]:
    """The rows to draw. Where there are many, each verdict keeps its first endpoints."""
    if len(endpoints) <= _SHOWN:
        return [Row(address(each), each.verdict) for each in endpoints]
    by_verdict: dict[Verdict, list[EndpointVerdict]] = {}
    for endpoint in endpoints:
        by_verdict.setdefault(endpoint.verdict, []).append(endpoint)
    rows = []
    for verdict, group in by_verdict.items():
        # Leaving out one would take the line that it needs.
        shown = len(group) if len(group) <= _SHOWN_OF_EACH + 1 else _SHOWN_OF_EACH
        rows += [Row(address(each), verdict) for each in group[:shown]]
        rest = group[shown:]
        if rest:
            first = ", ".join(map(address, rest[:20])) + (", …" if len(rest) > 20 else "")
            rows.append(Row(f"and {len(rest):,} more", verdict, first))
    return rows


def draw_endpoints(rows: Sequence[Row], rail: float, x: float, y: float, right: float) -> list[str]:
    """Rows that branch off the rail; `y` is the upper edge of the first."""
    right = min(right, x + _WIDEST)
    parts = []
    for index, row in enumerate(rows):
        middle = y + index * ROW + ROW / 2
        word_width = text_width(row.verdict, TAG)
        room = right - word_width - 10 - (x + 12)
        label = svg.printable(row.label)
        lettering = BODY if row.folded else NAME
        shown = cut_middle(label, room, lettering)
        tone = TONE_OF[row.verdict]
        bend = f"M{svg.number(rail)} {svg.number(middle - 10)}q0 10 10 10H{svg.number(x - 9)}"
        parts.append(
            svg.group(
                (
                    svg.group((svg.path(bend, "kp-stroke"),), css_class=f"kp-{tone}"),
                    draw_sign(row.verdict, x, middle, 7),
                    svg.text(x + 13, middle + 4.5, shown, lettering),
                    svg.text(right, middle + 4.5, row.verdict, TAG, tone, "end"),
                ),
                row.folded or (label if shown != label else ""),
            )
        )
    return parts
