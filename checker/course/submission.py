"""An answer as it is graded: read, admitted, put into a cluster beside what is given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from checker.course import sentences
from checker.course.exercise import Exercise, Flow
from checker.course.selection import objects, select
from checker.manifests import LIMITS, Limits, Location, Manifest, Problem, Source, read
from checker.network.answer import Trace

if TYPE_CHECKING:
    from checker.api import Admission, Finding, Resource
    from checker.network import Cluster

ANSWERS_API_VERSION = "checker/v1"
#: Annotations that silence a rule of analysis begin so.
IGNORE = "checker/ignore."
#: A value of the answer in an end of a connection: `{Kind/NAME PATH}`, perhaps with ` ~ REGEX`.
_PLACEHOLDER = re.compile(r"\{([^ {}]+) ([^ {}]+)(?: ~ ([^{}]+))?\}")


class Prediction:
    """The learner's answers to an exercise's questions, with their places."""

    def __init__(self, manifests: Sequence[Manifest]) -> None:
        self.documents = manifests
        self.values: dict[str, Any] = {}
        self._places: dict[str, Manifest] = {}
        for manifest in manifests:
            answers = manifest.value.get("answers")
            for question, value in answers.items() if isinstance(answers, dict) else ():
                self.values[question] = value
                self._places[question] = manifest

    def locate(self, question: str | None) -> Location | None:
        """Where the answer to `question` stands, or should stand; None asks for all answers."""
        manifest = self._places.get(question) if question is not None else None
        if manifest is None and self.documents:
            manifest = self.documents[0]
        steps = ("answers",) if question is None else ("answers", question)
        return manifest.locate(steps) if manifest else None


class NotFilledError(ValueError):
    """A connection hangs on a field that the answer does not have; the message names it."""


class Submission:
    """One answer to one exercise. Everything beyond reading happens when first asked for."""

    def __init__(
        self, exercise: Exercise, sources: Sequence[Source], limits: Limits = LIMITS
    ) -> None:
        self.exercise = exercise
        self.sources = sources
        reading = read(sources, limits)
        self.problems: list[Problem] = reading.problems
        self.manifests = [m for m in reading.manifests if not _is_answers(m)]
        self.prediction = Prediction([m for m in reading.manifests if _is_answers(m)])
        self._traces: dict[tuple[str, str, str], Trace | str] = {}

    @property
    def manifests_or_answers(self) -> bool:
        """Whether the answer holds anything at all that could be judged."""
        return bool(self.manifests or self.prediction.documents)

    @cached_property
    def _given(self) -> list[Manifest]:
        return read(self.exercise.given_sources()).manifests

    @cached_property
    def _admission(self) -> Admission:
        from checker.api import Admission, admit

        admission = admit([*self._given, *self.manifests], self.exercise.settings)
        return Admission([unsilenced(one) for one in admission.resources], admission.findings)

    @cached_property
    def resources(self) -> list[Resource]:
        """The answer's objects as the API server would have them, without the given ones."""
        own = {id(manifest) for manifest in self.manifests}
        return [one for one in self._admission.resources if id(one.manifest) in own]

    @cached_property
    def findings(self) -> list[Finding]:
        """What the API server has to say about the answer's objects."""
        return self._own(self._admission.findings)

    @cached_property
    def advised(self) -> list[Finding]:
        """All there is to say about the answer's objects, analysis included."""
        from checker.advice import advise

        resources = self._admission.resources
        advice = advise(self.cluster, resources, heed_annotations=False)
        return [*self.findings, *self._own(advice)]

    def findings_of(self, rule: str) -> list[Finding]:
        """The findings among which those of `rule` (a regular expression) are.

        Analysis takes time, so it is left out where only rules of the API server are asked for.
        """
        return self.findings if rule.startswith("api-") else self.advised

    def _own(self, findings: list[Finding]) -> list[Finding]:
        files = {source.name for source in self.sources}
        return [one for one in findings if one.location is None or one.location.file in files]

    @cached_property
    def given_resources(self) -> list[Resource]:
        """The given objects by themselves."""
        from checker.api import admit

        return admit(self._given, self.exercise.settings).resources

    @cached_property
    def pristine(self) -> list[Resource]:
        """The objects of the pristine files, to compare with."""
        from checker.api import admit

        manifests = read(self.exercise.start_sources()).manifests
        return admit(manifests, self.exercise.settings).resources

    @cached_property
    def cluster(self) -> Cluster:
        """The cluster that holds the given objects and the answer's."""
        from checker.network import build_cluster

        return build_cluster(self._admission.resources, self.exercise.settings)

    def trace(self, flow: Flow) -> Trace | str:
        """The connection followed; a text where one of its ends is not there, which says so."""
        return self.trace_between(flow.source, flow.target, flow.protocol)

    def trace_between(self, source: str, target: str, protocol: str) -> Trace | str:
        """As `trace`, its parts one by one. `{Kind/NAME PATH}` in them is the value there.

        With ` ~ REGEX` behind the path it is what the expression's first group finds in it.
        """
        from checker.network import BadEndpoint, trace

        key = (source, target, protocol)
        if key not in self._traces:
            try:
                ends = self._filled(source), self._filled(target)
                self._traces[key] = trace(self.cluster, *ends, protocol)
            except (BadEndpoint, NotFilledError) as error:
                named = isinstance(error, BadEndpoint) and self._named_by_answer(target)
                self._traces[key] = named or str(error)
        return self._traces[key]

    def _named_by_answer(self, target: str) -> str:
        """What is wrong with a target in which the answer's own value stands; "" for others."""
        placeholder = _PLACEHOLDER.search(target)
        if placeholder is None:
            return ""
        name, path, _ = placeholder.groups()
        value = self._value_at(placeholder)
        return sentences.NOT_DIALLED.format(object=name, path=path, value=value)

    def _filled(self, notation: str) -> str:
        """An end of a connection with the answer's own values in it, such as a node port."""
        if "{" not in notation:
            return notation
        return _PLACEHOLDER.sub(self._value_at, notation)

    def _value_at(self, placeholder: re.Match[str]) -> str:
        name, path, part = placeholder.groups()
        for resource in objects(self.resources, name):
            for found in select(resource.value, path):
                if isinstance(found.value, str | int) and not isinstance(found.value, bool):
                    text = re.fullmatch(part or "(.*)", str(found.value))
                    if text:
                        return str(text[1])
        raise NotFilledError(sentences.NOT_FILLED.format(object=name, path=path))


def unsilenced(resource: Resource) -> Resource:
    """The resource without annotations that silence rules: they do not count in exercises."""
    value = _without_ignores(resource.value)
    if value is resource.value:
        return resource
    return type(resource)(resource.manifest, resource.ref, value, resource.accepted)


def _without_ignores(value: dict[str, Any]) -> dict[str, Any]:
    """`value` itself where there is no such annotation, else a copy of what is above them."""
    for key, below in value.items():
        if not isinstance(below, dict):
            continue
        if key == "annotations":
            kept = {name: text for name, text in below.items() if not name.startswith(IGNORE)}
            if len(kept) != len(below):
                value = {**value, key: kept}
        elif key in ("metadata", "spec", "template", "jobTemplate"):
            value = value if (new := _without_ignores(below)) is below else {**value, key: new}
    return value


def _is_answers(manifest: Manifest) -> bool:
    return manifest.value.get("apiVersion") == ANSWERS_API_VERSION
