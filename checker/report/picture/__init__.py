"""Traces and matrices as SVG: pictures that need no script, no font file and no other host.

`Picture(trace)` shows itself in a notebook; its `.svg` is a whole picture to write to a file or
to put into a page.
"""

from __future__ import annotations

from checker.report.picture.picture import Picture, matrix_svg, trace_svg

__all__ = ["Picture", "matrix_svg", "trace_svg"]
