"""What Kustomize reads and no API server does: kustomizations, and the files that they merge.

`sigs.k8s.io/kustomize/api/types: Kustomization` has the fields; a file that says no kind gets
one (`FixKustomizationPostUnmarshalling`).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import Any

from checker.manifests.manifest import Manifest

GROUP = "kustomize.config.k8s.io"
#: `api/konfig: RecognizedKustomizationFileNames`, without the one that no folder is searched for.
_NAMES = ("kustomization.yaml", "kustomization.yml")
#: Lists of paths, or of objects in their place.
_PATHS = (
    *("patchesStrategicMerge", "configurations"),
    *("generators", "transformers", "validators"),
)
#: Lists of paths to whole objects, or to folders of them.
_RESOURCES = ("resources", "bases", "components")
#: Lists of objects, and their fields that are paths.
_FIELDS = (
    *(("patches", "path"), ("patchesJson6902", "path"), ("replacements", "path")),
    *(("helmCharts", "valuesFile"), ("helmCharts", "additionalValuesFiles")),
    *(
        (generator, field)
        for generator in ("configMapGenerator", "secretGenerator")
        for field in ("files", "envs", "env")
    ),
)


def is_kustomization(manifest: Manifest) -> bool:
    """Whether this is a file for Kustomize, by its group or, where it says no kind, by its name."""
    version = manifest.value.get("apiVersion")
    if version is None and manifest.value.get("kind") is None:
        return _slashed(manifest.source.name).rpartition("/")[2] in _NAMES
    return isinstance(version, str) and version.startswith(f"{GROUP}/")


def merged_files(manifests: Iterable[Manifest]) -> set[str]:
    """The files that kustomizations among these name as patches, values or data.

    They hold no objects, or parts of some; what one names as a resource is whole, whatever
    another does with it. Paths are as the sources' names, with `/`.
    """
    merged: set[str] = set()
    whole: set[str] = set()
    for one in manifests:
        if is_kustomization(one):
            folder = posixpath.dirname(_slashed(one.source.name))
            resources = (path for key in _RESOURCES for path in _texts(one.value.get(key)))
            for files, paths in ((merged, _paths(one.value)), (whole, resources)):
                files.update(posixpath.normpath(posixpath.join(folder, path)) for path in paths)
    return merged - whole


def is_among(name: str, files: set[str]) -> bool:
    """Whether a source of this name is one of `files`."""
    return bool(files) and posixpath.normpath(_slashed(name)) in files


def _paths(value: dict[str, Any]) -> Iterator[str]:
    for key in _PATHS:
        yield from _texts(value.get(key))
    for key, field in _FIELDS:
        entries = value.get(key)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict):
                # A generator's `files` may say under which key: `app.yaml=config/app.yaml`.
                yield from (text.rpartition("=")[2] for text in _texts(entry.get(field)))
    openapi = value.get("openapi")
    if isinstance(openapi, dict):
        yield from _texts(openapi.get("path"))


def _texts(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str) and one and "\n" not in one:
            yield one


def _slashed(name: str) -> str:
    return name.replace("\\", "/")
