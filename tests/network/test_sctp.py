# ruff: noqa: E501 (one case of a table on one line reads best)
"""SCTP. The recorded cluster shows none of it: its machines' kernels lack the module, and
kube-proxy's rules for SCTP are never met. The cases follow the sources:

`pkg/proxy/nftables/proxier.go` (maps keyed by address, protocol and port), `pkg/apis/core/types.go:
Protocol`; `sigs.k8s.io/kube-network-policies` 1.1 (evaluatePorts compares protocols); kubernetes.io,
"Service protocols": SCTP; RFC 9260, 8.4: an out-of-the-blue INIT is answered with ABORT (refused).
"""

from __future__ import annotations

import pytest

from tests.network.clusters import CLIENT, go, pod

SERVER = pod("server", labels="app: server", args="netexec --sctp-port=9999", container="ports: [{name: sig, containerPort: 9999, protocol: SCTP}, {name: web, containerPort: 8080}]")  # fmt: skip


def service(target: str, protocol: str = "SCTP") -> str:
    return f"""
---
apiVersion: v1
kind: Service
metadata: {{name: s}}
spec: {{selector: {{app: server}}, ports: [{{port: 38412, protocol: {protocol}, targetPort: {target}}}]}}
"""


@pytest.mark.parametrize(
    ("target", "declared", "dialled", "verdict"),
    [
        ("9999", "SCTP", "SCTP", "connected"),
        ("sig", "SCTP", "SCTP", "connected"),
        # A name counts with its protocol: `web` is TCP, so no endpoint has it.
        ("web", "SCTP", "SCTP", "refused"),
        ("8080", "SCTP", "SCTP", "refused"),
        # The Service's port is of one protocol.
        ("9999", "SCTP", "TCP", "refused"),
        ("9999", "TCP", "SCTP", "refused"),
        ("9999", "TCP", "TCP", "refused"),
    ],
)
def test_services(target: str, declared: str, dialled: str, verdict: str) -> None:
    text = CLIENT + SERVER + service(target, declared)
    assert go(text, "pod/client", "svc/s:38412", dialled).verdict == verdict


@pytest.mark.parametrize(
    ("ports", "verdict"),
    [
        ("[{port: 9999, protocol: SCTP}]", "connected"),
        ("[{port: sig, protocol: SCTP}]", "connected"),
        ("[{port: 9000, endPort: 9999, protocol: SCTP}]", "connected"),
        ("[{protocol: SCTP}]", "connected"),
        # TCP is the default; the Service's port is no pod's.
        ("[{port: 9999}]", "timeout"),
        ("[{port: 38412, protocol: SCTP}]", "timeout"),
        ("[]", "connected"),
    ],
)
def test_policies(ports: str, verdict: str) -> None:
    policy = f"""
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: p}}
spec: {{podSelector: {{matchLabels: {{app: server}}}}, ingress: [{{ports: {ports}}}]}}
"""
    text = CLIENT + SERVER + service("9999") + policy
    assert go(text, "pod/client", "svc/s:38412", "SCTP").verdict == verdict
    assert go(text, "pod/client", "pod/server:9999", "SCTP").verdict == verdict


def test_a_pod_without_an_sctp_server() -> None:
    text = CLIENT + pod("server")
    assert go(text, "pod/client", "pod/server:8080", "SCTP").verdict == "refused"
    assert go(text, "pod/client", "pod/server:8080", "TCP").verdict == "connected"
