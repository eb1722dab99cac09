# ruff: noqa: E501 (one case of a table on one line reads best)
"""Node ports, host ports, host network, traffic policies: FACTS C6, C11, C13.

`pkg/proxy/nftables/proxier.go` (external chains), `pkg/proxy/topology.go`; every row but the
open placements was seen on a running 1.36 with two nodes.
"""

from __future__ import annotations

import pytest

from tests.network.clusters import CLIENT, cluster, go, pod

IMAGE = "registry.k8s.io/e2e-test-images/agnhost:2.63.0"
PLACED = (
    pod("c1", args="pause", nodeName="worker-1")
    + pod("c2", args="pause", nodeName="worker-2")
    + pod("web", labels="app: web", nodeName="worker-2",
          container="ports: [{containerPort: 8080, hostPort: 8088}]")
    + pod("hostnet", labels="app: hostnet", nodeName="worker-1", hostNetwork="true",
          args="netexec --http-port=7777")
    + """
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 30101}]}
---
apiVersion: v1
kind: Service
metadata: {name: local}
spec: {type: NodePort, externalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 30102}]}
---
apiVersion: v1
kind: Service
metadata: {name: nobody}
spec: {type: NodePort, externalTrafficPolicy: Local, selector: {app: nobody}, ports: [{port: 80, nodePort: 30103}]}
---
apiVersion: v1
kind: Service
metadata: {name: near}
spec: {internalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: cloud}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 30104}]}
---
apiVersion: v1
kind: Service
metadata: {name: hostnet}
spec: {selector: {app: hostnet}, ports: [{port: 80, targetPort: 7777}]}
"""
)  # fmt: skip


@pytest.mark.parametrize(
    ("source", "target", "verdict"),
    [
        # Cluster: every node serves.
        ("external", "node/worker-1:30101", "connected"),
        ("external", "node/worker-2:30101", "connected"),
        ("external", "node:30101", "connected"),
        # Local: a node without an endpoint drops what comes from outside.
        ("external", "node/worker-1:30102", "timeout"),
        ("external", "node/worker-2:30102", "connected"),
        ("external", "node:30102", "intermittent"),
        # No endpoint anywhere: refused, Local or not.
        ("external", "node/worker-1:30103", "refused"),
        # Pods of the node, and the node itself, use all endpoints; from another node it is outside.
        ("pod/c1", "node/worker-1:30102", "connected"),
        ("pod/c2", "node/worker-1:30102", "timeout"),
        ("node/worker-1", "node/worker-1:30102", "connected"),
        ("node/worker-2", "node/worker-1:30102", "timeout"),
        # A load balancer's node ports work; its own address never comes.
        ("external", "node/worker-1:30104", "connected"),
        ("external", "svc/cloud:80", "timeout"),
        ("external", "svc/web:80", "timeout"),
        ("external", "pod/web:8080", "timeout"),
        ("external", "node/worker-1:30105", "refused"),
        ("node/worker-1", "localhost:30101", "refused"),
        # internalTrafficPolicy
        ("pod/c1", "svc/near:80", "timeout"),
        ("pod/c2", "svc/near:80", "connected"),
        ("node/worker-2", "svc/near:80", "connected"),
        # Host ports are those of the pod's own node.
        ("external", "node/worker-2:8088", "connected"),
        ("external", "node/worker-1:8088", "refused"),
        ("pod/web", "node/worker-2:8088", "connected"),
        ("node/worker-2", "localhost:8088", "connected"),
        # The host network is the node's.
        ("external", "node/worker-1:7777", "connected"),
        ("external", "node/worker-2:7777", "refused"),
        ("node/worker-1", "localhost:7777", "connected"),
        ("pod/c2", "svc/hostnet:80", "connected"),
        ("pod/hostnet", "svc/web:80", "connected"),
    ],
)
def test_nftables(source: str, target: str, verdict: str) -> None:
    trace = go(PLACED, source, target, nodes=2)
    assert trace.verdict == verdict, trace.hops
    assert all(hop.status == "pass" for hop in trace.hops[:-1])


