"""Live checks in a real cluster: what they see, what they say when it fails, what they leave."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from checker.live.errors import LiveError
from checker.live.images import AGNHOST
from checker.live.runs.readiness import wait_until_ready
from checker.live.runs.run import RUN, Run, open_run
from checker.live.server.connection import Api, connect
from checker.live.server.places import namespace_path
from tests.live.conftest import ROOT, Checker

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("machine")]


def living(api: Api, *names: str) -> list[str]:
    """Which of the namespaces are neither gone nor going."""
    found = [api.get(namespace_path(name)) for name in names]
    return [
        one["metadata"]["name"]
        for one in found
        if one and "deletionTimestamp" not in one["metadata"]
    ]


def pod(**container: object) -> dict[str, object]:
    main = {"name": "main", "image": AGNHOST, "args": ["pause"], **container}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web"},
        "spec": {"containers": [main], "terminationGracePeriodSeconds": 0},
    }


def test_an_exercise_is_seen_as_predicted(checker: Checker, kubeconfig: Path, context: str):
    done = checker(
        "exercise3", "--path", "solutions/exercise3", "--live", "--context", context,
        "--format", "json", KUBECONFIG=str(kubeconfig),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    live = [one for one in json.loads(done.stdout)["checks"] if one["mode"] == "live"]
    assert {one["status"] for one in live} == {"pass"}
    assert all(one["max_points"] == 0 for one in live)
    said = " ".join(one["message"] for one in live)
    assert "pod/client → svc/web:80 (TCP): predicted connected, observed connected" in said
    assert "Pod/client, Deployment/web, Service/web: accepted" in said
    assert "Deployment/web 2 ready" in said


def test_nothing_is_asked_of_a_cluster_that_is_not_named(
    checker: Checker, kubeconfig: Path, tmp_path: Path
):
    # Where the cluster is kind's, its context is too.
    config = yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))
    config["current-context"] = config["contexts"][0]["name"] = "production"
    file = tmp_path / "config"
    file.write_text(yaml.safe_dump(config), encoding="utf-8")
    done = checker("exercise3", "--path", "solutions/exercise3", "--live", KUBECONFIG=str(file))
    assert done.returncode == 3
    assert "--context" in done.stderr


def test_a_run_is_fenced_in_and_ends(live_api: Api):
    with open_run(live_api, "tests") as run:
        run.apply([pod()])
        (name,) = run.namespaces
        labels = live_api.get(namespace_path(name))["metadata"]["labels"]
        assert labels["pod-security.kubernetes.io/enforce"] == "baseline"
        assert labels[RUN] == run.id
        assert live_api.items(f"{namespace_path(name)}/resourcequotas")
    assert not living(live_api, name)


def test_a_privileged_pod_is_not_taken(live_api: Api):
    with (
        open_run(live_api, "tests") as run,
        pytest.raises(LiveError, match='violates PodSecurity "baseline'),
    ):
        run.apply([pod(securityContext={"privileged": True})])
    assert not living(live_api, *run.namespaces)


def test_a_field_that_is_not_there_is_refused_as_a_learner_would_see(live_api: Api):
    with open_run(live_api, "tests") as run, pytest.raises(LiveError, match="prots"):
        run.apply([pod(prots=[])])


def test_a_foreign_image_is_refused_before_anything_is_applied(live_api: Api):
    with open_run(live_api, "tests") as run, pytest.raises(LiveError, match="not one of"):
        run.apply([pod(image="nginx")])
    assert run.namespaces == []


@pytest.mark.parametrize(
    ("container", "words"),
    [
        ({"image": "registry.invalid/none:1"}, "image cannot be pulled"),
        ({"readinessProbe": {"tcpSocket": {"port": 1}}}, "unready"),
    ],
)
def test_a_pod_that_does_not_come_is_told_with_its_reason(live_api: Api, container, words):
    with open_run(live_api, "tests") as run:
        run.apply([])
        web = pod(**container)
        web["metadata"] = {"name": "web", "namespace": run.namespaces[0]}
        # Past the list of images, which refuses such a one before.
        run.put(web)
        with pytest.raises(LiveError, match=words):
            wait_until_ready(live_api, run.namespaces, 20)


def test_two_runs_do_not_meet(live_api: Api):
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web"},
        "spec": {
            "type": "NodePort",
            "selector": {"app": "web"},
            "ports": [{"port": 80, "nodePort": 30077}],
        },
    }
    with open_run(live_api, "tests") as one, open_run(live_api, "tests") as other:
        first = one.apply([service])[0]["spec"]["ports"][0]["nodePort"]
        second = other.apply([service])[0]["spec"]["ports"][0]["nodePort"]
        assert first == 30077
        assert second != first
        assert other.names.ports == {30077: second}
        assert not set(one.namespaces) & set(other.namespaces)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_cleans_up(live_api: Api, kubeconfig, context, number):
    learner = f"cut-{os.getpid()}-{int(number)}"
    script = (
        "import time\n"
        "from checker.live.server.connection import connect\n"
        "from checker.live.runs.run import open_run\n"
        f"with open_run(connect({context!r}, {str(kubeconfig)!r}), {learner!r}) as run:\n"
        "    run.apply([])\n"
        "    print(*run.namespaces, flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        text=True, cwd=ROOT,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        names = process.stdout.readline().split()
        assert living(live_api, *names) == names != []
        process.send_signal(number)
        process.wait(60)
    assert not living(live_api, *names)


def test_what_a_killed_run_leaves_is_taken_away_by_a_later_one(live_api: Api, monkeypatch):
    monkeypatch.setattr("checker.live.runs.run.LIFE_SECONDS", -1)
    killed = Run(live_api, "tests")
    killed.apply([])
    monkeypatch.undo()
    with open_run(live_api, "tests"):
        assert not living(live_api, *killed.namespaces)


def test_without_permission_the_sentence_says_what_is_missing(
    live_api: Api, kubeconfig: Path, context: str, tmp_path: Path
):
    with open_run(live_api, "tests") as run:
        run.apply([])
        path = f"{namespace_path(run.namespaces[0])}/serviceaccounts/default/token"
        body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
        token = live_api.request("POST", path, body).body["status"]["token"]
        config = yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))
        for user in config["users"]:
            user["user"] = {"token": token}
        file = tmp_path / "config"
        file.write_text(yaml.safe_dump(config), encoding="utf-8")
        weak = connect(context, str(file))
        with pytest.raises(LiveError, match="not allowed"), open_run(weak, "tests"):
            pass
