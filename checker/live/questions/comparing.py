"""Predicted connections of anybody's manifests beside what a cluster answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from checker.api import Admission
from checker.live.clients.outside import Outside
from checker.live.questions.asking import Observation, Tell, observe
from checker.live.questions.object_facts import object_facts
from checker.live.runs.run import open_run
from checker.live.server.connection import Api
from checker.network import Cluster, Trace


class Comparison(NamedTuple):
    """The connections in the order asked, and objects that became of otherwise than predicted."""

    connections: list[Observation]
    surprises: list[str]

    @property
    def agrees(self) -> bool | None:
        """Whether all that was seen is as predicted; None where nothing was seen."""
        told = [one.agrees for one in self.connections if one.agrees is not None]
        return all(told) if told else None

    @property
    def untried(self) -> bool:
        """Whether there was something to try, and nothing of it could be."""
        return bool(self.connections) and all(one.note for one in self.connections)

    @property
    def notes(self) -> list[str]:
        """Why some were not tried, each reason once."""
        return list(dict.fromkeys(one.note for one in self.connections if one.note))


def compare(
    api: Api,
    admission: Admission,
    cluster: Cluster,
    predicted: Sequence[Trace],
    tell: Tell,
    outside: Outside | None = None,
) -> Comparison:
    """Put the manifests into the cluster for a moment and try the connections. Raises LiveError."""
    manifests = [one.manifest.value for one in admission.resources]
    with open_run(api, default=cluster.settings.namespace) as run:
        seen = observe(run, cluster, manifests, predicted, tell, outside)
        facts = object_facts(run, admission.resources, admission.findings, seen.refused)
    surprises = [
        f"{one.about}: predicted {one.predicted}, observed {one.observed}"
        for one in facts
        if one.agrees is False
    ]
    return Comparison(seen.connections, surprises)
