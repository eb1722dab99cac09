"""`python -m tests.benchmarks`: measures, beside the peers that are here; the page.

python -m tests.benchmarks             everything, then the page; exits 1 where a goal is missed
python -m tests.benchmarks page        the page and its plots anew, from results.json
"""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.benchmarks.comparing import FILES, compare_lint, compare_matrix, count_valid
from tests.benchmarks.goals import goals
from tests.benchmarks.growth import grow
from tests.benchmarks.measuring import learners_python
from tests.benchmarks.page import RESULTS, documents
from tests.benchmarks.peers import PEERS, VALIDATE_HOME, kubernetes_validate


def machine() -> dict[str, Any]:
    """What a reader has to know of where it was measured; no more."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(memory),
        "system": f"{platform.system()} on {platform.machine()}",
        "python": platform.python_version(),
        "pyyaml": version("PyYAML"),
        "load_at_start": round(os.getloadavg()[0], 1),
    }


def measure() -> dict[str, Any]:
    """Everything, in one run on one machine."""
    results: dict[str, Any] = {
        "date": dt.date.today().isoformat(),
        "machine": machine(),
        "peers": {peer.name: peer.version for peer in PEERS if peer.program()},
    }
    if found := kubernetes_validate():
        results["peers"]["kubernetes-validate"] = found[1]
    for peer in PEERS:
        if not peer.program():
            sys.stderr.write(f"bench: no {peer.name} ({peer.home}): it is left out\n")
    if not found:
        sys.stderr.write(f"bench: no kubernetes-validate ({VALIDATE_HOME}): it is left out\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        python = learners_python(folder / "python")
        results["lint"] = compare_lint(folder, python)
        results["valid"] = {
            str(count): count_valid(folder, python, count) for count, _ in FILES if count > 1
        }
        results["matrix"] = compare_matrix(folder, python)
        results["growth"] = grow(folder, python)
    return results


def main(arguments: list[str]) -> int:
    """Measures unless only the page is asked for; writes; says which goals were kept."""
    if arguments not in ([], ["page"]):
        sys.stderr.write(__doc__ or "")
        return 2
    if not arguments:
        RESULTS.write_text(json.dumps(measure(), indent=1) + "\n", encoding="utf-8")
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    for path, text in documents(results).items():
        path.write_text(text, encoding="utf-8")
    missed = False
    for goal in goals(results):
        missed |= goal.kept is False
        word = {True: "kept", False: "MISSED", None: "not measured"}[goal.kept]
        told = "" if goal.measured is None else f" {goal.measured:.3g} {goal.unit}"
        sys.stdout.write(f"{word:>12}  {goal.what}:{told} (at most {goal.limit:g} {goal.unit})\n")
    return 1 if missed and not arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
