"""Files that a container finds where volumes are mounted, as far as they come from ConfigMaps.

A mounted folder hides what the image has there; with `subPath` one file or folder of the volume is
mounted alone. `k8s.io/api/core/v1: VolumeMount, ConfigMapVolumeSource, ProjectedVolumeSource`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from checker.network.fields import items, mapping, text
from checker.network.listeners.environment import ConfigMaps


class Mount(NamedTuple):
    """What is mounted at a path."""

    path: str
    #: Contents by path below `path` ("" for a file that is mounted itself); None where the input
    #: does not tell.
    files: Mapping[str, str] | None


def mounts_of(
    container: dict[str, Any], volumes: Sequence[dict[str, Any]], config_maps: ConfigMaps
) -> list[Mount]:
    """The container's mounts. `volumes` are the pod's."""
    sources = {text(volume, "name"): volume for volume in volumes}
    found = []
    for mount in items(container, "volumeMounts"):
        path = text(mount, "mountPath").rstrip("/") or "/"
        files = _files(sources.get(text(mount, "name"), {}), config_maps)
        part = text(mount, "subPath").strip("/")
        if files is not None and (part or text(mount, "subPathExpr")):
            # A part that is not there becomes an empty folder; who writes that meant another one.
            files = {"": files[part]} if part in files else None
        found.append(Mount(path, files))
    return found


def _files(volume: dict[str, Any], config_maps: ConfigMaps) -> dict[str, str] | None:
    source = mapping(volume, "configMap")
    if source:
        return _of_config_map(source, text(source, "name"), config_maps)
    found: dict[str, str] = {}
    projected = items(volume, "projected", "sources")
    for one in projected:
        source = mapping(one, "configMap")
        files = _of_config_map(source, text(source, "name"), config_maps) if source else None
        if files is None:
            return None
        found |= files
    return found if projected else None


def _of_config_map(
    source: dict[str, Any], name: str, config_maps: ConfigMaps
) -> dict[str, str] | None:
    data = config_maps(name)
    if data is None:
        return None
    chosen = items(source, "items")
    if not chosen:
        return dict(data)
    if any(text(one, "key") not in data for one in chosen):
        return None
    return {text(one, "path").strip("/"): data[text(one, "key")] for one in chosen}


class Files:
    """The files of a container: an image's own, and what is mounted over them."""

    def __init__(self, own: Mapping[str, str], folder: str, mounts: Sequence[Mount]) -> None:
        """`own` are the image's files below `folder`, all that matter there, by whole path."""
        self._own = own
        self._folder = folder
        self._mounts = sorted(mounts, key=lambda one: -len(one.path))

    def read(self, path: str) -> str | None:
        """A file's content; None where it is not known, or not there."""
        mount = self._mount_of(path)
        if mount is None:
            return self._own.get(path)
        return (mount.files or {}).get(path[len(mount.path) :].strip("/"))

    def match(self, pattern: str) -> list[str] | None:
        """The files of a pattern with wildcards in its last part; None where that is not known."""
        folder, _, last = pattern.rpartition("/")
        if any(sign in folder for sign in "*?["):
            return None
        at = self._mount_of(f"{folder}/")
        from fnmatch import fnmatchcase  # few configurations include others

        if at is None and folder != self._folder and not folder.startswith(f"{self._folder}/"):
            return None
        names = {path for path in self._own if at is None and self._mount_of(path) is None}
        for mount in self._mounts:
            if mount is at or mount.path.startswith(f"{folder}/"):
                if mount.files is None:
                    return None
                names |= {f"{mount.path}/{name}".rstrip("/") for name in mount.files}
        found = [name for name in names if name.rpartition("/")[0] == folder]
        return sorted(name for name in found if fnmatchcase(name.rpartition("/")[2], last))

    def is_mounted(self, path: str) -> bool:
        """Whether a mount provides the path."""
        return self._mount_of(path) is not None

    def _mount_of(self, path: str) -> Mount | None:
        return next(
            (one for one in self._mounts if path == one.path or path.startswith(f"{one.path}/")),
            None,
        )
