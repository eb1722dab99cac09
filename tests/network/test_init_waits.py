"""Init containers that wait for something: what they wait for is taken to come.

`kubernetes.io/docs/concepts/workloads/pods/init-containers`, "Init containers in use": two of them
loop until a Service's name resolves. An init container that never ends keeps the others from
starting (`pkg/kubelet/kuberuntime/kuberuntime_container.go: computeInitContainerActions`).
"""

from __future__ import annotations

import json

import pytest

from tests.advice.linting import said

POD = """\
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  initContainers:
    - {{name: wait, image: busybox:1.37, command: {command}}}
  containers:
    - {{name: web, image: registry.example.com/web:1, ports: [{{containerPort: 3000}}]}}
"""


@pytest.mark.parametrize(
    "script",
    [
        "until nc -zv rabbitmq 5672; do echo waiting; sleep 2; done;",
        "until nslookup db; do echo waiting for db; sleep 2; done",
        "while ! nc -z db 5432; do sleep 1; done; echo there",
        "for i in 1 2 3; do sleep 1; done",
    ],
)
def test_a_wait_comes_to_its_end(script: str) -> None:
    """What the unknown image listens on nobody knows, so nothing is said of its port."""
    assert said(POD.format(command=json.dumps(["sh", "-c", script]))) == {}


@pytest.mark.parametrize(
    "script",
    ["while true; do sleep 1; done", "while :; do date; sleep 5; done", "sleep infinity"],
)
def test_what_never_ends_keeps_the_others_from_starting(script: str) -> None:
    found = said(POD.format(command=json.dumps(["sh", "-c", script])))
    assert found == {"container-port-nobody-listens": "warning"}
