# ruff: noqa: E501 (one case of a table on one line reads best)
"""Readiness from probes: FACTS C3, `pkg/kubelet/prober`, `pkg/probe`."""

from __future__ import annotations

import pytest

from tests.network.clusters import cluster, pod

AGNHOST = "registry.k8s.io/e2e-test-images/agnhost:2.63.0"


def ready(container: str, more: str = "") -> bool | None:
    text = f"""
apiVersion: v1
kind: Pod
metadata: {{name: p}}
spec:
  containers: [{{name: c, {container}}}]
{more}
"""
    return cluster(text).templates[0].readiness.ready


NETEXEC = f"image: {AGNHOST}, args: [netexec], ports: [{{name: http, containerPort: 8080}}, {{name: dns, containerPort: 8081, protocol: UDP}}]"


@pytest.mark.parametrize(
    ("probe", "expected"),
    [
        ("tcpSocket: {port: 8080}", True),
        ("tcpSocket: {port: http}", True),
        ("tcpSocket: {port: 80}", False),
        ("tcpSocket: {port: htpp}", False),
        # A name is found whatever its protocol; the probe speaks TCP.
        ("tcpSocket: {port: dns}", False),
        ("httpGet: {port: http}", True),
        ("httpGet: {port: http, path: /anything}", True),
        ("httpGet: {port: http, path: /healthz}", True),
        ("httpGet: {port: http, path: /dial}", False),
        ("httpGet: {port: http, scheme: HTTPS}", False),
        ("grpc: {port: 8080}", False),
        ("exec: {command: ['true']}", True),
        ("exec: {command: ['false']}", False),
        ("exec: {command: [/check.sh]}", None),
        ("httpGet: {port: http, host: example.com}", None),
    ],
)
def test_readiness_probe(probe: str, expected: bool | None) -> None:
    assert ready(f"{NETEXEC}, readinessProbe: {{{probe}}}") is expected
    if expected is not None:
        assert ready(f"{NETEXEC}, startupProbe: {{{probe}}}") is expected


def test_healthz_of_netexec_waits_for_its_udp_server() -> None:
    container = f"image: {AGNHOST}, args: [netexec, '--udp-port=-1'], readinessProbe: {{httpGet: {{port: 8080, path: /healthz}}}}"
    assert ready(container) is False


@pytest.mark.parametrize(
    ("container", "expected"),
    [
        ("image: nginx, readinessProbe: {httpGet: {port: 80}}", True),
        ("image: nginx, readinessProbe: {httpGet: {port: 80, path: /healthz}}", False),
        ("image: nginx, readinessProbe: {httpGet: {port: 8080}}", False),
        ("image: redis, readinessProbe: {tcpSocket: {port: 6379}}", True),
        ("image: redis, readinessProbe: {httpGet: {port: 6379}}", False),
        ("image: redis, readinessProbe: {exec: {command: [redis-cli, ping]}}", True),
        (f"image: {AGNHOST}, args: [grpc-health-checking], readinessProbe: {{grpc: {{port: 5000}}}}", True),
        ("image: acme/shop, readinessProbe: {tcpSocket: {port: 80}}", None),
        # Probes come from outside the pod's loopback.
        (f"image: {AGNHOST}, args: [net, '--serve=127.0.0.1:8080'], readinessProbe: {{tcpSocket: {{port: 8080}}}}", False),
        # A failing liveness probe restarts the container again and again.
        (f"{NETEXEC}, livenessProbe: {{tcpSocket: {{port: 1}}}}", None),
    ],
)  # fmt: skip
def test_images(container: str, expected: bool | None) -> None:
    assert ready(container) is expected


def test_a_probe_asks_any_container_but_takes_names_from_its_own() -> None:
    other = f"}}, {{name: d, image: {AGNHOST}, args: [netexec], ports: [{{name: web, containerPort: 8080}}]"
    probe = f"image: {AGNHOST}, args: [pause], readinessProbe: {{tcpSocket: {{port: %s}}}}"
    assert ready(probe % "8080" + other) is True
    assert ready(probe % "web" + other) is False


def test_init_containers() -> None:
    never = f"  initContainers: [{{name: i, image: {AGNHOST}, args: [netexec, '--http-port=1']}}]"
    assert ready(NETEXEC, never) is False
    ends = f"  initContainers: [{{name: i, image: {AGNHOST}, args: [etc-hosts]}}]"
    assert ready(NETEXEC, ends) is True
    sidecar = f"  initContainers: [{{name: i, image: {AGNHOST}, args: [net, '--serve=:1'], restartPolicy: Always}}]"
    assert ready(NETEXEC, sidecar) is True


def test_unsafe_sysctls_end_the_pod() -> None:
    unsafe = "  securityContext: {sysctls: [{name: net.core.somaxconn, value: '1024'}]}"
    assert ready(NETEXEC, unsafe) is False
    safe = "  securityContext: {sysctls: [{name: net.ipv4.tcp_syncookies, value: '1'}]}"
    assert ready(NETEXEC, safe) is True


def test_the_annotation_says_what_no_one_can_know() -> None:
    text = """
apiVersion: v1
kind: Pod
metadata: {name: p, annotations: {checker/ready: "true"}}
spec: {containers: [{name: c, image: nginx, readinessProbe: {exec: {command: [/check.sh]}}}]}
"""
    assert cluster(text).templates[0].readiness.ready is True


@pytest.mark.parametrize(
    ("env", "ready"),
    [
        ("{name: PORT, value: '8080'}", True),
        ("{name: PORT, value: '8099'}", False),
        # Values from elsewhere are empty there, and what is not declared stays as it is.
        ("{name: PORT, valueFrom: {fieldRef: {fieldPath: metadata.name}}}", None),
        ("{name: OTHER, value: '8080'}", None),
    ],
)
def test_commands_of_probes_know_static_variables(env: str, ready: bool | None) -> None:
    """`pkg/kubelet/container: ExpandContainerCommandOnlyStatic`."""
    probe = "readinessProbe: {exec: {command: [/agnhost, connect, 'localhost:$(PORT)']}}"
    made = cluster(pod("web", container=f"env: [{env}], {probe}"))
    assert made.templates[0].readiness.ready is ready
