# ruff: noqa: PT017 (the message is what is asserted)
"""No object, however odd, is a traceback: what the API server refuses comes here, too."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from checker.api import admit
from checker.api.settings import ClusterSettings
from checker.manifests import Source, read
from checker.network import BadEndpoint, build_cluster, matrix, trace
from tests.network.test_dns import TEXT as DNS
from tests.network.test_frontdoor import ALL, BACKENDS, GATEWAY, ingress, path, route
from tests.network.test_nodes import PLACED
from tests.network.test_policies import PODS, policy

WORLD = (
    DNS
    + BACKENDS
    + ingress(path("web", "number: 80"))
    + GATEWAY % ("infra", ALL)
    + route("{name: web, port: 80}")
    + PLACED
    + PODS
    + policy(
        "podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}},"
        " {podSelector: {matchExpressions: [{key: a, operator: In, values: [b]}]}}],"
        " ports: [{port: 80, endPort: 90}]}], egress: [{}]"
    )
    + """
---
apiVersion: v1
kind: Pod
metadata: {name: probed, annotations: {checker/listens: "80"}}
spec:
  tolerations: [{key: a}]
  dnsConfig: {options: [{name: ndots, value: "1"}], searches: [a.b]}
  affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Gt, values: ["1"]}]}]}}}
  initContainers: [{name: i, image: busybox, command: [sh, -c, "echo hi"]}]
  containers:
  - name: c
    image: redis
    args: [--port, "1"]
    env: [{name: A, value: $(B)}, {name: B, valueFrom: {configMapKeyRef: {name: m, key: k}}}]
    envFrom: [{configMapRef: {name: m}}]
    readinessProbe: {httpGet: {port: http, path: /}}
    livenessProbe: {exec: {command: [redis-cli, ping]}}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: s, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
endpoints: [{addresses: [10.0.0.1], conditions: {ready: true}}]
ports: [{name: http-main, port: 80}]
---
apiVersion: v1
kind: Endpoints
metadata: {name: hand}
subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 80}]}]
---
apiVersion: v1
kind: Service
metadata: {name: hand}
spec: {ports: [{port: 80}], externalIPs: [10.9.9.9], trafficDistribution: PreferSameZone}
---
apiVersion: v1
kind: Node
metadata: {name: worker-1, labels: {topology.kubernetes.io/zone: a}}
spec: {podCIDR: 10.244.1.0/24, taints: [{key: a, effect: NoSchedule}]}
status: {addresses: [{type: InternalIP, address: 172.18.0.3}]}
"""  # noqa: E501
)
ODD = [
    None, True, 0, -1, 70000, 10**30, 1.5, "", "x", "http", "10.0.0.0/8", "::1/128", "Local",
    [], {}, [None], ["x"], [[]], {"x": 1}, {"x": None}, [{"x": []}],
]  # fmt: skip
TARGETS = (
    "svc/web:80", "svc/hand:80", "svc/headless:80", "svc/near:80", "dns/web:80", "dns/alias:80",
    "dns/10.9.9.9:80", "dns/db-0.db:8080", "pod/web:8080", "pod/probed:80", "deploy/db:8080",
    "node:30101", "node:8088", "localhost:8080", "ingress/shop.example/",
)  # fmt: skip


def places(value: Any) -> list[tuple[Any, Any]]:
    found = []
    children = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in children:
        found.append((value, key))
        if isinstance(child, dict | list):
            found += places(child)
    return found


# No shrinking: a failing world is small enough to look at, and making it smaller takes minutes.
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(st.integers(0, 1 << 32), st.booleans(), st.sampled_from(["TCP", "UDP"]))
def test_odd_values_anywhere(seed: int, through_admission: bool, protocol: str) -> None:
    dice = random.Random(seed)
    reading = read([Source("a.yaml", WORLD)])
    text = ""
    for manifest in reading.manifests:
        value = json.loads(json.dumps(manifest.value))
        for _ in range(dice.choice([0, 0, 1, 2])):
            container, key = dice.choice(places(value))
            container[key] = copy.deepcopy(dice.choice(ODD))
        text += f"---\n{json.dumps(value)}\n"
    resources = admit(read([Source("a.yaml", text)]).manifests, ClusterSettings()).resources
    if not through_admission:
        for resource in resources:
            resource.value = json.loads(json.dumps(resource.manifest.value))
            resource.accepted = True
    made = build_cluster(resources, ClusterSettings(nodes=2))
    matrix(made, protocol)
    for source in ("pod/client", "pod/hostnet", "deploy/db", "node", "external"):
        for target in TARGETS:
            try:
                found = trace(made, source, target, protocol)
            except BadEndpoint as bad:
                assert str(bad)
            else:
                assert found.hops, (source, target)
