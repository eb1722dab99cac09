"""The false alarms as the book's page shows them: a summary, a table a tool, and what was false."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.benchmarks.alarms import (
    OPTIONAL,
    TOOLS,
    VERDICTS,
    Judged,
    judged,
    load_counts,
    verdicts,
)
from tests.benchmarks.asking import OURS
from tests.benchmarks.markdown import bullets, table
from tests.benchmarks.peers import PEERS


def alarm_values() -> dict[str, str]:
    """What the template asks for, by name."""
    counted = load_counts()
    return {
        "applications": str(counted["applications"]),
        "repositories": str(counted["repositories"]),
        "files": str(counted["files"]),
        "alarms-date": counted["date"],
        "alarms": _summary(counted),
        "alarm-rules": "\n\n".join(_rules(tool, counted) for tool in TOOLS),
        "false-alarms": _false(),
    }


def _summary(counted: dict[str, Any]) -> str:
    told = verdicts()
    rows = []
    for tool in TOOLS:
        found = [one for one in counted["found"] if one["tool"] == tool]
        sums: Counter[str] = Counter()
        for one in found:
            sums.update(told[tool, one["rule"]])
        version = counted["tools"][tool].removeprefix("v")
        rows.append(
            (
                f"{tool} {version}",
                f"{len(found)}",
                f"{sum(one['findings'] for one in found):,}",
                f"{sum(one['loud'] for one in found):,}",
                f"{sum(sums.values())}",
                *(f"{sums[verdict]}" for verdict in VERDICTS),
            )
        )
    return table(
        ("program", "rules that spoke", "findings", "of them loud", "judged", *VERDICTS), rows
    )


def _rules(tool: str, counted: dict[str, Any]) -> str:
    told = verdicts()
    rows = []
    for one in counted["found"]:
        if one["tool"] != tool:
            continue
        rule = one["rule"]
        name = f"`{rule}` *(o)*" if (tool, rule) in OPTIONAL else f"`{rule}`"
        rows.append(
            (
                name,
                f"{one['findings']:,}",
                f"{one['applications']}",
                *(f"{told[tool, rule][verdict]}" for verdict in VERDICTS),
            )
        )
    heads = (tool, "findings", "applications", *VERDICTS)
    return table(heads, rows)


def _false() -> str:
    """Every finding that was judged false, with the reason; alike ones once."""
    alike: dict[tuple[str, str, str], list[Judged]] = {}
    for one in judged():
        if one.verdict == "false":
            alike.setdefault((one.tool, one.rule, one.why), []).append(one)
    if not alike:
        return "None of those judged was false."
    order = {tool: number for number, tool in enumerate([OURS, *(peer.name for peer in PEERS)])}
    lines = []
    for (tool, rule, why), ones in sorted(alike.items(), key=lambda item: order[item[0][0]]):
        where = ", ".join(f"{one.object} of {one.application}" for one in ones)
        lines.append(f"{tool}, `{rule}`: {where}. {why}")
    return bullets(lines)
