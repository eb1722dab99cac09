"""From paths to admitted objects: what `lint`, `trace` and `matrix` begin with."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from checker.api import Admission, ClusterSettings, admit
from checker.cli.console import Console
from checker.cli.errors import UsageError
from checker.cli.options import Options, model, standard_input
from checker.manifests import Location, Problem, Reading, read
from checker.report.json_format import Failure
from checker.workspace.errors import InputError
from checker.workspace.input_files import read_paths

if TYPE_CHECKING:
    from checker.workspace.excluding import Excluded

#: How many problems are shown one by one; a folder of templates has hundreds.
_SHOWN = 10


class Input(NamedTuple):
    """What the paths hold. `texts` are the sources by name, in the order read.

    `left_out` are the names of files below folders that hold no objects.
    """

    texts: dict[str, str]
    admission: Admission
    problems: list[Problem]
    settings: ClusterSettings
    left_out: list[str]


def read_input(options: Options) -> Input:
    """Read and admit what `options.paths` name. Raises InputError, UsageError."""
    settings = model(options)
    unreadable: list[InputError] = []
    sources = read_paths(options.paths, standard_input(), unreadable, _excluded(options))
    given = (getattr(options, name, None) for name in ("baseline", "write_baseline"))
    baselines = [file for file in given if file is not None]
    if baselines:
        # It ends in .json and may stand among the manifests.
        own = {os.path.abspath(file) for file in baselines}  # noqa: PTH100
        sources = [one for one in sources if os.path.abspath(one.name) not in own]  # noqa: PTH100
    reading = read(sources)
    texts = {source.name: source.text for source in sources}
    left_out: list[str] = []
    if _may_leave_out(reading):
        from checker.cli.left_out import others
        from checker.workspace.input_files import STANDARD_INPUT_NAME, tidy

        found = others(reading, {STANDARD_INPUT_NAME, *map(tidy, options.paths)})
        left_out = [name for name in texts if name in found]
        for name in left_out:
            del texts[name]
        reading = Reading(
            [one for one in reading.manifests if one.source.name not in found],
            [one for one in reading.problems if one.location.file not in found],
        )
    return Input(
        texts,
        admit(reading.manifests, settings),
        [*map(_unreadable, unreadable), *reading.problems],
        settings,
        left_out,
    )


def _excluded(options: Options) -> "Excluded | None":
    patterns, folder = options.settings.exclude, options.settings.folder
    if options.exclude:
        if "" in options.exclude:
            raise UsageError("--exclude is empty")
        try:
            patterns, folder = options.exclude, os.getcwd()  # noqa: PTH109
        except OSError as error:
            raise UsageError("--exclude: the current folder is gone") from error
    if not patterns:
        return None
    from checker.workspace.excluding import excluded

    return excluded(patterns, folder)


def _may_leave_out(reading: Reading) -> bool:
    """Whether there may be files without objects at all: most inputs have none."""
    return any(one.kind == "stray" for one in reading.problems) or any(
        "kind" not in one.value or str(one.value.get("apiVersion")).startswith("kustomize.")
        for one in reading.manifests
    )


def _unreadable(error: InputError) -> Problem:
    return Problem("unreadable", error.message, Location(error.file, error.line or 1, 1))


def tell_left_out(found: Input, console: Console) -> None:
    """Say which files of folders were not taken for manifests, and where nothing is left."""
    if found.left_out:
        from checker.report.text.layout import count, join_words

        names = found.left_out if len(found.left_out) < 5 else found.left_out[:3]
        more = len(found.left_out) - len(names)
        told = join_words([*names, f"{more} more"] if more else names)
        number = count(len(found.left_out), "file holds", "files hold")
        console.message(f"checker: {number} no whole object, so nothing is said of {told}")
    if not found.admission.resources and not found.problems:
        console.message("checker: the input holds no object")


def problem_failure(problems: Sequence[Problem]) -> Failure | None:
    """The first problem, as JSON's `error` has it; it says how many more there are."""
    if not problems:
        return None
    from checker.report.text.layout import count

    first = problems[0]
    more = f" ({count(len(problems) - 1, 'more problem')} like it or other)" if problems[1:] else ""
    return Failure(first.message + more, *first.location)


def tell_problems(found: Input, console: Console) -> None:
    """Say what could not be read, each with its line; templates in one sentence for all."""
    if not found.problems:
        return
    from checker.report.text.excerpt import excerpt
    from checker.report.text.layout import count

    templates = [problem for problem in found.problems if problem.kind == "template"]
    shown = [problem for problem in found.problems if problem.kind != "template"] + templates[:1]
    for problem in shown[:_SHOWN]:
        if problem.kind == "unreadable":
            console.message(f"checker: {problem.message}")
            continue
        console.message(f"checker: {problem.location}: {problem.message}")
        console.message(*excerpt(found.texts, problem.location, console.message_style), "")
    if templates[1:]:
        console.message(f"checker: {count(len(templates) - 1, 'more template')} like it")
    if shown[_SHOWN:]:
        more = count(len(shown) - _SHOWN, "more file")
        console.message(f"checker: {more} could not be read in full")
