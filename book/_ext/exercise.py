"""The directives `exercise`, `try` and `progress`: what a reader does in the page.

    ```{exercise} exercise3
    ```

    ```{try} index/broken.yaml
    :given: client.yaml
    :from: pod/client
    :to: svc/shop:80
    :verdict: refused
    ```

    ```{progress}
    ```

Each shows what a page without JavaScript can show: the manifests as they stand at the start, the
packet's way as a picture, the command that checks an answer. The script of `book/_widget` finds
the elements by `data-exercise`, `data-try` and `data-progress`, and puts an editor in their place.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from course_pages import course, load
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from widget import script

if TYPE_CHECKING:
    from checker.course import Exercise
    from checker.network import Trace

ROOT = Path(__file__).parents[2]
MANIFESTS = ROOT / "book/manifests"

#: What a trace's picture is drawn for: half of a wide page; on a phone it shrinks a little.
WIDTH = 440

logger = logging.getLogger(__name__)


class element(nodes.General, nodes.Element):  # noqa: N801  # docutils names nodes so
    """An HTML element with its attributes; other builders show what is inside."""


def wrap(tag: str, children: list[nodes.Node], **attributes: str) -> element:
    """An element; an underscore in an attribute's name stands for a hyphen."""
    made = element(tag=tag, html={key.replace("_", "-"): text for key, text in attributes.items()})
    made += children
    return made


