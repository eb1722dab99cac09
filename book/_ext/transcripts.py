"""Directives that run the checker while the book is built and show what it says.

A trace and a matrix are drawn, and shown as the terminal has them beneath; findings are text.

    ```{trace} 04/wrong-target.yaml
    :from: pod/client
    :to: svc/web:80
    :verdict: refused
    ```

    ```{lint} 05/unnamed.yaml
    :rules: api-required
    ```

    ```{matrix} 11/policies.yaml
    :verdicts: pod/a svc/web:80 connected, pod/b svc/web:80 timeout
    ```

Files are those of `book/manifests`. What the page says must be what the checker says: another
verdict, or another set of rules, is a warning, and the build takes warnings for errors.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).parents[2]
MANIFESTS = "book/manifests"
#: Columns of a transcript: what fits beside the two sidebars.
WIDTH = "78"
#: Pixels of a picture: readable on a phone, where it shrinks a little, and on a desk.
PICTURE = 380
FOLDED = '<details class="terminal"><summary>The same in a terminal</summary>'

logger = logging.getLogger(__name__)


def ask(arguments: list[str]) -> tuple[int, str]:
    """Run one command line of the checker here. Gives its exit code and all that it printed."""
    buffer = io.BytesIO()
    with io.TextIOWrapper(buffer, encoding="utf-8", write_through=True) as stream:
        before = {name: os.environ.get(name) for name in ("COLUMNS", "NO_COLOR")}
        os.environ.update(COLUMNS=WIDTH, NO_COLOR="1")
        try:
            with (
                contextlib.chdir(ROOT),
                contextlib.redirect_stdout(stream),
                contextlib.redirect_stderr(stream),
            ):
                code = _main(arguments)
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
        stream.flush()
        return code, buffer.getvalue().decode("utf-8")


def _main(arguments: list[str]) -> int:
    """The checker's own entry. A fault of it is told where it happened, page by page."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    try:
        from checker.cli import main

        return main(arguments)
    except Exception as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 3


def command_line(arguments: list[str]) -> str:
    """The command as one types it, broken with backslashes where it is too long for the page."""
    lines = ["$ python -m checker"]
    for position, word in enumerate(arguments):
        # An option stays with its value.
        pair = " ".join(arguments[position : position + 2]) if word.startswith("--") else word
        if len(f"{lines[-1]} {pair} \\") > int(WIDTH):
            lines[-1] += " \\"
            lines.append("    ")
        lines[-1] += f" {shlex.quote(word)}"
    return "\n".join(lines)


class Transcript(SphinxDirective):
    """A command of the checker and its output. Subclasses say which, and what is expected."""

    required_arguments = 1
    final_argument_whitespace = True
    command: ClassVar[str]
    option_spec: ClassVar[dict[str, Any]] = {"options": directives.unchanged}

    def words(self) -> list[str]:
        """The command's own arguments after its files."""
        return []

    def judge(self, document: dict[str, Any]) -> str:
        """What differs from what the page expects; empty where nothing does."""
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        files = [f"{MANIFESTS}/{name}" for name in self.arguments[0].split()]
        for file in files:
            self.env.note_dependency(str(ROOT / file))
        line = [self.command, *files, *self.words(), *self.options.get("options", "").split()]
        _, text = ask(line)
        _, answer = ask([*line, "--format", "json"])
        self.compare(line, text, answer)
        shown = f"{command_line(line)}\n{text.rstrip()}"
        block = nodes.literal_block(shown, shown, language="console", classes=["transcript"])
        self.set_source_info(block)
        self.add_name(block)
        picture = self.picture(Path(file) for file in files)
        if not picture:
            return [block]
        drawn = nodes.raw("", f'<div class="picture">{picture}</div>', format="html")
        return [drawn, _html(FOLDED), block, _html("</details>")]

    def compare(self, line: list[str], text: str, answer: str) -> None:
        """Warn where the checker says something else than the page."""
        try:
            document = json.loads(answer[answer.index("{") :])
            if "error" in document:
                raise ValueError(document["error"])
            problem = self.judge(document)
        except ValueError:
            problem = f"no answer: {text.strip()}"
        if problem:
            logger.warning(
                "%s: %s", " ".join(line), problem, location=self.get_location(), type="checker"
            )

    def picture(self, files: Iterable[Path]) -> str:
        """The answer drawn, as HTML; empty where there is nothing to draw, or no answer."""
        answer = self.answer(files)
        if answer is None:
            return ""
        from checker.report.picture import Picture

        name = f"{self.env.docname}-{self.env.new_serialno('picture')}"
        return Picture(answer, width=PICTURE, name=name).html

    def answer(self, files: Iterable[Path]) -> Any:
        """The trace or matrix to draw."""
        return None

    def cluster(self, files: Iterable[Path]) -> Any:
        """The cluster that the command line makes of these files, with the same options."""
        from checker.api import admit
        from checker.cli.arguments import Parser, add_model
        from checker.cli.options import model
        from checker.manifests import Source, read
        from checker.network import build_cluster

        parser = Parser(self.command, "")
        add_model(parser)
        settings = model(parser.parse_args(self.options.get("options", "").split()))
        sources = [Source(str(file), (ROOT / file).read_text(encoding="utf-8")) for file in files]
        return build_cluster(admit(read(sources).manifests, settings).resources, settings)


