"""Stand-ins for what a machine may lack: programs on the PATH, an API server of any version.

Their words are those of kind v0.33.0's and Docker's reports; .github/workflows/cluster.yml runs the
real ones. The fixtures are for whoever imports them.
"""

import http.server
import json
import shutil
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

Program = Callable[..., None]


def write_kubeconfig(folder: Path, server: str, name: str = "kind-x") -> Path:
    file = folder / "config"
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        "clusters": [{"name": name, "cluster": {"server": server}}],
        "users": [{"name": name, "user": {}}],
    }
    file.write_text(yaml.safe_dump(config))
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "bin"
    made.mkdir()
    for name in ("sh", "cat", "echo", "touch", "rm", "test", "sleep"):
        (made / name).symlink_to(str(shutil.which(name)))
    return made


@pytest.fixture
def program(folder: Path) -> Program:
    """Puts a program on the PATH: a shell script, which notes how it was called in `calls`."""

    def put(name: str, script: str) -> None:
        file = folder / name
        file.write_text(f'#!/bin/sh\necho "{name} $*" >> {folder}/calls\n{script}\n')
        file.chmod(file.stat().st_mode | stat.S_IEXEC)

    return put


def calls(folder: Path) -> list[str]:
    file = folder / "calls"
    return file.read_text().splitlines() if file.exists() else []


class Server(http.server.BaseHTTPRequestHandler):
    """As much of an API server as `status` asks for."""

    version = "v1.36.4"
    #: How often it still says that it has too much to do.
    busy = 0
    busy_code = 429

    def do_GET(self) -> None:
        if Server.busy:
            Server.busy -= 1
            self.send_response(self.busy_code)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        ready = {"status": {"conditions": [{"type": "Ready", "status": "True"}]}}
        node = {"metadata": {"name": "kubernetes-ports-worker"}, **ready}
        body = {
            "/version": {"gitVersion": self.version, "minor": self.version.split(".")[1]},
            "/api/v1/nodes": {"items": [node]},
        }.get(self.path.split("?")[0], {"items": []})
        text = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def stand_in(tmp_path: Path) -> Iterator[Path]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield write_kubeconfig(
        tmp_path, f"http://127.0.0.1:{server.server_port}", "kind-kubernetes-ports"
    )
    server.shutdown()
    server.server_close()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration with a host port that is free."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    file = tmp_path / "kind.yaml"
    mapping = {"containerPort": 30080, "hostPort": port, "listenAddress": "127.0.0.1"}
    file.write_text(
        yaml.safe_dump({"nodes": [{"role": "control-plane", "extraPortMappings": [mapping]}]})
    )
    return file


KIND = """case "$1 $2" in
  "get clusters") test -e {folder}/made && echo kubernetes-ports; exit 0;;
  "get nodes") echo kubernetes-ports-control-plane; echo kubernetes-ports-worker;;
  "create cluster") {create} touch {folder}/made;;
  "delete cluster") rm -f {folder}/made;;
  "load docker-image"|"load image-archive") {load} true;;
  "version "*) echo "kind v0.33.0 go1.26.0 linux/amd64";;
esac"""


@pytest.fixture
def kind(program: Program, folder: Path) -> Program:
    def put(create: str = "", load: str = "") -> None:
        program("kind", KIND.format(folder=folder, create=create, load=load))

    return put
