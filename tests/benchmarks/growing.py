"""What a model of a cluster takes to load, one trace in it, and its matrix: run as a process.

    python growing.py FOLDER

Printed is JSON. It imports the checker and nothing of the tests, so that its memory is the model's.
"""

import json
import resource
import statistics
import sys
import time
from pathlib import Path

from checker.api import ClusterSettings, admit
from checker.manifests import Source, read
from checker.network import build_cluster, matrix, trace

#: Traces from as many pods, spread over all of them, to a Service and to a pod each.
TRACES = 100


def peak_mb() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def main(folder: str) -> None:
    start = time.perf_counter()
    sources = [
        Source(path.name, path.read_text(encoding="utf-8"))
        for path in sorted(Path(folder).iterdir())
    ]
    resources = admit(read(sources).manifests).resources
    cluster = build_cluster(resources, ClusterSettings())
    loading = time.perf_counter() - start

    names = {kind: [] for kind in ("Deployment", "Service")}
    for one in resources:
        if one.ref.kind in names:
            names[one.ref.kind].append(f"{one.ref.name}.{one.ref.namespace}")
    apps, services = names["Deployment"], names["Service"]
    took = []
    for number in range(TRACES):
        source = f"deploy/{apps[number * len(apps) // TRACES]}"
        targets = [f"deploy/{apps[(number * 7919 + 1) % len(apps)]}:8080"]
        if services:
            targets.append(f"svc/{services[(number * 104729) % len(services)]}:80")
        for target in targets:
            start = time.perf_counter()
            trace(cluster, source, target)
            took.append(time.perf_counter() - start)
    traced = peak_mb()

    start = time.perf_counter()
    table = matrix(cluster)
    matrix_took = time.perf_counter() - start
    verdicts = [verdict for row in table.verdicts for verdict in row]
    told = {
        "loading_s": round(loading, 3),
        "first_trace_ms": round(took[0] * 1000, 3),
        "trace_ms": round(statistics.median(took) * 1000, 3),
        "slowest_trace_ms": round(max(took) * 1000, 3),
        "peak_after_traces_mb": traced,
        "matrix_s": round(matrix_took, 3),
        "peak_mb": peak_mb(),
        "cells": len(verdicts),
        "connected": verdicts.count("connected"),
    }
    sys.stdout.write(json.dumps(told))


main(sys.argv[1])
