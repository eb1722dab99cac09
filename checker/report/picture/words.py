"""What pictures say: short words beside the signs, and the whole story for screen readers."""

from __future__ import annotations

from collections import Counter

from checker.network.answer import EndpointVerdict, Hop, HopStatus, Matrix, Stage, Trace, Verdict
from checker.report.text.layout import count, join_words
from checker.report.text.way import VERDICTS

#: Stages as a reader knows them.
STAGES: dict[Stage, str] = {
    "dns": "DNS",
    "service": "Service",
    "endpoints": "Endpoints",
    "egress-policy": "Egress policy",
    "ingress-policy": "Ingress policy",
    "node-port": "Node port",
    "host-port": "Host port",
    "ingress": "Ingress",
    "pod": "Pod",
    "listener": "Listener",
}

#: What happens at the hop that decides.
_ENDS: dict[Verdict, str] = {
    "connected": "decided here",
    "refused": "refused here",
    "timeout": "lost here, no answer",
    "dns-failure": "not found here",
    "rejected": "the API server refuses this",
    "intermittent": "fails here for some",
    "cannot-tell": "not known from here on",
}

_STATUSES: dict[HopStatus, str] = {"pass": "passes", "fail": "fails", "unknown": "is not known"}

#: More failing pairs than this are only counted in a matrix's description.
_MOST_PAIRS = 6


def deciding_hop(trace: Trace) -> int | None:
    """The index of the hop where the packet's way ends: the first that fails.

    Where none fails and the answer is not known, the first unknown one; None where all pass.
    """
    for status in ("fail", "unknown"):
        for index, hop in enumerate(trace.hops):
            if hop.status == status:
                return index
    return None


def ending(trace: Trace, hop: Hop) -> str:
    """What the deciding hop does to the packet, in a few words."""
    if hop.status == "unknown":
        return _ENDS["cannot-tell"]
    if trace.verdict in ("connected", "cannot-tell"):
        return "fails here"
    return _ENDS[trace.verdict]


def arrival(trace: Trace) -> str:
    """Whether the target is reached."""
    if trace.verdict == "connected":
        return "reached"
    if trace.verdict == "cannot-tell":
        return "not known whether it is reached"
    if trace.verdict == "intermittent":
        good = sum(endpoint.verdict == "connected" for endpoint in trace.endpoints)
        if trace.endpoints:
            return f"reached through {good} of {count(len(trace.endpoints), 'endpoint')}"
        return "reached sometimes"
    return "not reached"


def object_name(hop: Hop) -> str:
    """The object that decides at a hop; its kind only where the stage does not name it."""
    if hop.object is None:
        return ""
    if hop.object.kind == STAGES.get(hop.stage, hop.stage):
        return hop.object.name
    return str(hop.object)


def place(hop: Hop) -> str:
    """File and line of what decides, empty where there is none."""
    return f"{hop.location.file}:{hop.location.line}" if hop.location else ""


def address(endpoint: EndpointVerdict) -> str:
    """Pod and port."""
    return f"{endpoint.pod}:{endpoint.port}"


def verdict_meaning(verdict: Verdict) -> str:
    """What the client sees, as the terminal says it."""
    meaning = VERDICTS[verdict]
    return meaning[:1].upper() + meaning[1:]


def trace_title(trace: Trace) -> str:
    """A trace in one line."""
    return f"From {trace.source} to {trace.target} over {trace.protocol}: {trace.verdict}"


def trace_story(trace: Trace) -> str:
    """A trace for those who hear it: the way, where it ends and why, and the endpoints."""
    sentences = [f"{verdict_meaning(trace.verdict)}."]
    end = deciding_hop(trace)
    passed = [_named(hop) for hop in trace.hops[:end]]
    if passed:
        sentences.append(f"The packet passes {join_words(passed)}.")
    if end is not None:
        hop = trace.hops[end]
        where = f" ({', '.join(filter(None, (hop.field, place(hop))))})"
        sentences.append(
            f"{_named(hop)} {_STATUSES[hop.status]}"
            f"{where if where != ' ()' else ''}: {hop.detail.strip().rstrip('.')}."
        )
    if len(trace.endpoints) > 1:
        totals = Counter(endpoint.verdict for endpoint in trace.endpoints)
        sentences.append(
            f"Of {len(trace.endpoints)} endpoints: "
            f"{join_words(f'{number} {verdict}' for verdict, number in totals.items())}."
        )
    return " ".join(sentences)


def _named(hop: Hop) -> str:
    stage = STAGES.get(hop.stage, hop.stage)
    name = object_name(hop)
    return f"{stage} {name}" if name else stage


def matrix_heading(matrix: Matrix) -> str:
    """What a matrix is about."""
    return f"Who reaches whom over {matrix.protocol}"


def matrix_extent(matrix: Matrix) -> str:
    """How many ask, and for how much."""
    sources, targets = len(matrix.sources), len(matrix.targets)
    return f"{count(sources, 'source')}, {count(targets, 'target')}"


def matrix_title(matrix: Matrix) -> str:
    """A matrix in one line."""
    return f"{matrix_heading(matrix)}: {matrix_extent(matrix)}"


def matrix_story(matrix: Matrix) -> str:
    """A matrix for those who hear it: totals, and the pairs that are not connected if few."""
    totals = verdict_totals(matrix)
    if not totals:
        return "There is nothing to connect."
    sentences = [join_words(f"{number} {verdict}" for verdict, number in totals.items()) + "."]
    others = sum(totals.values()) - totals.get("connected", 0)
    if 0 < others <= _MOST_PAIRS:
        pairs = [
            f"{source.name} to {target.name} ({verdict})"
            for source, row in zip(matrix.sources, matrix.verdicts, strict=True)
            for target, verdict in zip(matrix.targets, row, strict=True)
            if verdict != "connected"
        ]
        sentences.append(f"Not connected: {join_words(pairs)}.")
    return " ".join(sentences)


def verdict_totals(matrix: Matrix) -> dict[Verdict, int]:
    """How often each verdict occurs, in the order in which verdicts are explained."""
    totals: Counter[Verdict] = Counter()
    for row in matrix.verdicts:
        totals.update(row)
    return {verdict: totals[verdict] for verdict in VERDICTS if totals[verdict]}
