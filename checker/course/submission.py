"""An answer as it is graded: read, admitted, put into a cluster beside what is given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from checker.course import sentences
from checker.course.exercise import Exercise, Flow
from checker.course.selection import objects, select
from checker.manifests import Location, Manifest, Problem, Source, read
from checker.network.answer import Trace

if TYPE_CHECKING:
    from checker.api import Admission, Finding, Resource
    from checker.network import Cluster

ANSWERS_API_VERSION = "checker/v1"


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

    def locate(self, question: str) -> Location | None:
        """Where the answer to `question` stands, or should stand."""
        manifest = self._places.get(question)
        if manifest is None and self.documents:
            manifest = self.documents[0]
        return manifest.locate(("answers", question)) if manifest else None


class NotFilledError(ValueError):
    """A connection hangs on a field that the answer does not have; the message names it."""


class Submission:
    """One answer to one exercise. Everything beyond reading happens when first asked for."""

    def __init__(self, exercise: Exercise, sources: Sequence[Source]) -> None:
        self.exercise = exercise
        self.sources = sources
        reading = read(sources)
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
        from checker.api import admit

        return admit([*self._given, *self.manifests], self.exercise.settings)

    @cached_property
    def resources(self) -> list[Resource]:
        """The answer's objects as the API server would have them, without the given ones."""
        own = {id(manifest) for manifest in self.manifests}
        return [one for one in self._admission.resources if id(one.manifest) in own]

    @cached_property
    def findings(self) -> list[Finding]:
        """What there is to say about the answer's objects."""
        files = {source.name for source in self.sources}
        return [
            finding
            for finding in self._admission.findings
            if finding.location is None or finding.location.file in files
        ]

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
        """As `trace`, its parts one by one. `{Kind/NAME PATH}` in them is the value found there."""
        from checker.network import BadEndpoint, trace

        key = (source, target, protocol)
        if key not in self._traces:
            try:
                ends = self._filled(source), self._filled(target)
                self._traces[key] = trace(self.cluster, *ends, protocol)
            except (BadEndpoint, NotFilledError) as error:
                self._traces[key] = str(error)
        return self._traces[key]

    def _filled(self, notation: str) -> str:
        """An end of a connection with the answer's own values in it, such as a node port."""
        if "{" not in notation:
            return notation
        return re.sub(r"\{([^ {}]+) ([^{}]+)\}", self._value_at, notation)

    def _value_at(self, placeholder: re.Match[str]) -> str:
        name, path = placeholder.groups()
        for resource in objects(self.resources, name):
            for found in select(resource.value, path):
                if isinstance(found.value, str | int) and not isinstance(found.value, bool):
                    return str(found.value)
        raise NotFilledError(sentences.NOT_FILLED.format(object=name, path=path))


def _is_answers(manifest: Manifest) -> bool:
    return manifest.value.get("apiVersion") == ANSWERS_API_VERSION
