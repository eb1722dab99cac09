"""`lint --format sarif|junit|github`: findings with file names as CI systems look them up."""

from __future__ import annotations

from collections.abc import Sequence

from checker.api import Finding
from checker.cli.console import Console
from checker.cli.manifests import Input
from checker.report.json_format import Failure
from checker.report.sarif import Suppressed
from checker.workspace.relative_names import names_below, report_root


def show(
    findings: Sequence[Finding],
    suppressed: Sequence[Suppressed],
    found: Input,
    fail_on: str,
    console: Console,
) -> None:
    """Print the findings, and what could not be read, in the console's format.

    SARIF alone has a place for what is suppressed.
    """
    unread = [one.location.file for one in found.problems if one.kind == "unreadable"]
    names = names_below(report_root(), (*found.texts, *unread))
    placed = [_placed(finding, names) for finding in findings]
    failures = [
        Failure(
            problem.message,
            names.get(problem.location.file, problem.location.file),
            problem.location.line,
            problem.location.column,
        )
        for problem in found.problems
    ]
    files = [names[name] for name in found.texts]
    if console.format == "sarif":
        from checker.advice import explain
        from checker.report.sarif import sarif_document

        hidden = [one._replace(finding=_placed(one.finding, names)) for one in suppressed]
        used = {finding.rule for finding in (*findings, *(one.finding for one in hidden))}
        about = {rule: explain(rule) for rule in used}
        rules = {rule: told for rule, told in about.items() if told is not None}
        console.document(sarif_document(placed, rules, files, failures, hidden))
    elif console.format == "junit":
        from checker.report.junit import lint_junit

        console.markup(lint_junit(placed, files, failures, fail_on))
    else:
        from checker.report.github import failure_annotation, finding_annotations

        lines = [*map(failure_annotation, failures), *finding_annotations(placed)]
        if lines:
            console.lines(lines)


def _placed(finding: Finding, names: dict[str, str]) -> Finding:
    place = finding.location
    if place is None:
        return finding
    return finding._replace(location=place._replace(file=names.get(place.file, place.file)))
