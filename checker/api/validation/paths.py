"""Paths inside volumes. After `pkg/apis/core/validation: validateLocalDescendingPath`."""

from __future__ import annotations

from checker.api.validation.errors import Errors


def validate_path_no_backsteps(text: str, path: str, errors: Errors) -> None:
    """`validatePathNoBacksteps`."""
    if ".." in text.split("/"):
        errors.invalid(path, text, "must not contain '..'")


def validate_local_descending_path(text: str, path: str, errors: Errors) -> None:
    """`validateLocalDescendingPath`."""
    if text.startswith("/"):
        errors.invalid(path, text, "must be a relative path")
    validate_path_no_backsteps(text, path, errors)


def validate_local_non_reserved_path(text: str, path: str, errors: Errors) -> None:
    """`ValidateLocalNonReservedPath`: names with two dots in front are the kubelet's."""
    validate_local_descending_path(text, path, errors)
    if text.startswith("..") and not text.startswith("../"):
        errors.invalid(path, text, "must not start with '..'")
