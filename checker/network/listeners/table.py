"""The tables of images and programs, read when the first container asks."""

from __future__ import annotations

import json

# Not importlib.resources: it brings zipfile, tempfile and shutil, a tenth of a short run.
import pkgutil
from functools import cache
from typing import Any


@cache
def _read(name: str) -> dict[str, Any]:
    data = pkgutil.get_data("checker.network.listeners", name)
    if data is None:
        raise LookupError(f"the package lacks its table {name}")
    table: dict[str, Any] = json.loads(data)
    return table


@cache
def _images() -> tuple[dict[str, dict[str, Any]], list[tuple[str, dict[str, Any]]]]:
    exact: dict[str, dict[str, Any]] = {}
    endings: list[tuple[str, dict[str, Any]]] = []
    for entry in _read("images.json")["images"]:
        for path in entry["path"]:
            if path.startswith("*"):
                endings.append((path[1:], entry))
            else:
                exact[path] = entry
    return exact, endings


def image_path(image: str) -> tuple[str, str]:
    """An image's path without registry host, `library/`, tag and digest; and its tag.

    `docker.io/library/nginx:1.27@sha256:…` is `nginx`, `1.27`. After
    `distribution/reference: ParseNormalizedNamed`.
    """
    name = image.partition("@")[0]
    head, _, last = name.rpartition("/")
    last, _, tag = last.partition(":")
    parts = [part for part in head.split("/") if part]
    if parts and ("." in parts[0] or ":" in parts[0] or parts[0] == "localhost"):
        parts = parts[1:]
    if parts == ["library"]:
        parts = []
    return "/".join([*parts, last]), tag


@cache
def image_entry(image: str) -> dict[str, Any] | None:
    """What the table says about an image, None for one that it does not know."""
    path, tag = image_path(image)
    exact, endings = _images()
    entry = exact.get(path)
    if entry is None:
        base = path.rsplit("/", 1)[-1]
        entry = next((entry for ending, entry in endings if base == ending), None)
    if entry is not None and "tag_sockets" in entry:
        more = [socket for part, socket in entry["tag_sockets"].items() if part in tag]
        entry = {**entry, "more": more}
    return entry


def program_entry(name: str) -> dict[str, Any] | None:
    """What the table says about an executable, None for one that it does not know."""
    entry: dict[str, Any] | None = _read("programs.json")["programs"].get(name)
    return entry


def agnhost_entry(subcommand: str) -> dict[str, Any] | None:
    """What the table says about a subcommand of agnhost."""
    entry: dict[str, Any] | None = _read("programs.json")["agnhost"].get(subcommand)
    return entry
