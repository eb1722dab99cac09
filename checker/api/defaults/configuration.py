"""Defaults of what configures workloads: ConfigMaps, Secrets, budgets, autoscalers."""

from __future__ import annotations

from typing import Any

from checker.api.defaults.pod import meta_and_spec

Object = dict[str, Any]

_UP_POLICIES = (
    {"type": "Pods", "value": 4, "periodSeconds": 15},
    {"type": "Percent", "value": 100, "periodSeconds": 15},
)
_DOWN_POLICIES = ({"type": "Percent", "value": 100, "periodSeconds": 15},)


def set_metadata(item: Object) -> None:
    """For kinds without a default of their own."""
    item.setdefault("metadata", {})


def set_disruption_budget(budget: Object) -> None:
    """None but the structs that are always there."""
    meta_and_spec(budget)
    budget.pop("status", None)


def set_secret(secret: Object) -> None:
    """`SetDefaults_Secret`, and stringData's way into data (`Convert_v1_Secret_To_core_Secret`)."""
    secret.setdefault("metadata", {})
    if not secret.get("type"):
        secret["type"] = "Opaque"
    plain = secret.pop("stringData", None)
    if plain:
        import base64

        data = dict(secret.get("data") or {})
        for key, text in plain.items():
            data[key] = base64.b64encode(text.encode("utf-8", "replace")).decode()
        secret["data"] = data


def set_autoscaler(autoscaler: Object) -> None:
    """`autoscaling/v2: SetDefaults_HorizontalPodAutoscaler`."""
    meta_and_spec(autoscaler)
    autoscaler.pop("status", None)
    spec = autoscaler["spec"]
    spec.setdefault("minReplicas", 1)
    if not spec.get("metrics"):
        spec["metrics"] = [_cpu_metric(80)]
    behavior = spec.get("behavior")
    if behavior is not None:
        for name, window, policies in (
            ("scaleUp", 0, _UP_POLICIES),
            ("scaleDown", None, _DOWN_POLICIES),
        ):
            rules = behavior.setdefault(name, {})
            if window is not None:
                rules.setdefault("stabilizationWindowSeconds", window)
            rules.setdefault("selectPolicy", "Max")
            if "policies" not in rules:
                rules["policies"] = [dict(policy) for policy in policies]


def _cpu_metric(utilization: int) -> Object:
    target = {"type": "Utilization", "averageUtilization": utilization}
    return {"type": "Resource", "resource": {"name": "cpu", "target": target}}


def set_autoscaler_v1(autoscaler: Object) -> None:
    """`autoscaling/v1`, whose one target becomes a metric of the internal type."""
    meta_and_spec(autoscaler)
    autoscaler.pop("status", None)
    spec = autoscaler["spec"]
    spec.setdefault("minReplicas", 1)
    spec["metrics"] = [_cpu_metric(spec.get("targetCPUUtilizationPercentage", 80))]
