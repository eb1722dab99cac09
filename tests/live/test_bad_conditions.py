"""A real cluster that misbehaves: exit code 3 or LiveError, one sentence, nothing left behind."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.live.clients.probing import Place, run_in_pod
from checker.live.errors import GoneError, LiveError
from checker.live.images import AGNHOST
from checker.live.runs.cleaning import clean, stuck
from checker.live.runs.readiness import wait_until_ready
from checker.live.runs.run import open_run
from checker.live.server import connection
from checker.live.server.connection import Api, connect
from checker.live.server.places import namespace_path
from tests.live.conftest import Checker, sentence
from tests.live.line import Line
from tests.live.objects import eventually, going, pod

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("machine")]


@pytest.fixture
def line(live_api: Api) -> Iterator[Line]:
    made = Line(live_api.client.configuration.host)
    yield made
    made.close()


@pytest.fixture
def lined(line: Line, kubeconfig: Path, tmp_path: Path) -> Api:
    """The API server, at the other end of the line."""
    return connect(None, str(line.kubeconfig(kubeconfig, tmp_path / "config")))


# A cluster that stops half-way


def test_a_cluster_that_stops_while_a_run_waits(live_api: Api, line: Line, lined: Api):
    learner = f"stops-{os.getpid()}"
    never = pod(container={"readinessProbe": {"tcpSocket": {"port": 1}}})
    with pytest.raises(LiveError) as said, open_run(lined, learner) as run:  # noqa: PT012
        run.apply([never])
        threading.Timer(1, line.cut).start()
        wait_until_ready(lined, run.namespaces, 60)
    assert isinstance(said.value.__context__, GoneError)
    assert "does not answer" in str(said.value)
    assert f"left behind: {run.namespaces[0]}" in str(said.value)
    # What nobody could take away then, anybody can later.
    line.restore()
    assert clean(lined, expired=False, learner=learner) == run.namespaces
    assert not going(live_api, learner)


def test_a_cluster_that_comes_back_is_left_clean(live_api: Api, line: Line, lined: Api):
    learner = f"back-{os.getpid()}"
    with pytest.raises(GoneError) as said, open_run(lined, learner) as run:  # noqa: PT012
        run.apply([])
        line.cut()
        threading.Timer(2, line.restore).start()
        wait_until_ready(lined, run.namespaces)
    assert "left behind" not in str(said.value)
    assert not going(live_api, learner)


def test_a_line_that_breaks_while_a_probe_runs(live_api: Api, line: Line, lined: Api):
    learner = f"probe-{os.getpid()}"
    with (  # noqa: PT012
        pytest.raises(LiveError, match=r"no probe .*left behind|does not answer"),
        open_run(lined, learner) as run,
    ):
        run.apply([pod()])
        wait_until_ready(lined, run.namespaces)
        place = Place(run.namespaces[0], "web", "main")
        threading.Timer(1, line.cut).start()
        # Nobody answers at this address, so that the probe takes its time.
        run_in_pod(lined, place, ["/agnhost", "connect", "192.0.2.1:80", "--timeout=20s"])
    clean(live_api, expired=False, learner=learner)


def test_a_server_that_falls_silent(
    live_api: Api, line: Line, lined: Api, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(connection, "_TIMEOUT", (1, 2))
    learner = f"silent-{os.getpid()}"
    begun = time.monotonic()
    with (  # noqa: PT012
        pytest.raises(LiveError, match=r"does not answer .*timed out"),
        open_run(lined, learner) as run,
    ):
        run.apply([])
        line.silence()
        wait_until_ready(lined, run.namespaces)
    assert time.monotonic() - begun < 60
    line.restore()
    clean(live_api, expired=False, learner=learner)
    assert not going(live_api, learner)


def test_a_server_that_falls_silent_before_a_probe(
    live_api: Api, line: Line, lined: Api, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(connection, "_TIMEOUT", (1, 2))
    learner = f"mute-{os.getpid()}"
    with (  # noqa: PT012
        pytest.raises(LiveError, match="does not answer"),
        open_run(lined, learner) as run,
    ):
        run.apply([pod()])
        wait_until_ready(lined, run.namespaces)
        place = Place(run.namespaces[0], "web", "main")
        line.silence()
        # What is cut while it waits for an answer to its first words.
        threading.Timer(2, line.cut).start()
        with pytest.raises(LiveError, match="no probe could be run in the pod web"):
            run_in_pod(lined, place, ["/agnhost", "connect", "127.0.0.1:1"])
        wait_until_ready(lined, run.namespaces)
    clean(live_api, expired=False, learner=learner)


def test_the_command_says_one_sentence_when_the_cluster_stops(
    checker: Checker, live_api: Api, line: Line, kubeconfig: Path, tmp_path: Path
):
    config = line.kubeconfig(kubeconfig, tmp_path / "config")
    # As soon as the run has a namespace: what it does next fails.
    me = f"cmd-{os.getpid()}"
    cutter = threading.Thread(
        target=lambda: eventually(lambda: bool(going(live_api, me))) and line.cut()
    )
    cutter.start()
    done = checker(
        "exercise3", "--live", "--path", "solutions/exercise3", "--format", "json",
        KUBECONFIG=str(config), LOGNAME=me,
    )  # fmt: skip
    cutter.join()
    said = sentence(done)
    assert "does not answer" in said
    assert "cluster clean" in said
    assert '"error"' in done.stdout
    line.restore()
    taken = checker("cluster", "clean", KUBECONFIG=str(config), LOGNAME=me)
    assert taken.returncode == 0
    assert f"kp-{me}-" in taken.stdout
    assert not going(live_api, me)


# Pods that do not come


def test_an_image_that_cannot_be_pulled(live_api: Api):
    with open_run(live_api, "tests") as run:
        run.apply([])
        gone = pod(container={"image": f"{AGNHOST}-of-nowhere"})
        # Past the list of images, which refuses such a one before.
        run.put({**gone, "metadata": {"name": "web", "namespace": run.namespaces[0]}})
        with pytest.raises(LiveError, match=r"pod web, container main: its image cannot be pulled"):
            wait_until_ready(live_api, run.namespaces, 60)


def test_a_pod_that_never_gets_ready(live_api: Api):
    with open_run(live_api, "tests") as run:
        run.apply([pod(container={"readinessProbe": {"tcpSocket": {"port": 1}}})])
        with pytest.raises(LiveError, match=r"not get ready within \d+ s: pod web: .*unready"):
            wait_until_ready(live_api, run.namespaces, 4)


def test_a_pod_that_crashes(live_api: Api):
    with open_run(live_api, "tests") as run:
        run.apply([pod(container={"args": ["no-such-thing"]})])
        with pytest.raises(LiveError, match=r"crashes again and again, exit code 1"):
            wait_until_ready(live_api, run.namespaces, 60)


def test_a_pending_pod_is_told_in_the_schedulers_words(live_api: Api):
    nowhere = pod(nodeSelector={"kubernetes.io/hostname": "none"})
    with open_run(live_api, "tests") as run:
        run.apply([nowhere])
        with pytest.raises(LiveError, match=r"pod web is pending: 0/\d+ nodes are available: .*"):
            wait_until_ready(live_api, run.namespaces, 60)


def test_pods_that_may_not_be_are_told_with_the_reason(live_api: Api):
    template = {"metadata": {"labels": {"app": "web"}}, "spec": pod(hostNetwork=True)["spec"]}
    template["spec"].pop("terminationGracePeriodSeconds")
    deployment = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {"selector": {"matchLabels": {"app": "web"}}, "template": template},
    }
    with open_run(live_api, "tests") as run:
        run.apply([deployment])
        with pytest.raises(LiveError, match=r"gets no pods: .*violates PodSecurity"):
            wait_until_ready(live_api, run.namespaces, 60)


def test_more_pods_than_the_quota_has(live_api: Api):
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [
        {"name": "main", "image": AGNHOST, "args": ["pause"]}]}}  # fmt: skip
    deployment = {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {"name": "web"},
        "spec": {
            "replicas": 41,
            "selector": {"matchLabels": {"app": "web"}},
            "template": {**template, "spec": {**template["spec"], "nodeName": "none"}},
        },
    }
    # Its own quota, under any name that it may choose, does not lift the run's.
    quota = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "kubernetes-ports"},
        "spec": {"hard": {"pods": "1000"}},
    }
    with open_run(live_api, "tests") as run:
        run.apply([quota, deployment])
        with pytest.raises(LiveError, match="exceeded quota"):
            wait_until_ready(live_api, run.namespaces, 60)


# Namespaces that do not end


def test_a_finalizer_does_not_keep_a_namespace(live_api: Api):
    kept = pod()
    kept["metadata"] = {"name": "web", "finalizers": ["example.com/never"]}
    with open_run(live_api, "tests") as run:
        (made,) = run.apply([kept])
        assert "finalizers" not in made["metadata"]
    (name,) = run.namespaces
    assert eventually(lambda: not live_api.get(namespace_path(name)))


def test_a_namespace_that_is_stuck_is_told_with_the_servers_reason(live_api: Api):
    learner = f"stuck-{os.getpid()}"
    with open_run(live_api, learner) as run:
        run.apply([])
        (name,) = run.namespaces
        held = {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "held", "namespace": name, "finalizers": ["example.com/never"]},
        }
        run.put(held)
    path = f"{namespace_path(name)}/configmaps/held"
    try:
        assert eventually(lambda: any("example.com/never" in why for _, why in stuck(live_api, 0)))
        assert [one for one, _ in stuck(live_api, 0) if one == name]
        # It is ending already, so nobody is asked again; and others are not kept from running.
        assert name not in clean(live_api, expired=False, learner=learner)
        with open_run(live_api, learner) as other:
            other.apply([])
    finally:
        live_api.request(
            "PATCH", path, {"metadata": {"finalizers": None}},
            content_type="application/merge-patch+json",
        )  # fmt: skip
    assert eventually(lambda: not live_api.get(namespace_path(name)))


def test_pods_that_do_not_listen_to_signals_end_soon(live_api: Api):
    with open_run(live_api, "tests") as run:
        run.apply([pod(container={"args": ["netexec"]}, terminationGracePeriodSeconds=3600)])
        wait_until_ready(live_api, run.namespaces)
    (name,) = run.namespaces
    assert eventually(lambda: not live_api.get(namespace_path(name)), 30)


def test_a_namespace_that_somebody_takes_away_under_a_run(live_api: Api):
    with open_run(live_api, "tests") as run:
        run.apply([])
        live_api.request("DELETE", namespace_path(run.namespaces[0]))
        # A finalizer-free namespace may be gone whole by then: both are told.
        with pytest.raises(LiveError, match=r"taken away while it was in use|not found"):
            run.put({**pod(), "metadata": {"name": "web", "namespace": run.namespaces[0]}})
