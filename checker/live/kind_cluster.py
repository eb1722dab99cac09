"""The learner's cluster: kind's, made from kind-config.yaml, with the course's images in it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from checker.live import programs
from checker.live.connection import OWN_CONTEXT, Api, connect
from checker.live.errors import LiveError
from checker.live.images import ALLOWED
from checker.live.run import SELECTOR, clean, stuck

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
        if not config.is_file():
            raise LiveError(f"{config} is not there: run this in the course's folder, which has it")
        tell(f"making the cluster {NAME} (the first time its node image is downloaded)")
        try:
            programs.run(
                ["kind", "create", "cluster", "--name", NAME, "--config", str(config),
                 "--wait", "180s"],
                _START_SECONDS,
            )  # fmt: skip
        except BaseException:
            tell("taking away what was half made")
            programs.run(["kind", "delete", "cluster", "--name", NAME], 120)
            raise
    for image in sorted(ALLOWED):
        tell(f"loading the image {image}")
        if not programs.run([engine, "images", "--quiet", image]).strip():
            programs.run([engine, "pull", image], _PULL_SECONDS)
        programs.run(["kind", "load", "docker-image", "--name", NAME, image], 300)
    tell("asking it for its version")
    return status(connect(OWN_CONTEXT))


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


def clean_up(api: Api, learner: str | None) -> list[str]:
    """Take away the namespaces of all runs, of one learner where one is named; their names."""
    return clean(api, expired=False, learner=learner)


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
