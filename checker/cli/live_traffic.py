"""`trace --live` and `matrix --live`: the same questions, put to a real cluster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from checker.cli.arguments import Parser
from checker.cli.cluster_access import add_context, connected, environment_errors
from checker.cli.console import Console
from checker.cli.errors import ALL_WELL, ENVIRONMENT, FALLS_SHORT, UsageError
from checker.cli.options import Options
from checker.cli.steps import Steps
from checker.report.text.layout import count, wrap

if TYPE_CHECKING:
    from checker.api import Admission
    from checker.live.questions.comparing import Comparison
    from checker.network import Cluster, Matrix, Trace

Document = dict[str, Any]


def add_live(parser: Parser) -> None:
    """The options `--live` and `--context`."""
    parser.add_argument(
        "--live",
        action="store_true",
        help="then try it in a cluster: apply the manifests in namespaces of their own, connect, "
        "and take them away again",
    )
    add_context(parser)


def fitting(options: Options, console: Console) -> None:
    """Raise UsageError for options that do not go with or without `--live`."""
    if options.context is not None and not options.live:
        raise UsageError("--context goes with --live")
    if options.live and console.format not in ("text", "json"):
        raise UsageError(f"--live is shown as text or JSON, not as {console.format}")


def compared(
    options: Options,
    admission: Admission,
    cluster: Cluster,
    predicted: Sequence[Trace],
    console: Console,
) -> Comparison:
    """What a cluster answers to each of these. Raises CommandError."""
    with environment_errors():
        from checker.live.questions.comparing import compare

        api = connected(options.context, console)
        console.message(f"Live, in the context {api.context}:")
        with Steps(console) as tell:
            found = compare(api, admission, cluster, predicted, tell)
    for surprise in found.surprises:
        console.message(f"checker: {surprise}")
    return found


def trace_fields(found: Comparison) -> Document:
    """What a trace's document has besides, with `--live`."""
    (one,) = found.connections
    return {"observed": one.seen.verdict, "agrees": one.agrees, "note": one.note, **_error(found)}


def matrix_fields(table: Matrix, found: Comparison) -> Document:
    """What a matrix's document has besides, with `--live`."""
    from checker.live.questions.tables import with_verdicts

    observed = with_verdicts(table, [one.seen.verdict for one in found.connections])
    return {
        "observed": [list(row) for row in observed.verdicts],
        "agrees": found.agrees,
        "notes": found.notes,
        **_error(found),
    }


def trace_lines(found: Comparison, console: Console) -> list[str]:
    """Predicted beside observed."""
    (one,) = found.connections
    if one.note:
        said = f"predicted {one.predicted.verdict}, not tried: {one.note}"
        return ["", *wrap(said, console.style.width, "", "  ")]
    judged = {True: "as predicted", False: "not as predicted", None: "settled by the cluster"}
    return [
        "",
        f"predicted {one.predicted.verdict}, observed {one.seen.verdict}: {judged[one.agrees]}",
    ]


def matrix_lines(table: Matrix, found: Comparison, console: Console) -> list[str]:
    """The observed table below the predicted one, and each connection that differs."""
    from checker.live.questions.tables import with_verdicts
    from checker.report.text.matrix import matrix_text

    style = console.style
    observed = with_verdicts(table, [one.seen.verdict for one in found.connections])
    tried = [one for one in found.connections if not one.note]
    same = sum(one.agrees is not False for one in tried)
    lines = ["", style.strong("Observed"), "", *matrix_text(observed, style), ""]
    lines.append(f"tried {count(len(tried), 'connection')}, {same} as predicted")
    for one in tried:
        if one.agrees is False:
            ends = f"{one.predicted.source} {style.marks.arrow} {one.predicted.target}"
            said = f"predicted {one.predicted.verdict}, observed {one.seen.verdict}"
            lines += wrap(f"{ends}: {said}", style.width, "  ", "    ")
    left = len(found.connections) - len(tried)
    if left:
        lines.append(f"not tried: {count(left, 'connection')}")
        for note in found.notes:
            lines += wrap(note, style.width, "  ")
    return lines


def exit_code(found: Comparison, *, judge: bool, console: Console) -> int:
    """3 where the cluster did otherwise than predicted, or could not be asked at all.

    Else, with `judge`, whether the connection is made; without, 0.
    """
    from checker.live.questions.exercise_check import BELIEVE, REPORT

    if found.agrees is False:
        if not console.as_json:
            console.message("", f"checker: {BELIEVE}", f"checker: {REPORT}")
        return ENVIRONMENT
    if found.untried:
        return ENVIRONMENT
    if judge and any(one.seen.verdict != "connected" for one in found.connections):
        return FALLS_SHORT
    return ALL_WELL


def _error(found: Comparison) -> Document:
    """JSON says with exit code 3 why."""
    if found.agrees is False:
        message = "; ".join(
            f"{one.predicted.source} → {one.predicted.target}: predicted "
            f"{one.predicted.verdict}, observed {one.seen.verdict}"
            for one in found.connections
            if one.agrees is False
        )
    elif found.untried:
        message = "; ".join(found.notes)
    else:
        return {}
    return {"error": {"message": message, "location": None}}
