"""The annotation `checker/ignore.RULE: reason`, which silences a rule of analysis on an object.

On a workload it may stand on the workload itself or on its pods' template. A reason is asked for,
so that whoever reads it next knows whether it still holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checker.advice.found import Found
from checker.api.resource import Resource
from checker.network.fields import mapping

PREFIX = "checker/ignore."
#: Rules of analysis that the room `api` applies.
_OF_ADMISSION = frozenset(("object-named-twice", "kind-not-checked"))
#: Where annotations may stand, beside the object's own.
_TEMPLATES = ("spec.template", "spec.jobTemplate", "spec.jobTemplate.spec.template")


def is_ignored(resource: Resource, rule: str) -> bool:
    """Whether the object's annotations silence the rule."""
    return bool(reason(resource, rule))


def reason(resource: Resource, rule: str) -> str:
    """Why the object's annotations silence the rule; empty where they do not."""
    annotation = PREFIX + rule
    given = (_reason(values.get(annotation)) for _, values in _annotations(resource))
    return next(filter(None, given), "")


def misuses(resource: Resource) -> Iterator[Found]:
    """The annotations of this object that silence nothing: no reason, or no such rule."""
    for path, given in _annotations(resource):
        for name, value in given.items():
            if not name.startswith(PREFIX):
                continue
            from checker.advice.rule import is_rule

            rule = name[len(PREFIX) :]
            field = f"{path}[{name}]"
            words = {"annotation": name, "rule": rule}
            if rule.startswith("api-"):
                yield Found("ignore-unusable", resource, field, "api_server", words)
            elif not is_rule(rule) and rule not in _OF_ADMISSION:
                yield Found("ignore-unusable", resource, field, "unknown", words)
            elif not _reason(value):
                yield Found("ignore-unusable", resource, field, "no_reason", words)


def _annotations(resource: Resource) -> Iterator[tuple[str, dict[str, Any]]]:
    value = resource.value
    own = mapping(value, "metadata", "annotations")
    if own:
        yield "metadata.annotations", own
    if not isinstance(value.get("spec"), dict):
        return
    for path in _TEMPLATES:
        found = mapping(value, *path.split("."), "metadata", "annotations")
        if found:
            yield f"{path}.metadata.annotations", found


def _reason(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
