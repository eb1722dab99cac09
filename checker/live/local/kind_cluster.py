"""The learner's cluster: kind's, made from kind-config.yaml, with the course's images in it."""

from __future__ import annotations

import contextlib
import os
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import yaml

from checker.live import programs
from checker.live.errors import LiveError
from checker.live.images import ALLOWED
from checker.live.runs.cleaning import clean, stuck
from checker.live.runs.interrupts import held_back
from checker.live.runs.labels import SELECTOR, learner_name
from checker.live.server.connection import OWN_CONTEXT, Api, connect

NAME = OWN_CONTEXT.removeprefix("kind-")
_START_SECONDS = 600
_PULL_SECONDS = 900

Tell = Callable[[str], None]


class Status(NamedTuple):
    """Nodes (name, whether Ready), the runs' namespaces, those that are stuck (and why)."""

    context: str
    server: str
    version: str
    nodes: tuple[tuple[str, bool], ...]
    runs: tuple[str, ...]
    stuck: tuple[tuple[str, str], ...]


def up(config: Path, tell: Tell) -> Status:
    """Make the cluster, or take the one that is there, and load the images. Raises LiveError."""
    _need_kind()
    engine = programs.engine()
    environment(engine)
    if NAME in _clusters():
        tell(f"the cluster {NAME} is there already")
        programs.run(["kind", "export", "kubeconfig", "--name", NAME])
    else:
        _need_free_ports(config)
        tell(f"making the cluster {NAME} (the first time its node image is downloaded)")
        try:
            programs.run(
                ["kind", "create", "cluster", "--name", NAME, "--config", str(config),
                 "--wait", "180s"],
                _START_SECONDS,
            )  # fmt: skip
        except BaseException:
            # Also after Ctrl-C; that it failed is what counts, not what failed while tidying.
            with held_back(), contextlib.suppress(LiveError):
                tell("taking away what was half made")
                programs.run(["kind", "delete", "cluster", "--name", NAME], 120, shielded=True)
            raise
    for image in sorted(ALLOWED):
        tell(f"loading the image {image}")
        _load(engine, image)
    tell("asking it for its version")
    return status(connect(OWN_CONTEXT))


def _load(engine: str, image: str) -> None:
    """Bring an image into the nodes from here, once; else each node fetches it itself."""
    try:
        if not programs.run([engine, "images", "--quiet", image]).strip():
            programs.run([engine, "pull", image], _PULL_SECONDS)
        if engine == "docker":
            programs.run(["kind", "load", "docker-image", "--name", NAME, image], 300)
            return
        # `docker-image` calls docker by name (kind: pkg/cmd/kind/load/docker-image).
        with tempfile.TemporaryDirectory() as folder:
            archive = str(Path(folder) / "image.tar")
            programs.run([engine, "save", "--output", archive, image], 300)
            programs.run(["kind", "load", "image-archive", "--name", NAME, archive], 300)
    except LiveError as error:
        # Docker's containerd store exports archives that not every kind can import.
        nodes = programs.run(["kind", "get", "nodes", "--name", NAME]).split()
        try:
            for node in nodes:
                programs.run([engine, "exec", node, "crictl", "pull", image], _PULL_SECONDS)
        except LiveError:
            raise error from None


def _need_free_ports(config: Path) -> None:
    """Raise LiveError where the file is not there, or another program has one of its ports."""
    if not config.is_file():
        raise LiveError(f"{config} is not there: run this in the course's folder, which has it")
    try:
        read = yaml.safe_load(config.read_text(encoding="utf-8"))
        mappings = [
            (str(one.get("listenAddress") or "127.0.0.1"), int(one["hostPort"]))
            for node in read["nodes"]
            for one in node.get("extraPortMappings") or ()
        ]
    except (OSError, ValueError, TypeError, KeyError, AttributeError, yaml.YAMLError) as error:
        raise LiveError(f"{config} cannot be read as kind's configuration: {error!r}") from error
    for address, port in mappings:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((address, port))
            except OSError as error:
                raise LiveError(
                    f"port {port} of this machine, which the cluster's node port is to be seen at, "
                    f"is taken by another program ({error.strerror}): end that one, or give a "
                    f"copy of {config.name} with another hostPort: `cluster up --config FILE`"
                ) from error


def down(tell: Tell) -> bool:
    """Take the cluster away; False where there was none. Raises LiveError."""
    _need_kind()
    environment(programs.engine())
    if NAME not in _clusters():
        return False
    tell(f"taking the cluster {NAME} away")
    programs.run(["kind", "delete", "cluster", "--name", NAME], 120)
    return True


def status(api: Api) -> Status:
    """What the cluster is and holds. Raises LiveError."""
    version = api.version()
    nodes = []
    for node in api.items("/api/v1/nodes"):
        conditions = {one["type"]: one["status"] for one in node["status"].get("conditions") or ()}
        nodes.append((str(node["metadata"]["name"]), conditions.get("Ready") == "True"))
    spaces = api.items("/api/v1/namespaces", labelSelector=SELECTOR)
    runs = tuple(str(space["metadata"]["name"]) for space in spaces)
    server = str(api.client.configuration.host)
    return Status(api.context, server, version, tuple(nodes), runs, tuple(stuck(api)))


def clean_up(api: Api, learner: str | None, *, everyone: bool = False) -> list[str]:
    """Take away the namespaces of runs; their names.

    Of one learner where one is named, of all with `everyone`; else this user's, and whosever are
    past their time: a neighbour's run that goes on is left alone.
    """
    if everyone or learner is not None:
        return clean(api, expired=False, learner=learner and learner_name(learner))
    return clean(api, expired=True, mine=learner_name())


def environment(engine: str) -> None:
    """Kind has to be told of podman."""
    if engine == "podman":
        os.environ.setdefault("KIND_EXPERIMENTAL_PROVIDER", "podman")


def _need_kind() -> None:
    if not programs.found("kind"):
        raise LiveError(
            "kind is not installed: `python -m checker cluster doctor` says how to get it"
        )


def _clusters() -> list[str]:
    return programs.run(["kind", "get", "clusters"]).split()
