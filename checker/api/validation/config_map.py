"""ConfigMaps. After `pkg/apis/core/validation: ValidateConfigMap`."""

from __future__ import annotations

from typing import Any

from checker.api.decode.scalars import base64_size
from checker.api.validation import formats
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import validate_object_meta

Object = dict[str, Any]
MAX_SIZE = 1024 * 1024


def validate(config_map: Object, errors: Errors) -> None:
    """`ValidateConfigMap`."""
    meta = config_map["metadata"]
    validate_object_meta(meta, True, formats.dns_1123_subdomain, "metadata", errors)
    data, binary = config_map.get("data") or {}, config_map.get("binaryData") or {}
    size = 0
    for key in sorted(data):
        errors.invalid_each(f"data[{key}]", key, formats.config_map_key(key))
        if key in binary:
            errors.invalid(f"data[{key}]", key, "duplicate of key present in binaryData")
        size += formats.size(data[key])
    for key in sorted(binary):
        errors.invalid_each(f"binaryData[{key}]", key, formats.config_map_key(key))
        size += base64_size(binary[key])
    if size > MAX_SIZE:
        errors.too_long("", MAX_SIZE)
