"""Which values a kernel takes: seen from pods of Kubernetes 1.36.3 with containerd and runc.

A pod whose value is refused stays Pending: `FailedCreatePodSandBox … write /proc/sys/…: invalid
argument`; the others ran.
"""

import pytest

from checker.api import ClusterSettings, admit
from checker.manifests import Source, read
from checker.network import build_cluster, trace
from checker.network.sysctls import takes

TIME = "net.ipv4.tcp_keepalive_time"
RANGE = "net.ipv4.ip_local_port_range"
PORTS = "net.ipv4.ip_local_reserved_ports"


@pytest.mark.parametrize(
    ("name", "value", "runs"),
    [
        (TIME, "sixty", False),
        (TIME, "60s", False),
        (TIME, "60 seconds", True),
        (TIME, "-1", True),
        (TIME, "0x3c", True),
        (TIME, "1.5", False),
        (TIME, "60 70", True),
        (TIME, " 60 ", True),
        (TIME, "99999", True),
        (TIME, "0", True),
        (RANGE, "10240", True),
        (RANGE, "10240\t60999", True),
        (RANGE, "10240,60999", False),
        (RANGE, "10240-60999", False),
        (RANGE, "10240 abc", False),
        (RANGE, "60999 10240", False),
        (RANGE, "1 99999", False),
        (RANGE, "0 60999", False),
        (PORTS, "abc", False),
        (PORTS, "8080,9000-9100", True),
        ("net.ipv4.tcp_syncookies", "yes", False),
        ("net.ipv4.tcp_syncookies", "3", True),
        ("kernel.shm_rmid_forced", "2", False),
        ("net.ipv4.tcp_rmem", "4096 87380", True),
        ("net.ipv4.tcp_rmem", "4096 87380 x", False),
        ("net.ipv4.ping_group_range", "0-100", False),
        ("net.ipv4.ip_unprivileged_port_start", "70000", False),
        ("net.ipv4.tcp_fin_timeout", "fast", False),
        ("net.ipv4.tcp_fin_timeout", "30", True),
        ("net.ipv4.tcp_fin_timeout", "-5", True),
    ],
)
def test_values(name: str, value: str, runs: bool) -> None:
    assert takes(name, value) is runs


def test_a_pod_whose_sandbox_is_never_made_has_no_address() -> None:
    text = """
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  securityContext: {sysctls: [{name: net.ipv4.ip_local_port_range, value: 10240-60999}]}
  containers:
    - name: web
      image: registry.k8s.io/e2e-test-images/agnhost:2.63.0
      args: [serve-hostname, --port=8080]
---
apiVersion: v1
kind: Pod
metadata: {name: client}
spec:
  containers: [{name: a, image: "registry.k8s.io/e2e-test-images/agnhost:2.63.0", args: [pause]}]
"""
    admission = admit(read([Source("web.yaml", text)]).manifests)
    found = trace(
        build_cluster(admission.resources, ClusterSettings()), "pod/client", "pod/web:8080"
    )
    assert found.verdict == "timeout"
    assert "10240-60999" in found.hops[-1].detail
    assert found.hops[-1].field == "spec.securityContext.sysctls[0].value"
