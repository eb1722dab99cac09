"""Values as Go prints them in messages: `%q`, and JSON as `encoding/json` writes it."""

from __future__ import annotations

import json
from typing import Any

_ESCAPES = {
    '"': '\\"', "\\": "\\\\", "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r",
    "\t": "\\t", "\v": "\\v",
}  # fmt: skip


def quote(text: str) -> str:
    """Text in quotes, after `strconv.Quote`."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return '"' + "".join(_ESCAPES.get(char) or _quoted(char) for char in text) + '"'


def _quoted(char: str) -> str:
    code = ord(char)
    if char.isprintable():
        return char
    if code < 0x20 or code == 0x7F:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def to_json(value: Any) -> str:
    """Compact JSON, `<`, `>` and `&` escaped, keys in the order of the dict."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=str)
    if any(char in text for char in "<>&\u2028\u2029"):
        for char in "<>&\u2028\u2029":
            text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def printed(value: Any) -> str:
    """A bad value as error messages hold it (`field.Error: ErrorBody`)."""
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return to_json(value)
