"""`trace` as text."""

from __future__ import annotations

from collections.abc import Mapping

from checker.network.answer import Trace
from checker.report.text.excerpt import excerpt
from checker.report.text.style import Style
from checker.report.text.way import draw_way, endpoint_lines


def trace_text(trace: Trace, texts: Mapping[str, str], style: Style) -> list[str]:
    """The way drawn, the line where it dies, and the endpoints where they disagree."""
    arrow = style.marks.arrow
    lines = [f"{style.strong(f'{trace.source} {arrow} {trace.target}')} over {trace.protocol}", ""]
    lines += draw_way(trace, style)
    for hop in trace.hops:
        if hop.status == "fail" and hop.location is not None:
            lines += ["", *excerpt(texts, hop.location, style)]
            break
    if len(trace.endpoints) > 1:
        lines += ["", style.strong("Endpoints"), *endpoint_lines(trace, style)]
    return lines