def html(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


class Lively(SphinxDirective):
    """What the three have in common."""

    def file(self, name: str, text: str) -> nodes.Node:
        """A manifest under its name."""
        container = nodes.container("", literal_block=True, classes=["literal-block-wrapper"])
        container += nodes.caption("", "", nodes.literal(name, name))
        container += nodes.literal_block(text.rstrip(), text.rstrip(), language="yaml")
        return container

    def command(self, command: str) -> list[nodes.Node]:
        from transcripts import command_line

        line = command_line(command.split())
        return [
            paragraph(nodes.Text("In a terminal:")),
            nodes.literal_block(line, line, language="console"),
        ]

    def given(self, texts: Mapping[str, str]) -> list[nodes.Node]:
        """Files that are there to be read, folded away."""
        if not texts:
            return []
        summary = wrap("summary", [nodes.Text("What is in the cluster already")])
        files = [self.file(name, text) for name, text in texts.items()]
        return [wrap("details", [summary, *files], class_="exercise-given")]


class ExerciseDirective(Lively):
    """Puts the exercise that its argument names into the page."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        exercise = load(name)
        if exercise is None:
            logger.info("no folder for %s: the page leaves it out", name)
            return []
        for path in sorted((ROOT / "exercises" / name).rglob("*")):
            if path.is_file() and not {"answer", "backups"} & set(path.parts):
                self.env.note_dependency(str(path))
        title = f"Exercise {exercise.number}: {exercise.title}"
        files = [self.file(file, text) for file, text in exercise.start.items()]
        inside = [
            wrap("p", [nodes.strong("", title)], class_="exercise-title"),
            *self.readme(exercise.readme),
            *self.given({f"given/{file}": text for file, text in exercise.given.items()}),
            wrap("div", files, class_="exercise-files"),
            *self.command(name),
            html(self.data(exercise)),
        ]
        label = f"Exercise: {exercise.title}"
        return [
            wrap(
                "section", inside, class_="exercise", id=name, data_exercise=name, aria_label=label
            )
        ]

    def data(self, exercise: Exercise) -> str:
        """What the script must know before Python runs."""
        from checker.report.page import editor_text

        file, text = editor_text(exercise)
        known = {"name": exercise.name, "number": exercise.number, "title": exercise.title}
        return script(known | {"file": file, "text": text, "hints": exercise.hints}, "")

    def readme(self, text: str) -> list[nodes.Node]:
        """The situation and the task: the README's text below its headings."""
        from docutils.statemachine import StringList

        lines = [line for line in text.splitlines() if not line.startswith("#")]
        holder = nodes.container()
        source = self.get_source_info()[0]
        self.state.nested_parse(StringList(lines, source), self.content_offset, holder)
        return list(holder.children)


class TryDirective(Lively):
    """Manifests to change and to look at; with `ask`, any connection can be asked for.

    `given` are more files of `book/manifests`, not to be edited. `verdict` is what the page says
    of the connection: another one is a warning. `after` is told once it is connected.
    """

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Any]] = {
        "given": directives.unchanged,
        "from": directives.unchanged_required,
        "to": directives.unchanged_required,
        "verdict": directives.unchanged_required,
        "after": directives.unchanged,
        "ask": directives.flag,
        "name": directives.unchanged_required,
        "label": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        names = self.arguments[0].split()
        given = self.read(self.options.get("given", "").split())
        edited = self.read(names)
        text = "---\n".join(text.rstrip() + "\n" for text in edited.values())
        way = self.trace(edited | given)
        picture = self.picture(way)
        key = self.options.get("name", self.env.docname.replace("/", "-"))
        data = {
            "name": f"try-{key}",
            "file": names[0].rpartition("/")[2] if len(names) == 1 else "manifests.yaml",
            "label": self.options.get("label", "Manifests to try"),
            "text": text,
            "given": [{"name": name, "text": each} for name, each in given.items()],
            "from": self.options["from"],
            "to": self.options["to"],
            "after": self.options.get("after", ""),
            "ask": "ask" in self.options,
        }
        paths = " ".join(f"book/manifests/{name}" for name in [*edited, *given])
        command = f"trace {paths} --from {self.options['from']} --to {self.options['to']}"
        if "ask" in self.options:
            command = "lint manifests.yaml"
        inside = [
            *self.given(given),
            wrap("div", [self.file(names[0], text), html(picture)], **STILL),
            *self.command(command),
            html(script(data, "")),
        ]
        label = self.options.get("label", "Try it")
        return [wrap("section", inside, class_="exercise", data_try=key, aria_label=label)]

    def read(self, names: list[str]) -> dict[str, str]:
        for name in names:
            self.env.note_dependency(str(MANIFESTS / name))
        return {name: (MANIFESTS / name).read_text(encoding="utf-8") for name in names}

    def trace(self, texts: Mapping[str, str]) -> Trace:
        """The connection followed; a warning where it ends otherwise than the page says."""
        from checker.api import ClusterSettings, admit
        from checker.manifests import Source, read
        from checker.network import build_cluster, trace

        settings = ClusterSettings()
        reading = read([Source(name, text) for name, text in texts.items()])
        cluster = build_cluster(admit(reading.manifests, settings).resources, settings)
        way = trace(cluster, self.options["from"], self.options["to"])
        expected = self.options.get("verdict", way.verdict)
        if way.verdict != expected:
            logger.warning(
                "the page says %s, the checker %s",
                expected,
                way.verdict,
                location=self.get_location(),
                type="checker",
            )
        return way

    def picture(self, way: Trace) -> str:
        from checker.report.picture import Picture

        drawn = Picture(way, width=WIDTH, name=self.env.docname).html
        return f'<div class="ports-picture">{drawn}</div>'


STILL = {"class_": "exercise-files", "data_picture": ""}


class ProgressDirective(Lively):
    """All exercises with their pages; the script adds how far the reader is."""

    def run(self) -> list[nodes.Node]:
        entries = "".join(
            f'<li value="{each["number"]}"><a href="{self.relative(each["href"])}">'
            f"{escape(each['title'])}</a> "
            f'<span data-progress-of="{each["name"]}"></span><br>{escape(each["summary"])}</li>'
            for each in course()
        )
        listed = html(f'<ol class="exercise-list">{entries}</ol>')
        return [wrap("section", [listed], data_progress="", aria_label="Exercises")]

    def relative(self, href: str) -> str:
        return "../" * self.env.docname.count("/") + href


def paragraph(*children: nodes.Node) -> nodes.paragraph:
    return nodes.paragraph("", "", *children)


def visit_html(self: Any, node: element) -> None:
    attributes = "".join(
        f' {key.rstrip("-")}="{escape(text, quote=True)}"' for key, text in node["html"].items()
    )
    self.body.append(f"<{node['tag']}{attributes}>")


def depart_html(self: Any, node: element) -> None:
    self.body.append(f"</{node['tag']}>\n")


def pass_by(self: Any, node: element) -> None:
    """Other builders show what is inside."""


def setup(app: Sphinx) -> dict[str, Any]:
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    app.setup_extension("widget")
    both = (visit_html, depart_html)
    app.add_node(element, html=both, latex=(pass_by, pass_by), text=(pass_by, pass_by))
    app.add_directive("exercise", ExerciseDirective)
    app.add_directive("try", TryDirective)
    app.add_directive("progress", ProgressDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
