"""What was promised, and whether a run of the benchmark kept it."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.benchmarks.comparing import MANY, OURS
from tests.benchmarks.growth import MODEL
from tests.benchmarks.peers import KUBECONFORM


class Goal(NamedTuple):
    """One promise: a number that must not exceed a limit."""

    what: str
    limit: float
    unit: str
    #: None where a peer was missing, so that nothing could be compared.
    measured: float | None

    @property
    def kept(self) -> bool | None:
        """Whether the number is within the limit."""
        return None if self.measured is None else self.measured <= self.limit


def goals(results: dict[str, Any]) -> list[Goal]:
    """All promises on speed that the results speak of."""
    lint = {row["files"]: row["tools"] for row in results["lint"]}
    model = next(
        row
        for row in results["growth"]["pods"]
        if all(row[name] == count for name, count in MODEL.items())
    )
    size = "1,000 pods, 200 Services, 200 policies"
    return [
        Goal("lint, 1,000 files: times kubeconform", 1.5, "×", _ratio(lint[1000])),
        Goal("lint, one file: times kubeconform's whole process", 1.0, "×", _ratio(lint[1])),
        Goal("lint, 1,000 files: memory", 150, "MB", lint[1000][OURS]["peak_mb"]),
        Goal("lint, cost of a file: 10,000 files beside 1,000", 1.2, "×", _linear(lint)),
        Goal(f"one trace ({size}): the slowest", 50, "ms", model["slowest_trace_ms"]),
        Goal(f"the whole matrix ({size})", 5, "s", model["matrix_s"]),
        Goal(f"trace and matrix ({size}): memory", 300, "MB", model["peak_mb"]),
    ]


def _ratio(tools: dict[str, Any]) -> float | None:
    peer = tools.get(KUBECONFORM.name)
    return round(tools[OURS]["seconds"] / peer["seconds"], 2) if peer else None


def _linear(lint: dict[int, dict[str, Any]]) -> float:
    """The start-up, which no file adds to, is taken off both."""
    start = lint[1][OURS]["seconds"]
    few, many = ((lint[n][OURS]["seconds"] - start) / n for n in (1000, MANY))
    return round(many / few, 2)
