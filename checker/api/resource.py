"""An object after the API server has had it: decoded, defaulted, judged."""

from __future__ import annotations

from typing import Any

from checker.api.finding import ObjectRef
from checker.manifests import FieldPath, Location, Manifest


def generated_name(prefix: str) -> str:
    """A stand-in for what the server makes of a generateName: it adds five random characters."""
    return f"{prefix[:58]}xxxxx"


class Resource:
    """`value` is what the server would store: unknown fields dropped, defaults filled in.

    `accepted` is False where the server would refuse to create the object; `value` is then
    the best that could be made of it, for whoever wants to look further all the same.
    """

    __slots__ = ("accepted", "manifest", "ref", "value")

    def __init__(
        self, manifest: Manifest, ref: ObjectRef, value: dict[str, Any], accepted: bool
    ) -> None:
        self.manifest = manifest
        self.ref = ref
        self.value = value
        self.accepted = accepted

    def locate(self, path: FieldPath | str) -> Location:
        """Where the field at `path` was written, or the nearest part of it that was."""
        return self.manifest.locate(path)

    def __repr__(self) -> str:
        return f"<Resource {self.ref} {'accepted' if self.accepted else 'refused'}>"
