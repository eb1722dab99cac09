"""Resource quantities (`100m`, `1Gi`): reading, comparing, printing.

After `k8s.io/apimachinery/pkg/api/resource: ParseQuantity`, `Quantity.CanonicalizeBytes`.
Kubernetes keeps nine digits after the point, so every quantity is a whole number of billionths.
"""

from __future__ import annotations

from typing import Any

_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_SUFFIX_OF = {exponent: suffix for suffix, exponent in _DECIMAL.items()}
_BINARY_OF = {exponent: suffix for suffix, exponent in _BINARY.items()}

#: What a quantity of 1 is in billionths.
ONE = 10**9
_LIMIT = (2**63 - 1) * ONE

WRONG_FORMAT = (
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
)


class QuantityError(ValueError):
    """Text that is no quantity; the message is the server's."""


class Quantity:
    """An exact amount in billionths, and the notation that it was written in."""

    __slots__ = ("form", "nano")

    def __init__(self, nano: int, form: str) -> None:
        self.nano = nano
        #: "decimal", "binary" or "exponent".
        self.form = form

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole number."""
        return self.nano % ONE == 0

    def __str__(self) -> str:
        """The canonical text: no fraction, the largest suffix that keeps it whole."""
        nano = self.nano
        if nano == 0:
            return "0"
        if self.form == "binary" and self.is_whole and abs(nano) >= 1024 * ONE:
            whole, exponent = nano // ONE, 0
            while whole % 1024 == 0 and exponent < 60:
                whole //= 1024
                exponent += 10
            return f"{whole}{_BINARY_OF[exponent] if exponent else ''}"
        exponent = 18
        while nano % 10 ** (exponent + 9):
            exponent -= 3
        number = nano // 10 ** (exponent + 9)
        if self.form == "exponent":
            return f"{number}e{exponent}" if exponent else str(number)
        return f"{number}{_SUFFIX_OF[exponent]}"


_known: dict[Any, Quantity] = {}


def parse_quantity(value: str | int | float) -> Quantity:
    """A quantity from its text, or from a bare number. Raises QuantityError."""
    known = _known.get(value) if value.__class__ is str else None
    if known is None:
        known = _parse(value if isinstance(value, str) else str(value))
        if value.__class__ is str:
            _known[value] = known
    return known


_canonical: dict[str, str] = {}


def canonical(value: str | int | float) -> str:
    """A quantity as the server prints it. Raises QuantityError."""
    if not isinstance(value, str):
        return str(parse_quantity(value))
    known = _canonical.get(value)
    if known is None:
        known = _canonical[value] = str(parse_quantity(value))
    return known


def _parse(text: str) -> Quantity:
    text = text.strip()
    if not text:
        raise QuantityError(WRONG_FORMAT)
    position = 1 if text[0] in "+-" else 0
    start = position
    while position < len(text) and text[position] in "0123456789.":
        position += 1
    digits, suffix = text[start:position], text[position:]
    if not digits or digits.count(".") > 1 or digits == ".":
        raise QuantityError(WRONG_FORMAT)
    if len(digits) > 400:
        raise QuantityError("unable to parse numeric part of quantity")
    whole, _, fraction = digits.partition(".")
    twos, tens, form = _scale(suffix)
    nano = int(whole + fraction) << twos
    tens += 9 - len(fraction)
    # Kubernetes rounds away from zero at the ninth digit after the point, and caps at 2**63-1.
    nano = nano * 10**tens if tens >= 0 else -(-nano // 10**-tens)
    nano = min(nano, _LIMIT)
    return Quantity(-nano if text[0] == "-" else nano, form)


def _scale(suffix: str) -> tuple[int, int, str]:
    """The powers of two and of ten that a suffix stands for, and its notation."""
    if suffix in _BINARY:
        return _BINARY[suffix], 0, "binary"
    if suffix in _DECIMAL:
        return 0, _DECIMAL[suffix], "decimal"
    if suffix[0] in "eE" and len(suffix) > 1:
        exponent = suffix[1:]
        digits = exponent.lstrip("+-")
        if digits.isascii() and digits.isdigit() and len(exponent) - len(digits) <= 1:
            power = max(-400, min(400, int(exponent))) if len(digits) < 10 else 400
            return 0, power, "exponent"
    allowed = suffix.lstrip("eEinumkKMGTP")
    tail = allowed[1:] if allowed[:1] in ("+", "-") else allowed
    if tail and not (tail.isascii() and tail.isdigit()):
        raise QuantityError(WRONG_FORMAT)
    raise QuantityError("unable to parse quantity's suffix")
