"""Times as RFC 3339 has them, and what Go says of those that are none."""

from __future__ import annotations

#: The elements of a time in their order: what stands before, and how Go's layout writes it.
_LAYOUT = (
    ("", "2006"), ("-", "01"), ("-", "02"), ("T", "15"), (":", "04"), (":", "05"),
    ("", "Z07:00"),
)  # fmt: skip
_LAYOUT_TEXT = "2006-01-02T15:04:05Z07:00"
#: The most that an element may be, and what it is called where it is more.
_MOST = {"01": (12, "month"), "15": (23, "hour"), "04": (59, "minute"), "05": (59, "second")}


class _TimeError(Exception):
    pass


def time_problem(text: str) -> str | None:
    """Go's error for text that is no time of RFC 3339, None for text that is one.

    After `time: parse`, which goes through its layout element by element.
    """
    rest = text
    numbers = {}
    try:
        for before, element in _LAYOUT:
            if not rest.startswith(before):
                raise _TimeError(_cannot_parse(text, rest, before))
            rest = rest[len(before) :]
            numbers[element], rest = _element(text, rest, element)
        if rest:
            raise _TimeError(f"parsing time {_time_quote(text)}: extra text: {_time_quote(rest)}")
        year, month, day = numbers["2006"], numbers["01"], numbers["02"]
        if not 1 <= day <= _days(month, year):
            raise _TimeError(f"parsing time {_time_quote(text)}: day out of range")
    except _TimeError as error:
        return str(error)
    return None


def _element(text: str, rest: str, element: str) -> tuple[int, str]:
    """The number that `rest` begins with, and what is left of it."""
    if element == "Z07:00":
        return 0, _zone(text, rest)
    width = 4 if element == "2006" else 2
    digits = rest[:width]
    if element == "15" and not _are_digits(digits[1:]):
        digits, width = digits[:1], 1  # an hour may have one digit
    if len(digits) < width or not _are_digits(digits):
        raise _TimeError(_cannot_parse(text, rest, element))
    number, left = int(digits), rest[len(digits) :]
    most, name = _MOST.get(element, (number, ""))
    if number > most or (element == "01" and not number):
        raise _TimeError(f"parsing time {_time_quote(text)}: {name} out of range")
    if element == "05" and left[:1] in (".", ",") and _are_digits(left[1:2]):
        # Any number of digits of a fraction, which the layout does not name.
        left = left[1:].lstrip("0123456789")
    return number, left


def _are_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _zone(text: str, rest: str) -> str:
    if rest.startswith("Z"):
        return rest[1:]
    offset = rest[:6]
    if len(offset) == 6 and offset[3] == ":" and _are_digits(offset[1:3]):
        # Go looks at the sign last.
        minutes = offset[4:] if _are_digits(offset[4:]) else ""
        for number, most, name in ((offset[1:3], 24, "hour"), (minutes, 60, "minute")):
            if int(number or 0) > most:
                what = f"time zone offset {name} out of range"
                raise _TimeError(f"parsing time {_time_quote(text)}: {what}")
        if minutes and offset[0] in "+-":
            return rest[6:]
    raise _TimeError(_cannot_parse(text, rest, "Z07:00"))


def _cannot_parse(text: str, rest: str, element: str) -> str:
    layout = _time_quote(_LAYOUT_TEXT)
    left, wanted = _time_quote(rest), _time_quote(element)
    return f"parsing time {_time_quote(text)} as {layout}: cannot parse {left} as {wanted}"


def _time_quote(text: str) -> str:
    """`time: quote`, which knows no escapes but of bytes."""
    found = []
    for char in text:
        if char in '"\\':
            found.append("\\" + char)
        elif " " <= char < "\x80":
            found.append(char)
        else:
            found += [f"\\x{byte:02x}" for byte in char.encode("utf-8", "replace")]
    return '"' + "".join(found) + '"'


def _days(month: int, year: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31
