"""SVG as text: escaping, the few elements the pictures use, and the document around them.

Whatever comes from manifests passes `escape`; the elements take care of that themselves.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from html import escape as escape_markup
from typing import Literal

from checker.report.picture.style import Ink, Lettering, Theme, css

# What XML 1.0 cannot hold, and the signs that would turn the direction of the text after them.
_UNPRINTABLE = (
    "[^\t\n\r\x20-\x7e\xa0-\u061b\u061d-\u200d\u2010-\u2029\u202f-\u2065\u2070-\ud7ff"
    "\ue000-\ufffd\U00010000-\U0010ffff]"
)


#: More characters than these are for no picture and no tooltip: a message may quote a whole file.
_MOST = 2000


def printable(text: str) -> str:
    """`text` on one line, with a replacement sign for each character that cannot be shown.

    Very long text is cut.
    """
    if len(text) > _MOST:
        text = text[: _MOST - 1] + "…"
    if text.isascii() and text.isprintable():
        return text
    return " ".join(re.sub(_UNPRINTABLE, "\ufffd", text).split())


def escape(text: str) -> str:
    """`text` as the content of an element or of an attribute in quotation marks."""
    return escape_markup(printable(text), quote=True)


def number(value: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def text(
    x: float,
    y: float,
    words: str,
    lettering: Lettering,
    ink: Ink = "ink",
    anchor: Literal["start", "middle", "end"] = "start",
    turn: float = 0,
) -> str:
    """One line of text; `y` is its baseline, `turn` in degrees about its beginning."""
    more = "" if anchor == "start" else f' text-anchor="{anchor}"'
    if turn:
        more += f' transform="rotate({number(turn)} {number(x)} {number(y)})"'
    colour = "kp-paper-ink" if ink == "paper" else f"kp-{ink} kp-fill"
    return (
        f'<text class="{lettering.css_class} {colour}" x="{number(x)}" y="{number(y)}"{more}>'
        f"{escape(words)}</text>"
    )


def path(data: str, css_class: str) -> str:
    """A path; what it looks like is up to the style's classes."""
    return f'<path class="{css_class}" d="{data}"/>'


def rectangle(
    x: float, y: float, width: float, height: float, css_class: str, corner: float = 0
) -> str:
    """A rectangle, its corners rounded by `corner` pixels."""
    rounded = f' rx="{number(corner)}"' if corner else ""
    return (
        f'<rect class="{css_class}" x="{number(x)}" y="{number(y)}" width="{number(width)}" '
        f'height="{number(height)}"{rounded}/>'
    )


def group(parts: Iterable[str], title: str = "", css_class: str = "") -> str:
    """Parts together, with what the pointer over them shows."""
    named = f' class="{css_class}"' if css_class else ""
    shown = f"<title>{escape(title)}</title>" if title else ""
    return f"<g{named}>{shown}{''.join(parts)}</g>"


def document(
    width: float,
    height: float,
    title: str,
    description: str,
    body: str,
    theme: Theme = "auto",
    name: str = "",
) -> str:
    """A whole picture, to be a file or a part of a page.

    Ids come from the content, so equal pictures are equal text; `name` tells equal pictures on one
    page apart. It is shown in its own size, and smaller where there is less room.
    """
    title, description = escape(title), escape(description)
    content = "\0".join((name, theme, title, description, body))
    mark = f"kp{zlib.crc32(content.encode()):08x}"
    themed = "" if theme == "auto" else f' data-theme="{theme}"'
    size = f"{number(width)} {number(height)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="kp"{themed} viewBox="0 0 {size}" '
        f'width="{number(width)}" height="{number(height)}" role="img" '
        f'aria-labelledby="{mark}t {mark}d">'
        f'<title id="{mark}t">{title}</title><desc id="{mark}d">{description}</desc>'
        f"<style>{css()}</style>"
        f"{rectangle(0.5, 0.5, width - 1, height - 1, 'kp-paper', 10)}{body}</svg>"
    )
