"""`matrix` as text: sources down, targets across by number, one sign a cell."""

from __future__ import annotations

from checker.network.answer import Axis, Matrix, Verdict
from checker.report.text.layout import clip, columns
from checker.report.text.style import Style

#: One sign a verdict, the same with and without Unicode so that a legend can be learnt.
SIGNS: dict[Verdict, str] = {
    "connected": "+",
    "refused": "R",
    "timeout": "T",
    "dns-failure": "D",
    "rejected": "!",
    "intermittent": "~",
    "cannot-tell": "?",
}
_WIDEST_NAME = 32


def matrix_text(matrix: Matrix, style: Style) -> list[str]:
    """The table, cut into blocks where it is wider than the page, with targets and a legend."""
    if not matrix.sources or not matrix.targets:
        return ["There is no pod or Service in the input, so there is nobody to reach."]
    lines = [style.strong(f"Targets ({matrix.protocol})")]
    digits = len(str(len(matrix.targets)))
    for number, axis in enumerate(matrix.targets, 1):
        lines.append(f"  {number:>{digits}}  {clip(_axis(axis), style.width - digits - 4, style)}")
    widest = max(columns(_axis(axis)) for axis in matrix.sources)
    name_width = min(_WIDEST_NAME, max(widest, len("Sources")))
    cell = digits + 1
    block = max(1, (style.width - name_width - 2) // cell)
    for first in range(0, len(matrix.targets), block):
        numbers = range(first, min(first + block, len(matrix.targets)))
        head = "".join(f"{number + 1:>{cell}}" for number in numbers)
        lines += ["", style.strong("Sources") + " " * (name_width - len("Sources")) + head]
        for axis, row in zip(matrix.sources, matrix.verdicts, strict=True):
            name = clip(_axis(axis), name_width, style)
            cells = "".join(" " * (cell - 1) + _sign(row[number], style) for number in numbers)
            lines.append(name + " " * (name_width - columns(name)) + cells)
    used = {verdict for row in matrix.verdicts for verdict in row}
    legend = [f"{_sign(verdict, style)} {verdict}" for verdict in SIGNS if verdict in used]
    return [*lines, "", "  ".join(legend)]


def _axis(axis: Axis) -> str:
    others = len(axis.members) - 1
    return f"{axis.name} (and {others} alike)" if others > 0 else axis.name


def _sign(verdict: Verdict, style: Style) -> str:
    sign = SIGNS[verdict]
    if verdict == "connected":
        return style.good(sign)
    return style.warning(sign) if verdict == "cannot-tell" else style.bad(sign)
