"""Workloads whose pods their namespace refuses: Pod Security, as the model judges it."""

from __future__ import annotations

from collections.abc import Iterator

from checker.advice.found import Found
from checker.advice.survey import Survey


def check(survey: Survey) -> Iterator[Found]:
    """Every workload of a namespace that enforces a level."""
    for template in survey.templates:
        # A bare Pod the API server refuses itself.
        if template.forbidden is None or template.kind == "Pod":
            continue
        reason, field = template.forbidden
        words = {"reason": reason.removesuffix(".")}
        yield Found("pod-security-forbids", template.resource, template.path(field), words=words)
