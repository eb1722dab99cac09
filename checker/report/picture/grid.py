"""The picture of a matrix: a row a source, a column a target, a sign a verdict, and a legend."""

from __future__ import annotations

from itertools import groupby
from math import cos, radians, sin

from checker.network.answer import Matrix, Verdict
from checker.report.picture import svg
from checker.report.picture.folding import Line, fold_matrix
from checker.report.picture.lettering import cut_middle, text_width, wrap
from checker.report.picture.signs import draw_sign, draw_signs
from checker.report.picture.small_signs import draw_small
from checker.report.picture.style import BODY, LABEL, NAME, SMALL
from checker.report.picture.words import matrix_extent, matrix_heading, verdict_totals
from checker.report.text.layout import count

_MARGIN = 16
#: Degrees by which column labels lean; upright where that saves the reader from scrolling.
_LEANING, _UPRIGHT = -55, -90
_NARROWEST = 300
#: Pixels for a label, and between a row's label and its cells.
_SHORTEST, _LONGEST, _BESIDE = 130.0, 200.0, 10.0
# A title for each cell is worth its kilobytes in small matrices only.
_MOST_TITLES = 150


class MatrixDrawing:
    """Draws one matrix; `body`, `width` and `height` are the result.

    `width` is wished for: many columns need more.
    """

    def __init__(self, matrix: Matrix, width: float) -> None:
        self._matrix = matrix
        self._grid = grid = fold_matrix(matrix)
        self._parts: list[str] = []
        self._room = width - 2 * _MARGIN
        self._pitch = 10.0 if grid.compact else 30.0
        names = grid.rows if not grid.compact else ()
        needed = max((text_width(_label(line, _LONGEST), NAME) for line in names), default=0)
        if grid.compact:
            self._labels = 100.0
        else:
            if needed + _BESIDE + self._pitch * len(grid.columns) > self._room:
                self._pitch = 26.0
            # Cut names only where that saves the reader from scrolling.
            left = self._room - self._pitch * len(grid.columns) - _BESIDE
            self._labels = (min(needed, left) if left >= _SHORTEST else needed) + _BESIDE
        self._left = round(_MARGIN + self._labels)
        leaning, upright = self._whole_width(_LEANING), self._whole_width(_UPRIGHT)
        self._turn = _LEANING if leaning <= width or upright > width else _UPRIGHT
        self.width = leaning if self._turn == _LEANING else upright
        self._y = 0.0
        self._title()
        self._legend()
        if grid.rows and grid.columns:
            self._table()
        self._notes()
        self.height = self._y + _MARGIN
        self.body = "".join(self._parts)

    def _whole_width(self, turn: float) -> float:
        right = self._left + self._pitch * len(self._grid.columns)
        for label, middle, _ in self._column_labels():
            right = max(right, middle + text_width(label, NAME) * cos(radians(turn)) + 10)
        return max(_NARROWEST, right + _MARGIN)

    def _title(self) -> None:
        self._parts += [
            svg.text(_MARGIN, 30, matrix_heading(self._matrix), LABEL),
            svg.text(_MARGIN, 49, matrix_extent(self._matrix), BODY, "muted"),
        ]
        self._y = 56

    def _legend(self) -> None:
        """Each verdict that occurs, with its sign and how often."""
        x, self._y = float(_MARGIN), self._y + 8
        for verdict, total in verdict_totals(self._matrix).items():
            word = f"{verdict} {total:,}"
            taken = 22 + text_width(word, BODY) + 16
            if x > _MARGIN and x + taken > self.width - _MARGIN + 16:
                x, self._y = float(_MARGIN), self._y + 24
            self._parts += [
                self._sample(verdict, x, self._y),
                svg.text(x + 22, self._y + 12.5, word, BODY),
            ]
            x += taken
        self._y += 30

    def _sample(self, verdict: Verdict, x: float, y: float) -> str:
        """A verdict's sign as the cells show it."""
        if self._grid.compact:
            return draw_small(verdict, [(0, 0), (1, 0)], x, y + 3, self._pitch)
        return draw_sign(verdict, x + 8, y + 8, 8)

    def _column_labels(self) -> list[tuple[str, float, str]]:
        """Labels above the columns: text, the middle of what it names, and its title."""
        columns, pitch = self._grid.columns, self._pitch
        if not self._grid.compact:
            return [
                (_label(line, _LONGEST), self._left + pitch * (index + 0.5), _line_title(line))
                for index, line in enumerate(columns)
            ]
        return [
            (cut_middle(name, _LONGEST, NAME), self._left + pitch * (first + size / 2), name)
            for name, first, size in _namespaces(columns)
            if size * pitch >= 18
        ]

    def _table(self) -> None:
        grid, pitch = self._grid, self._pitch
        heads = self._column_labels()
        tallest = max((text_width(label, NAME) for label, _, _ in heads), default=0)
        top = round(self._y + tallest * -sin(radians(self._turn)) + 14)
        self._parts += [
            svg.text(_MARGIN, top - 10, "from ↓  to →", SMALL, "muted"),
            *self._stripes(top),
        ]
        for label, middle, title in heads:
            head = svg.text(middle + 4, top - 7, label, NAME, turn=self._turn)
            self._parts.append(svg.group((head,), title))
        if grid.compact:
            self._row_bands(top)
        else:
            self._row_labels(top)
        self._cells(top)
        self._y = top + pitch * len(grid.rows) + 6

    def _row_labels(self, top: float) -> None:
        for index, row in enumerate(self._grid.rows):
            label = _label(row, self._labels - _BESIDE)
            baseline = top + self._pitch * (index + 0.5) + 4.5
            words = svg.text(self._left - _BESIDE, baseline, label, NAME, anchor="end")
            self._parts.append(svg.group((words,), _line_title(row)))

    def _stripes(self, top: float) -> list[str]:
        """Lines between rows and columns, or between the namespaces of a compact matrix."""
        grid, pitch = self._grid, self._pitch
        right = self._left + pitch * len(grid.columns)
        bottom = top + pitch * len(grid.rows)
        data = "".join(
            f"M{svg.number(self._left)} {svg.number(top + pitch * index)}H{svg.number(right)}"
            for index in self._borders(grid.rows)
        ) + "".join(
            f"M{svg.number(self._left + pitch * index)} {svg.number(top)}V{svg.number(bottom)}"
            for index in self._borders(grid.columns)
        )
        return [svg.group((svg.path(data, "kp-stroke kp-grid"),), css_class="kp-line")]

    def _borders(self, lines: tuple[Line, ...]) -> list[int]:
        if not self._grid.compact:
            return list(range(len(lines) + 1))
        return [first for _, first, _ in _namespaces(lines)] + [len(lines)]

    def _row_bands(self, top: float) -> None:
        """The namespaces of a compact matrix's rows, in place of their names."""
        for label, first, size in _namespaces(self._grid.rows):
            middle = top + self._pitch * (first + size / 2)
            shown = cut_middle(label, self._labels - _BESIDE, NAME)
            if size * self._pitch >= 14:
                words = svg.text(self._left - _BESIDE, middle + 4, shown, NAME, anchor="end")
                self._parts.append(svg.group((words,), label))

    def _cells(self, top: float) -> None:
        """All cells of one verdict are one group of two paths, however many they are."""
        grid, pitch = self._grid, self._pitch
        by_verdict: dict[Verdict, list[tuple[int, int]]] = {}
        for y, row in enumerate(grid.verdicts):
            for x, verdict in enumerate(row):
                by_verdict.setdefault(verdict, []).append((x, y))
        for verdict, places in by_verdict.items():
            if grid.compact:
                self._parts.append(draw_small(verdict, places, self._left, top, pitch))
                continue
            middles = [(self._left + pitch * (x + 0.5), top + pitch * (y + 0.5)) for x, y in places]
            self._parts.append(draw_signs(verdict, middles, pitch * 0.3))
        if grid.compact:
            self._row_titles(top)
        elif len(grid.rows) * len(grid.columns) <= _MOST_TITLES:
            self._titles(top)

    def _row_titles(self, top: float) -> None:
        """The pointer tells the rows of a compact matrix, which have no labels."""
        length = self._pitch * len(self._grid.columns)
        for index, row in enumerate(self._grid.rows):
            y = top + self._pitch * index
            area = svg.rectangle(self._left, y, length, self._pitch, "kp-touch")
            self._parts.append(svg.group((area,), _line_title(row)))

    def _titles(self, top: float) -> None:
        grid, pitch = self._grid, self._pitch
        for y, (source, row) in enumerate(zip(grid.rows, grid.verdicts, strict=True)):
            for x, (target, verdict) in enumerate(zip(grid.columns, row, strict=True)):
                cell = svg.rectangle(
                    self._left + pitch * x, top + pitch * y, pitch, pitch, "kp-touch"
                )
                story = f"{source.name} → {target.name}: {verdict}"
                self._parts.append(svg.group((cell,), story))

    def _notes(self) -> None:
        grid = self._grid
        notes = []
        if not grid.rows or not grid.columns:
            notes.append("There is nothing to connect.")
        folded = len(grid.rows) + grid.hidden_rows < len(self._matrix.sources) or (
            len(grid.columns) + grid.hidden_columns < len(self._matrix.targets)
        )
        if folded:
            notes.append("Equal rows and equal columns are drawn as one.")
        if grid.hidden_rows or grid.hidden_columns:
            notes.append(
                f"Not drawn: {count(grid.hidden_rows, 'source')} and "
                f"{count(grid.hidden_columns, 'target')}. The text and JSON forms have them all."
            )
        if notes:
            self._y += 6
        for line in wrap(" ".join(notes), self.width - 2 * _MARGIN, BODY, 6):
            self._parts.append(svg.text(_MARGIN, self._y + 14, line, BODY, "muted"))
            self._y += 18


def _label(line: Line, width: float) -> str:
    """A line's name and how many stand in it, in at most `width` pixels."""
    count = "" if line.members == 1 else f" ×{line.members}"
    return cut_middle(svg.printable(line.name), width - text_width(count, NAME), NAME) + count


def _line_title(line: Line) -> str:
    names = [name for axis in line.axes for name in (axis.members or (axis.name,))]
    more = f", … ({len(names)} in all)" if len(names) > 12 else ""
    shown = ", ".join(names[:12]) + more
    return line.name if names == [line.name] else f"{line.name}: {shown}"


def _namespaces(lines: tuple[Line, ...]) -> list[tuple[str, int, int]]:
    """Runs of lines in one namespace: its name, the first line, how many."""
    runs = []
    first = 0
    for namespace, group in groupby(lines, key=_namespace):
        size = len(list(group))
        runs.append((namespace, first, size))
        first += size
    return runs


def _namespace(line: Line) -> str:
    host = line.name.partition("/")[2].partition(":")[0]
    return svg.printable(host.rpartition(".")[2])
