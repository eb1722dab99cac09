"""False alarms: what each tool says of public manifests, and how a sample of it was judged.

    python -m tests.benchmarks.alarms            asks every tool anew and writes alarms.json
    python -m tests.benchmarks.alarms sample     the findings that are to be judged by hand

`judgements.toml` holds the judgements, each with its reason. The sample is drawn by position, not
by content: of each rule of each tool at most SAMPLE findings, spread evenly over all in order.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import tempfile
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from tests.benchmarks.asking import (
    KUBE_LINTER_RULES,
    KUBE_SCORE_RULES,
    OURS,
    Said,
    UnusableError,
    ask_kube_linter,
    ask_kube_score,
    ask_ours,
    ask_popeye,
)
from tests.benchmarks.peers import KUBE_LINTER, KUBE_SCORE, POPEYE
from tests.benchmarks.public import applications

HERE = Path(__file__).parent
FOUND = HERE / "alarms.json"
JUDGEMENTS = HERE / "judgements.toml"
SAMPLE = 5
VERDICTS = ("right", "taste", "false")
TOOLS = {
    OURS: ask_ours,
    KUBE_LINTER.name: ask_kube_linter,
    KUBE_SCORE.name: ask_kube_score,
    POPEYE.name: ask_popeye,
}
#: Rules that are off unless asked for.
OPTIONAL = {
    (tool, rule)
    for tool, rules in ((KUBE_LINTER.name, KUBE_LINTER_RULES), (KUBE_SCORE.name, KUBE_SCORE_RULES))
    for rule, default in rules.items()
    if not default
}


class Judged(NamedTuple):
    """What a person said of one finding."""

    tool: str
    rule: str
    application: str
    object: str
    verdict: str
    why: str


def ask_all() -> list[Said]:
    """Every finding of every tool on every application. Raises UnusableError."""
    said: list[Said] = []
    with tempfile.TemporaryDirectory() as name:
        for application in applications():
            folder = application.write(Path(name))
            for ask in TOOLS.values():
                said += ask(application.name, folder)
    return said


def sample(said: Iterable[Said]) -> list[Said]:
    """At most SAMPLE findings of each rule, evenly spread over all in their order."""
    rules: dict[tuple[str, str], list[Said]] = defaultdict(list)
    for one in said:
        rules[one.tool, one.rule].append(one)
    drawn = []
    for found in rules.values():
        ordered = sorted(set(found))
        step = max(1.0, len(ordered) / SAMPLE)
        drawn += [ordered[int(number * step)] for number in range(min(SAMPLE, len(ordered)))]
    return sorted(drawn)


def counts(said: Sequence[Said]) -> dict[str, Any]:
    """What is published: how often each rule of each tool spoke, and in how many applications.

    `loud` are its warnings and errors, all that is more than a note.
    """
    spoke = Counter((one.tool, one.rule) for one in said)
    loud = Counter((one.tool, one.rule) for one in said if one.severity != "note")
    where: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in said:
        where[one.tool, one.rule].add(one.application)
    listed = applications()
    return {
        "date": dt.date.today().isoformat(),
        "tools": {
            OURS: version("kubernetes-ports"),
            KUBE_LINTER.name: KUBE_LINTER.version,
            KUBE_SCORE.name: KUBE_SCORE.version,
            POPEYE.name: POPEYE.version,
        },
        "applications": len(listed),
        "files": sum(len(one.files) for one in listed),
        "repositories": len({one.repository for one in listed}),
        "found": [
            {
                "tool": tool,
                "rule": rule,
                "findings": count,
                "loud": loud[tool, rule],
                "applications": len(where[tool, rule]),
            }
            for (tool, rule), count in sorted(spoke.items())
        ],
    }


def judged() -> list[Judged]:
    """All judgements."""
    with JUDGEMENTS.open("rb") as file:
        return [Judged(**one) for one in tomllib.load(file)["judged"]]


def verdicts() -> dict[tuple[str, str], Counter[str]]:
    """How many findings of each rule were judged how."""
    told: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in judged():
        told[one.tool, one.rule][one.verdict] += 1
    return told


def unjudged(said: Iterable[Said]) -> list[Said]:
    """What the sample draws and nobody has judged yet."""
    known = {(one.tool, one.rule, one.application, one.object) for one in judged()}
    return [
        one
        for one in sample(said)
        if (one.tool, one.rule, one.application, one.object) not in known
    ]


def load_counts() -> dict[str, Any]:
    """The counts that are committed."""
    found: dict[str, Any] = json.loads(FOUND.read_text(encoding="utf-8"))
    return found


def main(arguments: list[str]) -> int:
    """Asks all tools; prints the sample, or writes the counts and says what is to be judged."""
    try:
        said = ask_all()
    except UnusableError as problem:
        sys.stderr.write(f"alarms: {problem}\n")
        return 3
    if arguments != ["sample"]:
        FOUND.write_text(json.dumps(counts(said), indent=1) + "\n", encoding="utf-8")
    for one in sample(said) if arguments == ["sample"] else unjudged(said):
        sys.stdout.write("\t".join(one) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
