"""`python -m checker cluster up|down|status|doctor|clean`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from checker.cli.arguments import Parser
from checker.cli.cluster_access import add_context, connected, environment_errors
from checker.cli.console import Console
from checker.cli.errors import ALL_WELL, ENVIRONMENT, UsageError
from checker.cli.options import Options
from checker.cli.steps import Steps

if TYPE_CHECKING:
    from checker.live.local.kind_cluster import Status

_ACTIONS = ("up", "down", "status", "doctor", "clean")
_SCHEMA = "checker/cluster/v1"
_CONFIG = "kind-config.yaml"
STUCK = (
    "A namespace is stuck while something in it has a finalizer whose controller does not answer. "
    "`kubectl get events -n NAMESPACE` and the reason above tell which; on a kind cluster "
    "`cluster down` ends it all."
)


def cluster(arguments: Sequence[str], console: Console) -> int:
    """The local cluster: make it, take it away, look at it."""
    parser = Parser("cluster", "The local kind cluster, made from kind-config.yaml.")
    parser.add_argument("action", choices=_ACTIONS, metavar="|".join(_ACTIONS))
    parser.add_argument("--config", metavar="FILE", help=f"with `up`: instead of {_CONFIG}")
    parser.add_argument(
        "--learner", metavar="NAME", help="with `clean`: this one's runs instead of your own"
    )
    parser.add_argument(
        "--everyone", action="store_true", default=None, help="with `clean`: everybody's runs"
    )
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


def _fitting(options: Options) -> None:
    """Raise UsageError for an option that the action has no use for."""
    for option, actions in (
        ("config", ("up",)),
        ("learner", ("clean",)),
        ("everyone", ("clean",)),
        ("context", ("status", "clean")),
    ):
        if getattr(options, option) is not None and options.action not in actions:
            raise UsageError(f"`cluster {options.action}` has no option --{option}")
    if options.learner is not None:
        # An empty variable of a shell's must not mean everybody.
        if not any(sign.isalnum() for sign in options.learner):
            raise UsageError("--learner names nobody")
        if options.everyone:
            raise UsageError("--learner and --everyone do not go together")


def _up(options: Options, console: Console) -> int:
    from pathlib import Path

    from checker.live.local.cloud_provider import is_provided
    from checker.live.local.kind_cluster import up
    from checker.workspace.course_folder import find_course

    config = Path(options.config) if options.config else find_course().path / _CONFIG
    with Steps(console) as tell:
        found = up(config, tell)
        tell("looking for cloud-provider-kind")
        provided = is_provided()
    _show_status(found, console, {"cloudProviderKind": provided})
    if not console.as_json:
        console.lines(["", *_offer(provided, console.style.width)])
    return ALL_WELL


def _offer(provided: bool, width: int) -> list[str]:
    """What cloud-provider-kind is, and how to start it where it does not run."""
    from checker.live.local.cloud_provider import NAME, PAGE, WHAT_FOR, start_lines
    from checker.report.text.layout import wrap

    if provided:
        return wrap(f"{NAME} runs: the cluster has {WHAT_FOR}.", width)
    text = (
        f"{WHAT_FOR} take one program more, {NAME}; exercises 15 and 16 can be tried with it. It "
        "runs beside the cluster for as long as you want it:"
    )
    return [
        *wrap(text, width),
        "",
        *(f"    {line}" for line in start_lines()),
        "",
        PAGE,
    ]


def _down(_options: Options, console: Console) -> int:
    from checker.live.local.kind_cluster import NAME, down

    with Steps(console) as tell:
        was_there = down(tell)
    words = f"the cluster {NAME} is gone" if was_there else f"there was no cluster {NAME}"
    _result(console, [words], {"removed": was_there})
    return ALL_WELL


def _status(options: Options, console: Console) -> int:
    from checker.live.local.kind_cluster import status

    found = status(connected(options.context, console))
    _show_status(found, console)
    return ALL_WELL if all(ready for _, ready in found.nodes) else ENVIRONMENT


def _clean(options: Options, console: Console) -> int:
    from checker.live.local.kind_cluster import clean_up
    from checker.live.runs.cleaning import stuck
    from checker.report.text.layout import wrap

    api = connected(options.context, console)
    gone = clean_up(api, options.learner, everyone=bool(options.everyone))
    does_not_go = stuck(api)
    lines = [f"taken away: {name}" for name in gone]
    lines += [f"stuck while ending: {name} ({reason})" for name, reason in does_not_go]
    if does_not_go:
        lines += ["", *wrap(STUCK, console.style.width)]
    _result(
        console,
        lines or ["no run has left anything"],
        {"removed": gone, "stuck": _stuck_document(does_not_go)},
    )
    return ENVIRONMENT if does_not_go else ALL_WELL


def _stuck_document(found: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"namespace": name, "reason": reason} for name, reason in found]


def _doctor(_options: Options, console: Console) -> int:
    from checker.live.local.doctor import examine
    from checker.report.text.layout import hang, wrap

    found = examine()
    lines = []
    for one in found:
        mark = console.style.marks.good if one.good else console.style.marks.bad
        paint = console.style.good if one.good else console.style.bad
        text = f"{one.title}: {one.detail}"
        lines += hang(f"{paint(mark)} ", 2, text, console.style.width)
        if one.advice:
            lines += wrap(one.advice, console.style.width, "    ")
    missing = [one.title for one in found if not one.good]
    end = "all that a cluster needs is here: `python -m checker cluster up` makes one"
    if missing:
        end = f"missing: {', '.join(missing)}"
    lines += ["", *wrap(end, console.style.width)]
    _result(console, lines, {"findings": [one._asdict() for one in found]})
    return ENVIRONMENT if missing else ALL_WELL


def _show_status(found: Status, console: Console, more: Mapping[str, object] | None = None) -> None:
    ready = [name for name, is_ready in found.nodes if is_ready]
    sick = [name for name, is_ready in found.nodes if not is_ready]
    from checker.report.text.layout import wrap

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
        "stuck": _stuck_document(found.stuck),
        **(more or {}),
    }
    width = console.style.width
    _result(console, [part for line in lines for part in wrap(line, width, "", "  ")], document)


def _result(console: Console, lines: Sequence[str], document: Mapping[str, object]) -> None:
    if console.as_json:
        console.document({"schema": _SCHEMA, **document})
    else:
        console.lines(lines)