def test_iptables_serves_node_ports_on_localhost_too() -> None:
    trace = go(PLACED, "node/worker-1", "localhost:30101", nodes=2, proxy_mode="iptables")
    assert trace.verdict == "connected"


def test_local_and_a_placement_that_is_open() -> None:
    open_one = PLACED.replace("nodeName: worker-2\n  containers: [{name: main, image: " + IMAGE
                              + ', args: ["netexec"]', "containers: [{name: main, image: " + IMAGE
                              + ', args: ["netexec"]')  # fmt: skip
    assert go(open_one, "external", "node/worker-1:30102", nodes=2).verdict == "cannot-tell"
    assert go(open_one, "external", "node/worker-1:30101", nodes=2).verdict == "connected"


def deployment(replicas: int, spec: str) -> str:
    return f"""
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  replicas: {replicas}
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec:
      containers: [{{name: c, image: {IMAGE}, args: [netexec]{", ports: [{containerPort: 8080, hostPort: 8088}]" if "hostPort" in spec else ""}}}]
      {spec.replace("hostPort", "")}
---
apiVersion: v1
kind: Service
metadata: {{name: web}}
spec: {{type: NodePort, externalTrafficPolicy: Local, selector: {{app: web}}, ports: [{{port: 80, targetPort: 8080, nodePort: 30102}}]}}
"""


ANTI = "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}]}}"
SPREAD = "topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}]"


@pytest.mark.parametrize(
    ("replicas", "spec", "verdict"),
    [
        (2, ANTI, "connected"),
        (2, SPREAD, "connected"),
        (4, SPREAD, "connected"),
        (2, "hostPort", "connected"),
        # Nothing spreads them.
        (2, "", "cannot-tell"),
        (1, ANTI, "cannot-tell"),
        (2, "nodeSelector: {kubernetes.io/hostname: node-1}", "intermittent"),
        (2, "nodeName: node-1", "intermittent"),
    ],
)
def test_spreading_gives_every_node_a_pod(replicas: int, spec: str, verdict: str) -> None:
    found = go(deployment(replicas, spec), "external", "node:30102", nodes=2)
    assert found.verdict == verdict, found.hops


def test_a_host_port_has_room_for_one_pod_a_node() -> None:
    trace = go(deployment(2, "hostPort"), "pod/web-2", "svc/web:80")
    assert trace.verdict == "timeout"
    assert trace.hops[-1].stage == "pod"
    assert trace.hops[-1].field == "spec.template.spec.containers[0].ports[0]"
    # The one that runs serves; `deploy/` means those that do.
    assert go(deployment(2, "hostPort"), "external", "node:8088").verdict == "connected"
    assert go(deployment(2, "hostPort"), "deploy/web", "svc/web:80").verdict == "connected"


def test_node_objects_replace_the_assumed_node() -> None:
    nodes = """
---
apiVersion: v1
kind: Node
metadata: {name: big, labels: {size: big}}
spec: {taints: [{key: only, value: big, effect: NoSchedule}]}
---
apiVersion: v1
kind: Node
metadata: {name: small}
status: {addresses: [{type: InternalIP, address: 192.168.1.7}]}
"""
    plain = nodes + deployment(1, "")
    assert go(plain, "external", "node/small:30102").verdict == "connected"
    assert go(plain, "external", "node/big:30102").verdict == "timeout"
    assert go(plain, "external", "dns/192.168.1.7:30102").verdict == "connected"
    wanted = nodes + deployment(1, "nodeSelector: {size: big}")
    assert go(wanted, "deploy/web", "localhost:8080").verdict == "timeout"
    tolerant = wanted.replace(
        "nodeSelector:", "tolerations: [{key: only, operator: Exists}]\n      nodeSelector:"
    )
    assert go(tolerant, "external", "node/big:30102").verdict == "connected"


