"""The directive `api-coverage`: which kinds are judged, and how many recordings hold them to it.

    ```{api-coverage}
    ```

Made while the book is built, from the checker's registry of kinds and the recorded verdicts
of a real API server in `tests/conformance`.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).parents[2]
HEADS = ("Kind", "API version", "Decoded", "Defaulted", "Warns", "Accepted", "Refused")


class ApiCoverageDirective(SphinxDirective):
    """One row a kind and version."""

    def run(self) -> list[nodes.Node]:
        if str(ROOT) not in sys.path:
            sys.path.insert(0, str(ROOT))
        from tables import table

        from tests.conformance.cases import RECORDED

        for path in sorted(RECORDED.glob("api.*.json")):
            self.env.note_dependency(str(path))
        return [table(HEADS, list_rows())]


def list_rows() -> list[tuple[str, ...]]:
    """What is said of each kind, sorted by its name, and the sums."""
    from checker.api.kinds import KINDS
    from tests.conformance.cases import api_cases

    asked: Counter[tuple[str, str, bool]] = Counter()
    for case in api_cases():
        asked[
            _field(case.manifests, "apiVersion"), _field(case.manifests, "kind"), case.accepted
        ] += 1
    rows = []
    for (version, name), kind in sorted(KINDS.items(), key=lambda item: (item[0][1], item[0][0])):
        rows.append(
            (
                name,
                version,
                "strictly, every field" if kind.struct else "by its published schema",
                "yes" if kind.defaults else "nothing to default",
                "yes" if kind.warnings or kind.early or kind.deprecated else "",
                str(asked[version, name, True]),
                str(asked[version, name, False]),
            )
        )
    sums = (str(sum(int(row[column]) for row in rows)) for column in (5, 6))
    return [*rows, ("all of these", "", "", "", "", *sums)]


def _field(manifest: str, name: str) -> str:
    """A field of the top level, of block or JSON text."""
    found = re.search(rf'(?m)^{name}: *"?([\w./-]+)', manifest) or re.search(
        rf'"{name}": *"([\w./-]+)"', manifest
    )
    return found[1] if found else ""


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("api-coverage", ApiCoverageDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
