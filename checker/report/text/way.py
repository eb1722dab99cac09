"""A packet's way, drawn from top to bottom: where it starts, each hop, where it ends or dies."""

from __future__ import annotations

from checker.network.answer import Hop, Trace, Verdict
from checker.report.text.layout import hang
from checker.report.text.style import Style

#: What the client sees, in words.
VERDICTS: dict[Verdict, str] = {
    "connected": "the connection is made",
    "refused": "the client is told at once that nobody listens (TCP reset or ICMP unreachable)",
    "timeout": "the client waits and gets no answer at all",
    "dns-failure": "the name is not found, so there is no address to dial",
    "rejected": "an object on the way would not be created by the API server",
    "intermittent": "some connections are made, others fail: the endpoints disagree",
    "cannot-tell": "the manifests do not say enough to know",
}

#: Stages in the words that a reader knows; the JSON keeps the contract's.
STAGES = {
    "dns": "DNS",
    "service": "Service",
    "endpoints": "endpoints",
    "egress-policy": "egress",
    "ingress-policy": "ingress",
    "node-port": "node port",
    "host-port": "host port",
    "ingress": "Ingress",
    "pod": "pod",
    "listener": "listener",
}
_STAGE_WIDTH = max(map(len, STAGES.values()))


def draw_way(trace: Trace, style: Style, indent: str = "  ") -> list[str]:
    """The way from source to target, a mark a hop, and the verdict at its end."""
    bar = indent + style.faint(style.marks.line)
    lines = [indent + style.strong(trace.source)]
    for hop in trace.hops:
        lines.append(bar)
        lines.extend(_hop(hop, style, indent))
    # A way that ends goes no further down than the hop where it ends.
    ended = any(hop.status == "fail" for hop in trace.hops)
    lines.append("" if ended else bar)
    lines.extend(verdict_lines(trace.verdict, style, indent))
    return lines


def verdict_lines(verdict: Verdict, style: Style, indent: str = "") -> list[str]:
    """What the client sees: the verdict's word and what it means."""
    prefix = f"{indent}{paint_mark(verdict, style)} {paint_verdict(verdict, style)}: "
    taken = len(indent) + len(verdict) + 4
    return hang(prefix, taken, VERDICTS[verdict], style.width, rest_taken=len(indent) + 2)


def paint_mark(verdict: Verdict, style: Style) -> str:
    """The mark of a verdict."""
    if verdict == "connected":
        return style.good(style.marks.good)
    if verdict == "cannot-tell":
        return style.warning(style.marks.unknown)
    return style.bad(style.marks.bad)


def paint_verdict(verdict: Verdict, style: Style) -> str:
    """The verdict's word."""
    if verdict == "connected":
        return style.good(verdict)
    if verdict == "cannot-tell":
        return style.warning(verdict)
    return style.bad(verdict)


def endpoint_lines(trace: Trace, style: Style, indent: str = "  ") -> list[str]:
    """Each endpoint that the connection may be given, with what it would meet there."""
    names = [f"{endpoint.pod}:{endpoint.port}" for endpoint in trace.endpoints]
    width = max(map(len, names), default=0)
    return [
        f"{indent}{paint_mark(endpoint.verdict, style)} {name:<{width}}  "
        f"{paint_verdict(endpoint.verdict, style)}"
        for name, endpoint in zip(names, trace.endpoints, strict=True)
    ]


def _hop(hop: Hop, style: Style, indent: str) -> list[str]:
    marks = style.marks
    if hop.status == "pass":
        mark = style.good(marks.good)
    elif hop.status == "fail":
        mark = style.bad(marks.bad)
    else:
        mark = style.warning(marks.unknown)
    stage = f"{STAGES.get(hop.stage, hop.stage):<{_STAGE_WIDTH}}"
    prefix = f"{indent}{mark} {style.strong(stage)}  "
    taken = len(indent) + 2 + _STAGE_WIDTH + 2
    # The line down the left goes on beside the text, but not below the hop where it ends.
    bar = style.faint(marks.line) if hop.status != "fail" else " "
    rest = indent + bar + " " * (taken - len(indent) - 1)
    lines = hang(prefix, taken, hop.detail, style.width, rest)
    if hop.location is not None:
        lines.append(rest + style.faint(f"{hop.location.file}:{hop.location.line}"))
    return lines