def test_pod_security_keeps_pods_from_being_made() -> None:
    namespace = """
---
apiVersion: v1
kind: Namespace
metadata: {name: default, labels: {pod-security.kubernetes.io/enforce: baseline}}
"""
    text = namespace + deployment(1, "hostPort") + pod("client.other", args="pause")
    trace = go(text, "pod/client.other", "svc/web.default:80")
    assert trace.verdict == "refused"
    assert "Pod Security baseline" in trace.hops[-1].detail
    assert go(text, "deploy/web", "svc/web:80").verdict == "rejected"
    assert go(namespace + deployment(1, ""), "deploy/web", "svc/web:80").verdict == "connected"


def test_daemon_sets_have_a_pod_on_every_node() -> None:
    text = (
        deployment(1, "")
        .replace("kind: Deployment", "kind: DaemonSet")
        .replace("  replicas: 1\n", "")
    )
    for number in (1, 2, 3):
        assert go(text, "external", "node:30102", nodes=number).verdict == "connected"


RESTRICTED = (
    "securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}\n"
    "      containers: [{name: c, image: agnhost, args: [netexec, '--http-port=8080'],"
    " securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]"
)


def secured(labels: str, spec: str) -> str:
    return f"""
---
apiVersion: v1
kind: Namespace
metadata: {{name: safe, labels: {{{labels}}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: safe}}
spec:
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec:
      {spec}
"""


@pytest.mark.parametrize(
    ("version", "taken_away", "verdict", "field"),
    [
        ("latest", "", "connected", ""),
        ("latest", "runAsNonRoot: true, ", "rejected", "containers"),
        ("latest", ", seccompProfile: {type: RuntimeDefault}", "rejected", "containers"),
        ("latest", "allowPrivilegeEscalation: false, ", "rejected", "containers"),
        ("latest", ", capabilities: {drop: [ALL]}", "rejected", "containers"),
        # The checks of an older version: seccomp since 1.19, capabilities since 1.22.
        ("v1.18", ", seccompProfile: {type: RuntimeDefault}", "connected", ""),
        ("v1.21", ", capabilities: {drop: [ALL]}", "connected", ""),
        ("v1.22", ", capabilities: {drop: [ALL]}", "rejected", "containers"),
        ("v1.21", "allowPrivilegeEscalation: false, ", "rejected", "containers"),
    ],
)
def test_the_restricted_level(version: str, taken_away: str, verdict: str, field: str) -> None:
    """`k8s.io/pod-security-admission` 0.36.3, policy: MinimumVersion of each check."""
    assert taken_away in RESTRICTED
    prefix = "pod-security.kubernetes.io/enforce"
    labels = f"{prefix}: restricted, {prefix}-version: {version}"
    text = CLIENT + secured(labels, RESTRICTED.replace(taken_away, "", 1))
    found = go(text, "pod/client", "deploy/web.safe:8080")
    assert found.verdict == verdict
    if field:
        assert found.hops[-1].field == f"spec.template.spec.{field}"
        assert "Pod Security restricted" in found.hops[-1].detail


@pytest.mark.parametrize(
    ("version", "name", "verdict"),
    [
        ("latest", "net.ipv4.tcp_rmem", "connected"),
        ("v1.31", "net.ipv4.tcp_rmem", "rejected"),
        ("v1.32", "net.ipv4.tcp_rmem", "connected"),
        ("v1.26", "net.ipv4.ip_local_reserved_ports", "rejected"),
        ("v1.28", "net.ipv4.tcp_fin_timeout", "rejected"),
        ("v1.29", "net.ipv4.tcp_fin_timeout", "connected"),
    ],
)
def test_sysctls_of_the_baseline_level(version: str, name: str, verdict: str) -> None:
    """`check_sysctls.go`: what each version of the policy added."""
    prefix = "pod-security.kubernetes.io/enforce"
    labels = f"{prefix}: baseline, {prefix}-version: {version}"
    spec = RESTRICTED.replace("runAsNonRoot: true", f"sysctls: [{{name: {name}, value: '1'}}]")
    text = CLIENT + secured(labels, spec)
    assert go(text, "pod/client", "deploy/web.safe:8080").verdict == verdict


