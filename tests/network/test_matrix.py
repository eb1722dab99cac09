# ruff: noqa: E501, PERF401 (one case of a table on one line reads best)
"""The matrix says what single traces say, groups equal pods, and is quick."""

from __future__ import annotations

import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.network import matrix, trace
from checker.network.reachability import cell
from tests.benchmarks.world import world
from tests.network.clusters import cluster, pod
from tests.network.worlds import worlds

TEXT = (
    pod("client", args="pause", labels="app: client")
    + """
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: agnhost, args: [netexec], ports: [{containerPort: 9999}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{name: a, port: 80, targetPort: 8080}, {name: b, port: 53, targetPort: 8081, protocol: UDP}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p}
spec: {podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {app: client}}}]}]}
"""
)


def test_rows_columns_and_groups() -> None:
    found = matrix(cluster(TEXT))
    assert found.protocol == "TCP"
    assert [one.name for one in found.sources] == ["pod/client.default", "pod/web-1.default"]
    assert found.sources[1].members == (
        "pod/web-1.default",
        "pod/web-2.default",
        "pod/web-3.default",
    )
    assert [one.name for one in found.targets] == [
        "svc/web.default:80", "pod/web-1.default:8080", "pod/web-1.default:9999",
    ]  # fmt: skip
    assert found.verdicts == (
        ("connected", "connected", "refused"),
        ("timeout", "timeout", "timeout"),
    )
    assert [one.name for one in matrix(cluster(TEXT), "UDP").targets] == [
        "svc/web.default:53", "pod/web-1.default:8081",
    ]  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds(), st.sampled_from(["TCP", "UDP"]))
def test_every_cell_is_what_its_trace_says(world: str, protocol: str) -> None:
    made = cluster(world, nodes=2)
    found = matrix(made, protocol)
    for row in range(len(found.sources)):
        for column in range(len(found.targets)):
            assert found.verdicts[row][column] == cell(made, found, row, column).verdict


def big() -> str:
    """1,000 pods of 100 Deployments, 200 Services, 200 policies."""
    parts = []
    for i in range(100):
        parts.append(f"""
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: app{i}, namespace: ns{i % 10}}}
spec:
  replicas: 10
  selector: {{matchLabels: {{app: app{i}}}}}
  template:
    metadata: {{labels: {{app: app{i}, tier: t{i % 5}}}}}
    spec: {{containers: [{{name: c, image: agnhost, args: [netexec], ports: [{{name: http, containerPort: 8080}}]}}]}}
""")
    for i in range(200):
        parts.append(f"""
---
apiVersion: v1
kind: Service
metadata: {{name: s{i}, namespace: ns{i % 10}}}
spec: {{selector: {{{f"app: app{i}" if i < 100 else f"tier: t{i % 5}"}}}, ports: [{{port: 80, targetPort: http}}]}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: p{i}, namespace: ns{i % 10}}}
spec:
  podSelector: {{matchLabels: {{app: app{i % 100}}}}}
  policyTypes: [Ingress, Egress]
  ingress: [{{from: [{{podSelector: {{matchLabels: {{tier: t{i % 3}}}}}}}, {{namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: ns{(i + 1) % 10}}}}}}}], ports: [{{port: http}}]}}]
  egress: [{{to: [{{namespaceSelector: {{}}}}]}}]
""")
    return "".join(parts)


def test_a_large_model_is_quick() -> None:
    """One trace under 50 ms, all verdicts under 5 s, of processor time."""
    made = cluster(big())
    assert len(made.pods) == 1001
    trace(made, "deploy/app1.ns1", "svc/s7.ns7:80")
    start = time.process_time()
    trace(made, "deploy/app0.ns0", "svc/s5.ns5:80")
    assert time.process_time() - start < 0.05
    start = time.process_time()
    found = matrix(made)
    assert time.process_time() - start < 5
    assert len(found.sources) == 100
    assert len(found.targets) == 300


def test_policies_that_read_alike_are_worked_out_once() -> None:
    """A policy an application, as most clusters have them: what they say repeats."""
    kinds = {}
    for count in (60, 240):
        made = cluster("---\n".join(world(count, 0, count)), nodes=1)
        found = matrix(made)
        kinds[count] = len({one.sender for one in made.pods}), len({one.kind for one in made.pods})
        for row in range(0, len(found.sources), 7):
            for column in range(0, len(found.targets), 11):
                assert found.verdicts[row][column] == cell(made, found, row, column).verdict
    assert kinds[60] == kinds[240]


def test_policies_that_read_alike_in_one_direction_only() -> None:
    """Whom a pod takes in says nothing about where it gets out, and a namespace is part of what a
    selector of pods says."""
    pods = "".join(
        pod(f"{name}.{space}", labels=f"app: {name}", args="netexec --udp-port=-1")
        for space in ("default", "other")
        for name in ("a", "b", "c")
    )
    policies = "".join(
        f"\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        f"metadata: {{name: {name}, namespace: {space}}}\n"
        f"spec: {{podSelector: {{matchLabels: {{app: {name}}}}}, {rules}}}\n"
        for space, name, rules in (
            ("default", "a", "ingress: [{from: [{podSelector: {matchLabels: {app: b}}}]}]"),
            ("other", "a", "ingress: [{from: [{podSelector: {matchLabels: {app: b}}}]}]"),
            (
                "default",
                "b",
                "policyTypes: [Ingress, Egress], ingress: [{}], egress: [{to: [{podSelector: {}}]}]",
            ),
            ("other", "b", "policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]"),
        )
    )
    made = cluster(pods + policies)
    found = matrix(made)
    for row in range(len(found.sources)):
        for column in range(len(found.targets)):
            assert found.verdicts[row][column] == cell(made, found, row, column).verdict
