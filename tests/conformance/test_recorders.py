"""Both recorders, run twice against the cluster, say what is recorded.

`make conformance` asks everything; here all of the API and a sample of the traffic.
"""

from typing import Any

import pytest

from tests.cluster.api import Api
from tests.cluster.commands import Cluster
from tests.conformance import record_api, record_traffic
from tests.conformance.cases import api_cases, traffic_inputs, traffic_scenarios
from tests.conformance.probing import Runner

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("machine")]

# A scenario of every kind, those among them in which something could be left to chance.
SAMPLE = (
    "pod-loopback",
    "host-port",
    "service-named-target-two-numbers",
    "service-number-two-numbers",
    "service-all-unready",
    "dns-headless",
    "node-port-local",
    "policy-pod-port",
    "policy-replies",
    "policy-dns-missing",
)
VERDICT = ("accepted", "code", "reason", "message", "causes", "warnings")


@pytest.mark.parametrize("time", ["first", "second"])
def test_the_api_server_says_what_is_recorded(api: Api, time: str) -> None:
    recordings = record_api.record(api)
    said = {
        case["id"]: {key: case[key] for key in VERDICT}
        for recording in recordings.values()
        for case in recording["cases"]
    }
    recorded = {
        case.id: {
            key: list(value) if isinstance(value := getattr(case, key), tuple) else value
            for key in VERDICT
        }
        for case in api_cases()
    }
    assert said.keys() == recorded.keys()
    differing = [id_ for id_ in said if not record_api.is_same(said[id_], recorded[id_])]
    assert {id_: (recorded[id_], said[id_]) for id_ in differing} == {}


@pytest.mark.parametrize("time", ["first", "second"])
def test_traffic_goes_where_it_is_recorded_to_go(
    cluster: Cluster, api: Api, runner: Runner, time: str
) -> None:
    inputs: dict[str, dict[str, Any]] = {
        scenario["id"]: scenario
        for scenarios in traffic_inputs().values()
        for scenario in scenarios
    }
    wanted = [inputs[id_] for id_ in SAMPLE if record_traffic.fits(cluster, inputs[id_])]
    seen = {
        scenario["id"]: [
            (p["from"], p["to"], p["protocol"], p["observed"]) for p in scenario["probes"]
        ]
        for scenario in record_traffic.run_all(cluster, api, runner, wanted)
    }
    recorded = {
        scenario.id: [tuple(probe) for probe in scenario.probes]
        for scenario in traffic_scenarios()
        if scenario.id in seen and scenario.proxy_mode == cluster.proxy_mode
    }
    assert seen == recorded
