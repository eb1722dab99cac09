"""Markdown, as much of it as the course's texts use, as lines for a terminal.

Headings, paragraphs, lists, tables, fenced code, and `code` within a line.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.report.text.layout import columns, wrap
from checker.report.text.style import Style

_FENCE = "```"
_MARKERS = ("- ", "* ")


def render(text: str, style: Style, indent: str = "") -> list[str]:
    """The text's blocks with a blank line between them, list items close together."""
    lines: list[str] = []
    previous = ""
    for kind, block in _blocks(text):
        if lines and not (kind == previous == "item"):
            lines.append("")
        previous = kind
        if kind == "code":
            lines += [f"{indent}  {line}".rstrip() for line in block]
        elif kind == "table":
            lines += _table(block, style, indent)
        elif kind == "heading":
            lines.append(indent + style.strong(block[0].lstrip("#").strip()))
        else:
            words = " ".join(line.strip() for line in block)
            first, rest = indent, indent
            if kind == "item":
                marker, words = _split_marker(words)
                first = f"{indent}{marker} "
                rest = indent + " " * (len(marker) + 1)
            lines += [_code(line, style) for line in wrap(words, style.width, first, rest)]
    return lines


def _blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    block: list[str] = []
    kind = ""
    for line in text.splitlines():
        stripped = line.strip()
        if kind == "code":
            if stripped.startswith(_FENCE):
                yield kind, block
                kind, block = "", []
            else:
                block.append(line)
            continue
        begins = _kind(stripped)
        if begins != kind or begins in ("item", "heading"):
            # A line below a list item that begins nothing of its own belongs to the item.
            if kind == "item" and begins == "text":
                block.append(line)
                continue
            if block:
                yield kind, block
            kind, block = begins, []
        if begins not in ("", "code"):
            block.append(line)
    if block:
        yield kind, block


def _kind(line: str) -> str:
    if not line:
        return ""
    if line.startswith(_FENCE):
        return "code"
    if line.startswith("|"):
        return "table"
    if line.startswith("#"):
        return "heading"
    if line.startswith(_MARKERS) or _number(line):
        return "item"
    return "text"


def _number(line: str) -> str:
    """The `1.` that begins a numbered item."""
    head, dot, _ = line.partition(". ")
    return head + dot.rstrip() if dot and head.isascii() and head.isdigit() else ""


def _split_marker(words: str) -> tuple[str, str]:
    number = _number(words)
    if number:
        return number, words[len(number) + 1 :]
    return "-", words[2:]


def _table(rows: list[str], style: Style, indent: str) -> list[str]:
    """Columns as wide as their cells; the last one wraps beside the others."""
    cells = [[cell.strip() for cell in row.strip().strip("|").split("|")] for row in rows]
    body = [row for row in cells if any(cell.strip("-: ") for cell in row)]
    if not body:
        return []
    count = max(map(len, body))
    body = [row + [""] * (count - len(row)) for row in body]
    widths = [max(columns(row[at]) for row in body) for at in range(count)]
    left = len(indent) + sum(widths[:-1]) + 2 * (count - 1)
    room = max(style.width - left, 20)
    lines = []
    for number, row in enumerate(body):
        head = "".join(
            cell + " " * (width - columns(cell) + 2)
            for cell, width in zip(row[:-1], widths[:-1], strict=True)
        )
        for at, last in enumerate(wrap(row[-1], room)):
            line = f"{indent}{head if at == 0 else ' ' * len(head)}{last}".rstrip()
            lines.append(style.strong(line) if number == 0 else _code(line, style))
    return lines


def _code(line: str, style: Style) -> str:
    """`code` painted; where there is no colour its backticks stay, for it must stay visible."""
    if not style.colour or line.count("`") % 2:
        return line
    parts = line.split("`")
    return "".join(style.place(part) if at % 2 else part for at, part in enumerate(parts))
