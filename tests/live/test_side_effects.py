"""Runs side by side, and what is not theirs: neither meets the other."""

import threading

import pytest

from checker.live.errors import NotAppliedError
from checker.live.runs.run import open_run
from checker.live.server.connection import Api
from tests.live.objects import going

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("machine")]


def test_two_runs_of_the_same_person_and_the_same_ports(live_api: Api):
    """In two threads, each with two fixed node ports of one Service: TCP and UDP share one."""
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web"},
        "spec": {
            "type": "NodePort",
            "selector": {"app": "web"},
            "ports": [
                {"name": "a", "port": 80, "nodePort": 30061},
                {"name": "b", "port": 53, "nodePort": 30062, "protocol": "TCP"},
                {"name": "c", "port": 53, "nodePort": 30062, "protocol": "UDP"},
            ],
        },
    }
    found: list[list[int]] = []

    def one() -> None:
        with open_run(live_api, "tests") as run:
            made = run.apply([service])[0]
            found.append([port["nodePort"] for port in made["spec"]["ports"]])
            barrier.wait(60)

    barrier = threading.Barrier(4)
    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(found) == 4
    assert all(ports[1] == ports[2] for ports in found)
    given = [port for ports in found for port in set(ports)]
    assert len(given) == len(set(given)) == 8


def test_a_node_port_taken_twice_in_one_answer_is_its_own_fault(live_api: Api):
    def service(name: str) -> dict[str, object]:
        return {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": name},
            "spec": {"type": "NodePort", "ports": [{"port": 80, "nodePort": 30064}]},
        }

    with (
        open_run(live_api, "tests") as run,
        pytest.raises(NotAppliedError, match="already allocated"),
    ):
        run.apply([service("a"), service("b")])


def test_two_long_names_stay_two_namespaces(live_api: Api):
    names = [f"{'n' * 60}-{end}" for end in ("a", "b")]
    spaces = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}} for name in names
    ]
    with open_run(live_api, "tests") as run:
        run.apply(spaces)
        assert len(set(run.namespaces)) == 3
        assert len(going(live_api, "tests")) >= 3


def test_nothing_of_the_clusters_own_is_touched(live_api: Api):
    """Objects that others share are left out; a name that is a path is refused before all."""
    shared = [
        {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "worker-1"}},
        {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "ClusterRole",
            "metadata": {"name": "kubernetes-ports-test"},
            "rules": [],
        },
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "kubernetes-ports-test", "namespace": "kube-system"},
        },
    ]
    with open_run(live_api, "tests") as run:
        assert run.apply(shared) == []
    assert not live_api.get("/api/v1/namespaces/kube-system/configmaps/kubernetes-ports-test")
    assert not live_api.get("/apis/rbac.authorization.k8s.io/v1/clusterroles/kubernetes-ports-test")
    # A kind that is the cluster's and on no list of ours: its path in a namespace does not exist.
    webhook = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": "kubernetes-ports-test"},
    }
    with open_run(live_api, "tests") as run, pytest.raises(NotAppliedError, match="could not find"):
        run.apply([webhook])
    assert not live_api.get(
        "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/kubernetes-ports-test"
    )
