"""What a client sees: one connection, or enough of them, tried for real.

A client in a pod is `agnhost connect`, which runs there through the API server's `exec`, so that
nothing but a kubeconfig is needed. A client outside the cluster is whatever `Outside` says.
"""

from __future__ import annotations

import concurrent.futures
import ipaddress
import threading
from collections.abc import Sequence
from typing import NamedTuple

import yaml
from kubernetes import client
from kubernetes.client.exceptions import ApiException
from kubernetes.stream import stream
from websocket import WebSocketException  # type: ignore[import-not-found,import-untyped,unused-ignore]

from checker.live.clients.agnhost import agreed, arguments, classify, summary, tries
from checker.live.clients.outside import Outside
from checker.live.errors import LiveError
from checker.live.server.connection import Api, unanswered
from checker.network.answer import Verdict

__all__ = ["Dial", "Place", "classify", "connect_once", "look", "run_in_pod", "summary"]

# More at once, and a busy machine's own slowness is taken for the network's.
_SLOTS = threading.Semaphore(8)
#: DNS lookups have timeouts of their own, beyond agnhost's: where queries are dropped, a short name
#: is tried four times (ndots and search in resolv.conf), twice each, five seconds long.
_PATIENCE = 60


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
    api: Api, places: Sequence[Place | Outside], dials: Sequence[Dial], protocol: str
) -> frozenset[Verdict]:
    """Every verdict that is seen from the places at the addresses, each endpoint met."""
    pairs = [(place, dial) for place in places for dial in dials]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:

        def ask(
            place: Place | Outside, dial: Dial, count: int
        ) -> list[concurrent.futures.Future[Verdict]]:
            return [
                pool.submit(connect_once, api, place, dial.address, protocol) for _ in range(count)
            ]

        # Names first alone: one that is not found has no endpoints, and takes long to be so.
        asked = [
            ask(place, dial, tries(dial.endpoints) if _is_address(dial) else 1)
            for place, dial in pairs
        ]
        seen = []
        for (place, dial), ways in zip(pairs, asked, strict=True):
            verdicts = [one.result() for one in ways]
            if "dns-failure" not in verdicts:
                rest = ask(place, dial, tries(dial.endpoints) - len(ways))
                verdicts += [one.result() for one in rest]
            seen.append(agreed(verdicts, protocol))
    return frozenset().union(*seen)


def _is_address(dial: Dial) -> bool:
    try:
        ipaddress.ip_address(dial.address.rpartition(":")[0].strip("[]"))
    except ValueError:
        return False
    return True


def connect_once(api: Api, place: Place | Outside, address: str, protocol: str = "TCP") -> Verdict:
    """One connection. Raises LiveError where it could not be tried."""
    with _SLOTS:
        if not isinstance(place, Place):
            return place.connect(address, protocol)
        code, _, text = run_in_pod(api, place, ["/agnhost", *arguments(address, protocol)])
    return classify(code, text)


def run_in_pod(api: Api, place: Place, command: Sequence[str]) -> tuple[int, str, str]:
    """Run a command in a pod: its exit code, its standard output, its standard error."""
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
        out = session.read_stdout() if session.peek_stdout() else ""
        said = session.read_stderr() if session.peek_stderr() else ""
    except AttributeError as error:
        words = f"no probe could be run in the pod {place.pod}: {unanswered(error)}"
        raise LiveError(words) from error
    except (ApiException, WebSocketException, OSError, yaml.YAMLError) as error:
        reason = getattr(error, "reason", None) or error
        raise LiveError(f"no probe could be run in the pod {place.pod}: {reason}") from error
    if ended.get("status") == "Success":
        return 0, out, said
    causes = (ended.get("details") or {}).get("causes") or ()
    code = next((one["message"] for one in causes if one.get("reason") == "ExitCode"), "")
    if not code.isdigit():
        words = ended.get("message") or "the connection to the API server broke"
        raise LiveError(f"no probe could be run in the pod {place.pod}: {words}")
    return int(code), out, said
