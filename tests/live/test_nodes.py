"""The manifests' nodes and the cluster's: pods go where the model has nodes, and nowhere else."""

import copy

import pytest

from checker.live.errors import CannotAskError
from checker.live.runs.mapping import RunNames
from checker.live.runs.nodes import HOSTNAME, NodeNames, RealNode, choose_nodes
from checker.network.model import Node

NAMES = NodeNames(
    {
        "node-a": RealNode("kind-worker", "kind-worker", "172.18.0.3"),
        "node-b": RealNode("kind-worker2", "kind-worker2", "172.18.0.4"),
    }
)
HERE = {"key": HOSTNAME, "operator": "In", "values": ["kind-worker", "kind-worker2"]}


def spec(**fields):
    return {"containers": [{"name": "a"}], **fields}


def required(made):
    affinity = made["affinity"]["nodeAffinity"]
    return affinity["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]


def test_a_pod_without_wishes_is_held_to_the_runs_nodes():
    made = spec()
    NAMES.pod_spec(made)
    assert required(made) == [{"matchExpressions": [HERE]}]


def test_names_of_nodes_follow():
    made = spec(nodeSelector={HOSTNAME: "node-b", "disk": "ssd"})
    NAMES.pod_spec(made)
    assert made["nodeSelector"] == {HOSTNAME: "kind-worker2", "disk": "ssd"}
    bound = spec(nodeName="node-a")
    NAMES.pod_spec(bound)
    assert bound == spec(nodeName="kind-worker")


def test_terms_are_alternatives_so_each_holds_the_pod():
    """pkg/apis/core NodeSelector: terms are ORed, the expressions of one are ANDed."""
    terms = [
        {"matchExpressions": [{"key": HOSTNAME, "operator": "In", "values": ["node-a"]}]},
        {"matchExpressions": [{"key": "zone", "operator": "Exists"}]},
    ]
    made = spec(
        affinity={
            "nodeAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}
            }
        }
    )
    NAMES.pod_spec(made)
    first, second = required(made)
    assert first["matchExpressions"] == [
        {"key": HOSTNAME, "operator": "In", "values": ["kind-worker"]},
        HERE,
    ]
    assert second["matchExpressions"][-1] == HERE


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet", "Job"])
def test_the_pods_of_a_workload_are_held_too(kind):
    names = RunNames({"default": "d"}, "default", NAMES)
    workload = {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": "web"},
        "spec": {"template": {"spec": spec()}},
    }
    before = copy.deepcopy(workload)
    made = names.manifest(workload)
    assert required(made["spec"]["template"]["spec"]) == [{"matchExpressions": [HERE]}]
    assert workload == before


@pytest.mark.parametrize("broken", [None, [], "text", {"template": None}, {"template": []}])
def test_malformed_workloads_reach_the_api_server_as_they_are(broken):
    names = RunNames({"default": "d"}, "default", NAMES)
    workload = {"kind": "Deployment", "metadata": {"name": "web"}, "spec": broken}
    assert names.manifest(workload)["spec"] == broken


class Nodes:
    """An API with these nodes."""

    def __init__(self, *nodes):
        self.nodes = nodes

    def items(self, path):
        assert path == "/api/v1/nodes"
        return list(self.nodes)


def node(name, *, ready="True", taints=(), **more):
    return {
        "metadata": {"name": name, "labels": {HOSTNAME: f"{name}.example"}},
        "spec": {"taints": list(taints), **more},
        "status": {
            "conditions": [{"type": "Ready", "status": ready}],
            "addresses": [
                {"type": "Hostname", "address": name},
                {"type": "InternalIP", "address": f"10.0.0.{name[-1]}"},
            ],
        },
    }


def model(*names):
    return [Node(name, "", {}, "", (), None) for name in names]


CONTROL = node(
    "c0", taints=[{"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}]
)


def test_only_nodes_that_take_pods_are_chosen():
    api = Nodes(CONTROL, node("w1", ready="False"), node("w2", unschedulable=True), node("w3"))
    chosen = choose_nodes(api, model("node-1"), 0)
    assert chosen.at("node-1") == RealNode("w3", "w3.example", "10.0.0.3")


def test_runs_begin_anywhere_so_that_neighbours_share_the_nodes():
    api = Nodes(node("w1"), node("w2"))
    assert {choose_nodes(api, model("a"), seed).at("a").name for seed in range(2)} == {"w1", "w2"}
    both = choose_nodes(api, model("a", "b"), 1)
    assert [both.at("a").name, both.at("b").name] == ["w2", "w1"]


def test_too_few_nodes_is_no_question_for_this_cluster():
    with pytest.raises(CannotAskError, match="needs 2 nodes that take pods, and the cluster has 1"):
        choose_nodes(Nodes(CONTROL, node("w1")), model("node-a", "node-b"), 0)
