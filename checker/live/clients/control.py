"""The control probe: are policies enforced here at all?

A cluster whose network plugin knows no NetworkPolicy takes every policy and obeys none. Before
silence is believed to be a policy's doing, one pod that a policy isolates must fall silent while
its twin without a policy answers.
"""

from __future__ import annotations

import time

from checker.live.clients.probing import Place, connect_once
from checker.live.errors import LiveError
from checker.live.images import AGNHOST
from checker.live.runs.readiness import wait_until_ready
from checker.live.runs.run import Run
from checker.live.server.places import collection

_PORT = 8080


def make_control(run: Run) -> str:
    """Put the control's pods and policy into a namespace of its own, whose name is the result."""
    # No namespace of the manifests begins with a hyphen, so none is this one.
    space = run.own_name("-control")
    run.make_namespace(space)
    policy = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "closed", "namespace": space},
        "spec": {"podSelector": {"matchLabels": {"app": "closed"}}, "policyTypes": ["Ingress"]},
    }
    run.put(policy)
    run.wait_for_account(space)
    for name in ("open", "closed"):
        container = {
            "name": "main",
            "image": AGNHOST,
            "args": ["netexec", f"--http-port={_PORT}"],
            "readinessProbe": {"tcpSocket": {"port": _PORT}, "periodSeconds": 1},
        }
        run.put(
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {"name": name, "namespace": space, "labels": {"app": name}},
                "spec": {"containers": [container], "terminationGracePeriodSeconds": 0},
            }
        )
    return space


def policies_are_enforced(run: Run, space: str, seconds: float = 15) -> bool:
    """Whether the isolated pod falls silent within that time, while the other one answers.

    Raises LiveError where not even the open one answers: then this cluster tells nothing.
    """
    wait_until_ready(run.api, [space])
    path = collection("v1", "Pod", space)
    address = {
        name: run.api.get(f"{path}/{name}")["status"]["podIP"] for name in ("open", "closed")
    }
    end = time.monotonic() + seconds
    source = Place(space, "closed", "main")
    while connect_once(run.api, source, f"{address['open']}:{_PORT}") != "connected":
        if time.monotonic() > end:
            raise LiveError(
                "in this cluster one pod cannot reach another, with no policy between them: its "
                "network does not work; `python -m checker cluster doctor`"
            )
        time.sleep(0.5)
    other = Place(space, "open", "main")
    while connect_once(run.api, other, f"{address['closed']}:{_PORT}") != "timeout":
        if time.monotonic() > end:
            return False
        time.sleep(0.5)
    return True
