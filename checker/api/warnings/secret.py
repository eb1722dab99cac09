"""Warnings about Secrets. After `pkg/registry/core/secret: warningsForSecret`."""

from __future__ import annotations

from typing import Any

Object = dict[str, Any]


def warn(secret: Object) -> list[tuple[str, str]]:
    """That a TLS Secret holds no certificate and key, as far as that shows from outside."""
    if secret["type"] != "kubernetes.io/tls":
        return []
    import base64

    from checker.api.warnings.key_pair import pair_problem

    data = secret.get("data") or {}
    pair = [base64.b64decode(data.get(key, "")) for key in ("tls.crt", "tls.key")]
    key, problem = pair_problem(*pair)
    return [(f"data[{key}]", problem)] if problem else []
