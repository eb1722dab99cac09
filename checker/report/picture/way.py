"""The picture of a trace: the packet's way from top to bottom, and where it dies.

A rail runs down the left, a station a hop; the rail is whole as far as the packet comes and dotted
beyond. What decides stands in a box of its own, with field, file and line.
"""

from __future__ import annotations

from checker.network.answer import Hop, Trace
from checker.report.picture import svg
from checker.report.picture.endpoints import ROW, draw_endpoints, fold_endpoints
from checker.report.picture.lettering import cut_end, cut_middle, text_width, wrap
from checker.report.picture.signs import TONE_OF, VERDICT_OF, circle, draw_sign
from checker.report.picture.style import (
    BODY,
    HEADLINE,
    LABEL,
    NAME,
    STRONG_NAME,
    TAG,
    Ink,
    Lettering,
    Tone,
)
from checker.report.picture.words import (
    STAGES,
    arrival,
    deciding_hop,
    ending,
    object_name,
    place,
    verdict_meaning,
)

_MARGIN = 16
_RAIL = 32
_TEXT = 56
_LINE = 18
_GAP = 16
_LEAD = 14  # from a block's upper edge to its first baseline

#: Lines of a hop's detail; what is left out is in its title.
_MOST_LINES, _MOST_DECIDING_LINES = 3, 10


