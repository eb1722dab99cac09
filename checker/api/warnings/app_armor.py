"""AppArmor's annotations, which fields have replaced."""

from __future__ import annotations

from typing import Any

Object = dict[str, Any]

_DEPRECATED = 'deprecated since v1.30; use the "appArmorProfile" field instead'
_LOCALHOST = "localhost/"


def warning_for(
    container: Object, of_pod: Object | None, annotations: dict[str, str], prefix: str
) -> tuple[str, str] | None:
    """The line about a container whose annotation says what no field says."""
    key = f"container.apparmor.security.beta.kubernetes.io/{container.get('name', '')}"
    if key not in annotations:
        return None
    if (container.get("securityContext") or {}).get("appArmorProfile") is not None:
        return None
    meant = _field_for_annotation(annotations[key])
    if meant is not None and meant == of_pod:
        return None
    path = f"{prefix}metadata.annotations[{key}]"
    return path, f"{path}: {_DEPRECATED}"


def _field_for_annotation(annotation: str) -> Object | None:
    """`ApparmorFieldForAnnotation`; None for one that says nothing."""
    if annotation == "unconfined":
        return {"type": "Unconfined"}
    if annotation == "runtime/default":
        return {"type": "RuntimeDefault"}
    if annotation.startswith(_LOCALHOST) and annotation != _LOCALHOST:
        return {"type": "Localhost", "localhostProfile": annotation[len(_LOCALHOST) :]}
    return None
