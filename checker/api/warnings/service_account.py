"""Warnings about ServiceAccounts. After `pkg/registry/core/serviceaccount: strategy.go`."""

from __future__ import annotations

from typing import Any

_ENFORCE = "kubernetes.io/enforce-mountable-secrets"
_INSTEAD = "prefer separate namespaces to isolate access to mounted secrets"


def warn(account: dict[str, Any]) -> list[tuple[str, str]]:
    """`warnIfHasEnforceMountableSecretsAnnotation`."""
    if _ENFORCE not in (account["metadata"].get("annotations") or {}):
        return []
    path = f"metadata.annotations[{_ENFORCE}]"
    return [(path, f"{path}: deprecated in v1.32+; {_INSTEAD}")]
