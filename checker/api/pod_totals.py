"""What a pod's containers ask for together.

After `k8s.io/component-helpers/resource: AggregateContainerRequests`, `AggregateContainerLimits`.
"""

from __future__ import annotations

from typing import Any

from checker.api.quantity import Quantity, parse_quantity

Object = dict[str, Any]
Totals = dict[str, Quantity]


def total(spec: Object, part: str) -> Totals:
    """The sum of the containers' `requests` or `limits` (`part`), resource to amount.

    An init container counts while it runs: with the sidecars before it. The larger of the two
    is what the pod needs. `spec` is decoded, its amounts are texts.
    """
    found: Totals = {}
    for container in spec.get("containers") or ():
        _add(found, _amounts(container, part))
    sidecars: Totals = {}
    initial: Totals = {}
    for container in spec.get("initContainers") or ():
        own = _amounts(container, part)
        if container.get("restartPolicy") == "Always":
            _add(found, own)
            _add(sidecars, own)
            _raise_to(initial, sidecars)
        else:
            _add(own, sidecars)
            _raise_to(initial, own)
    _raise_to(found, initial)
    return found


def _amounts(container: Object, part: str) -> Totals:
    amounts = (container.get("resources") or {}).get(part) or {}
    return {name: parse_quantity(text) for name, text in amounts.items()}


def _add(totals: Totals, more: Totals) -> None:
    for name, quantity in more.items():
        totals[name] = totals[name] + quantity if name in totals else quantity


def _raise_to(totals: Totals, others: Totals) -> None:
    for name, quantity in others.items():
        if name not in totals or quantity.nano > totals[name].nano:
            totals[name] = quantity
