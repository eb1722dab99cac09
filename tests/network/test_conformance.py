"""What a running cluster showed, asked of the model: every recorded probe, one by one.

The recordings are tests/conformance/recorded/traffic.*.json. Where the model differs on purpose,
the probe stands in DIFFERENT with its reason.
"""

from __future__ import annotations

import pytest

from checker.api import admit
from checker.api.settings import ClusterSettings
from checker.manifests import Source, read
from checker.network import Cluster, build_cluster, trace
from tests.conformance.cases import Probe, Scenario, traffic_scenarios

#: The nodes of the recorded cluster (tests/cluster/nodes.py).
ADDRESSES = {
    "worker-1": ("172.18.0.3", "10.244.1.0/24"),
    "worker-2": ("172.18.0.4", "10.244.2.0/24"),
}

#: `agnhost connect --protocol=udp` sends the word `hostname` (its --udp-data) and waits for a reply
#: (`test/images/agnhost/connect`). Nine bytes are less than the header of a DNS message (RFC 1035,
#: 4.1.1), so CoreDNS drops them unanswered, and the probe's silence says nothing about the way.
#: The verdict is a client's that speaks what the server speaks: the pod's lookups in the same
#: scenario are answered over the same Service, port and protocol.
_NO_QUESTION = "dns/"
#: Probes that the model sees otherwise, on purpose: scenario, source, target → the start of the
#: other targets that the same source reached, which shows that the model is right.
DIFFERENT: dict[tuple[str, str, str], str] = {
    ("name-dns-service", "pod/c", "dns/kube-dns.kube-system.svc:53"): _NO_QUESTION,
    ("name-dns-service", "pod/c", "svc/kube-dns.kube-system:53"): _NO_QUESTION,
}


def nodes(scenario: Scenario) -> str:
    """The Node objects of the scenario's cluster."""
    return "".join(
        f"""
---
apiVersion: v1
kind: Node
metadata: {{name: {name}}}
spec: {{podCIDR: {ADDRESSES[name][1]}}}
status: {{addresses: [{{type: InternalIP, address: {ADDRESSES[name][0]}}}]}}
"""
        for name in scenario.nodes
    )


def cluster_of(scenario: Scenario) -> Cluster:
    settings = ClusterSettings(
        namespace=scenario.namespace,
        proxy_mode="iptables" if scenario.proxy_mode == "iptables" else "nftables",
    )
    text = scenario.manifests + nodes(scenario)
    reading = read([Source(f"{scenario.id}.yaml", text)])
    assert not reading.problems
    return build_cluster(admit(reading.manifests, settings).resources, settings)


@pytest.mark.parametrize(
    "scenario", traffic_scenarios(), ids=lambda one: f"{one.id}-{one.proxy_mode}"
)
def test_every_probe_of_the_scenario(scenario: Scenario) -> None:
    cluster = cluster_of(scenario)
    wrong = []
    for probe in scenario.probes:
        shown = DIFFERENT.get((scenario.id, probe.source, probe.target))
        if shown is not None:
            assert _reached(scenario, probe, shown), f"nothing shows that {probe} is answered"
            assert trace(cluster, *probe[:3]).verdict == "connected" != probe.observed
            continue
        found = trace(cluster, probe.source, probe.target, probe.protocol)
        if found.verdict != probe.observed:
            last = found.hops[-1].detail if found.hops else ""
            wrong.append(f"{probe}: predicted {found.verdict}: {last}")
    assert not wrong, f"{scenario.about}\n" + "\n".join(wrong)


def _reached(scenario: Scenario, probe: Probe, start: str) -> bool:
    """Whether the source of a probe had an answer from another target of this kind."""
    return any(
        other.observed == "connected"
        for other in scenario.probes
        if other.source == probe.source
        and other.target != probe.target
        and other.target.startswith(start)
        and other.protocol != probe.protocol
    )
