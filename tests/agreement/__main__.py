"""`python -m tests.agreement [NAME ...]`: every answer, run in a real cluster.

Brings up a cluster of its own (kind where Docker works) or takes the one that `--cluster` names,
and writes what it saw into agreement.json. Exit code 1 where a prediction was wrong.
"""

import argparse
import sys
import tempfile
import threading
import time
from pathlib import Path

import yaml

from checker.live.errors import LiveError
from checker.live.server.connection import connect
from tests.agreement import gateway_api
from tests.agreement.outside import NamespaceOutside
from tests.agreement.record import Row, differences, record, untried, write
from tests.agreement.scenarios import Scenario, scenarios
from tests.cluster import commands, kind
from tests.cluster.commands import Cluster
from tests.cluster.versions import ClusterError


def main() -> int:
    """The run; prints a line a scenario."""
    parser = argparse.ArgumentParser(prog="python -m tests.agreement", description=__doc__)
    parser.add_argument("names", nargs="*", help="exercise3, or exercise3/start")
    parser.add_argument("--cluster", help="one that runs: python -m tests.cluster up --name NAME")
    options = parser.parse_args()
    every = list(scenarios())
    wanted = [
        one
        for one in every
        if not options.names or {one.name, one.exercise.name} & set(options.names)
    ]
    try:
        with tempfile.TemporaryDirectory() as folder:
            return _in_cluster(options.cluster, Path(folder), every, wanted)
    except (ClusterError, LiveError) as error:
        sys.stderr.write(f"agreement: {error}\n")
        return 3


def _in_cluster(
    name: str | None, folder: Path, every: list[Scenario], wanted: list[Scenario]
) -> int:
    if name:
        running = commands.status(name)
        if running is None:
            raise ClusterError(f"there is no running cluster {name}")
        return _run(running, every, wanted)
    if kind.is_usable():
        try:
            return _run(kind.up(folder), every, wanted)
        finally:
            kind.down()
    name = "agreement"
    try:
        return _run(commands.up(name), every, wanted)
    finally:
        commands.down(name)


def _run(cluster: Cluster, every: list[Scenario], wanted: list[Scenario]) -> int:
    config = yaml.safe_load(cluster.kubeconfig.read_text(encoding="utf-8"))
    api = connect(str(config["current-context"]), str(cluster.kubeconfig))
    outside = NamespaceOutside(cluster) if cluster.external is not None else None
    gateway_api.install(api)
    start = time.monotonic()
    done = 0
    lock = threading.Lock()
    version = api.version()
    order = [(one.exercise.name, one.answers) for one in every]

    def tell(row: Row) -> None:
        nonlocal done
        with lock:
            done += 1
            # At once: a run that is cut short leaves what it saw.
            write(version, str(cluster.proxy_mode), [row], order)
        wrong, open_ = differences(row), untried(row)
        mark = "DIFFERS" if wrong else "ok"
        sys.stdout.write(
            f"{done:>3}/{len(wanted)} {mark:<7} {row['exercise']}/{row['answers'][0]}\n"
        )
        for line in (*wrong, *(f"(not tried) {line}" for line in open_)):
            sys.stdout.write(f"        {line}\n")
        sys.stdout.flush()

    rows = record(api, outside, wanted, tell)
    wrong = sum(bool(differences(row)) for row in rows)
    seconds = time.monotonic() - start
    sys.stdout.write(f"{len(rows)} scenarios in {seconds:.0f} s, {wrong} differ\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
