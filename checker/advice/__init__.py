"""What works but is a trap: rules on ports, Services, Ingresses, routes and policies.

The API server takes all of this; the traffic goes wrong. Every rule looks at the model of the
`network` room, says what it found where, why that matters and how to fix it, and is silent
wherever the model does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from checker.api.finding import Finding
from checker.api.resource import Resource
from checker.network import Cluster

if TYPE_CHECKING:
    from checker.advice.rule import Rule, chapter_page

__all__ = ["Rule", "advise", "chapter_page", "explain", "ignored", "rules", "without_ignored"]


def advise(
    cluster: Cluster, resources: Sequence[Resource], *, heed_annotations: bool = True
) -> list[Finding]:
    """What there is to say about these objects, in their order, in the cluster they make.

    `cluster` is what `build_cluster` made of (at least) these resources. The annotations that
    silence a rule on an object are heeded, except in exercises.
    """
    from checker.advice.advising import findings

    return findings(cluster, resources, heed_annotations)


def without_ignored(findings: Sequence[Finding], resources: Sequence[Resource]) -> list[Finding]:
    """Findings without those of analysis that annotations on their objects silence.

    `advise` leaves them out itself; this is for findings of analysis from other rooms.
    """
    from checker.advice.ignoring import is_ignored

    objects = {resource.ref: resource for resource in resources}
    return [
        one
        for one in findings
        if one.source != "analysis"
        or one.object not in objects
        or not is_ignored(objects[one.object], one.rule)
    ]


def ignored(
    cluster: Cluster, resources: Sequence[Resource], findings: Sequence[Finding]
) -> list[tuple[Finding, str]]:
    """What annotations silence, of `findings` and of what `advise` finds, each with the reason."""
    from checker.advice.ignoring import reason

    objects = {resource.ref: resource for resource in resources}
    every = [*findings, *advise(cluster, resources, heed_annotations=False)]
    return [
        (one, why)
        for one in every
        if one.source == "analysis"
        and one.object in objects
        and (why := reason(objects[one.object], one.rule))
    ]


def rules() -> Sequence[Rule]:
    """Every rule there is: the API server's as this checker names them, then analysis'."""
    from checker.advice.rule import admission_rules, load_rule, rule_ids

    return [*admission_rules(), *(load_rule(rule_id) for rule_id in rule_ids())]


def explain(rule_id: str) -> Rule | None:
    """All there is to say about one rule; None for an id that no rule has."""
    from checker.advice.rule import admission_rules, is_rule, load_rule

    if is_rule(rule_id):
        return load_rule(rule_id)
    return next((rule for rule in admission_rules() if rule.id == rule_id), None)


def __getattr__(name: str) -> object:
    # What is said of rules is read where there is something to say of one.
    if name not in ("Rule", "chapter_page"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from checker.advice import rule

    found: object = getattr(rule, name)
    return found
