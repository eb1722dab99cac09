"""How text looks: colours that read on dark and on light, marks, widths.

No meaning hangs on colour alone: every coloured mark is also another sign or word.
Yellow and white vanish on light terminals, blue on dark ones, so none of them is used.
"""

from typing import NamedTuple

_BOLD, _FAINT, _RED, _GREEN, _MAGENTA, _CYAN = "1", "2", "31", "32", "35", "36"

#: Every escape sequence that text of this package may hold.
ESCAPES = tuple(
    f"\x1b[{code}m"
    for code in ("0", _BOLD, _FAINT, _CYAN, "1;31", "1;32", "1;35", _RED, _GREEN, _MAGENTA)
)

NARROWEST, WIDEST = 40, 100


class Marks(NamedTuple):
    """The signs of a text, all one column wide but `arrow`."""

    good: str
    bad: str
    unknown: str
    waiting: str
    line: str
    corner: str
    rule: str
    caret: str
    arrow: str
    dot: str
    full: str
    empty: str
    cut: str


UNICODE = Marks("✓", "✗", "?", "·", "│", "└", "─", "^", "→", "·", "█", "░", "…")
ASCII = Marks("+", "x", "?", ".", "|", "`", "-", "^", "->", "-", "#", ".", "~")


class Style(NamedTuple):
    """What the terminal (or the file, or the page) that the text is for can show."""

    colour: bool = False
    unicode: bool = True
    width: int = 80

    @property
    def marks(self) -> Marks:
        """The signs that this terminal can show."""
        return UNICODE if self.unicode else ASCII

    def _paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text

    def good(self, text: str) -> str:
        return self._paint("1;32", text)

    def bad(self, text: str) -> str:
        return self._paint("1;31", text)

    def warning(self, text: str) -> str:
        return self._paint("1;35", text)

    def strong(self, text: str) -> str:
        return self._paint(_BOLD, text)

    def faint(self, text: str) -> str:
        return self._paint(_FAINT, text)

    def place(self, text: str) -> str:
        """File names, commands, and other things to type or open."""
        return self._paint(_CYAN, text)


PLAIN = Style()
