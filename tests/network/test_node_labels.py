"""The labels that every node has: pods that ask for Linux find the node that is assumed.

`pkg/kubelet/kubelet_node_status.go: initialNode`: a kubelet registers its node with its host name,
its operating system and its architecture, each of the latter two under an older name as well.
"""

from __future__ import annotations

import pytest

from checker.network import trace
from tests.network.clusters import cluster

WORKLOAD = """\
apiVersion: apps/v1
kind: {kind}
metadata: {{name: web}}
spec:
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec:
      {placed}
      containers:
        - name: web
          image: registry.k8s.io/e2e-test-images/agnhost:2.63.0
          args: [netexec, --http-port=8080]
---
apiVersion: v1
kind: Pod
metadata: {{name: client}}
spec:
  containers: [{{name: c, image: registry.k8s.io/e2e-test-images/agnhost:2.63.0, args: [pause]}}]
"""
NODE = "---\napiVersion: v1\nkind: Node\nmetadata: {{name: worker, labels: {labels}}}\n"


@pytest.mark.parametrize("kind", ["Deployment", "DaemonSet"])
@pytest.mark.parametrize("label", ["kubernetes.io/os", "beta.kubernetes.io/os"])
@pytest.mark.parametrize("node", ["", NODE.format(labels="{}")], ids=["assumed", "written"])
def test_linux_is_there(kind: str, label: str, node: str) -> None:
    text = WORKLOAD.format(kind=kind, placed=f"nodeSelector: {{{label}: linux}}") + node
    assert trace(cluster(text), "pod/client", "deploy/web:8080").verdict == "connected"


def test_windows_is_not() -> None:
    text = WORKLOAD.format(kind="Deployment", placed="nodeSelector: {kubernetes.io/os: windows}")
    assert trace(cluster(text), "pod/client", "deploy/web:8080").verdict != "connected"


def test_a_node_may_say_otherwise() -> None:
    placed = "nodeSelector: {kubernetes.io/arch: arm64}"
    node = NODE.format(labels="{kubernetes.io/arch: arm64}")
    text = WORKLOAD.format(kind="Deployment", placed=placed)
    assert trace(cluster(text + node), "pod/client", "deploy/web:8080").verdict == "connected"


def test_nodes_that_are_assumed_have_the_architecture_that_pods_ask_for() -> None:
    text = WORKLOAD.format(kind="Deployment", placed="nodeSelector: {kubernetes.io/arch: arm64}")
    assert trace(cluster(text), "pod/client", "deploy/web:8080").verdict == "connected"
    other = NODE.format(labels="{kubernetes.io/arch: amd64}")
    assert trace(cluster(text + other), "pod/client", "deploy/web:8080").verdict != "connected"


def test_two_architectures_are_two_nodes() -> None:
    one = WORKLOAD.format(kind="DaemonSet", placed="nodeSelector: {kubernetes.io/arch: arm64}")
    two = (
        one.replace("arm64", "s390x")
        .replace("name: web", "name: web-z")
        .replace("app: web", "app: z")
    )
    made = cluster(one + "---\n" + two.partition("---")[0])
    assert [node.labels["kubernetes.io/arch"] for node in made.nodes] == ["arm64", "s390x"]
    for name in ("web", "web-z"):
        assert trace(made, "pod/client", f"deploy/{name}:8080").verdict == "connected"
