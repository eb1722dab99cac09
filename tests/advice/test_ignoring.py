"""`checker/ignore.RULE: reason` silences a rule of analysis on its object, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from checker.advice import advise, without_ignored
from checker.api import ClusterSettings, admit
from checker.manifests import Source, read
from checker.network import build_cluster
from tests.advice.building import container, deployment, manifest, pod, service
from tests.advice.linting import said

HOST_PORT = container({"containerPort": 80, "hostPort": 8080})
ANNOTATION = "checker/ignore.host-port-used"


def annotate(value: dict[str, Any], name: str, reason: str, *way: str) -> dict[str, Any]:
    place = value
    for step in way:
        place = place[step]
    place["metadata"].setdefault("annotations", {})[name] = reason
    return value


@pytest.mark.parametrize("way", [(), ("spec", "template")], ids=["workload", "template"])
def test_a_reason_silences(way: tuple[str, ...]) -> None:
    assert said(manifest(deployment(HOST_PORT))) == {"host-port-used": "warning"}
    silenced = annotate(deployment(HOST_PORT), ANNOTATION, "one node, on purpose", *way)
    assert said(manifest(silenced)) == {}


@pytest.mark.parametrize("reason", ["", "  \t"])
def test_without_a_reason_nothing_is_silenced(reason: str) -> None:
    found = said(manifest(annotate(deployment(HOST_PORT), ANNOTATION, reason)))
    assert found == {"host-port-used": "warning", "ignore-unusable": "note"}


def test_other_objects_and_other_rules_are_not_silenced() -> None:
    """On the pods' side an annotation says nothing about the Service, and the other way round."""
    web = annotate(service(), "checker/ignore.host-port-used", "not here")
    assert "host-port-used" in said(manifest(web, pod(HOST_PORT)))
    silenced = annotate(pod(HOST_PORT, app="other"), "checker/ignore.host-port-used", "yes")
    assert set(said(manifest(service(), silenced))) == {"selector-matches-nothing"}


def test_a_cron_job_may_have_it_on_its_jobs_too() -> None:
    template = {"metadata": {}, "spec": {"restartPolicy": "Never", "containers": [HOST_PORT]}}
    cron = {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": "web"},
        "spec": {
            "schedule": "@daily",
            "jobTemplate": {"metadata": {}, "spec": {"template": template}},
        },
    }
    assert set(said(manifest(cron))) == {"host-port-used"}
    silenced = annotate(cron, ANNOTATION, "nightly", "spec", "jobTemplate")
    assert said(manifest(silenced)) == {}


def test_in_exercises_nothing_is_silenced() -> None:
    """CONTRACT: an annotation silences an analysis rule, not in exercises."""
    silenced = annotate(deployment(HOST_PORT), ANNOTATION, "one node, on purpose")
    resources = admit(read([Source("a.yaml", manifest(silenced))]).manifests).resources
    cluster = build_cluster(resources, ClusterSettings())
    found = advise(cluster, resources, heed_annotations=False)
    assert [one.rule for one in found] == ["host-port-used"]


def test_findings_of_other_rooms_are_silenced_as_well() -> None:
    """A name given twice is analysis by the room that counts the names."""
    twice = [service(), annotate(service(), "checker/ignore.object-named-twice", "two clusters")]
    admission = admit(read([Source("a.yaml", manifest(*twice))]).manifests)
    assert [one.rule for one in admission.findings] == ["object-named-twice"]
    assert without_ignored(admission.findings, admission.resources) == []


def test_the_api_server_cannot_be_silenced() -> None:
    wrong = annotate(service(ports=[{"port": 0}]), "checker/ignore.api-required", "no")
    admission = admit(read([Source("a.yaml", manifest(wrong))]).manifests)
    assert admission.findings
    assert without_ignored(admission.findings, admission.resources) == admission.findings
