"""The decoder for values in which nothing is wrong, which is nearly all of them.

For each type a function is made once, from the field tables. At the first oddity it gives up
with `OddError`; `checker.api.decode.strict` then finds out what there is to say.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checker.api.decode import tables
from checker.api.decode.scalars import base64_problem
from checker.api.quantity import QuantityError, canonical

Decoder = Callable[[Any], Any]


class OddError(Exception):
    """Something for the strict decoder to look at."""


_decoders: dict[str, Decoder] = {}


def decoder(kind: str) -> Decoder:
    """The decoder of a type, written as in the tables."""
    found = _decoders.get(kind)
    if found is None:
        found = _decoders[kind] = _make(kind)
    return found


def zero(kind: str) -> Any:
    """What JSON null leaves in a list's or a map's element; None where that is Go's nil."""
    if kind.startswith("*"):
        return None
    plain = tables.plain_type(kind)
    if plain in _ZEROS:
        return _ZEROS[plain]
    return {} if tables.fields(plain) is not None else None


_ZEROS: dict[str, Any] = {
    "string": "", "int32": 0, "int64": 0, "int": 0, "uint8": 0, "byte": 0, "float64": 0,
    "bool": False, "[]byte": "", "intstr.IntOrString": 0, "resource.Quantity": "0",
}  # fmt: skip


def _make(kind: str) -> Decoder:
    plain = tables.plain_type(kind)
    if plain in _SCALARS:
        return _SCALARS[plain]
    if plain.startswith("[]"):
        return _list_decoder(plain[2:])
    if plain.startswith("map["):
        return _map_decoder(plain.partition("]")[2])
    return _struct_decoder(plain)


def _struct_decoder(struct: str) -> Decoder:
    table = tables.fields(struct)
    if table is None:
        return _anything
    # A field's decoder is made when it is first met: most are never met in a run.
    kinds = {name.rsplit(".", 1)[-1]: kind for name, kind in table.items()}
    made: dict[str, Decoder] = {}

    def decode(value: Any) -> dict[str, Any]:
        if value.__class__ is not dict:
            raise OddError
        out = {}
        for key, item in value.items():
            if item is None:
                if key not in kinds:
                    raise OddError
                continue
            field = made.get(key)
            if field is None:
                if key not in kinds:
                    raise OddError
                field = made[key] = decoder(kinds[key])
            out[key] = field(item)
        return out

    return decode


def _list_decoder(element: str) -> Decoder:
    if element in ("byte", "uint8"):
        return _bytes
    item_decoder = decoder(element)
    nothing = zero(element)

    def decode(value: Any) -> list[Any]:
        if value.__class__ is not list:
            raise OddError
        return [nothing if item is None else item_decoder(item) for item in value]

    return decode


def _map_decoder(element: str) -> Decoder:
    def decode(value: Any) -> dict[str, Any]:
        if value.__class__ is not dict:
            raise OddError
        return {
            key: zero(element) if item is None else item_decoder(item)
            for key, item in value.items()
        }

    # Made late: a struct may hold a map of itself.
    item_decoder = decoder(element)
    return decode


def _string(value: Any) -> Any:
    if value.__class__ is str:
        return value
    raise OddError


def _bool(value: Any) -> Any:
    if value.__class__ is bool:
        return value
    raise OddError


def _int32(value: Any) -> Any:
    if value.__class__ is int and -0x80000000 <= value <= 0x7FFFFFFF:
        return value
    raise OddError


def _int64(value: Any) -> Any:
    if value.__class__ is int and -(2**63) <= value < 2**63:
        return value
    raise OddError


def _float(value: Any) -> Any:
    if value.__class__ is int or value.__class__ is float:
        return value
    raise OddError


def _int_or_string(value: Any) -> Any:
    return value if value.__class__ is str else _int32(value)


def _quantity(value: Any) -> Any:
    if value.__class__ is str or value.__class__ is int or value.__class__ is float:
        try:
            return canonical(value)
        except QuantityError:
            raise OddError from None
    raise OddError


def _time(value: Any) -> Any:
    if value.__class__ is str:
        from checker.api.decode.times import time_problem

        if time_problem(value) is None:
            return value
    raise OddError


def _bytes(value: Any) -> Any:
    if value.__class__ is str and base64_problem(value) is None:
        return value
    raise OddError


def _anything(value: Any) -> Any:
    return value


_SCALARS: dict[str, Decoder] = {
    "string": _string,
    "bool": _bool,
    "int32": _int32,
    "int64": _int64,
    "int": _int64,
    "float64": _float,
    "intstr.IntOrString": _int_or_string,
    "resource.Quantity": _quantity,
    "meta/v1.Time": _time,
    "meta/v1.MicroTime": _time,
    "meta/v1.Duration": _string,
    "meta/v1.FieldsV1": _anything,
}