class TraceDirective(Transcript):
    """One connection followed; `verdict` is the one that the page speaks of."""

    command = "trace"
    option_spec: ClassVar[dict[str, Any]] = {
        **Transcript.option_spec,
        "from": directives.unchanged_required,
        "to": directives.unchanged_required,
        "verdict": directives.unchanged_required,
        "protocol": directives.unchanged_required,
    }

    def words(self) -> list[str]:
        words = ["--from", self.options["from"], "--to", self.options["to"]]
        if "protocol" in self.options:
            words += ["--protocol", self.options["protocol"]]
        return words

    def answer(self, files: Iterable[Path]) -> Any:
        from checker.network import BadEndpoint, trace

        source, target = self.options["from"], self.options["to"]
        try:
            return trace(self.cluster(files), source, target, self.options.get("protocol", "TCP"))
        except BadEndpoint:
            return None

    def judge(self, document: dict[str, Any]) -> str:
        verdict = document["verdict"]
        expected = self.options.get("verdict", "")
        return "" if verdict == expected else f"the page says {expected}, the checker {verdict}"


class LintDirective(Transcript):
    """Findings; `rules` names each one that is expected, `none` where nothing is."""

    command = "lint"
    option_spec: ClassVar[dict[str, Any]] = {
        **Transcript.option_spec,
        "rules": directives.unchanged_required,
    }

    def judge(self, document: dict[str, Any]) -> str:
        found = Counter(finding["rule"] for finding in document["findings"])
        expected = Counter(self.options["rules"].replace(",", " ").split())
        del expected["none"]
        if found == expected:
            return ""
        return (
            f"the page says {sorted(expected.elements())}, the checker {sorted(found.elements())}"
        )


class MatrixDirective(Transcript):
    """Who reaches whom; `verdicts` lists cells that the page speaks of: source target verdict."""

    command = "matrix"
    option_spec: ClassVar[dict[str, Any]] = {
        **Transcript.option_spec,
        "verdicts": directives.unchanged_required,
        "protocol": directives.unchanged_required,
    }

    def words(self) -> list[str]:
        return ["--protocol", self.options["protocol"]] if "protocol" in self.options else []

    def answer(self, files: Iterable[Path]) -> Any:
        from checker.network import matrix

        return matrix(self.cluster(files), self.options.get("protocol", "TCP"))

    def judge(self, document: dict[str, Any]) -> str:
        problems = []
        for cell in self.options["verdicts"].replace("\n", " ").split(","):
            source, target, expected = cell.split()
            verdict = _cell(document, source, target)
            if verdict != expected:
                problems.append(f"{source} to {target} is {verdict}, not {expected}")
        return "; ".join(problems)


def _html(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


def _cell(document: dict[str, Any], source: str, target: str) -> str:
    row, column = (
        next(
            (
                position
                for position, axis in enumerate(document[key])
                if name == axis["name"] or name in axis["members"]
            ),
            -1,
        )
        for key, name in (("sources", source), ("targets", target))
    )
    if row < 0 or column < 0:
        return "not in the matrix"
    return str(document["verdicts"][row][column])


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("trace", TraceDirective)
    app.add_directive("lint", LintDirective)
    app.add_directive("matrix", MatrixDirective)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
