"""Every kind of question, put to a real cluster, and what exercises ask of it besides."""

import json
from pathlib import Path

import pytest

from checker.api import ClusterSettings, admit
from checker.cli.course import load
from checker.live.clients.outside import Outside
from checker.live.images import AGNHOST
from checker.live.questions.comparing import Comparison, compare
from checker.live.questions.exercise_check import BELIEVE, check_live
from checker.live.server.connection import Api
from checker.manifests import Source, read
from checker.network import build_cluster, trace
from checker.workspace.course_folder import find_course
from tests.agreement.outside import NamespaceOutside
from tests.cluster import commands
from tests.cluster.commands import Cluster
from tests.live.conftest import CLUSTER_NAME, ROOT, Checker

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("machine")]

SERVER = f"""
apiVersion: v1
kind: Pod
metadata: {{name: web, labels: {{app: web}}}}
spec:
  terminationGracePeriodSeconds: 0
  containers:
    - {{name: main, image: "{AGNHOST}", args: [netexec, --http-port=8080, --udp-port=8081]}}
---
apiVersion: v1
kind: Pod
metadata: {{name: client}}
spec:
  terminationGracePeriodSeconds: 0
  containers: [{{name: main, image: "{AGNHOST}", args: [pause]}}]
---
apiVersion: v1
kind: Service
metadata: {{name: web}}
spec:
  type: NodePort
  selector: {{app: web}}
  ports:
    - {{name: http, port: 80, targetPort: 8080}}
    - {{name: udp, protocol: UDP, port: 81, targetPort: 8081}}
    - {{name: nobody, port: 82, targetPort: 8082}}
---
apiVersion: v1
kind: Service
metadata: {{name: empty}}
spec: {{selector: {{app: nothing}}, ports: [{{port: 80}}]}}
"""


@pytest.fixture(scope="session")
def outside(request: pytest.FixtureRequest) -> Outside | None:
    """A client outside our own cluster; on kind the checker finds one itself."""
    running = commands.status(CLUSTER_NAME)
    found: Cluster = running or request.getfixturevalue("cluster")
    return None if found.external is None else NamespaceOutside(found)


def asked(
    api: Api,
    text: str,
    ends: list[tuple[str, str, str]],
    outside: Outside | None = None,
    settings: ClusterSettings = ClusterSettings(),  # noqa: B008
) -> Comparison:
    admission = admit(read([Source("case.yaml", text)]).manifests, settings)
    cluster = build_cluster(admission.resources, settings)
    predicted = [trace(cluster, *one) for one in ends]
    return compare(api, admission, cluster, predicted, lambda _: None, outside)


def seen(found: Comparison) -> list[str]:
    assert [one.note for one in found.connections] == [""] * len(found.connections)
    return [one.seen.verdict for one in found.connections]


def test_pods_services_names_and_protocols(live_api: Api):
    found = asked(
        live_api,
        SERVER,
        [
            ("pod/client", "pod/web:8080", "TCP"),
            ("pod/client", "pod/web:8082", "TCP"),
            ("pod/client", "svc/web:http", "TCP"),
            ("pod/client", "svc/web:81", "UDP"),
            ("pod/client", "svc/web:81", "TCP"),
            ("pod/client", "svc/empty:80", "TCP"),
            ("pod/client", "dns/web.default:80", "TCP"),
            ("pod/client", "dns/wbe:80", "TCP"),
            ("pod/web", "localhost:8080", "TCP"),
            ("pod/client", "localhost:8080", "TCP"),
            # A DNS server takes what is no query of its own for one, and answers.
            ("pod/client", "svc/kube-dns.kube-system:53", "UDP"),
            ("pod/client", "svc/kube-dns.kube-system:53", "TCP"),
        ],
    )
    assert seen(found) == [
        "connected", "refused", "connected", "connected", "refused", "refused",
        "connected", "dns-failure", "connected", "refused", "connected", "connected",
    ]  # fmt: skip
    assert found.agrees
    assert found.surprises == []


def test_nodes_and_outside(live_api: Api, outside: Outside | None):
    found = asked(
        live_api,
        SERVER.replace("targetPort: 8080}", "targetPort: 8080, nodePort: 30079}"),
        [
            ("node", "pod/web:8080", "TCP"),
            ("node", "svc/web:80", "TCP"),
            ("node", "svc/web:82", "TCP"),
            ("node", "node:30079", "TCP"),
            # The kubelet's own.
            ("node", "localhost:10250", "TCP"),
            ("pod/client", "node:30079", "TCP"),
            ("external", "node:30079", "TCP"),
            # Nobody listens on the node, and no Service has that port.
            ("external", "node:30078", "TCP"),
        ],
        outside,
    )
    assert seen(found)[:4] == ["connected", "connected", "refused", "connected"]
    assert found.connections[4].seen.verdict == "connected"
    assert seen(found)[5:] == ["connected", "connected", "refused"]
    assert found.agrees


