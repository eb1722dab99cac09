"""What a check finds, before it is put into words."""

from __future__ import annotations

from typing import Any, NamedTuple

from checker.api.resource import Resource
from checker.manifests import Location


class Found(NamedTuple):
    """A rule that is broken at a field of an object.

    `words` fill the rule's message for this `case` (`says.<case>` in its file).
    """

    rule: str
    #: None for what the model assumes and nobody wrote, of which nothing is said.
    resource: Resource | None
    field: str
    case: str = "message"
    words: dict[str, Any] = {}  # noqa: RUF012  # a NamedTuple's default, which nobody changes
    #: Where it stands, if that is more exact than the field's place.
    location: Location | None = None
