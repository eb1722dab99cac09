"""Gateway API's kinds: decoding, defaults and validation of their objects."""

from __future__ import annotations

import json
from typing import Any

from checker.api.custom import schema as structural
from checker.api.custom.cel import CelError, Expression, compile_rule
from checker.api.decode.decoding import Decoded
from checker.api.gotext import quote
from checker.api.validation import formats
from checker.api.validation.errors import Errors, FieldError
from checker.api.validation.metadata import validate_object_meta
from checker.package_data import package_data

Object = dict[str, Any]

_CLUSTER_SCOPED = ("GatewayClass",)
#: Errors that keep the rules of CEL from being asked (`hasBlockingErr`).
_BLOCKING = (
    "api-not-supported", "api-required", "api-too-long", "api-too-many", "api-type-invalid",
)  # fmt: skip
_UNASKED = (
    "some validation rules were not checked because the object was invalid; correct the existing "
    "errors to complete validation"
)

_schemas: dict[str, structural.Schema] = {}
_rules: dict[str, Expression] = {}


def _schema(kind: str) -> structural.Schema:
    if not _schemas:
        _schemas.update(json.loads(package_data("checker.api.tables", "gateway.json")))
    return _schemas[kind]


def decode(value: Object, duplicate_lines: str) -> Decoded:
    """Metadata as strictly as of any kind; the rest is only looked through for unknown fields."""
    from checker.api.decode import tables
    from checker.api.decode.strict import FatalError, StrictDecoder

    tables.need("core")
    kind = value["kind"]
    unknown: list[str] = []
    body = {key: item for key, item in value.items() if key != "metadata"}
    kept = structural.prune(_schema(kind), body, "", unknown)
    kept.pop("status", None)
    strict = StrictDecoder()
    try:
        meta = strict.decode("meta/v1.ObjectMeta", value.get("metadata"), "metadata")
    except FatalError as fatal:
        return Decoded(kept, "api-decode", str(fatal), fatal.path)
    if strict.error is not None:
        message, path = strict.error
        return Decoded(kept, "api-decode", message, path)
    kept["metadata"] = meta
    unknown = [*strict.unknown, *sorted(unknown)]
    complaints = [f"unknown field {quote(path)}" for path in unknown]
    if duplicate_lines:
        complaints.insert(0, duplicate_lines)
    if not complaints:
        return Decoded(kept)
    rule = "api-duplicate-field" if duplicate_lines else "api-unknown-field"
    first = "" if duplicate_lines else unknown[0]
    return Decoded(kept, rule, "strict decoding error: " + ", ".join(complaints), first)


def set_defaults(value: Object) -> None:
    """The schema's defaults."""
    structural.fill_defaults(_schema(value["kind"]), value)


def validate(value: Object, errors: Errors) -> None:
    """`customResourceStrategy.Validate`."""
    kind = value["kind"]
    namespaced = kind not in _CLUSTER_SCOPED
    meta = value["metadata"]
    name_format = formats.dns_1123_subdomain
    validate_object_meta(meta, namespaced, name_format, "metadata", errors, custom=True)
    schema = _schema(kind)
    structural.validate(schema, value, "", errors)
    structural.validate_lists(schema, value, "", errors)
    if kind != "ReferenceGrant" and any(error.rule in _BLOCKING for error in errors):
        # Of ReferenceGrants there are no rules to ask.
        errors.append(FieldError("api-invalid", "<nil>", f"Invalid value: null: {_UNASKED}"))
        return
    _validate_rules(schema, value, "", errors)


def _validate_rules(schema: structural.Schema, value: Any, path: str, errors: Errors) -> None:
    """The CEL rules of a value, then of what it holds."""
    for rule in schema.get("x-kubernetes-validations") or ():
        _validate_rule(rule, schema.get("type", ""), value, path, errors)
    if isinstance(value, list):
        for index, item in enumerate(value):
            _validate_rules(schema.get("items") or {}, item, f"{path}[{index}]", errors)
    elif isinstance(value, dict):
        properties, others = schema.get("properties") or {}, schema.get("additionalProperties")
        for key in sorted(value):
            inner = properties.get(key)
            if inner is None and others:
                _validate_rules(others, value[key], f"{path}[{key}]", errors)
            elif inner is not None:
                _validate_rules(inner, value[key], f"{path}.{key}" if path else key, errors)


def _validate_rule(rule: Object, kind: str, value: Any, path: str, errors: Errors) -> None:
    text = rule["rule"]
    if "oldSelf" in text:
        # A transition rule: nothing is asked of a new object.
        return
    expression = _rules.get(text)
    if expression is None:
        expression = _rules[text] = compile_rule(text)
    message = rule.get("message") or f"failed rule: {text.strip()}"
    try:
        good = expression({"self": value})
    except CelError as problem:
        detail = f"{problem} evaluating rule: {message}"
        errors.invalid(path, kind, detail)
        return
    if good:
        return
    if kind in ("object", "array"):
        errors.append(FieldError("api-invalid", path, f"Invalid value: {message}"))
    else:
        errors.invalid(path, value, message)
