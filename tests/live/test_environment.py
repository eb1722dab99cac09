"""What can be wrong with a machine that has no cluster: exit code 3, and what to do about it."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.live.clients.probing import classify
from checker.live.errors import LiveError
from checker.live.images import AGNHOST, refuse_others
from checker.live.local.doctor import ADVICE, advice_for, examine
from checker.live.server.connection import connect
from tests.live.conftest import Checker, sentence
from tests.live.stand_ins import write_kubeconfig

SOLUTION = "solutions/exercise3"


@pytest.mark.parametrize(
    "command", [("exercise3", "--live", "--path", SOLUTION), ("cluster", "status")]
)
def test_without_a_kubeconfig(checker: Checker, command: tuple[str, ...]):
    assert "cluster up" in sentence(checker(*command))


def test_a_wrong_answer_fails_before_any_cluster_is_asked(checker: Checker):
    done = checker("exercise3", "--live", "--path", "exercises/exercise3/start")
    assert done.returncode == 1


def test_a_cluster_that_is_down(checker: Checker, tmp_path: Path):
    # Port 9 (discard) has no listener here.
    file = write_kubeconfig(tmp_path, "http://127.0.0.1:9")
    assert "does not answer" in sentence(checker("cluster", "status", KUBECONFIG=str(file)))


def test_a_context_that_is_not_kinds(checker: Checker, tmp_path: Path):
    file = write_kubeconfig(tmp_path, "http://127.0.0.1:9", "production")
    said = sentence(checker("cluster", "clean", KUBECONFIG=str(file)))
    assert "--context production" in said


@pytest.mark.parametrize("action", ["up", "down"])
def test_without_kind(checker: Checker, tmp_path: Path, action: str):
    said = sentence(checker("cluster", action, PATH=str(tmp_path)))
    assert "kind is not installed" in said
    assert "doctor" in said


def test_the_doctor_finds_nothing_on_an_empty_path(checker: Checker, tmp_path: Path):
    done = checker("cluster", "doctor", PATH=str(tmp_path))
    assert done.returncode == 3
    assert "missing: Docker or podman, kind, kubectl" in done.stdout


@pytest.mark.parametrize("system", ["Linux", "Darwin", "Windows"])
def test_the_doctor_has_advice_for_every_system(system, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    found = {one.title: one for one in examine(system)}
    for title, topic in (("Docker or podman", "engine"), ("kind", "kind"), ("kubectl", "kubectl")):
        assert not found[title].good
        assert found[title].advice == ADVICE[topic][system]


def test_an_engine_that_does_not_answer_is_to_be_started(monkeypatch, tmp_path):
    docker = tmp_path / "docker"
    docker.write_text("#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2\nexit 1\n")
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    engine = examine("Darwin")[0]
    assert not engine.good
    assert "Cannot connect" in engine.detail or engine.detail.startswith("podman")
    assert engine.advice == advice_for("engine-start", "Darwin")


def test_other_images_than_the_courses_are_refused():
    refuse_others([AGNHOST])
    with pytest.raises(LiveError, match=r"nginx:1\.27 is not one of the course's"):
        refuse_others([AGNHOST, "nginx:1.27"])


def test_a_probes_words():
    # test/images/agnhost/connect: exit code 1 and these words on standard error
    assert classify(0, "") == "connected"
    assert classify(1, "REFUSED\n") == "refused"
    assert classify(1, "TIMEOUT\n") == "timeout"
    assert classify(1, "DNS: lookup x: no such host\n") == "dns-failure"
    assert classify(1, "OTHER: dial tcp: connect: no route to host\n") == "refused"
    with pytest.raises(LiveError):
        classify(127, "exec failed")


class _Server(http.server.BaseHTTPRequestHandler):
    """A server that is not an API server of this version: it answers with what it was given."""

    answer = (200, b"{}")

    def do_GET(self) -> None:
        code, body = self.answer
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[http.server.ThreadingHTTPServer]:
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((200, b'{"gitVersion": "v1.20.4", "minor": "20"}'), "v1.20.4"),
        ((200, b"<html>a router's page</html>"), "Kubernetes"),
        ((401, b'{"message": "Unauthorized"}'), "does not know you"),
        ((503, b"etcd is gone"), "etcd is gone"),
    ],
)
def test_a_server_that_is_not_the_one_expected(server, tmp_path, monkeypatch, answer, words):
    monkeypatch.setattr(_Server, "answer", answer)
    file = write_kubeconfig(tmp_path, f"http://127.0.0.1:{server.server_port}")
    with pytest.raises(LiveError, match=words):
        connect(None, str(file)).version()
