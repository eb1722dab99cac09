"""Connections into pods through the API server: `port-forward`, as kubectl does it.

For what no agnhost command can ask: a DNS server about a record that is no address, an HTTP server
about who it is.
"""

from __future__ import annotations

import http.client
import json
import random
import struct
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from kubernetes import client
from kubernetes.client.exceptions import ApiException
from kubernetes.stream import portforward
from websocket import WebSocketException  # type: ignore[import-not-found,import-untyped,unused-ignore]

from checker.live.errors import CannotAskError
from checker.live.server.connection import Api

A, SRV = 1, 33
_SECONDS = 10
_IN = 1
_RECURSE = 0x0100
_POINTER = 0xC0


class Srv(NamedTuple):
    """A record of a service: the port, and the name of the machine."""

    port: int
    target: str


def dial(api: Api, namespace: str, pod: str, prober_port: int, query: dict[str, str]) -> list[str]:
    """What netexec in the pod was answered when it dialled (test/images/agnhost/netexec: /dial).

    Raises CannotAskError.
    """
    made = http.client.HTTPConnection("localhost", timeout=_SECONDS)
    made.sock = _tunnel(api, namespace, pod, prober_port)
    try:
        made.request("GET", f"/dial?{urlencode(query)}")
        answer: dict[str, Any] = json.loads(made.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise CannotAskError(f"the prober {pod} did not answer: {error}") from error
    finally:
        made.close()
    return [str(one) for one in answer.get("responses") or ()]


def lookup(api: Api, namespace: str, pod: str, name: str, kind: int) -> list[Any]:
    """The records of a DNS server in a pod: addresses (A) or `Srv`s. Raises CannotAskError."""
    question = _question(name, kind)
    tunnel = _tunnel(api, namespace, pod, 53)
    try:
        tunnel.sendall(struct.pack("!H", len(question)) + question)
        (length,) = struct.unpack("!H", _read(tunnel, 2))
        return list(_records(_read(tunnel, length), kind))
    except (OSError, struct.error, IndexError) as error:
        raise CannotAskError(f"the DNS server {pod} did not answer: {error}") from error
    finally:
        tunnel.close()


def _tunnel(api: Api, namespace: str, pod: str, port: int) -> Any:
    core = client.CoreV1Api(client.ApiClient(api.client.configuration))
    try:
        forward = portforward(
            core.connect_get_namespaced_pod_portforward, pod, namespace, ports=str(port)
        )
        made = forward.socket(port)
        made.settimeout(_SECONDS)
    except (ApiException, WebSocketException, OSError) as error:
        reason = getattr(error, "reason", None) or error
        raise CannotAskError(
            f"you may not open a tunnel to the pod {pod} in {namespace} ({reason})"
        ) from error
    return made


def _read(tunnel: Any, count: int) -> bytes:
    found = b""
    while len(found) < count:
        part = tunnel.recv(count - len(found))
        if not part:
            raise OSError("the connection ended early")
        found += part
    return found


def _question(name: str, kind: int) -> bytes:
    """RFC 1035 §4.1: a header of twelve bytes and one question."""
    labels = b"".join(bytes([len(one)]) + one.encode() for one in name.rstrip(".").split("."))
    header = struct.pack("!6H", random.getrandbits(16), _RECURSE, 1, 0, 0, 0)
    return header + labels + b"\0" + struct.pack("!2H", kind, _IN)


def _records(answer: bytes, kind: int) -> Sequence[Any]:
    questions, answers = struct.unpack("!2H", answer[4:8])
    at = 12
    for _ in range(questions):
        at = _name(answer, at)[1] + 4
    found: list[Any] = []
    for _ in range(answers):
        at = _name(answer, at)[1]
        type_, _, _, length = struct.unpack("!HHIH", answer[at : at + 10])
        at += 10
        if type_ == kind == A:
            found.append(".".join(str(byte) for byte in answer[at : at + 4]))
        elif type_ == kind == SRV:
            (port,) = struct.unpack("!H", answer[at + 4 : at + 6])
            found.append(Srv(port, _name(answer, at + 6)[0]))
        at += length
    return found


def _name(answer: bytes, at: int) -> tuple[str, int]:
    """A name and where it ends; parts of it may stand elsewhere (RFC 1035 §4.1.4)."""
    labels: list[str] = []
    while answer[at]:
        if answer[at] >= _POINTER:
            (pointer,) = struct.unpack("!H", answer[at : at + 2])
            rest, _ = _name(answer, pointer & 0x3FFF)
            return ".".join([*labels, rest]), at + 2
        labels.append(answer[at + 1 : at + 1 + answer[at]].decode("ascii", "replace"))
        at += 1 + answer[at]
    return ".".join(labels), at + 1
