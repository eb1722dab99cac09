"""Structural schemas: what a custom resource may hold, what is filled in, what is wrong.

After `k8s.io/apiextensions-apiserver: ValidateCustomResource` and the OpenAPI validation below
it, whose messages say "in body".
"""

from __future__ import annotations

import re
from typing import Any

from checker.api.gotext import printed, quote
from checker.api.validation.addresses import parse_sloppy
from checker.api.validation.errors import Errors, FieldError

Schema = dict[str, Any]
_KINDS = {"object": dict, "array": list, "string": str, "boolean": bool}


def prune(schema: Schema, value: Any, path: str, unknown: list[str]) -> Any:
    """The value without unknown fields, whose paths are added to `unknown`."""
    if isinstance(value, dict):
        properties, others = schema.get("properties") or {}, schema.get("additionalProperties")
        if schema.get("x-kubernetes-preserve-unknown-fields"):
            return value
        kept = {}
        for key in sorted(value):
            below = f"{path}.{key}" if path else key
            inner = properties.get(key) or others
            if inner is None:
                unknown.append(below)
            elif value[key] is not None:
                # Null means unset wherever a schema does not say `nullable`; none here does.
                kept[key] = prune(inner, value[key], below, unknown)
        return kept
    if isinstance(value, list):
        items = schema.get("items") or {}
        return [prune(items, each, f"{path}[{i}]", unknown) for i, each in enumerate(value)]
    return value


def fill_defaults(schema: Schema, value: Any) -> None:
    """Puts the schema's defaults where nothing is."""
    if isinstance(value, dict):
        properties = schema.get("properties") or {}
        for key, inner in properties.items():
            if "default" in inner and key not in value:
                value[key] = _copied(inner["default"])
        for key, item in value.items():
            inner = properties.get(key) or schema.get("additionalProperties")
            if inner:
                fill_defaults(inner, item)
    elif isinstance(value, list) and "items" in schema:
        for item in value:
            fill_defaults(schema["items"], item)


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def validate(schema: Schema, value: Any, path: str, errors: Errors) -> None:
    """`SchemaValidator.Validate`: type, strings, numbers, lists, enums, objects, in that order."""
    expected = schema.get("type")
    if expected and not _fits(expected, value):
        if "format" in schema and not isinstance(value, str | list | None):
            # Then it is the formats that it compares; only floats have one.
            actual = "double" if _type_name(value) == "number" else ""
            _wrong_type(path, schema["format"], actual, errors)
        else:
            _wrong_type(path, expected, _type_name(value), errors)
    elif value is None:
        return
    if value is not None:
        _validate_choices(schema, value, path, errors)
    if isinstance(value, str):
        _validate_string(schema, value, path, errors)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        _validate_number(schema, value, path, errors)
    elif isinstance(value, list):
        _validate_list(schema, value, path, errors)
    if "enum" in schema and value not in schema["enum"]:
        allowed = [each if isinstance(each, str) else printed(each) for each in schema["enum"]]
        errors.not_supported(path, value, allowed, named=False)
    if isinstance(value, dict):
        _validate_object(schema, value, path, errors)


def _type_name(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        # Go reads what does not fit into 64 bits as a float.
        whole = isinstance(value, int) and -(2**63) <= value < 2**63
        return "integer" if whole else "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def _fits(expected: str, value: Any) -> bool:
    if expected == "integer":
        whole = isinstance(value, int) and not isinstance(value, bool)
        return whole or (isinstance(value, float) and value.is_integer())
    if expected == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, _KINDS[expected])


def _wrong_type(path: str, expected: str, actual: str, errors: Errors) -> None:
    # The value that it prints is the type's name.
    detail = f"{path} in body must be of type {expected}: {quote(actual)}"
    message = f"Invalid value: {quote(actual)}: {detail}"
    errors.append(FieldError("api-type-invalid", path, message))


def _validate_string(schema: Schema, value: str, path: str, errors: Errors) -> None:
    """The first thing wrong only. Lengths count characters."""
    if "maxLength" in schema and len(value) > schema["maxLength"]:
        errors.too_long(path, schema["maxLength"])
    elif "minLength" in schema and len(value) < schema["minLength"]:
        detail = f"{path} in body should be at least {schema['minLength']} chars long"
        errors.invalid(path, value, detail)
    elif "pattern" in schema and not re.search(_python_form(schema["pattern"]), value):
        detail = f"{path} in body should match '{schema['pattern']}'"
        errors.invalid(path, value, detail)
    if schema.get("format") in ("ipv4", "ipv6"):
        address = parse_sloppy(value)
        if address is None or f"ipv{address.version}" != schema["format"]:
            detail = f"{path} in body must be of type {schema['format']}: {quote(value)}"
            message = f"Invalid value: {quote(value)}: {detail}"
            errors.append(FieldError("api-type-invalid", path, message))


