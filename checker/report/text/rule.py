"""`explain` as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.report.text.markdown import render
from checker.report.text.style import Style

if TYPE_CHECKING:
    from checker.advice.rule import Rule

#: Whose word a rule is.
_SOURCES = {"api-server": "what the API server says", "analysis": "what this checker says"}


def rule_text(rule: Rule, style: Style) -> list[str]:
    """All there is to say about a rule, its examples included."""
    about = f"{rule.severity}, {_SOURCES.get(rule.source, rule.source)}"
    lines = [f"{style.strong(rule.id)}: {rule.title}", style.faint(about)]
    for label, text in (("What", rule.what), ("Why", rule.why), ("Fix", rule.fix)):
        if text:
            lines += ["", style.strong(label), *render(text, style, "  ")]
    for label, manifest in (("With the fault", rule.bad), ("Without it", rule.good)):
        if manifest.strip():
            lines += ["", style.strong(label), ""]
            lines += [f"  {line}".rstrip() for line in manifest.strip("\n").splitlines()]
    if rule.url:
        lines += ["", f"{style.strong('See')} {style.place(rule.url)}"]
    return lines
