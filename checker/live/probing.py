"""What a client sees: one connection, or enough of them, tried for real from inside a pod.

The client is `agnhost connect`, Kubernetes' own test client, which tells refused from timed out
(test/images/agnhost/connect). It runs in the source pod through the API server's `exec`, so that
nothing but a kubeconfig is needed.
"""

from __future__ import annotations

import concurrent.futures
import math
import re
import threading
from collections.abc import Sequence
from typing import NamedTuple

import yaml
from kubernetes import client
from kubernetes.client.exceptions import ApiException
from kubernetes.stream import stream
from websocket import WebSocketException  # type: ignore[import-not-found,import-untyped,unused-ignore]

from checker.live.connection import Api
from checker.live.errors import LiveError
from checker.network.answer import Verdict

TIMEOUT_SECONDS = 2
#: netexec answers `echo …`; a DNS server takes the same bytes for a query of an operation it does
#: not know, and says so. Silence is silence either way.
_UDP_DATA = "echo kubernetes-ports"
#: How sure to be that every endpoint was met before "they all agree" is believed.
_MISSED = 1e-4
# More at once, and a busy machine's own slowness is taken for the network's.
_SLOTS = threading.Semaphore(8)
#: DNS lookups have timeouts of their own, beyond agnhost's.
_PATIENCE = 30


class Place(NamedTuple):
    """A pod to connect from, and its container that has agnhost."""

    namespace: str
    pod: str
    container: str


class Dial(NamedTuple):
    """What to connect to: `HOST:PORT`, and among how many endpoints that chooses."""

    address: str
    endpoints: int = 1


def look(
    api: Api, places: Sequence[Place], dials: Sequence[Dial], protocol: str
) -> frozenset[Verdict]:
    """Every verdict that is seen from the places at the addresses, each endpoint met."""
    wanted = [
        (place, dial.address) for place in places for dial in dials for _ in range(_tries(dial))
    ]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return frozenset(
            pool.map(lambda pair: connect_once(api, pair[0], pair[1], protocol), wanted)
        )


def connect_once(api: Api, place: Place, address: str, protocol: str = "TCP") -> Verdict:
    """One connection. Raises LiveError where it could not be tried."""
    command = ["/agnhost", "connect", address, f"--timeout={TIMEOUT_SECONDS}s"]
    if protocol != "TCP":
        command += [f"--protocol={protocol.lower()}"]
    if protocol == "UDP":
        command += [f"--udp-data={_UDP_DATA}"]
    with _SLOTS:
        code, text = run_in_pod(api, place, command)
    return classify(code, text)


def run_in_pod(api: Api, place: Place, command: Sequence[str]) -> tuple[int, str]:
    """Run a command in a pod: its exit code, and what it said on standard error."""
    # A client of its own: `stream` changes the one that it is given while it runs.
    core = client.CoreV1Api(client.ApiClient(api.client.configuration))
    try:
        session = stream(
            core.connect_get_namespaced_pod_exec,
            place.pod,
            place.namespace,
            container=place.container,
            command=list(command),
            stdout=True,
            stderr=True,
            stdin=False,
            tty=False,
            _preload_content=False,
        )
        session.run_forever(timeout=_PATIENCE)
        if session.is_open():
            session.close()
            raise LiveError(f"a probe in the pod {place.pod} did not end in {_PATIENCE} s")
        ended = yaml.safe_load(session.read_channel(3)) or {}
        said = session.read_stderr() if session.peek_stderr() else ""
    except (ApiException, WebSocketException, OSError, yaml.YAMLError) as error:
        reason = getattr(error, "reason", None) or error
        raise LiveError(f"no probe could be run in the pod {place.pod}: {reason}") from error
    if ended.get("status") == "Success":
        return 0, said
    causes = (ended.get("details") or {}).get("causes") or ()
    code = next((one["message"] for one in causes if one.get("reason") == "ExitCode"), "")
    if not code.isdigit():
        raise LiveError(f"no probe could be run in the pod {place.pod}: {ended.get('message')}")
    return int(code), said


def classify(code: int, text: str) -> Verdict:
    """What `agnhost connect` said, as a verdict. Raises LiveError for words that are none."""
    if code == 0:
        return "connected"
    words: tuple[tuple[str, Verdict], ...] = (
        ("TIMEOUT", "timeout"),
        ("REFUSED", "refused"),
        ("DNS", "dns-failure"),
    )
    for word, verdict in words:
        if text.startswith(word):
            return verdict
    # ICMP unreachables other than a port's: the client is told, at once, that it can't.
    if re.search(r"no route to host|host is unreachable|network is unreachable", text):
        return "refused"
    raise LiveError(f"the probe ended with {code} and words that are no verdict: {text.strip()}")


def summary(seen: frozenset[Verdict]) -> Verdict:
    """One verdict for all connections of a question."""
    return next(iter(seen)) if len(seen) == 1 else "intermittent"


def _tries(dial: Dial) -> int:
    """How many connections meet every endpoint, chosen at random, almost surely."""
    count = dial.endpoints
    if count < 2:
        return 1
    return math.ceil(math.log(_MISSED / count) / math.log((count - 1) / count))
