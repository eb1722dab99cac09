"""Exec probes run in the container's files and the pod's network: `pkg/kubelet/prober`.

That `agnhost connect` and a missing file do as is said here was seen on a running cluster:
tests/conformance/traffic/readiness.yaml, `probe-exec-*`.
"""

from __future__ import annotations

import pytest

from checker.network.exec_probes import succeeds
from checker.network.model import Listener, Program

LISTENERS = (
    Listener(8080, "TCP", "", "c", "", "http"),
    Listener(9000, "TCP", "127.0.0.1", "c", "", "http"),
    Listener(8081, "UDP", "", "c", ""),
)
NETEXEC = Program("agnhost netexec", LISTENERS, True, "")


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["/agnhost", "connect", "localhost:8080", "--timeout=1s"], True),
        (["/agnhost", "connect", "--timeout", "1s", "127.0.0.1:9000"], True),
        (["/agnhost", "connect", "127.0.0.1:9001"], False),
        (["/agnhost", "connect", "localhost:8081"], False),
        (["/agnhost", "connect", "localhost:8081", "--protocol=udp"], True),
        (["/agnhost", "connect", "web:80"], None),
        (["sh", "-c", "/agnhost connect localhost:8080"], True),
        (["/agnhost", "no-such-command"], False),
        (["/agnhost", "dns-suffix"], True),
        (["/agnhost", "pause"], False),
        (["/agnhost", "mounttest", "--file_content=/a"], None),
        (["cat", "/tmp/ready"], False),
        (["test", "-f", "/tmp/ready"], False),
        (["cat", "/data/ready"], None),
        (["/check.sh"], None),
        ([], None),
    ],
)
def test_command(command: list[str], expected: bool | None) -> None:
    assert succeeds(command, NETEXEC, [], LISTENERS, True) is expected


def test_what_is_mounted_or_not_known_decides_nothing() -> None:
    assert succeeds(["cat", "/tmp/ready"], NETEXEC, ["/tmp"], LISTENERS, True) is None
    unknown = Program("app", (), False, "")
    assert succeeds(["cat", "/tmp/ready"], unknown, [], (), False) is None
    assert succeeds(["/agnhost", "connect", "localhost:1"], NETEXEC, [], (), False) is None
