"""`lint`: what there is to say about any manifests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from checker.api import ClusterSettings, Finding
from checker.cli.console import Console
from checker.cli.errors import ALL_WELL, BAD_INPUT, FALLS_SHORT, UsageError
from checker.cli.manifests import Input, problem_failure, read_input, tell_left_out, tell_problems
from checker.cli.option_values import SEVERITIES
from checker.cli.options import Options
from checker.cli.plain_arguments import plain
from checker.cli.rules import chosen, is_wanted

if TYPE_CHECKING:
    from checker.network import Cluster
    from checker.report.sarif import Suppressed


def lint(arguments: Sequence[str], console: Console) -> int:
    """Print the findings; the exit code says whether any is grave enough."""
    options = _options(arguments, console)
    found = read_input(options)
    from checker.network import build_cluster

    cluster = build_cluster(found.admission.resources, found.settings)
    findings = [one for one in _findings(found, cluster) if is_wanted(one.rule, options)]
    suppressed: list[Suppressed] = []
    if options.suppressed:
        from checker.cli.suppressed import by_annotations

        suppressed = [
            one for one in by_annotations(found, cluster) if is_wanted(one.finding.rule, options)
        ]
    if options.baseline or options.write_baseline:
        from checker.cli.baselines import without_baseline

        before = findings
        findings = without_baseline(findings, found, options, console)
        if options.suppressed:
            from checker.cli.suppressed import by_baseline

            suppressed += by_baseline(before, findings, found, options)
    _show(findings, suppressed, found, options, console)
    tell_left_out(found, console)
    tell_problems(found, console)
    if found.problems:
        return BAD_INPUT
    gravest = SEVERITIES.index(options.fail_on)
    grave = any(SEVERITIES.index(finding.severity) >= gravest for finding in findings)
    return FALLS_SHORT if grave else ALL_WELL


def _show(
    findings: list[Finding],
    suppressed: list[Suppressed],
    found: Input,
    options: Options,
    console: Console,
) -> None:
    from checker.report.reading_order import in_reading_order

    ordered = in_reading_order(findings, found.texts)
    objects = len(found.admission.resources)
    if console.as_json:
        from checker.report.json_format import findings_document

        failure = problem_failure(found.problems)
        console.document(findings_document(ordered, len(found.texts), objects, failure))
    elif console.format != "text":
        from checker.cli.ci_formats import show

        show(ordered, suppressed, found, options.fail_on, console)
    elif findings or not found.problems:
        from checker.report.text.findings import findings_text

        console.lines(findings_text(findings, found.texts, objects, console.style))


def _findings(found: Input, cluster: Cluster) -> list[Finding]:
    """What the API server would say, then what analysis says."""
    from checker.advice import advise, without_ignored

    resources = found.admission.resources
    admitted = without_ignored(found.admission.findings, resources)
    return [*admitted, *advise(cluster, resources)]


def _options(arguments: Sequence[str], console: Console) -> Options:
    defaults = {**ClusterSettings()._asdict(), **_DEFAULTS}
    options = plain(arguments, "lint", defaults) or _parsed(arguments, console)
    settings = options.settings
    options.select = chosen(options.select, "--select") or settings.select
    options.ignore = chosen(options.ignore, "--ignore") or settings.ignore
    for option in ("baseline", "write_baseline"):
        if getattr(options, option) in ("", "-"):
            raise UsageError(f"--{option.replace('_', '-')} has to name a file")
    options.baseline = options.baseline or settings.baseline
    return options


def _parsed(arguments: Sequence[str], console: Console) -> Options:
    from checker.cli.arguments import Parser, add_model, add_paths

    parser = Parser("lint", "Findings in any manifests: API-server rules, and analysis of ports.")
    add_paths(parser)
    parser.add_argument("--select", action="append", metavar="RULES", help=_RULES_HELP)
    parser.add_argument("--ignore", action="append", metavar="RULES", help="leave these out")
    parser.add_argument(
        "--fail-on", choices=SEVERITIES[::-1], default="error", help="exit with 1 from here on"
    )
    parser.add_argument(
        "--baseline", metavar="FILE", help="leave out the findings that this file holds"
    )
    parser.add_argument(
        "--write-baseline", metavar="FILE", help="write all findings of now to this file"
    )
    parser.add_argument(
        "--suppressed",
        action="store_true",
        help="sarif: also what annotations and the baseline silence, marked as suppressed",
    )
    add_model(parser)
    return parser.read(arguments, console)


#: Of `_parsed`'s own options.
_DEFAULTS = {
    "select": None,
    "ignore": None,
    "exclude": None,
    "fail_on": "error",
    "baseline": None,
    "write_baseline": None,
    "suppressed": False,
}
_RULES_HELP = "only these: ids with commas between; `api-*` stands for all that begin so"
