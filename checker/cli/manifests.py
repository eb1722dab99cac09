"""From paths to admitted objects: what `lint`, `trace` and `matrix` begin with."""

import os
from argparse import Namespace
from collections.abc import Sequence
from typing import NamedTuple

from checker.api import Admission, ClusterSettings, admit
from checker.cli.arguments import model, standard_input
from checker.cli.console import Console
from checker.manifests import Problem, read
from checker.report.json_format import Failure
from checker.report.text.excerpt import excerpt
from checker.report.text.layout import count
from checker.workspace.input_files import read_paths

#: How many problems are shown one by one; a folder of templates has hundreds.
_SHOWN = 10


class Input(NamedTuple):
    """What the paths hold. `texts` are the sources by name, in the order read."""

    texts: dict[str, str]
    admission: Admission
    problems: list[Problem]
    settings: ClusterSettings


def read_input(options: Namespace) -> Input:
    """Read and admit what `options.paths` name. Raises InputError, UsageError."""
    settings = model(options)
    sources = read_paths(options.paths, standard_input())
    given = (getattr(options, name, None) for name in ("baseline", "write_baseline"))
    baselines = [file for file in given if file is not None]
    if baselines:
        # It ends in .json and may stand among the manifests.
        own = {os.path.abspath(file) for file in baselines}  # noqa: PTH100
        sources = [one for one in sources if os.path.abspath(one.name) not in own]  # noqa: PTH100
    reading = read(sources)
    return Input(
        {source.name: source.text for source in sources},
        admit(reading.manifests, settings),
        reading.problems,
        settings,
    )


def problem_failure(problems: Sequence[Problem]) -> Failure | None:
    """The first problem, as JSON's `error` has it; it says how many more there are."""
    if not problems:
        return None
    first = problems[0]
    more = f" ({count(len(problems) - 1, 'more problem')} like it or other)" if problems[1:] else ""
    return Failure(first.message + more, *first.location)


def tell_problems(found: Input, console: Console) -> None:
    """Say what could not be read, each with its line; templates in one sentence for all."""
    templates = [problem for problem in found.problems if problem.kind == "template"]
    shown = [problem for problem in found.problems if problem.kind != "template"] + templates[:1]
    for problem in shown[:_SHOWN]:
        console.message(f"checker: {problem.location}: {problem.message}")
        console.message(*excerpt(found.texts, problem.location, console.message_style), "")
    if templates[1:]:
        console.message(f"checker: {count(len(templates) - 1, 'more template')} like it")
    if shown[_SHOWN:]:
        more = count(len(shown) - _SHOWN, "more file")
        console.message(f"checker: {more} could not be read in full")
