"""Roles for what a claim rests on: Kubernetes' source and its documentation.

    {src}`pkg/apis/core/validation/validation.go:validateServicePort`
    {k8s}`concepts/services-networking/service/`
    {k8s}`Service <concepts/services-networking/service/>`

`src` links to the file in the very release that the checker knows; what follows the colon is the
name to look for there. Both are plain links: a page loads nothing from them.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from docutils.parsers.rst.states import Inliner
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole
from sphinx.util.nodes import split_explicit_title

#: The patch release whose source the sentences of this book were read in.
RELEASE = "v1.36.3"
SOURCE = f"https://github.com/kubernetes/kubernetes/blob/{RELEASE}/"
DOCUMENTATION = "https://kubernetes.io/docs/"


class SourceRole(SphinxRole):
    """A file of Kubernetes' source, with the function or type to look for."""

    inliner: Inliner

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        path, _, symbol = self.text.partition(":")
        shown = f"{_shortened(path)}: {symbol}" if symbol else _shortened(path)
        link = nodes.reference("", "", refuri=SOURCE + path, classes=["source"], reftitle=path)
        link += nodes.literal(shown, shown)
        return [link], []


class DocumentationRole(SphinxRole):
    """A page of kubernetes.io/docs, by its path and, where given, under a title."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        has_title, title, path = split_explicit_title(self.text)
        shown = title if has_title else f"kubernetes.io/docs/{path}"
        return [nodes.reference("", shown, refuri=DOCUMENTATION + path)], []


def _shortened(path: str) -> str:
    """The end of the path, enough to recognise it; the link's title has all of it."""
    parts = path.split("/")
    # `v1/types.go` is the name of many files.
    enough = 3 if re.fullmatch(r"v[0-9]+\w*", parts[-2]) else 2
    return "/".join(parts[-enough:])


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_role("src", SourceRole())
    app.add_role("k8s", DocumentationRole())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
