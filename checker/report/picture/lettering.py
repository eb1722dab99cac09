"""How wide text is, and how it is made to fit: wrapped or cut.

Nobody knows which font the reader's system has, so widths are reckoned on the safe side: for each
ASCII character the widest of DejaVu Sans, Liberation Sans (Arial) and Noto Sans.
"""

from __future__ import annotations

import unicodedata

from checker.report.picture.style import Lettering

CUT = "…"

# Hundredths of an em, from U+0020 to U+007E.
_REGULAR = (
    32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 56, 84, 32, 37, 32, 38,  # space to /
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 56,  # 0 to ?
    102, 69, 69, 73, 78, 67, 62, 78, 76, 34, 50, 67, 56, 91, 76, 79,  # @ to O
    67, 79, 73, 67, 62, 74, 69, 99, 69, 67, 69, 40, 38, 40, 84, 56,  # P to _
    50, 62, 64, 55, 64, 62, 36, 64, 64, 28, 28, 58, 28, 98, 64, 62,  # ` to o
    64, 64, 42, 53, 40, 64, 60, 82, 60, 60, 53, 64, 56, 64, 84,  # p to ~
)  # fmt: skip
_BOLD = (
    35, 46, 53, 84, 70, 101, 88, 31, 46, 46, 55, 84, 38, 42, 38, 42,
    70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 40, 40, 84, 84, 84, 62,
    100, 78, 77, 74, 84, 69, 69, 83, 84, 39, 56, 78, 64, 100, 84, 86,
    74, 86, 78, 73, 69, 82, 78, 111, 78, 73, 73, 46, 42, 46, 84, 56,
    50, 68, 72, 60, 72, 68, 44, 72, 72, 35, 35, 67, 35, 105, 72, 69,
    72, 72, 50, 60, 48, 72, 66, 93, 65, 66, 59, 72, 56, 72, 84,
)  # fmt: skip
_MONO = 61
# A sign that the font lacks comes from another font, so mono does not hold for it.
_OTHER, _WIDE = 112, 140
_KNOWN = {"…": 101, "·": 40, "→": 84, "–": 51, "—": 101, "×": 84, "“": 52, "”": 52, "’": 39}
_KNOWN_MONO = frozenset("…·→–×")

# After these a long word may be broken without a hyphen: they are where names have their joints.
_JOINTS = "-._/:,="


def text_width(text: str, lettering: Lettering) -> float:
    """How many pixels `text` takes at most."""
    table = _BOLD if lettering.bold else _REGULAR
    mono = lettering.family == "mono"
    hundredths = 0
    for sign in text:
        code = ord(sign)
        if 32 <= code < 127:
            hundredths += _MONO if mono else table[code - 32]
        elif sign in _KNOWN:
            hundredths += _MONO if mono and sign in _KNOWN_MONO else _KNOWN[sign]
        else:
            hundredths += _unusual(sign)
    return hundredths * lettering.size / 100


def _unusual(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    if unicodedata.east_asian_width(sign) in "WF" or ord(sign) > 0x1F000:
        return _WIDE
    return _OTHER


def cut_end(text: str, width: float, lettering: Lettering) -> str:
    """`text`, or as much of its beginning as fits, with an ellipsis."""
    if text_width(text, lettering) <= width:
        return text
    return _beginning(text, width - text_width(CUT, lettering), lettering).rstrip() + CUT


def cut_middle(text: str, width: float, lettering: Lettering) -> str:
    """`text`, or its beginning and end: a name's end has the port, or what tells pods apart."""
    if text_width(text, lettering) <= width:
        return text
    room = width - text_width(CUT, lettering)
    start = _beginning(text, room * 0.55, lettering)
    room -= text_width(start, lettering)
    end = _beginning(text[len(start) :][::-1], room, lettering)[::-1]
    return start + CUT + end


def _beginning(text: str, width: float, lettering: Lettering) -> str:
    used = 0.0
    for index, sign in enumerate(text):
        used += text_width(sign, lettering)
        if used > width:
            return text[:index]
    return text


def wrap(text: str, width: float, lettering: Lettering, most: int) -> list[str]:
    """`text` in at most `most` lines of at most `width` pixels; what is left out shows as `…`.

    Whitespace counts as one blank each; a word too long for a line is broken, at a joint if it
    has one.
    """
    lines: list[str] = []
    line = ""
    words = text.split()
    while words:
        word = words.pop(0)
        longer = f"{line} {word}" if line else word
        if text_width(longer, lettering) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
            line = ""
            words.insert(0, word)
        else:
            piece = _piece(word, width, lettering)
            lines.append(piece)
            words.insert(0, word[len(piece) :])
        if len(lines) > most:
            break
    if line:
        lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], _shortened(lines[most - 1], width, lettering)]
    return lines


def _piece(word: str, width: float, lettering: Lettering) -> str:
    piece = _beginning(word, width, lettering) or word[:1]
    joint = max(piece.rfind(sign) for sign in _JOINTS)
    # A joint near the beginning would leave most of the line empty.
    return piece[: joint + 1] if joint >= len(piece) // 2 else piece


def _shortened(line: str, width: float, lettering: Lettering) -> str:
    kept = _beginning(line, width - text_width(CUT, lettering), lettering)
    return kept.rstrip() + CUT
