"""`lint` beside kubeconform with local strict schemas, on the same files in one run.

The manifests are the recorded ones that the API server accepted, in turn, under new names: every
kind, the same each time. Goal: at most twice kubeconform's time, under 150 MB, linear.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.benchmarks.peers import kubeconform, schemas
from tests.conformance.cases import api_cases

CHECKOUT = Path(__file__).resolve().parents[2]
ROUNDS = 5


def write_manifests(folder: Path, count: int) -> None:
    accepted = [
        case.manifests for case in api_cases() if case.accepted and "\n---" not in case.manifests
    ]
    for number in range(count):
        (folder / f"{number:05}.yaml").write_text(
            accepted[number % len(accepted)], encoding="utf-8"
        )


def run(command: list[str]) -> tuple[float, float]:
    """Seconds of wall time, and the peak of memory in MB."""
    start = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=CHECKOUT
    ) as process:
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
    return time.perf_counter() - start, usage.ru_maxrss / 1024


@pytest.mark.parametrize("count", [100, 1000, 10000])
def test_lint_beside_kubeconform(benchmark, tmp_path, capsys, count):
    program, folder = kubeconform(), schemas()
    if program is None or folder is None:
        pytest.skip("no kubeconform or no schemas: python -m tests.benchmarks.peers")
    write_manifests(tmp_path, count)
    location = f"{folder}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json"
    theirs = [str(program), "-strict", "-ignore-missing-schemas", "-schema-location", location]
    ours = [sys.executable, "-m", "checker", "lint", "--format", "json"]
    rounds = ROUNDS if count <= 1000 else 1
    pairs = [(run([*theirs, str(tmp_path)]), run([*ours, str(tmp_path)])) for _ in range(rounds)]
    them = statistics.median(pair[0][0] for pair in pairs)
    us = statistics.median(pair[1][0] for pair in pairs)
    peak = max(pair[1][1] for pair in pairs)
    benchmark.extra_info.update(kubeconform=them, lint=us, ratio=us / them, peak_mb=peak)
    benchmark.pedantic(run, args=([*ours, str(tmp_path)],), rounds=1)
    told = (
        f"{count}: lint {us:.2f} s, kubeconform {them:.2f} s, ratio {us / them:.1f}, {peak:.0f} MB"
    )
    with capsys.disabled():
        sys.stdout.write(f"\n{told}\n")
