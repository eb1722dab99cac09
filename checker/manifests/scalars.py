"""What a plain YAML scalar means to Kubernetes.

`sigs.k8s.io/yaml` reads with go-yaml v2 and passes the result on as JSON, so this follows
`go.yaml.in/yaml/v2: resolve` and not PyYAML: `y` and `n` are booleans, `0o17` and `010` are
numbers, `1:30` is text, a date stays text, and `80.0` arrives at the server as `80`.
"""

from __future__ import annotations

import re

Scalar = str | int | float | bool | None

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE"), True),
    **dict.fromkeys(("on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE"), False),
    **dict.fromkeys(("off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}

#: Go's ParseInt with base 0; underscores are already gone, as go-yaml strips them first.
_INTEGER = r"[-+]?(0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9][0-9]*)"
_FLOAT = r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"

_FIRST = frozenset("+-.0123456789")
#: What a number can end with.
_LAST = frozenset("._0123456789abcdefABCDEF")


def resolve(text: str) -> Scalar:
    """The value of a plain (unquoted) scalar.

    Integers beyond 64 bits become floats, and floats without a fraction become integers, as
    they do on their way through JSON.
    """
    word = _WORDS.get(text, text)
    if word is not text:
        return word
    if text[0] not in _FIRST:
        return text
    if text.isascii() and text.isdigit() and text[0] != "0" and len(text) < 19:
        return int(text)
    # Most of the others are quantities, dates and addresses.
    return _number(text) if text[-1] in _LAST else text


def _number(text: str) -> Scalar:
    if text[0] == ".":
        # Go's ParseFloat takes underscores between digits only.
        text_or_float = re.sub(r"(?<=[0-9])_(?=[0-9])", "", text)
        return _float(text_or_float) if re.fullmatch(_FLOAT, text_or_float) else text
    plain = text.replace("_", "")
    if match := re.fullmatch(_INTEGER, plain):
        digits = match[1].lower()
        # Python refuses a bare leading zero, which Go reads as octal.
        octal = digits[:1] == "0" and digits[1:].isdigit()
        # Python refuses thousands of digits, too; none of these has 64 bits.
        number = 1 << 64 if len(digits.lstrip("0")) > 99 else int(digits, 8 if octal else 0)
        number = -number if plain[0] == "-" else number
        if -(2**63) <= number < 2**64:
            return number
    # Decimal digits alone can be a float.
    return _float(plain) if re.fullmatch(_FLOAT, plain) else text


def _float(text: str) -> Scalar:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        return text
    # Go's JSON encoder writes 80.0 as 80, the digits being the fewest that tell the float, and
    # turns to exponents from 1e21 on.
    if not number.is_integer() or abs(number) >= 1e21:
        return number
    digits, _, exponent = repr(number).partition("e")
    whole, _, fraction = digits.partition(".")
    zeros = int(exponent or 0) - len(fraction)
    return int(number) if not exponent else int(whole + fraction) * 10**zeros


def key_text(value: Scalar) -> str | None:
    """A scalar used as a key, as the text JSON needs; None where Kubernetes refuses it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | str):
        return str(value)
    if isinstance(value, float):
        return f"{value:g}"
    return None
