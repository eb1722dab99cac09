"""The book's page "Compared with its peers" and its plots, made from what was measured and judged.

Nothing is measured here: the same data give the same text. tests/book/test_compared.py holds the
committed page to the committed data.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.alarm_tables import alarm_values
from tests.benchmarks.comparing import OURS
from tests.benchmarks.goals import goals
from tests.benchmarks.markdown import bullets, table
from tests.benchmarks.peers import NETPOL_ANALYZER, PEERS
from tests.benchmarks.plots import Axis, Line, plot

HERE = Path(__file__).parent
BOOK = HERE.parents[1] / "book"
RESULTS = HERE / "results.json"
PAGE = BOOK / "reference" / "compared.md"
TEMPLATE = HERE / "compared.template.md"
_FIGURES = BOOK / "figures"


def documents(results: dict[str, Any]) -> dict[Path, str]:
    """Every file that is made: the page, and its plots."""
    made = {_FIGURES / f"compared-{name}.svg": svg for name, svg in _plots(results).items()}
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, value in _values(results).items():
        text = text.replace(f"@{name}@", value)
    return {PAGE: text, **made}


def _values(results: dict[str, Any]) -> dict[str, str]:
    machine = results["machine"]
    return {
        "machine": f"{machine['cores']} cores, {machine['memory_gb']} GB of memory, "
        f"{machine['system']}, Python {machine['python']} with PyYAML {machine['pyyaml']}",
        "date": results["date"],
        "load": f"{machine['load_at_start']:g}",
        "peers": _peers(results),
        "goals": _goals(results),
        "lint-time": _lint(results, "seconds", _seconds),
        "lint-processor": _lint(results, "processor", _seconds),
        "lint-memory": _lint(results, "peak_mb", _megabytes),
        "matrix-time": _matrix(results),
        "growth": _growth(results),
        **alarm_values(),
    }


def _peers(results: dict[str, Any]) -> str:
    homes = {peer.name: peer.home for peer in PEERS}
    homes["kubernetes-validate"] = "https://pypi.org/project/kubernetes-validate/"
    return bullets(
        f"[{name}]({homes[name]}) {version.removeprefix('v')}"
        for name, version in results["peers"].items()
    )


def _goals(results: dict[str, Any]) -> str:
    words = {True: "kept", False: "**missed**", None: "not measured"}
    return table(
        ("goal", "at most", "measured", "verdict"),
        (
            (
                goal.what,
                f"{goal.limit:g} {goal.unit}",
                "–" if goal.measured is None else f"{goal.measured:.3g} {goal.unit}",
                words[goal.kept],
            )
            for goal in goals(results)
        ),
    )


def _tools(rows: Sequence[dict[str, Any]]) -> list[str]:
    """All tools of a comparison, ours first."""
    return list(dict.fromkeys(name for row in rows for name in row["tools"]))


def _lint(results: dict[str, Any], what: str, told: Any) -> str:
    rows = results["lint"]
    return table(
        ("program", *(_files(row["files"]) for row in rows)),
        ((name, *(_cell(row["tools"], name, what, told) for row in rows)) for name in _tools(rows)),
    )


def _cell(tools: dict[str, Any], name: str, what: str, told: Any) -> str:
    """What one tool took, and how many times ours that is."""
    if name not in tools:
        return ""
    if tools[name] is None:
        return "over 100 s"
    value = told(tools[name][what])
    if name == OURS:
        return str(value)
    return f"{value} ({tools[name][what] / tools[OURS][what]:.2g}×)"


def _matrix(results: dict[str, Any]) -> str:
    rows = results["matrix"]
    heads = [f"{name}, {what}" for name in _tools(rows) for what in ("time", "memory")]
    body = []
    for row in rows:
        cells = [f"{row['pods']:,}"]
        for name in _tools(rows):
            cells.append(_cell(row["tools"], name, "seconds", _seconds))
            cells.append(_cell(row["tools"], name, "peak_mb", _megabytes))
        body.append(cells)
    return table(("pods", *heads), body)


def _growth(results: dict[str, Any]) -> str:
    rows = {
        (row["pods"], row["services"], row["policies"]): row
        for series in results["growth"].values()
        for row in series
    }
    heads = ("pods", "Services", "policies", "loading", "one trace", "slowest", "matrix", "memory")
    return table(
        heads,
        (
            (
                *(f"{count:,}" for count in size),
                _seconds(row["loading_s"]),
                f"{row['trace_ms']:.2f} ms",
                f"{row['slowest_trace_ms']:.1f} ms",
                _seconds(row["matrix_s"]),
                _megabytes(row["peak_mb"]),
            )
            for size, row in sorted(rows.items())
        ),
    )


def _plots(results: dict[str, Any]) -> dict[str, str]:
    rows = results["lint"]
    date = results["date"]

    def lines(rows: Sequence[dict[str, Any]], size: str, what: str) -> list[Line]:
        return [
            Line(
                name,
                [
                    (row[size], row["tools"][name][what])
                    for row in rows
                    if row["tools"].get(name) is not None
                ],
            )
            for name in _tools(rows)
        ]

    last = next(row for row in rows if row["files"] == 1000)["tools"]
    told = ", ".join(f"{name} {_seconds(last[name]['seconds'])}" for name in last if last[name])
    used = ", ".join(f"{name} {_megabytes(last[name]['peak_mb'])}" for name in last if last[name])
    matrix = results["matrix"]
    ends = [
        f"{name} {_seconds(row['tools'][name]['seconds'])} for {row['pods']:,} pods"
        for name in _tools(matrix)
        for row in [row for row in matrix if row["tools"].get(name)][-1:]
    ]
    growth = results["growth"]
    model = growth["pods"]
    names = {"pods": "pods", "services": "Services", "policies": "policies"}
    return {
        "lint-time": plot(
            "lint beside its peers: time",
            f"Wall time over the number of files, measured {date}. For 1,000 files: {told}.",
            Axis("files, one object each"),
            Axis("seconds of wall time", " s"),
            lines(rows, "files", "seconds"),
        ),
        "lint-memory": plot(
            "lint beside its peers: memory",
            f"Peak memory over the number of files, measured {date}. For 1,000 files: {used}.",
            Axis("files, one object each"),
            Axis("peak of memory", " MB"),
            lines(rows, "files", "peak_mb"),
        ),
        "matrix-time": plot(
            f"matrix beside {NETPOL_ANALYZER.name}: time",
            f"Wall time over the number of pods, measured {date}: {'; '.join(ends)}.",
            Axis("pods, with a fifth as many Services and policies"),
            Axis("seconds of wall time", " s"),
            lines(matrix, "pods", "seconds"),
        ),
        "growth": plot(
            "The matrix as the cluster grows",
            f"Seconds for the whole matrix, measured {date}: "
            + "; ".join(f"{row['pods']:,} pods {_seconds(row['matrix_s'])}" for row in model)
            + ", with 200 Services and 200 policies.",
            Axis("how many there are; the other two as in the model"),
            Axis("seconds for the whole matrix", " s"),
            [
                Line(names[what], [(row[what], row["matrix_s"]) for row in series])
                for what, series in growth.items()
            ],
        ),
    }


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


def _seconds(value: float) -> str:
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s"


def _megabytes(value: float) -> str:
    return f"{value:.0f} MB"


def load(path: Path = RESULTS) -> dict[str, Any]:
    """The results that are committed."""
    results: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return results
