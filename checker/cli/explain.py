"""`explain RULE`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from checker.advice import explain as look_up
from checker.advice import rules
from checker.cli.arguments import Parser
from checker.cli.console import Console
from checker.cli.errors import ALL_WELL
from checker.cli.rules import unknown_rule
from checker.report.json_format import RULE
from checker.report.text.layout import hang
from checker.report.text.rule import rule_text

if TYPE_CHECKING:
    from checker.advice import Rule


def explain(arguments: Sequence[str], console: Console) -> int:
    """What a rule means, why it matters, how to fix it; without a name, all rules."""
    parser = Parser("explain", "What a rule means, why it matters, how to fix it.")
    parser.add_argument("rule", nargs="?", help="a rule's id, as api-required; all if left out")
    name = parser.read(arguments, console).rule
    if name is None:
        _show_all(rules(), console)
        return ALL_WELL
    rule = look_up(name.lower())
    if rule is None:
        raise unknown_rule(name, [one.id for one in rules()])
    if console.as_json:
        console.document({"schema": RULE, "rules": [rule._asdict()]})
    else:
        console.lines(rule_text(rule, console.style))
    return ALL_WELL


def _show_all(found: Sequence[Rule], console: Console) -> None:
    if console.as_json:
        console.document({"schema": RULE, "rules": [rule._asdict() for rule in found]})
        return
    width = max((len(rule.id) for rule in found), default=0)
    style = console.style
    lines: list[str] = []
    for rule in found:
        about = f"{rule.severity:<7}  {rule.title}"
        lines += hang(
            f"{style.strong(rule.id)}{' ' * (width - len(rule.id))}  ",
            width + 2,
            about,
            style.width,
        )
    console.lines(lines)
