"""`python -m checker cluster up|down|status|doctor|clean`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from checker.cli.arguments import Parser
from checker.cli.cluster_access import add_context, connected, environment_errors
from checker.cli.console import Console
from checker.cli.errors import ALL_WELL, ENVIRONMENT, UsageError

if TYPE_CHECKING:
    from checker.live.kind_cluster import Status

_ACTIONS = ("up", "down", "status", "doctor", "clean")
_SCHEMA = "checker/cluster/v1"
_CONFIG = "kind-config.yaml"


def cluster(arguments: Sequence[str], console: Console) -> int:
    """The local cluster: make it, take it away, look at it."""
    parser = Parser("cluster", "The local kind cluster, made from kind-config.yaml.")
    parser.add_argument("action", choices=_ACTIONS, metavar="|".join(_ACTIONS))
    parser.add_argument("--config", metavar="FILE", help=f"with `up`: instead of {_CONFIG}")
    parser.add_argument("--learner", metavar="NAME", help="with `clean`: this one's runs only")
    add_context(parser)
    options = parser.read(arguments, console)
    _fitting(options)
    runner = {
        "up": _up,
        "down": _down,
        "status": _status,
        "doctor": _doctor,
        "clean": _clean,
    }[options.action]
    with environment_errors():
        return runner(options, console)


def _fitting(options: argparse.Namespace) -> None:
    """Raise UsageError for an option that the action has no use for."""
    for option, actions in (
        ("config", ("up",)),
        ("learner", ("clean",)),
        ("context", ("status", "clean")),
    ):
        if getattr(options, option) is not None and options.action not in actions:
            raise UsageError(f"`cluster {options.action}` has no option --{option}")


def _up(options: argparse.Namespace, console: Console) -> int:
    from pathlib import Path

    from checker.live.kind_cluster import up
    from checker.workspace.course_folder import find_course

    config = Path(options.config) if options.config else find_course().path / _CONFIG
    _show_status(up(config, _teller(console)), console)
    if not console.as_json:
        console.lines(
            [
                "",
                "Ingress, Gateway and LoadBalancer addresses need a controller besides. On kind",
                "that is cloud-provider-kind: https://github.com/kubernetes-sigs/cloud-provider-kind",
            ]
        )
    return ALL_WELL


def _down(_options: argparse.Namespace, console: Console) -> int:
    from checker.live.kind_cluster import NAME, down

    was_there = down(_teller(console))
    words = f"the cluster {NAME} is gone" if was_there else f"there was no cluster {NAME}"
    _result(console, [words], {"removed": was_there})
    return ALL_WELL


def _status(options: argparse.Namespace, console: Console) -> int:
    from checker.live.kind_cluster import status

    found = status(connected(options.context, console))
    _show_status(found, console)
    return ALL_WELL if all(ready for _, ready in found.nodes) else ENVIRONMENT


def _clean(options: argparse.Namespace, console: Console) -> int:
    from checker.live.kind_cluster import clean_up

    gone = clean_up(connected(options.context, console), options.learner)
    lines = [f"taken away: {name}" for name in gone] or ["no run has left anything"]
    _result(console, lines, {"removed": gone})
    return ALL_WELL


def _doctor(_options: argparse.Namespace, console: Console) -> int:
    from checker.live.doctor import examine

    found = examine()
    lines = []
    for one in found:
        mark = console.style.marks.good if one.good else console.style.marks.bad
        paint = console.style.good if one.good else console.style.bad
        lines.append(f"{paint(mark)} {one.title}: {one.detail}")
        if one.advice:
            lines.append(f"    {one.advice}")
    missing = [one.title for one in found if not one.good]
    lines += [
        "",
        f"missing: {', '.join(missing)}"
        if missing
        else "all that a cluster needs is here: `python -m checker cluster up` makes one",
    ]
    _result(console, lines, {"findings": [one._asdict() for one in found]})
    return ENVIRONMENT if missing else ALL_WELL


def _show_status(found: Status, console: Console) -> None:
    ready = [name for name, is_ready in found.nodes if is_ready]
    sick = [name for name, is_ready in found.nodes if not is_ready]
    lines = [
        f"context {found.context} at {found.server}, Kubernetes {found.version}",
        f"nodes ready: {', '.join(ready) or 'none'}",
        *([f"nodes not ready: {', '.join(sick)}"] if sick else []),
        f"namespaces of runs: {', '.join(found.runs) or 'none'}",
        *(f"stuck while ending: {name} ({reason})" for name, reason in found.stuck),
    ]
    document = {
        "context": found.context,
        "server": found.server,
        "version": found.version,
        "nodes": [{"name": name, "ready": is_ready} for name, is_ready in found.nodes],
        "runs": list(found.runs),
        "stuck": [{"namespace": name, "reason": reason} for name, reason in found.stuck],
    }
    _result(console, lines, document)


def _result(console: Console, lines: Sequence[str], document: Mapping[str, object]) -> None:
    if console.as_json:
        console.document({"schema": _SCHEMA, **document})
    else:
        console.lines(lines)


def _teller(console: Console) -> Callable[[str], None]:
    return lambda step: console.message(f"{step} …")
