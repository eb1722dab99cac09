"""Warnings about Secrets. After `pkg/registry/core/secret: warningsForSecret`."""

from __future__ import annotations

from typing import Any

Object = dict[str, Any]


def warn(secret: Object) -> list[tuple[str, str]]:
    """That a TLS Secret holds no certificate and key; whether a pair fits is not looked at."""
    if secret["type"] != "kubernetes.io/tls":
        return []
    import base64

    data = secret.get("data") or {}
    for key, what in (("tls.crt", "certificate"), ("tls.key", "key")):
        if b"-----BEGIN " not in base64.b64decode(data.get(key, "")):
            line = f"tls: failed to find any PEM data in {what} input"
            return [(f"data[{key}]", line)]
    return []
