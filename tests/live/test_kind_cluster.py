"""`cluster up` and `down`, with stand-ins for kind and Docker; and cloud-provider-kind."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from checker.live import programs
from checker.live.errors import LiveError
from checker.live.images import AGNHOST
from checker.live.local import cloud_provider, kind_cluster
from tests.live.conftest import ROOT, Checker, sentence
from tests.live.stand_ins import Program, calls


def test_up_makes_the_cluster_once_and_loads_the_image(
    checker: Checker, program: Program, kind: Program, folder: Path, stand_in: Path, config: Path
):
    kind()
    program("docker", "true")
    for _ in range(2):
        done = checker(
            "cluster", "up", "--config", str(config), "--format", "json",
            PATH=str(folder), KUBECONFIG=str(stand_in),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        document = json.loads(done.stdout)
        assert document["context"] == "kind-kubernetes-ports"
        assert document["nodes"] == [{"name": "kubernetes-ports-worker", "ready": True}]
        assert document["cloudProviderKind"] is False
    made = [one for one in calls(folder) if one.startswith("kind create cluster")]
    assert made == [f"kind create cluster --name kubernetes-ports --config {config} --wait 180s"]
    assert f"docker pull {AGNHOST}" in calls(folder)
    assert f"kind load docker-image --name kubernetes-ports {AGNHOST}" in calls(folder)
    # No terminal, so a line a step.
    assert "  loading the image" in done.stderr
    assert "\x1b" not in done.stderr


def test_with_podman_the_image_goes_as_an_archive(
    checker: Checker, program: Program, kind: Program, folder: Path, stand_in: Path, config: Path
):
    kind()
    program("podman", "true")
    done = checker(
        "cluster", "up", "--config", str(config), PATH=str(folder), KUBECONFIG=str(stand_in)
    )
    assert done.returncode == 0, done.stderr
    said = calls(folder)
    assert any(one.startswith("podman save --output ") for one in said)
    assert any(one.startswith("kind load image-archive --name kubernetes-ports ") for one in said)
    assert not any("docker" in one for one in said)


def test_an_image_that_cannot_be_loaded_is_fetched_by_the_nodes(
    checker: Checker, program: Program, kind: Program, folder: Path, stand_in: Path, config: Path
):
    kind(load="echo 'ERROR: failed to load image: ctr: content digest sha256:0: not found' >&2;"
         "exit 1;")  # fmt: skip
    program("docker", "true")
    done = checker(
        "cluster", "up", "--config", str(config), PATH=str(folder), KUBECONFIG=str(stand_in)
    )
    assert done.returncode == 0, done.stderr
    for node in ("control-plane", "worker"):
        assert f"docker exec kubernetes-ports-{node} crictl pull {AGNHOST}" in calls(folder)


def test_an_image_that_nobody_can_fetch_is_told_with_the_first_reason(
    checker: Checker, program: Program, kind: Program, folder: Path, stand_in: Path, config: Path
):
    kind()
    program(
        "docker",
        'case "$1" in pull) echo "Error response from daemon: no such host" >&2; exit 1;;'
        " exec) exit 1;; esac",
    )
    said = sentence(
        checker(
            "cluster", "up", "--config", str(config), PATH=str(folder), KUBECONFIG=str(stand_in)
        )
    )
    assert "no such host" in said


def test_a_cluster_that_is_half_made_is_taken_away(
    checker: Checker, program: Program, kind: Program, folder: Path, config: Path
):
    kind(
        create=f"touch {folder}/made; cat >&2 <<'END'\n"
        "ERROR: failed to create cluster: could not find a log line that matches\n"
        "\nRun 'docker run --help' for more information\nEND\nexit 1;"
    )
    program("docker", "true")
    said = sentence(checker("cluster", "up", "--config", str(config), PATH=str(folder)))
    assert "could not find a log line" in said
    assert calls(folder)[-1] == "kind delete cluster --name kubernetes-ports"
    assert not (folder / "made").exists()


def test_a_port_that_is_taken_is_told_before_anything_is_made(
    checker: Checker, program: Program, kind: Program, folder: Path, config: Path
):
    kind()
    program("docker", "true")
    port = yaml.safe_load(config.read_text())["nodes"][0]["extraPortMappings"][0]["hostPort"]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        said = sentence(checker("cluster", "up", "--config", str(config), PATH=str(folder)))
    assert f"port {port} of this machine" in said
    assert not any("create" in one for one in calls(folder))


@pytest.mark.parametrize("text", ["", "[]", "nodes: 7", "{", "nodes: [{extraPortMappings: [{}]}]"])
def test_a_configuration_that_is_none(tmp_path: Path, text: str):
    file = tmp_path / "kind.yaml"
    file.write_text(text)
    with pytest.raises(LiveError, match="cannot be read as kind's configuration"):
        kind_cluster._need_free_ports(file)


def test_an_interrupted_start_takes_away_what_it_made(
    program: Program, kind: Program, folder: Path, config: Path
):
    """Ctrl-C reaches all processes of a terminal: the checker, and kind under it."""
    import signal
    import time

    kind(create=f"touch {folder}/made; sleep 60;")
    program("docker", "true")
    process = subprocess.Popen(
        [sys.executable, "-m", "checker", "cluster", "up", "--config", str(config)],
        cwd=ROOT, env={**os.environ, "PATH": str(folder)}, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    end = time.monotonic() + 60
    while not (folder / "made").exists() and time.monotonic() < end:
        time.sleep(0.05)
    for _ in range(3):
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.05)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "interrupted" in said
    assert not (folder / "made").exists()


def test_down_is_done_twice_without_harm(
    checker: Checker, program: Program, kind: Program, folder: Path
):
    kind()
    program("docker", "true")
    (folder / "made").touch()
    first = checker("cluster", "down", "--format", "json", PATH=str(folder))
    second = checker("cluster", "down", PATH=str(folder))
    assert json.loads(first.stdout)["removed"] is True
    assert "there was no cluster kubernetes-ports" in second.stdout
    assert first.returncode == second.returncode == 0


def test_kind_is_told_of_podman(monkeypatch: pytest.MonkeyPatch, program: Program, folder: Path):
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("KIND_EXPERIMENTAL_PROVIDER", raising=False)
    program("docker", "echo 'Cannot connect to the Docker daemon' >&2; exit 1")
    program("podman", "true")
    assert programs.engine() == "podman"
    monkeypatch.setenv("KIND_EXPERIMENTAL_PROVIDER", "docker")
    with pytest.raises(LiveError, match="does not answer"):
        programs.engine()


# cloud-provider-kind


def test_up_offers_cloud_provider_kind_and_says_how_to_start_it(
    checker: Checker, program: Program, kind: Program, folder: Path, stand_in: Path, config: Path
):
    kind()
    program("docker", "true")
    done = checker(
        "cluster", "up", "--config", str(config), PATH=str(folder), KUBECONFIG=str(stand_in)
    )
    assert "LoadBalancer addresses, Ingress and Gateway take one program more" in done.stdout
    for line in cloud_provider.start_lines():
        assert line in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("docker", f'test "$1" = ps && echo {cloud_provider.IMAGE}; true'),
        ("ps", "echo /sbin/init; echo '/usr/local/bin/cloud-provider-kind --gateway-channel x'"),
        ("ps", "echo sudo cloud-provider-kind"),
    ],
)
def test_it_is_seen_when_it_runs(
    monkeypatch: pytest.MonkeyPatch, program: Program, folder: Path, name: str, script: str
):
    program(name, script)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr("platform.system", lambda: "Linux")
    assert cloud_provider.is_provided()


@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("docker", "echo kindest/node:v1.36.4"),
        ("docker", "echo 'Cannot connect' >&2; exit 1"),
        ("ps", "echo vim cloud-provider-kind.md; echo /usr/bin/cloud-provider-kindly"),
    ],
)
def test_what_only_looks_like_it_is_not_it(
    monkeypatch: pytest.MonkeyPatch, program: Program, folder: Path, name: str, script: str
):
    program(name, script)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr("platform.system", lambda: "Linux")
    assert not cloud_provider.is_provided()


def test_on_windows_the_task_list_is_asked(
    monkeypatch: pytest.MonkeyPatch, program: Program, folder: Path
):
    program("tasklist", """echo '"cloud-provider-kind.exe","4711","Console","1","40,000 K"'""")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr("platform.system", lambda: "Windows")
    assert cloud_provider.is_provided()


@pytest.mark.parametrize("system", ["Linux", "Darwin", "Windows", "FreeBSD"])
def test_every_system_has_a_way_to_start_it(system: str):
    lines = cloud_provider.start_lines(system)
    assert any("cloud-provider-kind" in line for line in lines)
    assert max(map(len, lines)) < 76