def _python_form(pattern: str) -> str:
    # Go's `$` is the end of the text, Python's may stand before a last line end.
    return re.sub(r"(?<!\\)\$(?=$|\||\))", r"\\Z", pattern)


def _validate_number(schema: Schema, value: float, path: str, errors: Errors) -> None:
    if schema.get("format") == "int32" and not -(2**31) <= value < 2**31:
        detail = f"Checked value must be of type integer with format int32 in {path}"
        errors.append(FieldError("api-invalid", "<nil>", f'Invalid value: "": {detail}'))
    if "maximum" in schema and value > schema["maximum"]:
        detail = f"{path} in body should be less than or equal to {schema['maximum']}"
        errors.invalid(path, value, detail)
    if "minimum" in schema and value < schema["minimum"]:
        detail = f"{path} in body should be greater than or equal to {schema['minimum']}"
        errors.invalid(path, value, detail)


def _validate_list(schema: Schema, value: list[Any], path: str, errors: Errors) -> None:
    for index, item in enumerate(value):
        if "items" in schema:
            validate(schema["items"], item, f"{path}[{index}]", errors)
    if "minItems" in schema and len(value) < schema["minItems"]:
        detail = f"{path} in body should have at least {schema['minItems']} items"
        errors.invalid(path, len(value), detail)
    if "maxItems" in schema and len(value) > schema["maxItems"]:
        errors.too_many(path, len(value), schema["maxItems"])


def _validate_object(schema: Schema, value: dict[str, Any], path: str, errors: Errors) -> None:
    if "maxProperties" in schema and len(value) > schema["maxProperties"]:
        errors.too_many(path, len(value), schema["maxProperties"])
    properties, others = schema.get("properties") or {}, schema.get("additionalProperties")
    for key in sorted(value):
        inner = properties.get(key) or others
        if inner:
            validate(inner, value[key], f"{path}.{key}" if path else key, errors)
    for key in schema.get("required") or ():
        if key not in value:
            errors.required(f"{path}.{key}" if path else key)


def _validate_choices(schema: Schema, value: Any, path: str, errors: Errors) -> None:
    """`schemaPropsValidator`: anyOf, oneOf, not.

    Of failed alternatives the errors of the most matching one are told, which is the first
    one wherever Gateway API's schemas have any.
    """
    if "anyOf" in schema:
        failures = [_errors_of(choice, value, path) for choice in schema["anyOf"]]
        if all(failures):
            _choice_error(path, "must validate at least one schema (anyOf)", errors)
            errors.extend(failures[0])
    if "oneOf" in schema:
        failures = [_errors_of(choice, value, path) for choice in schema["oneOf"]]
        valid = sum(not failure for failure in failures)
        if valid != 1:
            found = "Found none valid" if valid == 0 else f"Found {valid} valid alternatives"
            _choice_error(path, f"must validate one and only one schema (oneOf). {found}", errors)
        if valid == 0:
            errors.extend(failures[0])
    if "not" in schema and not _errors_of(schema["not"], value, path):
        _choice_error(path, "must not validate the schema (not)", errors)


def _errors_of(schema: Schema, value: Any, path: str) -> Errors:
    found = Errors()
    validate(schema, value, path, found)
    return found


def _choice_error(path: str, detail: str, errors: Errors) -> None:
    message = f'Invalid value: "": {quote(path)} {detail}'
    errors.append(FieldError("api-invalid", "<nil>", message))


def validate_lists(schema: Schema, value: Any, path: str, errors: Errors) -> None:
    """`ValidateListSetsAndMaps`: lists that are sets or maps hold nothing twice."""
    if isinstance(value, dict):
        properties, others = schema.get("properties") or {}, schema.get("additionalProperties")
        for key in sorted(value):
            inner = properties.get(key) or others
            if inner:
                validate_lists(inner, value[key], f"{path}.{key}" if path else key, errors)
        return
    if not isinstance(value, list):
        return
    kind, keys = schema.get("x-kubernetes-list-type"), schema.get("x-kubernetes-list-map-keys")
    seen: list[Any] = []
    for index, item in enumerate(value):
        below = f"{path}[{index}]"
        if kind == "map" and not isinstance(item, dict):
            errors.invalid(below, item, "must be an object for an array of list-type map")
            identity: Any = None
        elif kind == "map" and keys and isinstance(item, dict):
            identity = {key: item[key] for key in sorted(keys) if key in item}
        elif kind == "set":
            identity = item
        else:
            identity = None
        if identity is not None and identity in seen:
            errors.duplicate(below, identity)
        elif identity is not None:
            seen.append(identity)
        validate_lists(schema.get("items") or {}, item, below, errors)
