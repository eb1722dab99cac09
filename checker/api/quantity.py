"""Resource quantities (`100m`, `1Gi`): reading, comparing, printing.

After `k8s.io/apimachinery/pkg/api/resource: ParseQuantity`, `Quantity.CanonicalizeBytes`.
Kubernetes keeps nine digits after the point, so every quantity is a whole number of billionths.
"""

from __future__ import annotations

import re
from typing import Any

_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_SUFFIX_OF = {exponent: suffix for suffix, exponent in _DECIMAL.items()}
_BINARY_OF = {exponent: suffix for suffix, exponent in _BINARY.items()}

#: What a quantity of 1 is in billionths.
ONE = 10**9
_MILLI = ONE // 1000
_LIMIT = (2**63 - 1) * ONE

WRONG_FORMAT = (
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
)


class QuantityError(ValueError):
    """Text that is no quantity; the message is the server's."""


class Quantity:
    """An exact amount in billionths, and the notation that it was written in."""

    __slots__ = ("form", "nano", "written")

    def __init__(self, nano: int, form: str, written: str = "") -> None:
        self.nano = nano
        #: "decimal", "binary" or "exponent".
        self.form = form
        #: The text that it came from, where the server prints that again.
        self.written = written

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole number."""
        return self.nano % ONE == 0

    def __add__(self, other: Quantity) -> Quantity:
        """The sum, in the notation of the first that is not 0 (`Quantity.Add`)."""
        return Quantity(self.nano + other.nano, self.form if self.nano else other.form)

    def rounded_up(self) -> Quantity:
        """In whole thousandths, away from 0 (`Quantity.RoundUp`)."""
        size = -(-abs(self.nano) // _MILLI) * _MILLI
        if size == abs(self.nano):
            return self
        return Quantity(size if self.nano > 0 else -size, self.form)

    def __str__(self) -> str:
        """As it was written, or the canonical text: no fraction, the largest suffix that fits."""
        if self.written:
            return self.written
        nano = self.nano
        if nano == 0:
            return "0"
        if self.form == "binary" and self.is_whole and abs(nano) >= 1024 * ONE:
            whole, exponent = nano // ONE, 0
            while whole % 1024 == 0:
                whole //= 1024
                exponent += 10
            return f"{whole}{_BINARY_OF[exponent] if exponent else ''}"
        exponent = -9
        while nano % 1000 == 0:
            nano //= 1000
            exponent += 3
        if self.form == "exponent":
            return f"{nano}e{exponent}" if exponent else str(nano)
        # Beyond E there is no suffix, and the server prints none.
        return f"{nano}{_SUFFIX_OF.get(exponent, '')}"


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
    # The server trims the JSON text, in which most white space is escaped.
    text = text.strip(_SPACES)
    if not text:
        raise QuantityError(WRONG_FORMAT)
    match = re.match(_PARTS, text, re.ASCII)
    if match is None:
        raise QuantityError(WRONG_FORMAT)
    # Digits may be missing altogether: `Gi` is 0.
    sign, zeros, whole, fraction, suffix = match.groups("")
    twos, tens, form = _scale(suffix)
    digits = (whole or "0") + fraction
    scale, precision = tens - len(fraction), 18 - len(digits)
    if form == "binary":
        # Of an int64: how the server decides whether it needs big numbers.
        precision = -1 if fraction else 14 - len(whole or "0") - int(twos * 3 / 10)
    if precision >= 0 and scale >= -9:
        value = int(digits)
        nano = (value << twos) * 10 ** (scale + 9)
        if form == "binary":
            kept = value & 7 != 0 and value << twos < 2**63
        else:
            kept = scale % 3 == 0 and not digits.endswith("000") and digits[0] != "0"
        return Quantity(-nano if sign == "-" else nano, form, text if kept else "")
    if not (zeros or whole or fraction) or len(digits) > _MOST_DIGITS:
        raise QuantityError("unable to parse numeric part of quantity")
    nano = int(digits) << twos
    scale += 9
    # Kubernetes rounds away from zero at the ninth digit after the point.
    nano = nano * 10**scale if scale >= 0 else -(-nano // 10**-scale)
    if form == "binary":
        nano = min(nano, _LIMIT)
    return Quantity(-nano if sign == "-" else nano, form)


#: What Go trims and its JSON leaves as it is.
_SPACES = (
    " \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u202f\u205f\u3000"
)
#: Sign, leading zeros, digits before and after the point, suffix. Compiled when first needed.
_PARTS = r"([+-]?)(0*)([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[+-]?[0-9]*)\Z"
#: Python reads and writes no longer numbers unasked.
_MOST_DIGITS = 4000


def _scale(suffix: str) -> tuple[int, int, str]:
    """The powers of two and of ten that a suffix stands for, and its notation."""
    if suffix in _BINARY:
        return _BINARY[suffix], 0, "binary"
    if suffix in _DECIMAL:
        return 0, _DECIMAL[suffix], "decimal"
    if suffix[0] in "eE" and re.fullmatch("[+-]?[0-9]{1,400}", suffix[1:], re.ASCII):
        exponent = int(suffix[1:])
        if -(2**63) <= exponent < 2**63:
            # Go keeps 32 bits of it.
            exponent = (exponent + 2**31) % 2**32 - 2**31
            return 0, max(-_MOST_DIGITS, min(_MOST_DIGITS, exponent)), "exponent"
    raise QuantityError("unable to parse quantity's suffix")
