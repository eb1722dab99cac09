"""Analysis of manifests given as text, through the rooms as `lint` goes through them."""

from __future__ import annotations

from checker.advice import advise
from checker.advice.checks import CHECKS, checks_for
from checker.advice.found import Found
from checker.advice.ignoring import misuses
from checker.advice.survey import Survey
from checker.api import ClusterSettings, Finding, admit
from checker.manifests import Source, read
from checker.network.cluster import build_cluster


def lint(
    *texts: str, settings: ClusterSettings | None = None, refused: bool = False
) -> list[Finding]:
    """What analysis says about these files. The API server takes all of it, unless `refused`."""
    settings = settings or ClusterSettings()
    reading = read([Source(f"{n}.yaml", text) for n, text in enumerate(texts)])
    assert not reading.problems, reading.problems
    admission = admit(reading.manifests, settings)
    if not refused:
        assert [one for one in admission.findings if one.severity == "error"] == []
    return advise(build_cluster(admission.resources, settings), admission.resources)


def said(*texts: str, settings: ClusterSettings | None = None) -> dict[str, str]:
    """The rules that analysis finds broken, each with the severity of its last finding."""
    return {one.rule: one.severity for one in lint(*texts, settings=settings)}


def found(text: str) -> list[Found]:
    """What all checks find, before it is put into words."""
    resources = admit(read([Source("a.yaml", text)]).manifests).resources
    survey = Survey(build_cluster(resources, ClusterSettings()), resources)
    misused = [one for resource in resources for one in misuses(resource)]
    kinds = {kind for subjects in CHECKS.values() for kind in subjects}
    return [one for check in checks_for(kinds) for one in check(survey)] + misused