def test_a_label_that_is_no_level_or_no_version_forbids_nothing_worse() -> None:
    """The API server refuses such a Namespace; what is read must not end in a traceback."""
    prefix = "pod-security.kubernetes.io/enforce"
    for labels in (f"{prefix}: strict", f"{prefix}: baseline, {prefix}-version: v1.x"):
        text = CLIENT + secured(labels, RESTRICTED)
        assert go(text, "pod/client", "deploy/web.safe:8080").verdict == "connected"


@pytest.mark.parametrize(
    ("replicas", "more", "running"),
    [
        # The tainted node counts, with no pod: one more than none is all that a node takes.
        (4, "", 2),
        (2, "", 2),
        (4, ", nodeTaintsPolicy: Ignore", 2),
        (4, ", nodeTaintsPolicy: Honor", 4),
        (4, ", nodeTaintsPolicy: Honor, minDomains: 3", 2),
        (4, ", nodeTaintsPolicy: Honor, minDomains: 2", 4),
    ],
)
def test_a_tainted_node_counts_for_the_skew(replicas: int, more: str, running: int) -> None:
    """`pkg/scheduler/framework/plugins/podtopologyspread/common.go: matchNodeInclusionPolicies`,
    `filtering.go: minMatchNum`.
    """
    nodes = "".join(
        f"""
---
apiVersion: v1
kind: Node
metadata: {{name: {name}}}
spec: {{taints: [{taint}]}}
"""
        for name, taint in (("a", "{key: role, effect: NoSchedule}"), ("b", ""), ("c", ""))
    )
    spec = SPREAD.replace("maxSkew: 1", f"maxSkew: 1{more}")
    made = cluster(nodes + deployment(replicas, spec))
    pods = [one for one in made.pods if one.namespace == "default"]
    assert sum(one.pending is None for one in pods) == running
    waiting = [one.pending[1] for one in pods if one.pending]
    assert set(waiting) <= {"topologySpreadConstraints"}


def _anti(app: str) -> str:
    return f"{{podAntiAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: [{{labelSelector: {{matchLabels: {{app: {app}}}}}, topologyKey: kubernetes.io/hostname}}]}}}}"


@pytest.mark.parametrize("who", ["db", "web"])
def test_who_keeps_whom_away_makes_no_difference(who: str) -> None:
    """`plugins/interpodaffinity: satisfyExistingPodsAntiAffinity` and `satisfyPodAntiAffinity`."""
    affinity = {"db": {}, "web": {}}
    affinity[who] = {"affinity": _anti("web" if who == "db" else "db")}
    text = CLIENT + pod("db", labels="app: db", nodeName="node-1", **affinity["db"])
    text += pod("web", labels="app: web", **affinity["web"])
    made = cluster(text, nodes=2)
    found = made.find_pod("default", "web")
    assert found is not None
    assert [node.name for node in found.candidates] == ["node-2"]
    alone = cluster(text, nodes=1).find_pod("default", "web")
    assert alone is not None
    assert alone.pending is not None


def test_pods_that_keep_each_other_away_leave_no_room() -> None:
    """Two nodes, three pods: which two run is as they came, wherever they are."""
    text = "".join(
        pod(name, labels=f"app: apart, n: {name}", affinity=_anti("apart")) for name in "abc"
    )
    pods = {one.name: one for one in cluster(text, nodes=2).pods}
    assert [bool(pods[name].pending) for name in "abc"] == [False, False, True]
    assert not cluster(text, nodes=3).pods[2].pending
