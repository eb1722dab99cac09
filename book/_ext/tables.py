"""Rows of text as a table of the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docutils import nodes


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> nodes.table:
    """A table with these heads; each row has as many cells as there are heads."""
    # What is wider than a column of text gets the room beside it (book.css).
    made = nodes.table(classes=["table", "wide"] if len(heads) > 6 else ["table"])
    group = nodes.tgroup(cols=len(heads))
    made += group
    for _ in heads:
        group += nodes.colspec(colwidth=1)
    group += nodes.thead("", _row(heads))
    body = nodes.tbody()
    body += [_row(row) for row in rows]
    group += body
    return made


def paragraph(text: str) -> nodes.paragraph:
    return nodes.paragraph("", "", nodes.Text(text))


def _row(cells: Sequence[str]) -> nodes.row:
    row = nodes.row()
    for cell in cells:
        row += nodes.entry("", paragraph(cell))
    return row
