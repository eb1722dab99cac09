"""The cluster is what it says: two nodes, names, policies enforced, and no way out."""

import time

import pytest
import yaml

from tests.cluster import kind
from tests.cluster.api import Api, path_of
from tests.cluster.commands import Cluster
from tests.cluster.versions import AGNHOST_IMAGE, KUBERNETES
from tests.conformance import record_traffic
from tests.conformance.probing import Prober, Runner
from tests.conformance.runners import KubectlRunner

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("machine")]

SPACE = "test-cluster"


def _pod(name: str, node: str, arguments: list[str]) -> str:
    return f"""\
apiVersion: v1
kind: Pod
metadata: {{name: {name}, labels: {{app: {name}}}}}
spec:
  nodeName: {node}
  terminationGracePeriodSeconds: 0
  containers:
  - {{name: main, image: "{AGNHOST_IMAGE}", args: {arguments}}}
"""


SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
"""
DENY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny}
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}
"""


@pytest.fixture(scope="module")
def prober(cluster: Cluster, api: Api, runner: Runner) -> Prober:
    """A client on one node, a server with a Service on the other."""
    manifests = "---\n".join(
        [_pod("client", "worker-1", ["pause"]),
         _pod("web", "worker-2", ["netexec", "--http-port=8080", "--udp-port=-1"]), SERVICE]
    )  # fmt: skip
    record_traffic.prepare(cluster, api, SPACE, manifests)
    nodes = {name: str(node["address"]) for name, node in cluster.nodes.items()}
    return Prober(api, runner, SPACE, nodes)


def test_two_nodes_are_ready(cluster: Cluster, api: Api) -> None:
    ready = [
        node["metadata"]["name"]
        for node in api.get("/api/v1/nodes")["items"]
        for condition in node["status"]["conditions"]
        if condition["type"] == "Ready" and condition["status"] == "True"
    ]
    workers = {str(node.get("real", name)) for name, node in cluster.nodes.items()}
    assert workers <= set(ready)
    assert len(workers) == 2


def test_it_is_the_version_that_is_recorded(api: Api) -> None:
    minor = KUBERNETES.rpartition(".")[0]
    assert api.get("/version")["gitVersion"].rpartition(".")[0] == minor


def test_a_pod_reaches_a_service_on_the_other_node_by_its_name(prober: Prober) -> None:
    assert prober.observe([("pod/client", "dns/web:80", "TCP")]) == ["connected"]


def test_a_deny_policy_is_enforced_and_its_absence_is_not(prober: Prober, api: Api) -> None:
    asked = [("pod/client", "svc/web:80", "TCP")]
    path = path_of("networking.k8s.io/v1", "NetworkPolicy", SPACE, "deny")
    assert prober.observe(asked) == ["connected"]
    api.create(yaml.safe_load(DENY), SPACE)
    time.sleep(2)
    assert prober.observe(asked) == ["timeout"]
    api.delete(path)
    time.sleep(2)
    assert prober.observe(asked) == ["connected"]


def test_kubectl_exec_sees_what_entering_the_namespaces_sees(
    cluster: Cluster, api: Api, prober: Prober
) -> None:
    if cluster.name == kind.NAME:
        pytest.skip("on kind there is kubectl exec only")
    asked = [
        ("pod/client", target, "TCP")
        for target in ("dns/web:80", "svc/web:81", "dns/nowhere:80", "pod/web:9999")
    ]
    other = Prober(api, KubectlRunner(cluster.kubeconfig, "", {}), SPACE, {})
    seen = other.observe(asked)
    assert seen == prober.observe(asked)
    assert seen == ["connected", "refused", "dns-failure", "refused"]


def test_nothing_has_a_way_out(cluster: Cluster, prober: Prober) -> None:
    """192.0.2.1 is nobody's (RFC 5737): a way out would at least be told of by a router."""
    if cluster.name == kind.NAME:
        pytest.skip("kind's nodes may use Docker's way out")
    places = ["pod/client", "node/worker-1", "node/worker-2", "external"]
    asked = [(place, "dns/192.0.2.1:443", "TCP") for place in places]
    assert prober.observe(asked) == ["timeout"] * 4
