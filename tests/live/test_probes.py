"""What probes are told and what their words mean: no cluster, but real sockets where it matters."""

import http.server
import socket
import stat
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.live.clients.agnhost import agreed, arguments, summary, tries
from checker.live.clients.outside import BesideKind, ThisMachine, open_outside
from checker.live.errors import CannotAskError
from checker.live.runs.nodes import RealNode
from checker.live.server import tunnels


def test_a_round_meets_every_endpoint():
    """Each of n endpoints is missed with a chance of ((n-1)/n)^tries, chosen at random."""
    assert tries(0) == tries(1) == 1
    for endpoints in (2, 3, 5):
        missed = endpoints * ((endpoints - 1) / endpoints) ** tries(endpoints)
        assert missed <= 1e-2


def test_what_agnhost_is_told():
    # test/images/agnhost/connect/connect.go: its flags
    assert arguments("web:80") == ["connect", "web:80", "--timeout=2s"]
    assert "--protocol=sctp" in arguments("web:80", "SCTP")
    udp = arguments("10.96.0.10:53", "UDP")
    data = next(one.partition("=")[2] for one in udp if one.startswith("--udp-data"))
    # netexec answers `echo …` (netexec.go: startUDPServer); a DNS server answers what is as long
    # as a header (RFC 1035 §4.1.1: twelve bytes) and says that it is a query, not an answer.
    assert data.startswith("echo ")
    assert len(data) >= 12
    assert not data.encode()[2] & 0x80


@pytest.mark.parametrize(
    ("seen", "protocol", "verdict"),
    [
        (["connected", "connected"], "TCP", "connected"),
        (["connected", "refused"], "TCP", "intermittent"),
        (["timeout", "refused"], "TCP", "intermittent"),
        # Linux, icmp_ratelimit: refusals beyond the first few are not sent within a second.
        (["refused", "timeout", "timeout"], "UDP", "refused"),
        (["connected", "timeout"], "UDP", "intermittent"),
    ],
)
def test_connections_to_one_address_together(seen, protocol, verdict):
    assert summary(agreed(seen, protocol)) == verdict


class _Host(http.server.BaseHTTPRequestHandler):
    """Says which host and path it was asked for."""

    def do_GET(self) -> None:
        body = f"{self.headers['Host']} {self.path}".encode()
        self.send_response(418)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Host)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{made.server_port}"
    made.shutdown()
    made.server_close()


def test_this_machine_as_a_client(server: str):
    outside = ThisMachine()
    assert outside.connect(server) == "connected"
    reply = outside.get(server, "/cart", "shop.example.com")
    assert reply == (418, "shop.example.com /cart")


def test_this_machine_is_refused_where_nobody_listens():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))  # bound and not listening: nobody else gets the port meanwhile
        address = f"127.0.0.1:{one.getsockname()[1]}"
        assert ThisMachine().connect(address) == "refused"
        assert ThisMachine().get(address, "/") is None


def test_silence_over_udp_is_silence_and_an_answer_is_one():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{one.getsockname()[1]}"
        assert ThisMachine().connect(address, "UDP") == "timeout"

        def answer() -> None:
            one.recvfrom(100)  # of the connection above
            _, client = one.recvfrom(100)
            one.sendto(b"yes", client)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        assert ThisMachine().connect(address, "UDP") == "connected"
        thread.join(5)
    assert ThisMachine().connect(address, "UDP") == "refused"


def test_somebody_who_takes_any_connection_is_no_node(monkeypatch):
    """A proxy on the way accepts connections to addresses that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        monkeypatch.setattr("checker.live.clients.outside.KUBELET", proxy.getsockname()[1])
        node = RealNode("worker", "worker", "127.0.0.1")
        with (
            pytest.raises(CannotAskError, match="no way to the node worker"),
            open_outside("my-cluster", node, "1"),
        ):
            pass


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A docker that writes down what it is told; connections are refused, requests answered."""
    program = tmp_path / "docker"
    log = tmp_path / "log"
    program.write_text(
        f'#!/bin/sh\necho "$@" >> {log}\n'
        'case "$*" in\n'
        "  *agnhost\\ connect*) echo REFUSED >&2; exit 1;;\n"
        '  *curl*) printf "10.1.2.3:4\\n200";;\n'
        "esac\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr("checker.live.clients.outside.KUBELET", 9)  # discard: nobody is there
    return log


def test_where_nodes_are_out_of_reach_a_container_beside_them_is_the_client(engine: Path):
    node = RealNode("worker", "worker", "127.0.0.1")
    with open_outside("kind-kubernetes-ports", node, "ab12") as outside:
        assert isinstance(outside, BesideKind)
        assert outside.connect("172.18.0.3:30080") == "refused"
        assert outside.get("172.18.0.3:30080", "/clientip") == (200, "10.1.2.3:4")
    told = engine.read_text().splitlines()
    assert "run --detach --rm --network kind --name kp-outside-ab12" in told[1]
    assert told[-1] == "rm --force kp-outside-ab12"


def test_a_cluster_that_is_not_kinds_gets_no_container(engine: Path):
    node = RealNode("worker", "worker", "127.0.0.1")
    with pytest.raises(CannotAskError), open_outside("production", node, "1"):
        pass
    assert not engine.exists()


def name_of(text: str) -> bytes:
    return b"".join(bytes([len(one)]) + one.encode() for one in text.split(".")) + b"\0"


def test_answers_of_a_dns_server_are_read():
    """RFC 1035 §4.1, RFC 2782; the shape of what CoreDNS sends, with compressed names."""
    question = name_of("_http._tcp.store.x.svc") + struct.pack("!2H", tunnels.SRV, 1)
    header = struct.pack("!6H", 7, 0x8580, 1, 2, 0, 1)
    target = name_of("store-0.store.x.svc")
    record = b"\xc0\x0c" + struct.pack("!HHIH", tunnels.SRV, 1, 30, 6 + len(target))
    first = record + struct.pack("!3H", 0, 50, 8080) + target
    second = b"\xc0\x0c" + struct.pack("!HHIH", tunnels.SRV, 1, 30, 8)
    second += struct.pack("!3H", 0, 50, 9090) + b"\xc0\x0c"
    extra = b"\xc0\x0c" + struct.pack("!HHIH4B", tunnels.A, 1, 30, 4, 10, 0, 0, 1)
    answer = header + question + first + second + extra
    assert tunnels._records(answer, tunnels.SRV) == [
        (8080, "store-0.store.x.svc"),
        (9090, "_http._tcp.store.x.svc"),
    ]
    assert tunnels._records(answer, tunnels.A) == []  # additional ones are no answers


def test_addresses_are_read():
    # What CoreDNS 1.14.2 sent for kube-dns.kube-system.svc.cluster.local.
    answer = bytes.fromhex(
        "123485000001000100000000086b7562652d646e730b6b7562652d73797374656d037376630763"
        "6c7573746572056c6f63616c0000010001086b7562652d646e730b6b7562652d73797374656d03"
        "73766307636c7573746572056c6f63616c00000100010000001e00040a60000a"
    )
    assert tunnels._records(answer, tunnels.A) == ["10.96.0.10"]
