"""JSON inside a Secret: what Go's parser says of text that is none.

After Go's `encoding/json: checkValid`, whose scanner reads bytes, and `convertNumber`. Python's
parser reads the same language but has other words for what is wrong with a text.
"""

from __future__ import annotations

import re

from checker.api.gotext import quote

_SPACES = re.compile(rb"[ \t\r\n]*")
_STRING = re.compile(rb'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*')
_HEX = re.compile(rb"[0-9a-fA-F]{0,3}")
_DIGITS = re.compile(rb"[0-9]*")
_LITERALS = {ord("t"): b"true", ord("f"): b"false", ord("n"): b"null"}
_MAX_DEPTH = 10000
_ENDED = "unexpected end of JSON input"
#: What may come next. The first two allow a container to end at once.
_FIRST_ITEM, _FIRST_KEY, _VALUE, _KEY, _END = range(5)


def object_problem(text: bytes) -> str:
    """Go's error for text that is no JSON object, "" for one that is (`null` is too)."""
    scanner = _Scanner(text)
    try:
        scanner.scan()
    except _SyntaxError as error:
        return str(error)
    what = _KINDS.get(text.lstrip(b" \t\r\n")[0], "number")
    if what in ("null", "object"):
        if scanner.overflow:
            number = f"number {scanner.overflow}"
            return f"json: cannot unmarshal {number} into Go value of type float64"
        return ""
    return f"json: cannot unmarshal {what} into Go value of type map[string]interface {{}}"


_KINDS = {
    ord("{"): "object", ord("["): "array", ord('"'): "string", ord("t"): "bool",
    ord("f"): "bool", ord("n"): "null",
}  # fmt: skip


class _SyntaxError(Exception):
    pass


class _Scanner:
    """One pass over a text; `overflow` is the first number that no float64 holds."""

    def __init__(self, text: bytes) -> None:
        # Go ends what is unfinished with a space, and speaks of that space.
        self.data = text + b" "
        self.position = 0
        self.overflow = ""

    def scan(self) -> None:
        """Raises _SyntaxError."""
        expected, containers = _VALUE, bytearray()
        while True:
            self.position = _end_of(_SPACES, self.data, self.position)
            if self.position == len(self.data):
                if expected != _END or containers:
                    raise _SyntaxError(_ENDED)
                return
            expected = self._step(expected, containers)

    def _step(self, expected: int, containers: bytearray) -> int:
        char = self.data[self.position]
        if expected in (_KEY, _FIRST_KEY):
            if char == ord("}") and expected == _FIRST_KEY:
                return self._close(containers)
            if char != ord('"'):
                self._fail("looking for beginning of object key string")
            self._string()
            self.position = _end_of(_SPACES, self.data, self.position)
            if self.position == len(self.data):
                raise _SyntaxError(_ENDED)
            if self.data[self.position] != ord(":"):
                self._fail("after object key")
            self.position += 1
            return _VALUE
        if expected == _END:
            return self._after_value(char, containers)
        if char == ord("]") and expected == _FIRST_ITEM:
            return self._close(containers)
        if char in b"{[":
            if len(containers) == _MAX_DEPTH:
                self._fail("exceeded max depth")
            containers.append(char)
            self.position += 1
            return _FIRST_KEY if char == ord("{") else _FIRST_ITEM
        self._scalar(char)
        return _END

    def _after_value(self, char: int, containers: bytearray) -> int:
        if not containers:
            self._fail("after top-level value")
        inside_object = containers[-1] == ord("{")
        if char == ord(","):
            self.position += 1
            return _KEY if inside_object else _VALUE
        if char != (ord("}") if inside_object else ord("]")):
            self._fail("after object key:value pair" if inside_object else "after array element")
        return self._close(containers)

    def _close(self, containers: bytearray) -> int:
        containers.pop()
        self.position += 1
        return _END

    def _scalar(self, char: int) -> None:
        if char == ord('"'):
            self._string()
        elif char in _LITERALS:
            literal = _LITERALS[char].decode()
            for expected in literal[1:]:
                self.position += 1
                if self.data[self.position] != ord(expected):
                    self._fail(f"in literal {literal} (expecting '{expected}')")
            self.position += 1
        elif char in b"-0123456789":
            self._number()
        else:
            self._fail("looking for beginning of value")

    def _string(self) -> None:
        self.position = _end_of(_STRING, self.data, self.position)
        if self.position == len(self.data):
            raise _SyntaxError(_ENDED)
        char = self.data[self.position]
        if char == ord("\\"):
            self.position += 1
            if self.data[self.position] != ord("u"):
                self._fail("in string escape code")
            self.position = _end_of(_HEX, self.data, self.position + 1)
            self._fail("in \\u hexadecimal character escape")
        if char != ord('"'):
            self._fail("in string literal")
        self.position += 1

    def _number(self) -> None:
        start = self.position
        if self.data[start] == ord("-"):
            self.position += 1
            self._digit("in numeric literal")
        if self.data[self.position] == ord("0"):
            self.position += 1
        else:
            self.position = _end_of(_DIGITS, self.data, self.position)
        if self.data[self.position] == ord("."):
            self.position += 1
            self._digit("after decimal point in numeric literal")
            self.position = _end_of(_DIGITS, self.data, self.position)
        if self.data[self.position] in b"eE":
            self.position += 1
            if self.data[self.position] in b"+-":
                self.position += 1
            self._digit("in exponent of numeric literal")
            self.position = _end_of(_DIGITS, self.data, self.position)
        number = self.data[start : self.position].decode()
        if not self.overflow and abs(float(number)) == float("inf"):
            self.overflow = number

    def _digit(self, where: str) -> None:
        if self.data[self.position] not in b"0123456789":
            self._fail(where)

    def _fail(self, where: str) -> None:
        char = chr(self.data[self.position])
        shown = {"'": "\\'", '"': '"'}.get(char) or quote(char)[1:-1]
        raise _SyntaxError(f"invalid character '{shown}' {where}")


def _end_of(pattern: re.Pattern[bytes], data: bytes, position: int) -> int:
    found = pattern.match(data, position)
    return found.end() if found else position
