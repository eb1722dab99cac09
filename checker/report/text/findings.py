"""`lint` as text: file by file, each finding with its line, its reason and its fix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checker.api.finding import Finding
from checker.report.text.excerpt import excerpt
from checker.report.text.layout import count, hang, join_words
from checker.report.text.style import Style


def findings_text(
    findings: Sequence[Finding], texts: Mapping[str, str], objects: int, style: Style
) -> list[str]:
    """All findings, in the order of their files and lines, and a line that sums them up."""
    lines: list[str] = []
    shown: set[tuple[str, str]] = set()
    for finding in in_reading_order(findings, texts):
        # What a rule means is said once a file; after that `explain` has it.
        told = (finding.location.file if finding.location else "", finding.rule)
        lines += _finding(finding, texts, style, brief=told in shown)
        lines.append("")
        shown.add(told)
    lines += _summary(findings, len(texts), objects, style)
    return lines


def in_reading_order(findings: Sequence[Finding], texts: Mapping[str, str]) -> list[Finding]:
    """Findings sorted by file (in the order read), then line; what has no place comes last."""
    order = {name: position for position, name in enumerate(texts)}

    def key(finding: Finding) -> tuple[int, int]:
        if finding.location is None:
            return len(order), 0
        return order.get(finding.location.file, len(order)), finding.location.line

    return sorted(findings, key=key)


def finding_message(finding: Finding) -> str:
    """The message with its field before it, as the API server and kubectl print it."""
    if not finding.field or finding.field in finding.message:
        return finding.message
    return f"{finding.field}: {finding.message}"


def _finding(finding: Finding, texts: Mapping[str, str], style: Style, *, brief: bool) -> list[str]:
    label = f"{finding.severity}[{finding.rule}]"
    lines = hang(
        f"{_paint(finding, style, label)} ",
        len(label) + 1,
        finding_message(finding),
        style.width,
        rest_taken=4,
    )
    if finding.location is not None:
        lines += excerpt(texts, finding.location, style)
    for word, text in (
        ("in", _object(finding)),
        ("why", "" if brief else finding.why),
        ("fix", "" if brief else finding.fix),
        ("see", "" if brief else finding.url),
    ):
        if text:
            lines += hang(
                f"  {style.strong(word)}: ", len(word) + 4, text, style.width, rest_taken=7
            )
    return lines


def _object(finding: Finding) -> str:
    if finding.object is None:
        return ""
    where = f" in namespace {finding.object.namespace}" if finding.object.namespace else ""
    return f"{finding.object}{where}"


def _paint(finding: Finding, style: Style, text: str) -> str:
    if finding.severity == "error":
        return style.bad(text)
    return style.warning(text) if finding.severity == "warning" else style.strong(text)


def _summary(findings: Sequence[Finding], files: int, objects: int, style: Style) -> list[str]:
    tally = {"error": 0, "warning": 0, "note": 0}
    for finding in findings:
        tally[finding.severity] += 1
    read = f"{count(objects, 'object')} in {count(files, 'file')}"
    counted = [count(number, severity) for severity, number in tally.items() if number]
    if not counted:
        told = f"nothing to complain about: {read}"
        return hang(f"{style.good(style.marks.good)} ", 2, told, style.width)
    mark = style.bad(style.marks.bad) if tally["error"] else style.warning("!")
    return hang(f"{mark} ", 2, f"{join_words(counted)}: {read}", style.width)
