"""Runs scenarios in a real cluster and writes down what was predicted and what was seen."""

from __future__ import annotations

import concurrent.futures
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from checker.live.clients.outside import Outside
from checker.live.errors import LiveError
from checker.live.questions.exercise_check import ask
from checker.live.runs.run import open_run
from checker.live.server.connection import Api
from tests.agreement.scenarios import Scenario, needs_its_node_alone

_MISSING = re.compile(r'exec: "([^"]+)": executable file not found')
DATA = Path(__file__).with_name("agreement.json")
AT_ONCE = 3
Row = dict[str, Any]


def record(
    api: Api,
    outside: Outside | None,
    wanted: Sequence[Scenario],
    tell: Callable[[Row], None] = lambda _: None,
) -> list[Row]:
    """Every scenario's row, in their order."""
    rows: dict[str, Row] = {}

    def one(scenario: Scenario) -> None:
        row = run(api, outside, scenario)
        if differences(row):
            # Once more: the machine may have been too busy to answer in time.
            row = run(api, outside, scenario)
        rows[scenario.name] = row
        tell(row)

    alone = [scenario for scenario in wanted if needs_its_node_alone(scenario)]
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(one, [scenario for scenario in wanted if scenario not in alone]))
    for scenario in alone:
        one(scenario)
    return [rows[scenario.name] for scenario in wanted]


def run(api: Api, outside: Outside | None, scenario: Scenario) -> Row:
    """One scenario in namespaces of its own."""
    exercise = scenario.exercise
    row: Row = {"exercise": exercise.name, "answers": scenario.answers}
    try:
        with open_run(api, "agreement", exercise.settings.namespace) as one:
            # What is asked is what the manifests come to, not what this run would forbid.
            one.level = "privileged"
            seen, facts = ask(one, exercise, scenario.questions, outside=outside)
    except LiveError as error:
        program = _MISSING.search(str(error))
        if program is None:
            return {**row, "error": str(error), "connections": [], "facts": []}
        # Our own images hold one program each; the real agnhost has busybox' besides.
        note = f"this cluster's image of agnhost has no program {program[1]}"
        fact = {"id": "pods", "about": "the pods", "predicted": "", "observed": "", "note": note}
        return {**row, "connections": [], "facts": [fact]}
    row["connections"] = [
        {
            "from": each.predicted.source,
            "to": each.predicted.target,
            "protocol": each.predicted.protocol,
            "predicted": each.predicted.verdict,
            "observed": each.seen.verdict,
            **({"note": each.note} if each.note else {}),
        }
        for each in seen.connections
    ]
    row["facts"] = [
        {
            "id": fact.id,
            "about": fact.about,
            "predicted": fact.predicted,
            "observed": fact.observed,
            **({"note": fact.note} if fact.note else {}),
        }
        for fact in facts
    ]
    return row


def differences(row: Row) -> list[str]:
    """What was seen otherwise than predicted, a line each."""
    found = [f"not asked: {row['error']}"] if "error" in row else []
    for one in row["connections"]:
        if "cannot-tell" not in (one["predicted"], one["observed"]) and (
            one["predicted"] != one["observed"]
        ):
            ends = f"{one['from']} → {one['to']} ({one['protocol']})"
            found.append(f"{ends}: predicted {one['predicted']}, observed {one['observed']}")
    for one in row["facts"]:
        if "note" not in one and one["predicted"] != one["observed"]:
            words = f"predicted {one['predicted']!r}, observed {one['observed']!r}"
            found.append(f"{one['id']} {one['about']}: {words}")
    return found


def untried(row: Row) -> list[str]:
    """What could not be asked of the cluster, and why."""
    return [
        f"{one.get('about') or one['from'] + ' → ' + one['to']}: {one['note']}"
        for one in (*row["connections"], *row["facts"])
        if "note" in one
    ]


def write(
    version: str,
    proxy_mode: str,
    rows: Sequence[Row],
    order: Sequence[tuple[str, list[str]]],
    path: Path = DATA,
) -> None:
    """Put rows into the data file; what it has of other scenarios stays if it is of this version.

    `order` are all scenarios that there are, exercise and answers each: no others are kept.
    """
    known = {(row["exercise"], *row["answers"]): row for row in rows}
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if (before.get("kubernetes"), before.get("proxyMode")) == (version, proxy_mode):
        for row in before["scenarios"]:
            known.setdefault((row["exercise"], *row["answers"]), row)
    document = {
        "schema": "checker/agreement/v1",
        "kubernetes": version,
        "proxyMode": proxy_mode,
        "scenarios": [
            known[(name, *answers)] for name, answers in order if (name, *answers) in known
        ],
    }
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
