"""Lines: wrapping, aligning, and joining words."""

from __future__ import annotations

from collections.abc import Iterable

from checker.report.text.style import Style


def columns(text: str) -> int:
    """How many columns `text` (without escapes) takes: East Asian wide signs take two."""
    if text.isascii():
        return len(text)
    return sum(_columns(sign) for sign in text)


def _columns(sign: str) -> int:
    import unicodedata  # most texts have no such sign

    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


# The standard library's textwrap compiles regular expressions that an exercise run need not wait
# for, and counts wide signs as one column.
def wrap(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """`text` in lines of at most `width` columns; `first` and `rest` begin them.

    Line breaks in the text stay. A word longer than a line is left whole: it may be a path.
    """
    rest = " " * columns(first) if rest is None else rest
    lines = []
    begin = first
    for paragraph in text.splitlines() or [""]:
        line = begin
        used = columns(begin)
        empty = True
        for word in paragraph.split(" "):
            size = columns(word)
            if not empty and used + 1 + size > width:
                lines.append(line.rstrip())
                line, used, empty = rest, columns(rest), True
            if not empty:
                line += " "
                used += 1
            line += word
            used += size
            empty = False
        lines.append(line.rstrip())
        begin = rest
    return lines


def hang(
    prefix: str, taken: int, text: str, width: int, rest: str = "", rest_taken: int | None = None
) -> list[str]:
    """`text` wrapped beside `prefix`, which may be painted and shows `taken` columns.

    `rest` begins the following lines in place of blanks; it shows `rest_taken` columns, or as
    many as the prefix.
    """
    indent = taken if rest_taken is None else rest_taken
    first, *others = wrap(text, width, " " * taken, " " * indent)
    return [prefix + first[taken:], *((rest or " " * indent) + line[indent:] for line in others)]


def spread(left: str, right: str, style: Style, taken: int) -> str:
    """`left` and `right` at the two ends of a line; `taken` is what both show in columns."""
    return left + " " * max(2, style.width - taken) + right


def clip(text: str, width: int, style: Style) -> str:
    """`text`, cut where it is wider than `width`."""
    return text if len(text) <= width else text[: max(0, width - 1)] + style.marks.cut


def join_words(words: Iterable[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + f" {last} " + items[-1]


def count(number: int, thing: str, things: str | None = None) -> str:
    """`1 error`, `2 errors`."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def command_lines(commands: Iterable[tuple[str, str]], style: Style) -> list[str]:
    """What one can do next: a label and what to type, never broken, as it is to be copied.

    What has no label goes with the line above.
    """
    rows = list(commands)
    width = max(len(label) for label, _ in rows)
    return [f"  {label:<{width}}  {style.place(text)}" for label, text in rows]


def labelled(label: str, texts: Iterable[str]) -> list[tuple[str, str]]:
    """Rows for `command_lines`: the label before the first of the texts."""
    return [(label if number == 0 else "", text) for number, text in enumerate(texts)]
