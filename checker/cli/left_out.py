"""YAML and JSON files that are no manifests: a folder holds them beside those that are.

A workflow, a chart's values or a package.json would otherwise be an object without a kind, and
what Kustomize merges an object without half of its fields. A file that is named itself is taken
at its word, unless it is Kustomize's.
"""

from __future__ import annotations

from collections.abc import Collection

from checker.manifests import Manifest, Reading
from checker.manifests.kustomize import is_among, is_kustomization, merged_files

#: An object has one of these, whatever it lacks; a list of objects has the last.
_OBJECTS_HAVE = frozenset(("kind", "metadata", "spec", "items"))


def others(reading: Reading, named: Collection[str]) -> set[str]:
    """The names of the sources that hold no objects. `named` are those to be read in any case."""
    found = {one.source.name for one in reading.manifests}
    found |= {one.location.file for one in reading.problems if one.kind == "stray"}
    found.difference_update(
        named,
        (one.source.name for one in reading.manifests if _is_for_us(one)),
        (one.location.file for one in reading.problems if one.kind != "stray"),
    )
    merged = merged_files(reading.manifests)
    every = {one.source.name for one in reading.manifests}
    every |= {one.location.file for one in reading.problems}
    return found | {name for name in every if is_among(name, merged)}


def _is_for_us(manifest: Manifest) -> bool:
    return not _OBJECTS_HAVE.isdisjoint(manifest.value) or is_kustomization(manifest)
