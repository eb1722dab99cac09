"""A client outside the cluster, on the nodes' side of it.

That is the machine which runs the checker, where it has a way to the nodes' addresses: beside kind
on Linux, or in a company's network. Docker on macOS and Windows keeps kind's nodes in a virtual
machine of its own; there, a container beside the nodes stands for the client.
"""

from __future__ import annotations

import contextlib
import errno
import http.client
import socket
import ssl
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from checker.live import programs
from checker.live.clients.agnhost import TIMEOUT_SECONDS, UDP_DATA, arguments, classify
from checker.live.errors import CannotAskError, LiveError
from checker.live.images import AGNHOST
from checker.live.runs.nodes import RealNode
from checker.network.answer import Verdict

#: The kubelet's port, open at every node's address.
KUBELET = 10250
_NO_WAY = (errno.EHOSTUNREACH, errno.ENETUNREACH)


class Reply(NamedTuple):
    """What an HTTP server answered."""

    status: int
    body: str


class Outside(Protocol):
    """A client outside the cluster."""

    #: Whether the addresses of pods and Services mean the cluster's own where it is. Elsewhere
    #: they may be other machines of somebody's network, which nobody wants to be called.
    knows_pods: bool

    def connect(self, address: str, protocol: str = "TCP") -> Verdict:
        """One connection to `HOST:PORT`. Raises LiveError where it could not be tried."""
        ...

    def get(self, address: str, path: str, host: str = "") -> Reply | None:
        """An HTTP request to `HOST:PORT`; None without an answer."""
        ...


class ThisMachine:
    """The machine that runs the checker."""

    knows_pods = False

    def connect(self, address: str, protocol: str = "TCP") -> Verdict:
        """One connection."""
        host, port = _parts(address)
        if protocol not in ("TCP", "UDP"):
            raise CannotAskError(f"this machine has no client for {protocol}")
        kind = socket.SOCK_STREAM if protocol == "TCP" else socket.SOCK_DGRAM
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            with socket.socket(family, kind) as one:
                one.settimeout(TIMEOUT_SECONDS)
                one.connect((host, port))
                if protocol == "UDP":
                    one.send(f"{UDP_DATA}\n".encode())
                    one.recv(1024)
        except TimeoutError:
            return "timeout"
        except OSError as error:
            if isinstance(error, ConnectionRefusedError) or error.errno in _NO_WAY:
                return "refused"
            raise LiveError(f"no connection to {address} could be tried: {error}") from error
        return "connected"

    def get(self, address: str, path: str, host: str = "") -> Reply | None:
        """An HTTP request."""
        name, port = _parts(address)
        made = http.client.HTTPConnection(name, port, timeout=2 * TIMEOUT_SECONDS)
        try:
            made.request("GET", path, headers={"Host": host} if host else {})
            answer = made.getresponse()
            return Reply(answer.status, answer.read(4096).decode("utf-8", "replace"))
        except (OSError, http.client.HTTPException):
            return None
        finally:
            made.close()


class BesideKind:
    """A container on the network of kind's nodes, which an engine (Docker, podman) runs."""

    knows_pods = False

    def __init__(self, engine: str, name: str) -> None:
        self.engine = engine
        self.name = name

    def connect(self, address: str, protocol: str = "TCP") -> Verdict:
        """One connection."""
        command = [self.engine, "exec", self.name, "/agnhost", *arguments(address, protocol)]
        return classify(*programs.ended(command))

    def get(self, address: str, path: str, host: str = "") -> Reply | None:
        """An HTTP request: the image has curl (test/images/agnhost/Dockerfile)."""
        command = [self.engine, "exec", self.name, "curl", "--silent", "--max-time", "4"]
        command += ["--header", f"Host: {host}"] if host else []
        command += ["--write-out", "\n%{http_code}", f"http://{address}{path}"]
        try:
            body, _, status = programs.run(command).rpartition("\n")
        except LiveError:
            return None
        return Reply(int(status), body)


@contextlib.contextmanager
def open_outside(context: str, node: RealNode, run: str) -> Iterator[Outside]:
    """A client outside the cluster that reaches the address of a node.

    Raises CannotAskError where there is none.
    """
    if _reaches(node):
        yield ThisMachine()
        return
    engine = _engine() if context.startswith("kind-") else ""
    if not engine:
        raise CannotAskError(
            f"this machine has no way to the node {node.name} at {node.address}, so nothing can be "
            "asked from outside the cluster"
        )
    name = f"kp-outside-{run}"
    try:
        programs.run([engine, "run", "--detach", "--rm", "--network", "kind", "--name", name,
                      AGNHOST, "pause"], 120)  # fmt: skip
    except LiveError as error:
        raise CannotAskError(f"no client could be put beside kind's nodes: {error}") from error
    try:
        yield BesideKind(engine, name)
    finally:
        with contextlib.suppress(LiveError):
            programs.run([engine, "rm", "--force", name])


def _reaches(node: RealNode) -> bool:
    """Whether it is this very node that answers at its address.

    A proxy on the way, or another machine with that address, may take any connection; but only the
    node's kubelet has a certificate with its name (pkg/kubelet/certificate: NODE or NODE@TIME).
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False  # it is signed by whom nobody here knows; its name is read
    context.verify_mode = ssl.CERT_NONE
    try:
        with (
            socket.create_connection((node.address, KUBELET), TIMEOUT_SECONDS) as plain,
            context.wrap_socket(plain) as made,
        ):
            certificate = made.getpeercert(binary_form=True) or b""
    except OSError:
        return False
    return node.name.encode() in certificate


def _engine() -> str:
    try:
        return programs.engine()
    except LiveError:
        return ""


def _parts(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)
