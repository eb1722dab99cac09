"""One object from its plain value, with the API server's message where it cannot be taken."""

from typing import Any, NamedTuple

from checker.api.decode import tables
from checker.api.decode.fast import OddError, decoder


class Decoded(NamedTuple):
    """`value` has known fields only. `message` is what follows "cannot be handled as a …: ".

    `field` is the path of the first field at fault, `rule` the finding's.
    """

    value: dict[str, Any]
    rule: str = ""
    message: str = ""
    field: str = ""


def decode(table: str, struct: str, value: dict[str, Any], duplicate_lines: str = "") -> Decoded:
    """Decodes `value` as `struct` (`core/v1.Service`) of `table` (`core`).

    `duplicate_lines` is the YAML reader's complaint about repeated keys, if it had any.
    """
    tables.need(table)
    if not duplicate_lines:
        try:
            return Decoded(decoder(struct)(value))
        except OddError:
            pass
    if unsupported := _unsupported_number(value):
        return Decoded({}, "api-decode", f"json: unsupported value: {unsupported}")
    from checker.api.decode.strict import FatalError, StrictDecoder

    strict = StrictDecoder()
    try:
        out = strict.decode(struct, value, "")
    except FatalError as fatal:
        return Decoded({}, "api-decode", str(fatal), fatal.path)
    if strict.error is not None:
        message, path = strict.error
        return Decoded(out, "api-decode", message, path)
    from checker.api.gotext import quote

    complaints = [f"unknown field {quote(path)}" for path in strict.unknown]
    if duplicate_lines:
        complaints.insert(0, duplicate_lines)
    if not complaints:
        return Decoded(out)
    rule = "api-duplicate-field" if duplicate_lines else "api-unknown-field"
    first = "" if duplicate_lines else strict.unknown[0]
    return Decoded(out, rule, "strict decoding error: " + ", ".join(complaints), first)


def _unsupported_number(value: Any) -> str:
    """Go's name of a number that JSON cannot hold, if there is one in `value`."""
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            todo += item.values()
        elif isinstance(item, list):
            todo += item
        elif isinstance(item, float) and item - item != 0:
            return "NaN" if item != item else f"{'+' if item > 0 else '-'}Inf"
    return ""
