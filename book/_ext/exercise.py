"""The directive `exercise`: one exercise of the course in the page.

    ```{exercise} exercise3
    ```

Shows the title, the task, the manifests as they stand in `exercises/NAME/start` and the command
that checks an answer. That is what a page without JavaScript has; the element carries
`data-exercise`, by which a script finds it.
"""

from __future__ import annotations

import sys
import tomllib
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).parents[2]

logger = logging.getLogger(__name__)


class exercise(nodes.General, nodes.Element):  # noqa: N801  # docutils names nodes so
    """The element around one exercise."""


class ExerciseDirective(SphinxDirective):
    """Puts the exercise that its argument names into the page."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        folder = ROOT / "exercises" / name
        settings = folder / "exercise.toml"
        if not settings.exists():
            logger.info("no folder for %s: the page leaves it out", name)
            return []
        self.env.note_dependency(str(settings))
        data = tomllib.loads(settings.read_text(encoding="utf-8"))
        element = exercise(name=name, title=data["title"])
        element += _paragraph(nodes.strong("", f"Exercise {_number(name)}: {data['title']}"))
        readme = folder / "README.md"
        if readme.exists():
            self.env.note_dependency(str(readme))
            element += self.readme(readme.read_text(encoding="utf-8"))
        for file in data["files"]:
            path = folder / "start" / file
            self.env.note_dependency(str(path))
            element += self.manifest(file, path.read_text(encoding="utf-8"))
        command = f"$ python -m checker {name}"
        element += _paragraph(nodes.Text("Edit the file and check it, in a terminal:"))
        element += nodes.literal_block(command, command, language="console")
        return [element]

    def readme(self, text: str) -> list[nodes.Node]:
        """The situation and the task: the README's text below its headings."""
        from docutils.statemachine import StringList

        lines = [line for line in text.splitlines() if not line.startswith("#")]
        holder = nodes.container()
        source = self.get_source_info()[0]
        self.state.nested_parse(StringList(lines, source), self.content_offset, holder)
        return list(holder.children)

    def manifest(self, file: str, text: str) -> nodes.Node:
        """A start file under its name."""
        container = nodes.container("", literal_block=True, classes=["literal-block-wrapper"])
        container += nodes.caption("", "", nodes.literal(file, file))
        container += nodes.literal_block(text, text.rstrip(), language="yaml")
        return container


def _number(name: str) -> str:
    return name.removeprefix("exercise")


def _paragraph(*children: nodes.Node) -> nodes.paragraph:
    return nodes.paragraph("", "", *children)


def visit_html(self: Any, node: exercise) -> None:
    name = escape(node["name"], quote=True)
    label = escape(f"Exercise: {node['title']}", quote=True)
    self.body.append(
        f'<section class="exercise" id="{name}" data-exercise="{name}" aria-label="{label}">\n'
    )


def depart_html(self: Any, node: exercise) -> None:
    self.body.append("</section>\n")


def pass_by(self: Any, node: exercise) -> None:
    """Other builders show what is inside."""


def setup(app: Sphinx) -> dict[str, Any]:
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    app.add_node(
        exercise,
        html=(visit_html, depart_html),
        latex=(pass_by, pass_by),
        text=(pass_by, pass_by),
    )
    app.add_directive("exercise", ExerciseDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
