"""What happened on the way: hops, and how several verdicts become one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from checker.api.finding import ObjectRef
from checker.network.answer import Hop, HopStatus, Stage, Verdict
from checker.network.model import Pod, pod_path

if TYPE_CHECKING:
    from checker.api.resource import Resource
    from checker.network.services import Service


class Story:
    """Hops as they happen. Where nobody will read them, there is None instead of a Story."""

    __slots__ = ("hops",)

    def __init__(self) -> None:
        self.hops: list[Hop] = []

    def add(
        self,
        stage: Stage,
        status: HopStatus,
        detail: str,
        resource: Resource | None = None,
        field: str = "",
        ref: ObjectRef | None = None,
    ) -> None:
        """A hop at a field of an object; `ref` is for what is assumed and stands in no file."""
        location = None
        if resource is not None:
            ref = resource.ref
            location = resource.locate(field)
        self.hops.append(Hop(stage, status, ref, field if resource else "", detail, location))

    def add_pod(
        self, stage: Stage, status: HopStatus, detail: str, pod: Pod, field: str | None = None
    ) -> None:
        """A hop at a field below the pod's spec (None: at the object as a whole)."""
        template = pod.template
        path = "" if field is None else pod_path(template, field)
        ref = ObjectRef("v1", "Pod", template.namespace, pod.name)
        self.add(stage, status, detail, template.resource, path, ref)

    def add_service(
        self, stage: Stage, status: HopStatus, detail: str, service: Service, field: str
    ) -> None:
        """A hop at a field of a Service."""
        ref = ObjectRef("v1", "Service", service.namespace, service.name)
        self.add(stage, status, detail, service.resource, field, ref)


def combine(verdicts: Iterable[Verdict]) -> Verdict:
    """One verdict for connections that each go one of several ways.

    Known verdicts that differ are `intermittent`, whatever else may be; where all that is known
    agrees but something is not known, nobody can tell.
    """
    found = set(verdicts)
    if "rejected" in found:
        return "rejected"
    unknown = "cannot-tell" in found
    found.discard("cannot-tell")
    if len(found) > 1:
        return "intermittent"
    if unknown or not found:
        return "cannot-tell"
    return found.pop()


def agree(verdicts: Iterable[Verdict]) -> Verdict:
    """One verdict for what could be one of several worlds: theirs if they agree."""
    found = set(verdicts)
    return found.pop() if len(found) == 1 else "cannot-tell"
