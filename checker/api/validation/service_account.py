"""ServiceAccounts. After `pkg/apis/core/validation: ValidateServiceAccount`."""

from __future__ import annotations

from typing import Any

from checker.api.validation import formats
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import validate_object_meta


def validate(account: dict[str, Any], errors: Errors) -> None:
    """`ValidateServiceAccount`."""
    meta = account["metadata"]
    validate_object_meta(meta, True, formats.dns_1123_subdomain, "metadata", errors)
