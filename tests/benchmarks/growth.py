"""How `trace` and `matrix` grow with pods, with Services and with policies, each by itself."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from tests.benchmarks.measuring import run
from tests.benchmarks.world import write_world

#: The model that the goals are about: pods, Services, policies.
MODEL = {"pods": 1000, "services": 200, "policies": 200}
STEPS = {
    "pods": (250, 500, 1000, 2000),
    "services": (50, 100, 200, 400),
    "policies": (50, 100, 200, 400),
}
_CHILD = Path(__file__).with_name("growing.py")


def measure(folder: Path, python: Path, pods: int, services: int, policies: int) -> dict[str, Any]:
    """Loading, traces and the matrix of one model, in a process of its own."""
    world = folder / f"growth-{pods}-{services}-{policies}"
    said = folder / "growth.json"
    write_world(world, pods, services, policies)
    done = run([str(python), os.fspath(_CHILD), str(world)], said)
    if done.code:
        raise OSError(f"growing.py ended with {done.code} at {world.name}")
    size = {"pods": pods, "services": services, "policies": policies}
    return {**size, **json.loads(said.read_text(encoding="utf-8"))}


def grow(folder: Path, python: Path) -> dict[str, list[dict[str, Any]]]:
    """One series each: that one grows, the other two stay as in the model."""
    known: dict[tuple[int, int, int], dict[str, Any]] = {}
    series: dict[str, list[dict[str, Any]]] = {}
    for what, steps in STEPS.items():
        series[what] = []
        for count in steps:
            size = {**MODEL, what: count}
            key = (size["pods"], size["services"], size["policies"])
            if key not in known:
                sys.stderr.write(
                    "bench: a model of {} pods, {} Services, {} policies\n".format(*key)
                )
                known[key] = measure(folder, python, *key)
            series[what].append(known[key])
    return series
