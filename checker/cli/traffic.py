"""`trace` and `matrix`: what traffic would do."""

from __future__ import annotations

from collections.abc import Sequence

from checker.cli.arguments import Parser, add_model, add_paths
from checker.cli.console import Console
from checker.cli.errors import ALL_WELL, BAD_INPUT, FALLS_SHORT, UsageError
from checker.cli.live_traffic import (
    add_live,
    compared,
    exit_code,
    fitting,
    matrix_fields,
    matrix_lines,
    trace_fields,
    trace_lines,
)
from checker.cli.manifests import Input, problem_failure, read_input, tell_left_out, tell_problems
from checker.cli.options import Options
from checker.network import BadEndpoint, Cluster, build_cluster

_PROTOCOLS = ("TCP", "UDP", "SCTP")


def follow(arguments: Sequence[str], console: Console) -> int:
    """Follow one connection; 0 only where it is made."""
    parser = Parser("trace", "Follow one connection, hop by hop.")
    add_paths(parser)
    parser.add_argument(
        "--from",
        dest="source",
        required=True,
        metavar="F",
        help="pod/NAME[.NS], deploy/NAME[.NS], node[/NAME] or external",
    )
    parser.add_argument(
        "--to",
        dest="target",
        required=True,
        metavar="T",
        help="svc/NAME[.NS]:PORT, dns/HOSTNAME:PORT, pod/NAME[.NS]:PORT, deploy/NAME[.NS]:PORT, "
        "ingress/HOST/PATH, node[/NAME]:PORT or localhost:PORT",
    )
    _add_protocol(parser)
    add_model(parser)
    add_live(parser)
    options = parser.read(arguments, console)
    fitting(options, console)
    from checker.network import trace

    found, cluster = _cluster(options, console)
    if cluster is None:
        return BAD_INPUT
    try:
        way = trace(cluster, options.source, options.target, options.protocol)
    except BadEndpoint as error:
        raise UsageError(str(error)) from error
    live = None
    if options.live:
        live = compared(options, found.admission, cluster, [way], console)
    if console.as_json:
        from checker.report.json_format import trace_document

        console.document(trace_document(way) | (trace_fields(live) if live else {}))
    elif console.format == "svg":
        from checker.report.picture import trace_svg

        console.markup(trace_svg(way) + "\n")
    else:
        from checker.report.text.trace import trace_text

        console.lines(trace_text(way, found.texts, console.style))
        if live is not None:
            console.lines(trace_lines(live, console))
    if live is not None:
        return exit_code(live, judge=True, console=console)
    return ALL_WELL if way.verdict == "connected" else FALLS_SHORT


def show_matrix(arguments: Sequence[str], console: Console) -> int:
    """Who can reach whom. Judges nothing: 0 whatever the answer."""
    parser = Parser("matrix", "Who can reach whom, on which port.")
    add_paths(parser)
    _add_protocol(parser)
    add_model(parser)
    add_live(parser)
    options = parser.read(arguments, console)
    fitting(options, console)
    found, cluster = _cluster(options, console)
    if cluster is None:
        return BAD_INPUT
    from checker.network import matrix

    table = matrix(cluster, options.protocol)
    live = None
    if options.live:
        from checker.live.questions.tables import cells

        asked = cells(cluster, table)
        live = compared(options, found.admission, cluster, asked, console)
    if console.as_json:
        from checker.report.json_format import matrix_document

        console.document(matrix_document(table) | (matrix_fields(table, live) if live else {}))
    elif console.format == "svg":
        from checker.report.picture import matrix_svg

        console.markup(matrix_svg(table) + "\n")
    else:
        from checker.report.text.matrix import matrix_text

        console.lines(matrix_text(table, console.style))
        if live is not None:
            console.lines(matrix_lines(table, live, console))
    return exit_code(live, judge=False, console=console) if live is not None else ALL_WELL


def _add_protocol(parser: Parser) -> None:
    parser.add_argument("--protocol", type=str.upper, choices=_PROTOCOLS, default="TCP")


def _cluster(options: Options, console: Console) -> tuple[Input, Cluster | None]:
    """The model, or None (and told why) where the input could not be read in full.

    An answer about half of the input would be a guess.
    """
    found = read_input(options)
    tell_left_out(found, console)
    if found.problems:
        tell_problems(found, console)
        failure = problem_failure(found.problems)
        if console.as_json and failure is not None:
            from checker.report.json_format import failure_document

            console.document(failure_document(console.schema, failure))
        return found, None
    refused = sum(not resource.accepted for resource in found.admission.resources)
    if refused:
        from checker.report.text.layout import count

        console.message(
            f"checker: the API server would refuse {count(refused, 'object')}; `lint` says why"
        )
    return found, build_cluster(found.admission.resources, found.settings)
