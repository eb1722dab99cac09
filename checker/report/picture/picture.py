"""Pictures as values: made from a trace or a matrix, shown by a notebook, written to a file."""

from __future__ import annotations

from functools import cached_property

from checker.network.answer import Matrix, Trace
from checker.report.picture import svg, words
from checker.report.picture.style import Theme

#: Widths in pixels within which a trace can be laid out; the first fits a phone.
NARROWEST, WIDEST = 300, 1200
USUAL = 380


class Picture:
    """A trace or a matrix, drawn.

    `width` is that of the place to fill, in pixels: the way is laid out for it. A matrix takes
    what its columns need. `theme` fixes light or dark; `auto` follows the page or the reader's
    system. `name` tells equal pictures on one page apart (an exercise's name, say).
    """

    def __init__(
        self,
        answer: Trace | Matrix,
        *,
        width: float = USUAL,
        theme: Theme = "auto",
        name: str = "",
    ) -> None:
        self._width = min(max(width, NARROWEST), WIDEST)
        self._theme = theme
        self._name = name

        self._title, self._story = _told(answer)
        self._size, self._body = _drawn(answer, self._width)

    @cached_property
    def svg(self) -> str:
        """The picture as SVG: well-formed XML, without scripts or references to elsewhere."""
        return svg.document(
            *self._size, self._title, self._story, self._body, self._theme, self._name
        )

    @cached_property
    def html(self) -> str:
        """The picture as part of a page; one that needs more than `width` can be scrolled."""
        if self._size[0] <= self._width:
            return self.svg
        title = svg.escape(self._title)
        box = f'<div class="kp-scroll" role="group" tabindex="0" aria-label="{title}">'
        return f"{box}{self.svg}</div>"

    def __repr__(self) -> str:
        # A notebook stores this beside the picture, so it must not name an address in memory.
        return f"<Picture: {self._title}>"

    def _repr_svg_(self) -> str:
        return self.svg

    # A notebook or book that shows SVG makes an <img> of it, which has no text for screen readers
    # and does not follow the page's theme. As HTML the same picture does both.
    def _repr_html_(self) -> str:
        return self.html

    def __str__(self) -> str:
        return self.svg


def _told(answer: Trace | Matrix) -> tuple[str, str]:
    if isinstance(answer, Matrix):
        return words.matrix_title(answer), words.matrix_story(answer)
    return words.trace_title(answer), words.trace_story(answer)


def _drawn(answer: Trace | Matrix, width: float) -> tuple[tuple[float, float], str]:
    """Width, height and content. A notebook of traces need not import the matrix's drawing."""
    if isinstance(answer, Matrix):
        from checker.report.picture.grid import MatrixDrawing

        grid = MatrixDrawing(answer, width)
        return (grid.width, grid.height), grid.body
    from checker.report.picture.way import Way

    way = Way(answer, width)
    return (width, way.height), way.body


def trace_svg(trace: Trace, width: float = USUAL) -> str:
    """The picture of a trace, as SVG."""
    return Picture(trace, width=width).svg


def matrix_svg(matrix: Matrix, width: float = USUAL) -> str:
    """The picture of a matrix, as SVG."""
    return Picture(matrix, width=width).svg
