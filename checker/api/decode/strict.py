"""The decoder for values in which something is wrong: finds what the API server would say.

After `sigs.k8s.io/json: UnmarshalStrict`, an encoding/json that looks at keys in their case and
notes unknown fields. JSON made from YAML has its keys in order, so that is the order here.
"""

from __future__ import annotations

import base64
from typing import Any

from checker.api.decode import tables
from checker.api.decode.fast import zero
from checker.api.decode.scalars import base64_problem, go_number
from checker.api.quantity import QuantityError, parse_quantity


class FatalError(Exception):
    """The error of a type's own UnmarshalJSON: decoding ends there."""

    def __init__(self, message: str, path: str) -> None:
        super().__init__(message)
        self.path = path


class StrictDecoder:
    """Decodes one object as far as it goes.

    `error` is the first type error with its path, `unknown` the paths of unknown fields: the
    server speaks of these only where there is no error.
    """

    def __init__(self) -> None:
        self.error: tuple[str, str] | None = None
        self.unknown: list[str] = []
        self._struct = ""
        self._fields: list[str] = []

    def decode(self, kind: str, value: Any, path: str) -> Any:
        """The decoded value; what does not fit its type is left at the type's zero value.

        Raises FatalError.
        """
        plain = tables.plain_type(kind)
        custom = _CUSTOM.get(plain)
        if custom is not None:
            return custom(self, value, path)
        if value is None:
            return zero(kind)
        if plain in ("[]byte", "[]uint8") and isinstance(value, str):
            return self._bytes(value, path)
        if isinstance(value, list):
            return self._list(kind, plain, value, path)
        if isinstance(value, dict):
            return self._dict(kind, plain, value, path)
        if _fits(plain, value):
            return value
        return self._mismatch(_describe(plain, value), kind, path)

    def _list(self, kind: str, plain: str, value: list[Any], path: str) -> Any:
        if not plain.startswith("[]"):
            return self._mismatch("array", kind, path)
        items = [
            self.decode(plain[2:], item, f"{path}[{index}]") for index, item in enumerate(value)
        ]
        if plain in ("[]byte", "[]uint8"):
            return base64.b64encode(bytes(items)).decode()
        return items

    def _dict(self, kind: str, plain: str, value: dict[str, Any], path: str) -> Any:
        if plain.startswith("map["):
            element = plain.partition("]")[2]
            return {
                key: self.decode(element, value[key], f"{path}.{key}" if path else key)
                for key in sorted(value)
            }
        table = tables.fields(plain)
        if table is None:
            return self._mismatch("object", kind, path)
        return self._object(plain, table, value, path)

    def _object(
        self, struct: str, table: dict[str, str], value: dict[str, Any], path: str
    ) -> dict[str, Any]:
        names = {name.rsplit(".", 1)[-1]: name for name in table}
        out: dict[str, Any] = {}
        outer_struct, outer_fields = self._struct, list(self._fields)
        for key in sorted(value):
            below = f"{path}.{key}" if path else key
            name = names.get(key)
            if name is None:
                if len(self.unknown) < 100:
                    self.unknown.append(below)
                continue
            self._struct = struct.rsplit(".", 1)[-1]
            self._fields = [*outer_fields, *name.split(".")]
            item = self.decode(table[name], value[key], below)
            if item is not None:
                out[key] = item
            self._struct, self._fields = outer_struct, outer_fields
        return out

    def _mismatch(self, what: str, kind: str, path: str) -> Any:
        if self.error is None:
            self.error = (self._type_error(what, tables.go_name(kind)), path)
        return zero(kind)

    def _type_error(self, what: str, kind: str) -> str:
        if not self._struct:
            return f"json: cannot unmarshal {what} into Go value of type {kind}"
        field = ".".join([self._struct, *self._fields])
        return f"json: cannot unmarshal {what} into Go struct field {field} of type {kind}"

    def _bytes(self, value: str, path: str) -> str:
        problem = base64_problem(value)
        if problem is not None:
            self.error = self.error or (problem, path)
            return ""
        return value

    def int_or_string(self, value: Any, path: str) -> Any:
        if isinstance(value, str) or _fits("int32", value):
            return value
        if value is None:
            return 0
        raise FatalError(self._type_error(_describe("int32", value), "int32"), path)

    def quantity(self, value: Any, path: str) -> Any:
        if value is None:
            return "0"
        try:
            if isinstance(value, bool | list | dict):
                # Its JSON text is what gets parsed, and no such text is a quantity.
                raise QuantityError(parse_error_of_json(value))
            return str(parse_quantity(value if isinstance(value, str) else go_number(value)))
        except QuantityError as error:
            raise FatalError(str(error), path) from None

    def time(self, value: Any, path: str) -> Any:
        if value is None:
            return None
        if not isinstance(value, str):
            raise FatalError(self._type_error(_describe("string", value), "string"), path)
        from checker.api.decode.times import time_problem

        problem = time_problem(value)
        if problem is not None:
            raise FatalError(problem, path)
        return value

    def anything(self, value: Any, path: str) -> Any:
        return value


def parse_error_of_json(value: Any) -> str:
    """What ParseQuantity says of `true`, `{…}` or `[…]`."""
    from checker.api.quantity import WRONG_FORMAT

    return WRONG_FORMAT


_CUSTOM = {
    "intstr.IntOrString": StrictDecoder.int_or_string,
    "resource.Quantity": StrictDecoder.quantity,
    "meta/v1.Time": StrictDecoder.time,
    "meta/v1.MicroTime": StrictDecoder.time,
    "meta/v1.FieldsV1": StrictDecoder.anything,
}

#: The least and the greatest value.
_RANGES = {
    "int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1), "int": (-(2**63), 2**63 - 1),
    "byte": (0, 255), "uint8": (0, 255),
}  # fmt: skip


def _fits(plain: str, value: Any) -> bool:
    if plain in _RANGES:
        least, greatest = _RANGES[plain]
        return value.__class__ is int and least <= value <= greatest
    if plain == "float64":
        return value.__class__ in (int, float)
    if plain == "bool":
        return value.__class__ is bool
    return plain in ("string", "meta/v1.Duration") and value.__class__ is str


def _describe(plain: str, value: Any) -> str:
    """What Go calls a JSON value; numbers with their text where a number is wanted."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, str):
        return "string"
    if isinstance(value, list):
        return "array"
    if isinstance(value, dict):
        return "object"
    return f"number {go_number(value)}" if plain in _RANGES or plain == "float64" else "number"