class Way:
    """Draws one trace at one width; `body` and `height` are the result."""

    def __init__(self, trace: Trace, width: float) -> None:
        self._trace = trace
        self._width = width
        self._right = width - _MARGIN
        self._stations: list[str] = []
        self._rails: list[str] = []
        self._end = deciding_hop(trace)
        self._tone: Tone = TONE_OF[trace.verdict]
        self._y = 0.0
        self._last = 0.0  # where the rail has come to
        self._draw()
        self.height = self._y + _MARGIN
        # Stations stand on the rail.
        self.body = "".join((*self._rails, *self._stations))

    def _draw(self) -> None:
        trace = self._trace
        self._heading()
        self._terminus("from", trace.source, "")
        branch = _branch_index(trace)
        alive = True
        if branch is None:
            self._endpoints(alive)
        for index, hop in enumerate(trace.hops):
            if index == self._end:
                self._deciding(hop)
                alive = False
            else:
                self._station(hop, alive)
            if index == branch:
                self._endpoints(alive)
        self._terminus("to", trace.target, arrival(trace), alive)

    def _heading(self) -> None:
        trace = self._trace
        text_right = self._right
        lines = wrap(verdict_meaning(trace.verdict) + ".", text_right - _TEXT, BODY, 3)
        height = 46 + _LINE * len(lines) + 4
        width = self._width - 1
        band = (
            f"M.5 {svg.number(height)}V10.5a10 10 0 0 1 10-10H{svg.number(width - 9.5)}"
            f"a10 10 0 0 1 10 10V{svg.number(height)}z"
        )
        self._stations += [
            svg.path(band, f"kp-{self._tone}-tint"),
            draw_sign(trace.verdict, _RAIL, 27, 13),
            svg.text(_TEXT, 34, trace.verdict, HEADLINE, self._tone),
            svg.text(text_right, 33, trace.protocol, TAG, self._tone, "end"),
        ]
        self._y = 40
        self._lines(lines, BODY, "ink")
        self._y = height + _GAP

    def _terminus(self, word: str, name: str, state: str, alive: bool = True) -> None:
        """The first or the last station: who calls, and who was to be reached."""
        middle = self._y + 9
        if state:
            self._rail_to(middle - 8, alive)
        self._last = middle + 8
        name = svg.printable(name)
        x = _TEXT + text_width(word, BODY) + 7
        lines = wrap(name, self._right - x, STRONG_NAME, 2)
        parts = [svg.text(_TEXT, self._y + _LEAD, word, BODY, "muted")]
        # Dots where the packet does not come to; a ring where it starts or arrives.
        if not state:
            parts.append(_ring(middle, "ink"))
        elif self._trace.verdict in ("connected", "intermittent"):
            parts.append(_ring(middle, self._tone))
        else:
            parts.append(_ring(middle, "muted", dashed=True))
        for line in lines:
            reached = not state or self._trace.verdict in ("connected", "intermittent")
            ink: Ink = "ink" if reached else "muted"
            parts.append(svg.text(x, self._y + _LEAD, line, STRONG_NAME, ink))
            self._y += _LINE
        if state:
            ink = "muted" if self._tone == "bad" else self._tone
            parts.append(svg.text(_TEXT, self._y + _LEAD, state, BODY, ink))
            self._y += _LINE
        else:
            self._y += _GAP
        self._stations.append(svg.group(parts, name if " ".join(lines) != name else ""))

    def _station(self, hop: Hop, alive: bool) -> None:
        """A hop that lets the packet pass, or one that it would have met later."""
        middle = self._y + 9
        self._rail_to(middle, alive)
        start = len(self._stations)
        if alive:
            self._stations.append(draw_sign(VERDICT_OF[hop.status], _RAIL, middle, 9))
        else:
            self._stations.append(_ring(middle, "muted", dashed=True))
        self._label(hop, self._right, "ink" if alive else "muted")
        detail = svg.printable(hop.detail)
        lines = wrap(detail, self._right - _TEXT, BODY, _MOST_LINES)
        self._lines(lines, BODY, "muted")
        self._y += _GAP
        parts = self._stations[start:]
        self._stations[start:] = [svg.group(parts, _title(hop, " ".join(lines)))]

    def _deciding(self, hop: Hop) -> None:
        """The hop where the packet's way ends, in its box."""
        tone: Tone = "unknown" if hop.status == "unknown" else "bad"
        inner = self._right - 12
        top = self._y - 2
        middle = top + 23
        self._rail_to(middle, alive=True)
        start = len(self._stations)
        self._y = top + 10
        word = ending(self._trace, hop)
        tag_width = text_width(word, TAG) + 16
        self._stations += [
            svg.group(
                (svg.rectangle(_TEXT, self._y, tag_width, 20, "kp-fill", 10),),
                css_class=f"kp-{tone}",
            ),
            svg.text(_TEXT + tag_width / 2, self._y + 14, word, TAG, "paper", "middle"),
        ]
        self._y += 26
        self._label(hop, inner, "ink")
        detail = svg.printable(hop.detail)
        lines = wrap(detail, inner - _TEXT, BODY, _MOST_DECIDING_LINES)
        self._lines(lines, BODY, "ink")
        for note in filter(None, (svg.printable(hop.field), svg.printable(place(hop)))):
            self._y += 2
            self._lines(wrap(note, inner - _TEXT, NAME, 2), NAME, tone)
        self._y += 8
        box = (
            svg.rectangle(_RAIL, top, self._right - _RAIL, self._y - top, f"kp-{tone}-tint", 8),
            draw_sign(VERDICT_OF[hop.status], _RAIL, middle, 14),
        )
        parts = [box[0], *self._stations[start:], box[1]]
        self._stations[start:] = [svg.group(parts, _title(hop, " ".join(lines)))]
        # The rail goes on below the box, not behind it.
        self._last = self._y
        self._y += _GAP

    def _label(self, hop: Hop, right: float, ink: Ink) -> None:
        """What kind of station it is, and the name of the object that decides there."""
        baseline = self._y + _LEAD
        stage = svg.printable(STAGES.get(hop.stage, hop.stage))
        stage = cut_end(stage, right - _TEXT, LABEL)
        self._stations.append(svg.text(_TEXT, baseline, stage, LABEL, ink))
        x = _TEXT + text_width(stage, LABEL) + 6
        name = svg.printable(object_name(hop))
        if name and right - x > 60:
            name = cut_middle(name, right - x, NAME)
            self._stations.append(svg.text(x, baseline, name, NAME, "muted"))
        self._y += _LINE

    def _endpoints(self, alive: bool) -> None:
        """The branches to the endpoints, below the station that knows them."""
        rows = fold_endpoints(self._trace.endpoints)
        if not rows or (len(rows) == 1 and not self._trace.hops):
            return
        self._y -= 8
        self._stations += draw_endpoints(rows, _RAIL, _TEXT + 8, self._y, self._right)
        self._y += ROW * len(rows) + 4
        self._rail_to(self._y, alive)
        self._y += _GAP - 4

    def _lines(self, lines: list[str], lettering: Lettering, ink: Ink) -> None:
        for line in lines:
            self._stations.append(svg.text(_TEXT, self._y + _LEAD, line, lettering, ink))
            self._y += _LINE

    def _rail_to(self, y: float, alive: bool) -> None:
        data = f"M{_RAIL} {svg.number(self._last)}V{svg.number(y)}"
        tone, form = ("good", "kp-rail") if alive else ("muted", "kp-dotted")
        self._rails.append(
            svg.group((svg.path(data, f"kp-stroke {form}"),), css_class=f"kp-{tone}")
        )
        self._last = y


def _branch_index(trace: Trace) -> int | None:
    """The hop below which the endpoints branch off: the last that chooses among them."""
    for stages in (("service", "endpoints"), ("ingress", "node-port", "host-port"), ("dns",)):
        for index in range(len(trace.hops) - 1, -1, -1):
            if trace.hops[index].stage in stages:
                return index
    return None


def _ring(y: float, ink: Ink, dashed: bool = False) -> str:
    ring = svg.path(circle(_RAIL, y, 8), "kp-hollow kp-broken" if dashed else "kp-hollow")
    dot = "" if dashed else svg.path(circle(_RAIL, y, 3.5), "kp-fill")
    return svg.group((ring, dot), css_class=f"kp-{ink}")


def _title(hop: Hop, shown: str) -> str:
    """What the pointer over a hop shows: its place, and its detail where that was cut."""
    detail = svg.printable(hop.detail)
    name = object_name(hop)
    notes = [name, hop.field, place(hop)]
    if shown.replace(" ", "") != detail.replace(" ", ""):
        notes.append(detail)
    return " · ".join(filter(None, notes))
