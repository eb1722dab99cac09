"""Requests by host and path: through whatever controller the cluster has for Ingress and Gateway.

A controller says at which address it answers: in the Ingress's status, or in that of the Gateway
of an HTTPRoute. Where none does, there is nothing to ask.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from checker.live.clients.addressing import Addresses, joined
from checker.live.errors import CannotAskError
from checker.live.server.places import collection
from checker.network.address import parse_target
from checker.network.answer import Verdict

#: How long a controller may take to say where it answers.
SECONDS = 10.0
_INGRESS = "networking.k8s.io/v1"
_GATEWAY = "gateway.networking.k8s.io/v1"
_GATEWAY_TIMEOUT = 504
_NOT_FOUND = 404
_SERVER_ERROR = 500


def ask_front_door(addresses: Addresses, source: str, target: str) -> Verdict:
    """What a request for `ingress/HOST/PATH` comes to. Raises CannotAskError, LiveError.

    As the model counts: an error of the controller's own is `refused`, 504 is `timeout`.
    """
    said = parse_target(target)
    if source != "external":
        raise CannotAskError("requests by host and path are tried from outside the cluster only")
    if isinstance(addresses.outside, str):
        raise CannotAskError(addresses.outside)
    where = joined(_address(addresses), 80)
    verdict = addresses.outside.connect(where)
    if verdict != "connected":
        return verdict
    reply = addresses.outside.get(where, said.path, said.name)
    if reply is None or reply.status == _GATEWAY_TIMEOUT:
        return "timeout"
    if reply.status >= _SERVER_ERROR or reply.status == _NOT_FOUND:
        return "refused"
    return "connected"


def _address(addresses: Addresses) -> str:
    end = time.monotonic() + SECONDS
    while True:
        for found in _told(addresses):
            return found
        if time.monotonic() > end or not _hopeful(addresses):
            raise CannotAskError(
                "no controller answers for Ingress and Gateway in this cluster; on kind, "
                "cloud-provider-kind does (https://github.com/kubernetes-sigs/cloud-provider-kind)"
            )
        time.sleep(0.5)


def _told(addresses: Addresses) -> Iterator[str]:
    for space in addresses.run.namespaces:
        for one in addresses.run.api.items(collection(_INGRESS, "Ingress", space)):
            yield from _of_ingress(one)
        for one in addresses.run.api.items(collection(_GATEWAY, "Gateway", space)):
            yield from _of_gateway(one)


def _hopeful(addresses: Addresses) -> bool:
    """Whether there may be a controller: each brings a class of its own."""
    api = addresses.run.api
    classes = api.items(collection(_INGRESS, "IngressClass", None))
    return bool(classes or api.items(collection(_GATEWAY, "GatewayClass", None)))


def _of_ingress(ingress: Mapping[str, Any]) -> Iterator[str]:
    status = (ingress.get("status") or {}).get("loadBalancer") or {}
    for one in status.get("ingress") or ():
        if one.get("ip") or one.get("hostname"):
            yield str(one.get("ip") or one["hostname"])


def _of_gateway(gateway: Mapping[str, Any]) -> Iterator[str]:
    for one in (gateway.get("status") or {}).get("addresses") or ():
        if one.get("value"):
            yield str(one["value"])
