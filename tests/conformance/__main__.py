"""`python -m tests.conformance api|traffic [--check] [FILE…]`: records anew, shows differences."""

import argparse
import difflib
import json
import os
import sys
from pathlib import Path
from typing import Any

from tests.cluster import commands
from tests.cluster.api import Api
from tests.cluster.versions import PROXY_MODES, ClusterError
from tests.conformance.cases import RECORDED


def main(arguments: list[str] | None = None) -> int:
    """0: recorded (with --check: nothing differs); 1: --check found differences; 3: no cluster."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("what", choices=("api", "traffic"))
    parser.add_argument("names", nargs="*", help="input files without .yaml; all by default")
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    parser.add_argument("--proxy-mode", choices=PROXY_MODES, default=PROXY_MODES[0])
    parser.add_argument("--name", help="a running cluster's; by default one comes and goes")
    options = parser.parse_args(arguments)
    try:
        recordings = _record(options)
    except ClusterError as error:
        sys.stderr.write(f"conformance: {error}\n")
        return 3
    differs = [name for name, value in recordings.items() if write(name, value, options.check)]
    return 1 if differs and options.check else 0


def _record(options: argparse.Namespace) -> dict[str, dict[str, Any]]:
    api_only = options.what == "api"
    name = options.name or f"conformance-{options.what}"
    cluster = commands.up(
        name, api_only=api_only, proxy_mode=options.proxy_mode,
        owner=None if options.name else os.getpid(),
    )  # fmt: skip
    try:
        api = Api(cluster.kubeconfig)
        if api_only:
            from tests.conformance import record_api

            return record_api.record(api, options.names)
        from tests.conformance import record_traffic

        return record_traffic.record(cluster, api, options.names)
    finally:
        if options.name is None:
            commands.down(name)


def write(name: str, recording: dict[str, Any], check: bool) -> bool:
    """Whether the recording differs from the one there is; writes it unless `check`.

    Differences go to standard output, as `diff -u` shows them.
    """
    path = RECORDED / f"{name}.json"
    if path.exists() and name.startswith("api."):
        from tests.conformance.record_api import keep_order

        keep_order(recording, json.loads(path.read_text(encoding="utf-8")))
    text = json.dumps(recording, indent=1, ensure_ascii=False) + "\n"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if before == text:
        return False
    sys.stdout.writelines(
        difflib.unified_diff(
            before.splitlines(keepends=True),
            text.splitlines(keepends=True),
            str(Path("recorded") / path.name),
            "now",
            n=8,
        )
    )
    if not check:
        path.write_text(text, encoding="utf-8")
    return True


if __name__ == "__main__":
    sys.exit(main())
