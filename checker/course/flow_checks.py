"""Checks on traffic: connections that must work, that must not, and where they arrive."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from checker.course import sentences
from checker.course.exercise import Endpoints, Flow, Flows, Matrix, NoFlows
from checker.course.result import PASS, Outcome
from checker.course.submission import Submission
from checker.manifests import Location
from checker.network.answer import EndpointVerdict, Hop, Trace


def judge_flows(spec: Flows, submission: Submission) -> Outcome:
    """Passes where every connection ends as expected."""
    return _first_bad(spec.flows, submission, sentences.FLOW_FAILS)


def judge_no_flows(spec: NoFlows, submission: Submission) -> Outcome:
    """Passes where no connection comes about. A missing end is no proof, so it fails."""
    return _first_bad(spec.flows, submission, sentences.FLOW_LEAKS)


def judge_endpoints(spec: Endpoints, submission: Submission) -> Outcome:
    """Passes where the connection can arrive at the right pods and ports, and nowhere else."""
    flow = Flow(spec.source, spec.target, spec.protocol, ("connected",))
    trace = submission.trace(flow)
    if isinstance(trace, str) or not trace.endpoints:
        return _judge(flow, submission, sentences.FLOW_FAILS)
    message = _wrong_endpoints(spec, trace)
    if message:
        location = _deciding_line(trace.hops, submission)
        return Outcome("fail", message, location, trace)
    if any(end.verdict == "cannot-tell" for end in trace.endpoints):
        return _judge(flow, submission, sentences.FLOW_FAILS)
    answering = sum(end.verdict == "connected" for end in trace.endpoints)
    if answering < spec.at_least:
        hop = failing_hop(trace)
        message = sentences.FEW_ENDPOINTS.format(
            flow=trace_text(trace),
            count=answering or "none",
            least=spec.at_least,
            detail=f": {sentence(hop.detail)}" if hop else ".",
        )
        return Outcome("fail", message, _line_of(trace, submission), trace)
    return Outcome("pass", trace=trace)


def _wrong_endpoints(spec: Endpoints, trace: Trace) -> str:
    """What is wrong with the ports and pods at which the connection may arrive, if anything."""
    for endpoint in trace.endpoints:
        expected = _expected_ports(spec, endpoint)
        if expected and endpoint.port not in expected:
            return sentences.WRONG_PORT.format(
                flow=trace_text(trace),
                port=endpoint.port,
                pod=endpoint.pod,
                expected=sentences.listed(expected, "or"),
            )
    for pattern, port in spec.pods.items():
        if not any(fnmatchcase(endpoint.pod, pattern) for endpoint in trace.endpoints):
            pods = f"the pods of {pattern.rstrip('-*')}"
            return sentences.POD_LEFT_OUT.format(flow=trace_text(trace), pods=pods, port=port)
    return ""


def judge_matrix(spec: Matrix, submission: Submission) -> Outcome:
    """Passes where exactly the allowed pairs connect. Says the missing one before the leak."""
    pairs = [(source, target) for source in spec.sources for target in spec.targets]
    pairs.sort(key=lambda pair: pair not in spec.allowed)
    for source, target in pairs:
        wanted = (source, target) in spec.allowed
        expect = ("connected",) if wanted else ("refused", "timeout", "dns-failure")
        flow = Flow(source, target, spec.protocol, expect)  # type: ignore[arg-type]  # literals
        template = sentences.FLOW_FAILS if wanted else sentences.FLOW_LEAKS
        outcome = _judge(flow, submission, template)
        if outcome.status != "pass":
            return outcome
    return PASS


def flow_text(flow: Flow) -> str:
    """A connection as people are shown it."""
    return f"{flow.source} → {flow.target} ({flow.protocol})"


def trace_text(trace: Trace) -> str:
    """As `flow_text`, with the values of the answer in it."""
    return f"{trace.source} → {trace.target} ({trace.protocol})"


def failing_hop(trace: Trace) -> Hop | None:
    """The first hop that does not pass: where the packet dies, or where nothing is known."""
    return next((hop for hop in trace.hops if hop.status != "pass"), None)


def _first_bad(flows: tuple[Flow, ...], submission: Submission, template: str) -> Outcome:
    outcome = PASS
    for flow in flows:
        outcome = _judge(flow, submission, template)
        if outcome.status != "pass":
            break
    return outcome


def _judge(flow: Flow, submission: Submission, template: str) -> Outcome:
    trace = submission.trace(flow)
    if isinstance(trace, str):
        message = sentence(trace)
        # An end that the answer itself names is told by the sentence; its notation is the course's.
        if "{" not in flow.source + flow.target:
            message = sentences.FLOW_NOWHERE.format(flow=flow_text(flow), detail=message)
        return Outcome("fail", message)
    if trace.verdict in flow.expect:
        return Outcome("pass", trace=trace)
    hop = failing_hop(trace) or _opening_hop(trace)
    detail = sentence(hop.detail) if hop else ""
    location = _line_of(trace, submission)
    if trace.verdict == "cannot-tell":
        message = sentences.FLOW_UNKNOWN.format(flow=trace_text(trace), detail=detail)
        return Outcome("cannot-tell", message, location, trace)
    seen = sentences.SEEN[trace.verdict]
    message = template.format(
        flow=trace_text(trace),
        expected=sentences.listed((sentences.EXPECTED[v] for v in flow.expect), "or"),
        seen=f"{seen}: {detail}" if detail else f"{seen}.",
    )
    return Outcome("fail", message, location, trace)


def _opening_hop(trace: Trace) -> Hop | None:
    """What let a connection through that should not be: the last policy on the way, or the end."""
    policies = [hop for hop in trace.hops if hop.stage.endswith("-policy")]
    hops = policies or trace.hops
    return hops[-1] if hops else None


def _line_of(trace: Trace, submission: Submission) -> Location | None:
    """The line to look at: where the packet dies or slips through, or what sent it there."""
    hop = failing_hop(trace) or _opening_hop(trace)
    if hop is None:
        return None
    if _is_own(hop.location, submission):
        return hop.location
    before = trace.hops[: trace.hops.index(hop)]
    return _deciding_line(before, submission) or hop.location


def _deciding_line(hops: Sequence[Hop], submission: Submission) -> Location | None:
    """The answer's own line that sends the connection on, the Service's before any other."""
    own = [hop for hop in hops if _is_own(hop.location, submission)]
    for hop in own:
        if hop.stage in ("service", "endpoints") and hop.field:
            return hop.location
    return own[-1].location if own else None


def _is_own(location: Location | None, submission: Submission) -> bool:
    return location is not None and any(
        location.file == source.name for source in submission.sources
    )


def sentence(text: str) -> str:
    """`text` with a full stop at its end, if it has no end of its own."""
    return text if re.search(r"[.!?…]$", text) else f"{text}."


def _expected_ports(spec: Endpoints, endpoint: EndpointVerdict) -> tuple[int, ...]:
    for pattern, port in spec.pods.items():
        if fnmatchcase(endpoint.pod, pattern):
            return (port,)
    return spec.ports