def test_pods_that_disagree_are_intermittent(live_api: Api):
    twins = "---".join(
        SERVER.split("---")[0].replace("name: web,", f"name: web-{port},").replace("8080", port)
        for port in ("8080", "9090")
    )
    _, client, service, _ = SERVER.split("---")
    found = asked(
        live_api, "---".join((twins, client, service)), [("pod/client", "svc/web:80", "TCP")]
    )
    assert seen(found) == ["intermittent"]
    assert found.agrees


def test_what_a_policy_stops_is_silent_and_a_refused_service_is_rejected(live_api: Api):
    policy = """
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: only-8082}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{ports: [{port: 8082}]}]
---
apiVersion: v1
kind: Service
metadata: {name: wrong}
spec: {ports: [{port: 70000}]}
"""
    found = asked(
        live_api,
        SERVER + policy,
        [
            ("pod/client", "svc/web:80", "TCP"),
            ("pod/client", "svc/web:82", "TCP"),
            ("pod/client", "svc/wrong:80", "TCP"),
        ],
    )
    assert seen(found) == ["timeout", "refused", "rejected"]
    assert found.agrees
    # Refused in the predicted words, so no surprise.
    assert found.surprises == []


def test_a_wrong_prediction_is_the_checkers_fault(
    checker: Checker, kubeconfig: Path, context: str, tmp_path: Path
):
    """This cluster's proxy is in nftables mode, which rejects what no Service declares; iptables
    mode has no rule for it (FACTS, C 5).
    """
    file = tmp_path / "web.yaml"
    file.write_text(SERVER)
    done = checker(
        "trace", str(file), "--from", "pod/client", "--to", "svc/web:8888", "--proxy-mode",
        "iptables", "--live", "--context", context, "--format", "json", KUBECONFIG=str(kubeconfig),
    )  # fmt: skip
    assert done.returncode == 3, (done.stdout, done.stderr)
    document = json.loads(done.stdout)
    assert (document["verdict"], document["observed"]) == ("timeout", "refused")
    assert document["agrees"] is False
    assert "predicted timeout, observed refused" in document["error"]["message"]
    done = checker(
        "trace", str(file), "--from", "pod/client", "--to", "svc/web:8888", "--proxy-mode",
        "iptables", "--live", "--context", context, KUBECONFIG=str(kubeconfig),
    )  # fmt: skip
    assert done.returncode == 3
    assert "predicted timeout, observed refused: not as predicted" in done.stdout
    assert BELIEVE in done.stderr


def test_a_matrix_beside_the_observed_one(
    checker: Checker, kubeconfig: Path, context: str, tmp_path: Path
):
    file = tmp_path / "web.yaml"
    file.write_text(SERVER)
    done = checker(
        "matrix", str(file), "--live", "--context", context, "--format", "json",
        KUBECONFIG=str(kubeconfig),
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout, done.stderr)
    document = json.loads(done.stdout)
    assert document["observed"] == document["verdicts"]
    assert {"connected", "refused"} <= {cell for row in document["observed"] for cell in row}
    assert document["agrees"] is True


def live_titles(api: Api, name: str, outside: Outside | None = None) -> list[str]:
    """The live checks of an exercise's solution; all of them pass."""
    folder = find_course(ROOT).exercise(name)
    assert folder is not None
    exercise = load(folder)
    files = [
        Source(one, (ROOT / "solutions" / name / one).read_text(encoding="utf-8"))
        for one in exercise.answer_files
    ]
    found = check_live(api, exercise, files, lambda _: None, outside)
    assert [one.message for one in found if one.status != "pass"] == []
    return [one.title for one in found]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("exercise9", "Deployment/third 1 ready, as predicted"),
        ("exercise12", "predicted the client's, observed the client's"),
        ("exercise13", "SRV _http._tcp.store: predicted 8080, 8080, observed 8080, 8080"),
        ("exercise20", "predicted one pod answers, observed one pod answers"),
        ("exercise21", "predicted 2 addresses, observed 2 addresses"),
        ("exercise22", "net.ipv4.tcp_keepalive_time in pod/web: predicted 60, observed 60"),
        ("exercise24", "predicted connected, observed connected"),
    ],
)
def test_what_exercises_ask_besides(live_api: Api, outside, name: str, words: str):
    titles = live_titles(live_api, name, outside)
    assert [one for one in titles if words in one], titles


def test_without_a_controller_the_ingress_is_not_tried(live_api: Api, outside):
    """There is none in tests/cluster; kind's own has none either."""
    folder = find_course(ROOT).exercise("exercise16")
    assert folder is not None
    exercise = load(folder)
    files = [
        Source(one, (ROOT / "solutions" / "exercise16" / one).read_text(encoding="utf-8"))
        for one in exercise.answer_files
    ]
    found = check_live(live_api, exercise, files, lambda _: None, outside)
    untold = [one for one in found if one.status == "cannot-tell"]
    assert untold
    assert all("cloud-provider-kind" in one.message and not one.fix for one in untold)
    assert not [one for one in found if one.status == "fail"]


def test_a_mesh_is_not_asked_for(live_api: Api):
    assert live_titles(live_api, "exercise23") == []
