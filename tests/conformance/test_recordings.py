"""The recordings are whole, and of the inputs that lie beside them. No cluster is needed."""

import collections
import re

import pytest
import yaml

from tests.cluster.versions import KUBERNETES
from tests.conformance.cases import (
    api_cases,
    api_inputs,
    documents,
    traffic_inputs,
    traffic_scenarios,
    version,
)

OBSERVED = {"connected", "refused", "timeout", "dns-failure", "intermittent"}
SOURCE = re.compile(r"pod/\S+|deploy/\S+|node/\S+|external")
TARGET = re.compile(r"(svc|dns|pod|deploy|node)/\S+:\S+|localhost:\d+")


def test_all_are_of_the_version_that_the_cluster_runs() -> None:
    assert version() == KUBERNETES


def test_there_are_enough() -> None:
    assert len(api_cases()) >= 200
    scenarios = {s.id for s in traffic_scenarios()}
    assert len(scenarios) >= 250
    assert sum("NetworkPolicy" in s.manifests for s in traffic_scenarios()) >= 20


def test_ids_are_unique() -> None:
    for ids in (
        [case.id for case in api_cases()],
        [(scenario.id, scenario.proxy_mode) for scenario in traffic_scenarios()],
    ):
        twice = [name for name, count in collections.Counter(ids).items() if count > 1]
        assert twice == []


def test_api_recordings_are_of_their_inputs() -> None:
    """After a change of api/*.yaml: `make conformance`."""
    asked = {
        case["id"]: (case["manifests"], case.get("given", ""), case.get("create", False))
        for cases in api_inputs().values()
        for case in cases
    }
    recorded = {case.id: (case.manifests, case.given, case.create) for case in api_cases()}
    assert recorded == asked


def test_traffic_recordings_are_of_their_inputs() -> None:
    """After a change of traffic/*.yaml: `make conformance`."""
    asked = {
        (scenario["id"], mode): (
            scenario["manifests"],
            [(p["from"], p["to"], p["protocol"]) for p in scenario["probes"]],
        )
        for scenarios in traffic_inputs().values()
        for scenario in scenarios
        for mode in scenario["proxyModes"]
    }
    recorded = {
        (scenario.id, scenario.proxy_mode): (
            scenario.manifests,
            [(p.source, p.target, p.protocol) for p in scenario.probes],
        )
        for scenario in traffic_scenarios()
    }
    assert recorded == asked


def test_verdicts_hang_together() -> None:
    for case in api_cases():
        assert case.accepted == (case.code == 201), case.id
        assert case.accepted == (case.message == ""), case.id
        if case.code == 422:
            assert case.causes, case.id


def test_probes_speak_the_language_of_trace() -> None:
    for scenario in traffic_scenarios():
        assert scenario.probes, scenario.id
        for probe in scenario.probes:
            assert probe.observed in OBSERVED, scenario.id
            assert probe.protocol in {"TCP", "UDP", "SCTP"}, scenario.id
            assert SOURCE.fullmatch(probe.source), scenario.id
            assert TARGET.fullmatch(probe.target), scenario.id


def test_one_object_is_asked_about() -> None:
    """A case's verdict is that of one document; what comes before it is `given`."""
    for case in api_cases():
        assert len(documents(case.manifests)) == 1, case.id


@pytest.mark.parametrize("field", ["nodePort", "hostPort"])
def test_scenarios_that_run_side_by_side_share_no_port(field: str) -> None:
    owners: dict[int, set[str]] = collections.defaultdict(set)
    for scenario in traffic_scenarios():
        for number in re.findall(rf"{field}: (\d+)", scenario.manifests):
            owners[int(number)].add(scenario.id)
    # A container in the node's network listens there by itself.
    if field == "hostPort":
        for scenario in traffic_scenarios():
            if "hostNetwork: true" not in scenario.manifests:
                continue
            for document in yaml.safe_load_all(scenario.manifests):
                spec = (document or {}).get("spec") or {}
                for container in spec.get("containers", []) if spec.get("hostNetwork") else []:
                    for argument in container.get("args", []):
                        if str(argument).startswith("--http-port="):
                            owners[int(argument.partition("=")[2])].add(scenario.id)
    assert {port: ids for port, ids in owners.items() if len(ids) > 1} == {}
