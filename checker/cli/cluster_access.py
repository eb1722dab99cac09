"""The room `live` as commands use it: brought in when asked for, its failures as exit code 3."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from checker.cli.console import Console
from checker.cli.errors import CommandError
from checker.cli.steps import Steps

if TYPE_CHECKING:
    from checker.cli.arguments import Parser
    from checker.course.exercise import Exercise
    from checker.course.result import ExerciseReport
    from checker.live.server.connection import Api
    from checker.workspace.answers import Answer

INSTALL = (
    "live checks need the extra `live`: `pip install 'kubernetes-ports[live]'` "
    "(in a clone: `pip install -e '.[live]'`)"
)


def add_context(parser: Parser) -> None:
    """The option `--context`."""
    parser.add_argument(
        "--context",
        metavar="NAME",
        help="the kubeconfig's context to ask; without it only kind's are",
    )


@contextlib.contextmanager
def environment_errors() -> Iterator[None]:
    """What goes wrong with a cluster, as CommandError: the environment's fault, exit code 3."""
    try:
        import kubernetes  # noqa: F401
    except ImportError as error:
        raise CommandError(INSTALL) from error
    from checker.live.errors import LiveError

    try:
        yield
    except LiveError as error:
        raise CommandError(str(error)) from error


def connected(context: str | None, console: Console) -> Api:
    """The cluster to ask. Within `environment_errors`."""
    from checker import KUBERNETES_VERSION
    from checker.live.server.connection import connect

    api = connect(context)
    version = api.version()
    if not version.startswith(f"v{KUBERNETES_VERSION}."):
        console.message(
            f"checker: the cluster runs Kubernetes {version}; predictions are for "
            f"{KUBERNETES_VERSION}"
        )
    return api


def with_live_checks(
    report: ExerciseReport,
    exercise: Exercise,
    answer: Answer,
    context: str | None,
    console: Console,
) -> ExerciseReport:
    """The report of an answer that has passed, with the live checks behind the static ones.

    Raises CommandError where the cluster cannot be asked.
    """
    with environment_errors():
        from checker.live.questions.exercise_check import check_live

        api = connected(context, console)
        console.message(f"Live, in the context {api.context}:")
        with Steps(console) as tell:
            found = check_live(api, exercise, answer.sources, tell)
    if not found:
        console.message(f"checker: {exercise.name} has no live check")
    return report._replace(checks=(*report.checks, *found))


def tell_differences(report: ExerciseReport, console: Console) -> bool:
    """Say where the cluster did otherwise than predicted, and whom to believe; whether it did."""
    from checker.live.questions.exercise_check import differs

    found = [check for check in report.checks if check.mode == "live" and differs(check)]
    if found and not console.as_json:
        texts = [*(check.message for check in found), found[0].why, found[0].fix]
        console.message("", *(f"checker: {text}" for text in texts))
    for check in report.checks:
        if check.mode == "live" and check.status == "cannot-tell" and check not in found:
            console.message(f"checker: {check.message}")
    return bool(found)
