"""What a check finds, and the words that it fills into the rule's message."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from checker.api.resource import Resource
from checker.manifests import Location
from checker.network.model import PodTemplate


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


def title(resource: Resource) -> str:
    """An object for people: `Deployment web`."""
    return f"{resource.ref.kind} {resource.ref.name}"


def pods_from(templates: Iterable[PodTemplate]) -> str:
    """Pods by where they come from, for people: `Pod a and the pods of Deployment b`."""
    bare: list[str] = []
    made: list[str] = []
    for template in templates:
        named = f"{template.kind} {template.name}"
        (bare if template.kind == "Pod" else made).append(named)
    parts = [listed(bare)] if bare else []
    if made:
        parts.append(f"the pods of {listed(made)}")
    return " and ".join(parts)


def listed(words: Iterable[object], last: str = "and") -> str:
    """`a, b and c`; from five on the rest is counted."""
    texts = list(dict.fromkeys(str(word) for word in words))
    if len(texts) > 4:
        texts = [*texts[:3], f"{len(texts) - 3} more"]
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {last} {texts[-1]}"
