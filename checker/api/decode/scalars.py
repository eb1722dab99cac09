"""Scalars with a syntax of their own: base64, numbers as Go writes them."""

from __future__ import annotations

from typing import Any

_BASE64 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")


def base64_problem(text: str) -> str | None:
    """Go's error for text that is no standard base64, None for text that is.

    After `encoding/base64: Encoding.decodeQuantum`, which skips line ends anywhere.
    """
    position, count, total = 0, 0, len(text)
    while position < total:
        char = text[position]
        position += 1
        if char in "\r\n":
            continue
        if char in _BASE64:
            count += 1
            continue
        if char != "=" or count % 4 < 2:
            return _corrupt(text, position - 1)
        if count % 4 == 2:
            position = _skip_line_ends(text, position)
            if position == total:
                return _corrupt(text, total)
            if text[position] != "=":
                return _corrupt(text, position - 1)
            position += 1
        position = _skip_line_ends(text, position)
        return None if position == total else _corrupt(text, position)
    if count % 4:
        return _corrupt(text, total - count % 4)
    return None


def _skip_line_ends(text: str, position: int) -> int:
    while position < len(text) and text[position] in "\r\n":
        position += 1
    return position


def _corrupt(text: str, position: int) -> str:
    return f"illegal base64 data at input byte {len(text[:position].encode('utf-8', 'replace'))}"


def base64_size(text: str) -> int:
    """How many bytes valid base64 stands for."""
    digits = sum(1 for char in text if char in _BASE64)
    return digits * 3 // 4


def go_number(value: Any) -> str:
    """A number as it stands in JSON that Go wrote (`encoding/json: floatEncoder`)."""
    if isinstance(value, int):
        return str(value)
    size = abs(value)
    if value == int(value) and 1e-6 <= size < 1e21:
        return str(int(value))
    text = repr(value)
    if size != 0 and (size < 1e-6 or size >= 1e21):
        mantissa, _, exponent = f"{value!r}".partition("e")
        if not exponent:
            mantissa, _, exponent = f"{value:e}".partition("e")
            mantissa = mantissa.rstrip("0").rstrip(".")
        sign = exponent[0] if exponent[0] in "+-" else "+"
        return f"{mantissa.removesuffix('.0')}e{sign}{exponent.lstrip('+-0')}"
    if "e" in text:
        return f"{value:f}".rstrip("0").rstrip(".")
    return text
