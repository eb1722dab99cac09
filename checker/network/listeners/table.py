"""The tables of images and programs, read when the first container asks."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from checker.package_data import package_data

_DOCKER_HUB = "docker.io"


@cache
def _read(name: str) -> dict[str, Any]:
    table: dict[str, Any] = json.loads(package_data("checker.network.listeners", name))
    return table


@cache
def _images() -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """The images by repository, and those by the last part of one."""
    whole: dict[str, dict[str, Any]] = {}
    last: dict[str, dict[str, Any]] = {}
    for entry in _read("images.json")["images"]:
        for path in entry["path"]:
            if path.startswith("*"):
                last[path[1:]] = entry
            else:
                whole[repository(path)[0]] = entry
    return whole, last


def repository(image: str) -> tuple[str, str]:
    """An image's repository with its registry's host, and the tag.

    `nginx:1.27@sha256:…` is `docker.io/library/nginx`, `1.27`. After
    `distribution/reference: ParseNormalizedNamed, splitDockerDomain`.
    """
    name = image.partition("@")[0]
    head, slash, last = name.rpartition("/")
    last, _, tag = last.partition(":")
    name = head + slash + last
    host, slash, path = name.partition("/")
    if not slash or not ("." in host or ":" in host or host == "localhost"):
        host, path = _DOCKER_HUB, name
    for mirror in _read("images.json")["mirrors"]:
        if f"{host}/{path}".startswith(mirror):
            host, path = _DOCKER_HUB, f"{host}/{path}".removeprefix(mirror)
    if host == _DOCKER_HUB and "/" not in path:
        path = f"library/{path}"
    return f"{host}/{path}", tag


@cache
def image_entry(image: str) -> dict[str, Any] | None:
    """What the table says about an image, None for one that it does not know."""
    name, tag = repository(image)
    whole, last = _images()
    entry = whole.get(name) or last.get(name.rpartition("/")[2])
    if entry is not None and "tag_sockets" in entry:
        more = [socket for part, socket in entry["tag_sockets"].items() if part in tag]
        entry = {**entry, "more": more}
    return entry


@cache
def is_controller(image: str) -> bool:
    """Whether an image forwards the requests of Ingresses or HTTPRoutes."""
    known = {repository(path)[0] for path in _read("images.json")["controllers"]}
    return repository(image)[0] in known


def program_entry(name: str) -> dict[str, Any] | None:
    """What the table says about an executable, None for one that it does not know."""
    entry: dict[str, Any] | None = _read("programs.json")["programs"].get(name)
    return entry


def agnhost_entry(subcommand: str) -> dict[str, Any] | None:
    """What the table says about a subcommand of agnhost."""
    entry: dict[str, Any] | None = _read("programs.json")["agnhost"].get(subcommand)
    return entry
