"""What the API server did not take, by the manifests' own names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from checker.live.server.connection import Answer


class Refusal(NamedTuple):
    """An object, and the server's words.

    `causes` are its `details.causes`, (field, message) each.
    """

    kind: str
    namespace: str
    name: str
    message: str
    causes: tuple[tuple[str, str], ...] = ()

    @property
    def unknown_kind(self) -> bool:
        """Whether the server does not know the kind at all: a definition is not installed."""
        return self.message.startswith(("the server could not find", "404 page"))


def refusal_of(manifest: Mapping[str, Any], default: str, answer: Answer) -> Refusal:
    """The refusal of an object, which is in the namespace `default` if it does not say."""
    metadata = manifest["metadata"]
    details = answer.body.get("details") or {}
    return Refusal(
        str(manifest["kind"]),
        str(metadata.get("namespace") or default),
        str(metadata["name"]),
        answer.message,
        tuple(
            (str(one.get("field", "")), str(one.get("message", "")))
            for one in details.get("causes") or ()
        ),
    )


def find_refusal(
    refusals: tuple[Refusal, ...] | list[Refusal], kind: str, namespace: str, name: str
) -> Refusal | None:
    """The refusal of that object, if it was refused."""
    for one in refusals:
        if (one.kind, one.namespace, one.name) == (kind, namespace, name):
            return one
    return None
