"""All checks over one input, their findings put into words and in order."""

from __future__ import annotations

from collections.abc import Sequence

from checker.advice.checks import checks_for
from checker.advice.found import Found
from checker.advice.ignoring import is_ignored, misuses
from checker.advice.survey import Survey
from checker.api.finding import Finding
from checker.api.resource import Resource
from checker.network import Cluster


def findings(
    cluster: Cluster, resources: Sequence[Resource], heed_annotations: bool
) -> list[Finding]:
    """The findings of all checks, sorted by object, then by check."""
    survey = Survey(cluster, resources)
    by_object: dict[int, list[Finding]] = {id(resource): [] for resource in resources}
    for check in checks_for({resource.ref.kind for resource in resources}):
        for one in check(survey):
            if one.resource is None:
                continue
            if not (heed_annotations and is_ignored(one.resource, one.rule)):
                by_object[id(one.resource)].append(finding(one, one.resource))
    for resource in resources if heed_annotations else ():
        for one in misuses(resource):
            by_object[id(resource)].append(finding(one, resource))
    # Two ways to one fault are one finding.
    return list(dict.fromkeys(one for found in by_object.values() for one in found))


def finding(found: Found, resource: Resource) -> Finding:
    """What a check found on an object, in words."""
    from checker.advice.rule import load_rule, wording  # most inputs have no finding

    rule = load_rule(found.rule)
    said = wording(found.rule, found.case)
    return Finding(
        rule.id,
        said.severity,
        "analysis",
        resource.ref,
        found.field,
        said.message.format_map(found.words),
        said.why.format_map(found.words),
        said.fix.format_map(found.words),
        found.location or resource.locate(found.field),
        rule.url,
    )
