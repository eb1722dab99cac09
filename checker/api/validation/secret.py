"""Secrets. After `pkg/apis/core/validation: ValidateSecret`."""

from __future__ import annotations

from typing import Any

from checker.api.decode.scalars import base64_size
from checker.api.validation import formats
from checker.api.validation.config_map import MAX_SIZE
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import validate_object_meta

Object = dict[str, Any]

_ACCOUNT = "kubernetes.io/service-account.name"
#: Secret type -> the keys that its data must have.
_KEYS = {
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
}


def validate(secret: Object, errors: Errors) -> None:
    """`ValidateSecret`; the defaults have put stringData into data."""
    meta, data, kind = secret["metadata"], secret.get("data") or {}, secret["type"]
    validate_object_meta(meta, True, formats.dns_1123_subdomain, "metadata", errors)
    size = 0
    for key in sorted(data):
        errors.invalid_each(f"data[{key}]", key, formats.config_map_key(key))
        size += base64_size(data[key])
    if size > MAX_SIZE:
        errors.too_long("data", MAX_SIZE)
    if kind == "kubernetes.io/service-account-token":
        if not (meta.get("annotations") or {}).get(_ACCOUNT):
            errors.required(f"metadata.annotations[{_ACCOUNT}]")
    elif kind == "kubernetes.io/basic-auth" and not {"username", "password"} & set(data):
        errors.required("data[username]")
        errors.required("data[password]")
    for key in _KEYS.get(kind, ()):
        if key not in data or (kind == "kubernetes.io/ssh-auth" and not data[key]):
            errors.required(f"data[{key}]")
        elif key.startswith(".docker"):
            import base64

            from checker.api.validation.json_text import object_problem

            if problem := object_problem(base64.b64decode(data[key])):
                errors.invalid(f"data[{key}]", "<secret contents redacted>", problem)
