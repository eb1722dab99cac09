"""The directive `live-agreement`: every answer of the course, as a real cluster answered it.

    ```{live-agreement}
    ```

Reads what `make agreement` wrote down (`tests/agreement/agreement.json`): a section an exercise,
a table row a question, and below it what could not be tried, and why.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from tables import paragraph, table

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "agreement" / "agreement.json"
HEADS = ("answer", "question", "predicted", "observed")
SUMS = ("exercise", "scenarios", "questions", "as predicted", "cannot tell", "not tried")


class LiveAgreementDirective(SphinxDirective):
    """The sums, then a section an exercise."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(DATA))
        document = json.loads(DATA.read_text(encoding="utf-8"))
        exercises: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for scenario in document["scenarios"]:
            exercises[scenario["exercise"]].append(scenario)
        names = sorted(exercises, key=lambda name: int(name.removeprefix("exercise")))
        sums = [(name, *_sums(exercises[name])) for name in names]
        sums.append(("all", *_sums(document["scenarios"])))
        version, mode = document["kubernetes"], document["proxyMode"]
        return [
            paragraph(f"Seen in Kubernetes {version}, kube-proxy in {mode} mode."),
            table(SUMS, [[str(cell) for cell in row] for row in sums]),
            *(self.section(name, exercises[name]) for name in names),
        ]

    def section(self, name: str, scenarios: list[dict[str, Any]]) -> nodes.section:
        """One exercise's scenarios."""
        anchor = f"live-{name}"
        node = nodes.section(ids=[anchor], names=[nodes.fully_normalize_name(anchor)])
        number = name.removeprefix("exercise")
        node += nodes.title("", "", nodes.Text(f"Exercise {number}"))
        node += table(HEADS, [row for one in scenarios for row in _rows(one)])
        notes = list(dict.fromkeys(_note(one) for each in scenarios for one in _untried(each)))
        if notes:
            listing = nodes.bullet_list()
            for note in notes:
                listing += nodes.list_item("", paragraph(note))
            node += [paragraph("Not tried:"), listing]
        self.state.document.note_implicit_target(node, node)
        return node


def _questions(scenario: dict[str, Any]) -> list[dict[str, Any]]:
    return [*scenario["connections"], *scenario["facts"]]


def _untried(scenario: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in _questions(scenario) if "note" in one]


def _sums(scenarios: list[dict[str, Any]]) -> tuple[int, ...]:
    counts: Counter[str] = Counter()
    for one in (one for scenario in scenarios for one in _questions(scenario)):
        if "note" in one:
            counts["untried"] += 1
        elif one["predicted"] == "cannot-tell":
            counts["open"] += 1
        else:
            counts["same"] += one["predicted"] == one["observed"]
    total = sum(len(_questions(one)) for one in scenarios)
    return len(scenarios), total, counts["same"], counts["open"], counts["untried"]


def _rows(scenario: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """The answers' names stand in the first row; objects that were taken share one."""
    answers = ", ".join(scenario["answers"])
    taken = 0
    for one in scenario["facts"]:
        taken += one["id"] == "object" and one["predicted"] == one["observed"] == "accepted"
    rows = [
        (_about(one), one["predicted"], "not tried" if "note" in one else one["observed"])
        for one in _questions(scenario)
        if not (one.get("id") == "object" and one["predicted"] == one["observed"] == "accepted")
    ]
    if taken:
        what = "the other objects" if _some_refused(scenario) else "all objects"
        rows.append((f"{what} ({taken})", "accepted", "accepted"))
    for number, row in enumerate(rows):
        yield ("" if number else answers, *row)


def _some_refused(scenario: dict[str, Any]) -> bool:
    return any(
        one["id"] == "object" and one["predicted"] != "accepted" for one in scenario["facts"]
    )


def _about(one: dict[str, Any]) -> str:
    if "from" not in one:
        return f"{one['id']}: {one['about']}" if one["id"] in ("object", "pods") else one["about"]
    protocol = "" if one["protocol"] == "TCP" else f", {one['protocol']}"
    return f"{one['from']} to {one['to']}{protocol}"


def _note(one: dict[str, Any]) -> str:
    return f"{_about(one)}: {one['note']}."


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("live-agreement", LiveAgreementDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
