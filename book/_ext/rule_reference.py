"""The directive `rules`: all that `explain` knows, as a page.

    ```{rules}
    ```

Each rule has an anchor of its own, `rule-ID`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from collections.abc import Iterable

    from checker.advice import Rule

ROOT = Path(__file__).parents[2]

#: What a group of rules is called, by where its rules come from.
GROUPS = {"api-server": "Rules of the API server", "analysis": "Analysis"}


class RulesDirective(SphinxDirective):
    """A section a rule, grouped by source and sorted by id."""

    def run(self) -> list[nodes.Node]:
        if str(ROOT) not in sys.path:
            sys.path.insert(0, str(ROOT))
        from checker.advice import rules

        known = sorted(rules(), key=lambda rule: rule.id)
        return [
            self.section(f"rules-{source}", title, self.entries(known, source))
            for source, title in GROUPS.items()
            if any(rule.source == source for rule in known)
        ]

    def entries(self, rules: Iterable[Rule], source: str) -> list[nodes.Node]:
        """The sections of the rules of one source."""
        return [
            self.section(f"rule-{rule.id}", rule.id, self.body(rule))
            for rule in rules
            if rule.source == source
        ]

    def section(self, anchor: str, title: str, children: list[nodes.Node]) -> nodes.section:
        """A section with its anchor, known to the document so that links to it are checked."""
        node = nodes.section(ids=[anchor], names=[nodes.fully_normalize_name(anchor)])
        node += nodes.title("", "", nodes.Text(title))
        node += children
        self.state.document.note_implicit_target(node, node)
        return node

    def body(self, rule: Rule) -> list[nodes.Node]:
        """What it finds, why it matters, what to do, and examples where there are some."""
        children: list[nodes.Node] = [
            _paragraph(nodes.strong("", f"{rule.severity.capitalize()}: "), nodes.Text(rule.title)),
        ]
        for label, text in (("", rule.what), ("Why", rule.why), ("Fix", rule.fix)):
            if text:
                lead = [nodes.strong("", f"{label}: ")] if label else []
                children.append(_paragraph(*lead, nodes.Text(text)))
        for label, text in (("Found here", rule.bad), ("Not here", rule.good)):
            if text:
                children.append(_paragraph(nodes.Text(f"{label}:")))
                # Sphinx highlights only where the raw source is the text itself.
                shown = text.rstrip()
                children.append(nodes.literal_block(shown, shown, language="yaml"))
        more = self.links(rule)
        if more:
            children.append(_paragraph(nodes.strong("", "More: "), *more))
        return children

    def links(self, rule: Rule) -> list[nodes.Node]:
        """The chapter and the page of Kubernetes' documentation."""
        found: list[nodes.Node] = []
        if rule.page:
            reference = pending_xref(
                "",
                refdomain="std",
                reftype="doc",
                reftarget=f"/{rule.page}",
                refdoc=self.env.docname,
                refexplicit=False,
                refwarn=True,
            )
            reference += nodes.inline("", rule.page, classes=["doc"])
            found.append(reference)
        if rule.url:
            if found:
                found.append(nodes.Text(" · "))
            found.append(nodes.reference("", "Kubernetes documentation", refuri=rule.url))
        return found


def _paragraph(*children: nodes.Node) -> nodes.paragraph:
    return nodes.paragraph("", "", *children)


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("rules", RulesDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
