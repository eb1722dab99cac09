"""Validation errors, after `k8s.io/apimachinery/pkg/util/validation/field`."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from checker.api.gotext import printed, quote, to_json

#: No object gets more findings than this, however much is wrong with it.
MOST_ERRORS = 500


class FieldError(NamedTuple):
    """`message` is the text of the response's `details.causes[].message`."""

    rule: str
    field: str
    message: str


class Errors(list[FieldError]):
    """The errors of one object, in the order in which the API server lists them."""

    __slots__ = ()

    def _add(self, rule: str, field: str, message: str, detail: str) -> None:
        if len(self) >= MOST_ERRORS:
            return
        self.append(FieldError(rule, field, f"{message}: {detail}" if detail else message))

    def required(self, field: str, detail: str = "") -> None:
        self._add("api-required", field, "Required value", detail)

    def invalid(self, field: str, value: Any, detail: str) -> None:
        if len(self) >= MOST_ERRORS:
            return
        self._add("api-invalid", field, f"Invalid value: {printed(value)}", detail)

    def invalid_named(self, field: str, value: str | int, detail: str) -> None:
        """As `invalid`, of text of a named type or behind a pointer: Go prints it as JSON."""
        self._add("api-invalid", field, f"Invalid value: {to_json(value)}", detail)

    def invalid_each(self, field: str, value: Any, details: Iterable[str]) -> None:
        """One error for each failing test of a format."""
        for detail in details:
            self.invalid(field, value, detail)

    def not_supported(
        self, field: str, value: Any, valid: Iterable[str], *, named: bool = True
    ) -> None:
        """A choice that there is not; nearly all have a `named` type (see `invalid_named`)."""
        listed = ", ".join(map(quote, valid))
        detail = f"supported values: {listed}" if listed else ""
        shown = to_json(value) if named else quote(value)
        self._add("api-not-supported", field, f"Unsupported value: {shown}", detail)

    def duplicate(self, field: str, value: Any, *, named: bool = False) -> None:
        shown = to_json(value) if named else printed(value)
        self._add("api-duplicate", field, f"Duplicate value: {shown}", "")

    def not_found(self, field: str, value: Any) -> None:
        self._add("api-not-found", field, f"Not found: {printed(value)}", "")

    def forbidden(self, field: str, detail: str) -> None:
        self._add("api-forbidden", field, "Forbidden", detail)

    def too_long(self, field: str, limit: int) -> None:
        unit = "byte" if limit == 1 else "bytes"
        self._add("api-too-long", field, "Too long", f"may not be more than {limit} {unit}")

    def too_many(self, field: str, count: int, limit: int) -> None:
        unit = "item" if limit == 1 else "items"
        message = f"Too many: {count}"
        self._add("api-too-many", field, message, f"must have at most {limit} {unit}")

    def internal(self, field: str, detail: str) -> None:
        self._add("api-internal", field, "Internal error", detail)
