"""`lint` as text: file by file, each finding with its line, its reason and its fix.

Objects that were not checked are named together at the end: there is nothing to repair in them,
and where operators are at work they are many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from checker.api.finding import Finding
from checker.report.reading_order import in_reading_order
from checker.report.text.excerpt import excerpt
from checker.report.text.layout import count, hang, join_words
from checker.report.text.style import Style

#: Says of an object that there are no rules for its kind.
_UNCHECKED = "kind-not-checked"


def findings_text(
    findings: Sequence[Finding], texts: Mapping[str, str], objects: int, style: Style
) -> list[str]:
    """All findings, in the order of their files and lines, and a line that sums them up."""
    lines: list[str] = []
    shown: set[tuple[str, str]] = set()
    ordered = in_reading_order(findings, texts)
    unchecked = [one for one in ordered if one.rule == _UNCHECKED]
    for finding in ordered:
        if finding.rule == _UNCHECKED and len(unchecked) > 1:
            continue
        # What a rule means is said once a file; after that `explain` has it.
        told = (finding.location.file if finding.location else "", finding.rule)
        lines += _finding(finding, texts, style, brief=told in shown)
        lines.append("")
        shown.add(told)
    if len(unchecked) > 1:
        lines += [*_together(unchecked, style), ""]
    lines += _summary(findings, len(texts), objects, style)
    return lines


def finding_message(finding: Finding) -> str:
    """The message with its field before it, as the API server and kubectl print it."""
    if not finding.field or finding.field in finding.message:
        return finding.message
    return f"{finding.field}: {finding.message}"


def _finding(finding: Finding, texts: Mapping[str, str], style: Style, *, brief: bool) -> list[str]:
    lines = _headline(finding, finding_message(finding), style)
    if finding.location is not None:
        lines += excerpt(texts, finding.location, style)
    lines += _said("in", _object(finding), style)
    return lines if brief else lines + _reasons(finding, style)


def _together(unchecked: Sequence[Finding], style: Style) -> list[str]:
    """What there is to say of all objects that were not checked: their kinds, and how many."""
    first = unchecked[0]
    message = f"{len(unchecked)} objects were not checked: no rules for their kinds here"
    lines = _headline(first, message, style)
    kinds: dict[str, Counter[str]] = {}
    for finding in unchecked:
        if finding.object is not None:
            kinds.setdefault(finding.object.api_version, Counter())[finding.object.kind] += 1
    for version, tally in sorted(kinds.items()):
        counted = (f"{kind} ({number})" if number > 1 else kind for kind, number in tally.items())
        lines += hang(
            "    ", 4, f"{version}: {', '.join(sorted(counted))}", style.width, rest_taken=6
        )
    return lines + _reasons(first, style)


def _headline(finding: Finding, message: str, style: Style) -> list[str]:
    label = f"{finding.severity}[{finding.rule}]"
    painted = f"{_paint(finding, style, label)} "
    return hang(painted, len(label) + 1, message, style.width, rest_taken=4)


def _reasons(finding: Finding, style: Style) -> list[str]:
    said = (("why", finding.why), ("fix", finding.fix), ("see", finding.url))
    return [line for word, text in said for line in _said(word, text, style)]


def _said(word: str, text: str, style: Style) -> list[str]:
    if not text:
        return []
    return hang(f"  {style.strong(word)}: ", len(word) + 4, text, style.width, rest_taken=7)


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
