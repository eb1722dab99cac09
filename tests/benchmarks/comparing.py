"""Beside the peers: `lint` and those that read manifests, `matrix` and netpol-analyzer.

All get the same files and write what they find to the same nowhere.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.inputs import KINDS, write_manifests
from tests.benchmarks.measuring import SLOW, in_turn, run, summary
from tests.benchmarks.peers import (
    KUBE_LINTER,
    KUBE_SCORE,
    KUBECONFORM,
    NETPOL_ANALYZER,
    kubernetes_validate,
)
from tests.benchmarks.schemas import write_schemas
from tests.benchmarks.world import write_world

OURS = "checker"
#: How many files, and in how many rounds: a processor that changes its speed must not decide.
FILES = ((1, 45), (100, 9), (1000, 5), (10_000, 1))
#: So many files are for those two alone that can be expected to be done in a few seconds.
MANY = 10_000
PODS = ((10, 5), (30, 5), (100, 5), (300, 3), (1000, 1))
#: A misspelled field: whoever takes this for valid has not read the schemas.
_WRONG = """\
apiVersion: v1
kind: Service
metadata:
  name: wrong
spec:
  ports:
    - port: 80
      targetport: 8080
"""

Command = list[str]
#: kubeconform once more, with schemas that leave it as little to read as there can be.
SHORT_SCHEMAS = f"{KUBECONFORM.name}, short schemas"


def lint_commands(python: Path, schemas: Path) -> dict[str, Callable[[Sequence[str]], Command]]:
    """How each tool that is here is called, by name; each takes the paths of files."""
    commands: dict[str, Callable[[Sequence[str]], Command]] = {
        OURS: lambda paths: [str(python), "-m", "checker", "lint", "--format", "json", *paths]
    }
    if program := KUBECONFORM.program():
        strict = [str(program), "-strict", "-summary", "-schema-location"]
        published = [*strict, write_schemas(schemas / "published", KINDS)]
        short = [*strict, write_schemas(schemas / "short", KINDS, short=True)]
        commands[KUBECONFORM.name] = lambda paths: [*published, *paths]
        commands[SHORT_SCHEMAS] = lambda paths: [*short, *paths]
    if program := KUBE_LINTER.program():
        linter = [str(program), "lint", "--format", "json"]
        commands[KUBE_LINTER.name] = lambda paths: [*linter, *paths]
    if program := KUBE_SCORE.program():
        score = [str(program), "score", "--output-format", "json"]
        commands[KUBE_SCORE.name] = lambda paths: [*score, *paths]
    if found := kubernetes_validate():
        validate = [str(found[0]), "--strict", "--quiet"]
        commands["kubernetes-validate"] = lambda paths: [*validate, *paths]
    return commands


def compare_lint(folder: Path, python: Path) -> list[dict[str, Any]]:
    """For each number of files, what each tool took."""
    commands = lint_commands(python, folder / "schemas")
    rows = []
    for count, rounds in FILES:
        paths = write_manifests(folder / f"lint-{count}", count)
        if count == 1:
            # The Deployment: the largest of them, and what a learner checks.
            paths = [write_manifests(folder / "lint-few", 4)[3]]
        names = [
            name
            for name in commands
            if count < MANY or name in (OURS, KUBECONFORM.name, SHORT_SCHEMAS)
        ]
        _tell(f"lint, {count} files: {', '.join(names)}")
        if count == 1:
            check_honest(commands, paths, folder)
        # A folder is what one gives them; more paths than a command line holds could not be given.
        given = {
            name: commands[name](
                paths if name == KUBE_SCORE.name or count == 1 else _given(name, paths)
            )
            for name in names
        }
        runs = in_turn(given, rounds)
        tools = {name: summary(done) if done else None for name, done in runs.items()}
        rows.append({"files": count, "tools": tools})
    return rows


def _given(name: str, paths: Sequence[str]) -> Sequence[str]:
    return paths if name == "kubernetes-validate" else [str(Path(paths[0]).parent)]


def check_honest(
    commands: dict[str, Callable[[Sequence[str]], Command]], paths: Sequence[str], folder: Path
) -> None:
    """Those that judge validity take a right file and refuse a wrong one.

    A schema that is not found would make kubeconform quick. Raises AssertionError.
    """
    wrong = folder / "wrong.yaml"
    wrong.write_text(_WRONG, encoding="utf-8")
    for name in (OURS, KUBECONFORM.name, SHORT_SCHEMAS, "kubernetes-validate"):
        if name in commands:
            said = folder / "said.txt"
            assert run(commands[name](paths), said).code == 0, (name, said.read_text())
            assert run(commands[name]([str(wrong)]), said).code == 1, (name, said.read_text())


def count_valid(folder: Path, python: Path, count: int) -> int | None:
    """How many of `count` files kubeconform calls valid, where it is here: all of them.

    Raises AssertionError otherwise, for then it was not checking what the others check.
    """
    command = lint_commands(python, folder / "schemas").get(KUBECONFORM.name)
    if command is None:
        return None
    said = folder / "summary.txt"
    run(command([str(folder / f"lint-{count}")]), said)
    found = re.search(r"Valid: (\d+)", said.read_text(encoding="utf-8"))
    valid = int(found[1]) if found else 0
    assert valid == count, said.read_text(encoding="utf-8")
    return valid


def compare_matrix(folder: Path, python: Path) -> list[dict[str, Any]]:
    """For each number of pods, with a fifth as many Services and policies, what each took."""
    rows = []
    slow = False
    for pods, rounds in PODS:
        world = write_world(folder / f"world-{pods}", pods, pods // 5, pods // 5)
        commands = {OURS: [str(python), "-m", "checker", "matrix", "--format", "json", str(world)]}
        if (program := NETPOL_ANALYZER.program()) and not slow:
            commands[NETPOL_ANALYZER.name] = [
                str(program), "list", "--quiet", "--dirpath", str(world)
            ]  # fmt: skip
        _tell(f"matrix, {pods} pods: {', '.join(commands)}")
        runs = in_turn(commands, rounds)
        tools = {name: summary(done) if done else None for name, done in runs.items()}
        # The next size would take ten times as long.
        took = tools.get(NETPOL_ANALYZER.name)
        slow = slow or took is None or took["seconds"] > SLOW
        rows.append({"pods": pods, "tools": tools})
    return rows


def _tell(text: str) -> None:
    sys.stderr.write(f"bench: {text}\n")
