# ruff: noqa: E501, ISC004 (one case of a table on one line reads best)
"""ClusterIP Services: FACTS C1, C2, C4, C5, C7, C12 and the wrong verdicts of others.

Sources: `k8s.io/endpointslice: FindPort`, `pkg/proxy/nftables/proxier.go`.
"""

from __future__ import annotations

import pytest

from tests.network.clusters import CLIENT, go, pod


def service(ports: str, *, name: str = "web", selector: str = "app: web", more: str = "") -> str:
    return f"""
---
apiVersion: v1
kind: Service
metadata: {{name: {name}}}
spec: {{selector: {{{selector}}}, ports: [{ports}]{more}}}
"""


WEB = pod("web", labels="app: web", container="ports: [{name: http, containerPort: 8080}]")


@pytest.mark.parametrize(
    ("port", "verdict", "stage"),
    [
        ("{port: 80, targetPort: 8080}", "connected", "listener"),
        ("{port: 80, targetPort: http}", "connected", "listener"),
        # No targetPort means the port itself, and 80 has no listener.
        ("{port: 80}", "refused", "listener"),
        # Nobody has to declare a containerPort: 8081 listens for UDP only.
        ("{port: 80, targetPort: 8081}", "refused", "listener"),
        ("{port: 80, targetPort: 8081, protocol: UDP}", "refused", "service"),
        ("{port: 80, targetPort: htp}", "refused", "endpoints"),
        # FindPort compares name and protocol.
        ("{port: 80, targetPort: http, protocol: UDP}", "refused", "service"),
        ("{port: 8080}", "refused", "service"),
    ],
)
def test_where_a_tcp_connection_to_port_80_ends(port: str, verdict: str, stage: str) -> None:
    trace = go(CLIENT + WEB + service(port), "pod/client", "svc/web:80")
    assert (trace.verdict, trace.hops[-1].stage) == (verdict, stage)
    assert all(hop.status == "pass" for hop in trace.hops[:-1])
    assert trace.hops[-1].status == ("pass" if verdict == "connected" else "fail")


def test_udp_needs_udp_all_along() -> None:
    text = CLIENT + WEB + service("{port: 53, targetPort: 8081, protocol: UDP}")
    assert go(text, "pod/client", "svc/web:53", "UDP").verdict == "connected"
    assert go(text, "pod/client", "svc/web:53", "TCP").verdict == "refused"


def test_a_name_is_resolved_in_each_pod_by_itself() -> None:
    old = pod(
        "old",
        labels="app: web",
        args="netexec --http-port=8080",
        container="ports: [{name: http, containerPort: 8080}]",
    )
    new = pod(
        "new",
        labels="app: web",
        args="netexec --http-port=9090 --udp-port=-1",
        container="ports: [{name: http, containerPort: 9090}]",
    )
    by_name = go(
        CLIENT + old + new + service("{port: 80, targetPort: http}"), "pod/client", "svc/web:80"
    )
    assert by_name.verdict == "connected"
    assert [(one.pod, one.port) for one in by_name.endpoints] == [("old", 8080), ("new", 9090)]
    by_number = go(
        CLIENT + old + new + service("{port: 80, targetPort: 8080}"), "pod/client", "svc/web:80"
    )
    assert by_number.verdict == "intermittent"
    assert [one.verdict for one in by_number.endpoints] == ["connected", "refused"]
    assert by_number.hops[-1].status == "fail"
    assert "new" in by_number.hops[-1].detail


def test_a_pod_without_the_name_is_left_out_for_that_port() -> None:
    nameless = pod("nameless", labels="app: web")
    trace = go(
        CLIENT + WEB + nameless + service("{port: 80, targetPort: http}"),
        "pod/client",
        "svc/web:80",
    )
    assert trace.verdict == "connected"
    assert [one.pod for one in trace.endpoints] == ["web"]


@pytest.mark.parametrize(
    ("containers", "port"),
    [
        # Regular containers first, in order, whatever the listener.
        ("containers: [{name: a, image: agnhost, args: [pause], ports: [{name: http, containerPort: 1}]},"
         " {name: b, image: agnhost, args: [netexec], ports: [{name: http, containerPort: 8080}]}]", 1),
        # A sidecar's name counts after them.
        ("containers: [{name: a, image: agnhost, args: [pause]}]\n"
         "  initContainers: [{name: s, image: agnhost, args: [netexec], restartPolicy: Always,"
         " ports: [{name: http, containerPort: 8080}]}]", 8080),
        # A plain init container's never.
        ("containers: [{name: a, image: agnhost, args: [netexec]}]\n"
         "  initContainers: [{name: s, image: agnhost, args: [etc-hosts],"
         " ports: [{name: http, containerPort: 8080}]}]", None),
    ],
)  # fmt: skip
def test_which_container_a_name_is_found_in(containers: str, port: int | None) -> None:
    text = f"""
---
apiVersion: v1
kind: Pod
metadata: {{name: web, labels: {{app: web}}}}
spec:
  {containers}
"""
    trace = go(CLIENT + text + service("{port: 80, targetPort: http}"), "pod/client", "svc/web:80")
    assert [one.port for one in trace.endpoints] == ([port] if port else [])


def test_no_pod_selected_names_the_nearest_labels() -> None:
    trace = go(
        CLIENT + WEB + service("{port: 80}", selector="app: wev"), "pod/client", "svc/web:80"
    )
    assert trace.verdict == "refused"
    hop = trace.hops[-1]
    assert (hop.stage, hop.field) == ("endpoints", "spec.selector")
    assert "app=web" in hop.detail
    assert hop.location is not None
    assert hop.location.file == "app.yaml"


def test_a_service_selects_in_its_own_namespace_only() -> None:
    other = pod("web.other", labels="app: web")
    trace = go(CLIENT + other + service("{port: 80, targetPort: 8080}"), "pod/client", "svc/web:80")
    assert trace.verdict == "refused"
    assert "other" in trace.hops[-1].detail


def test_undeclared_port_nftables_rejects_iptables_loses() -> None:
    text = CLIENT + WEB + service("{port: 80, targetPort: 8080}")
    assert go(text, "pod/client", "svc/web:8080").verdict == "refused"
    assert go(text, "pod/client", "svc/web:8080", proxy_mode="iptables").verdict == "timeout"


def test_not_ready_pods_get_nothing_unless_published() -> None:
    unready = pod("web", labels="app: web", container="readinessProbe: {tcpSocket: {port: 1}}")
    refused = go(
        CLIENT + unready + service("{port: 80, targetPort: 8080}"), "pod/client", "svc/web:80"
    )
    assert refused.verdict == "refused"
    assert refused.hops[-1].field == "spec.containers[0].readinessProbe.tcpSocket.port"
    published = service("{port: 80, targetPort: 8080}", more=", publishNotReadyAddresses: true")
    assert go(CLIENT + unready + published, "pod/client", "svc/web:80").verdict == "connected"
    # Its own address answers all the while.
    assert go(CLIENT + unready, "pod/client", "pod/web:8080").verdict == "connected"


def test_a_pod_reaches_itself_through_its_service() -> None:
    text = WEB + service("{port: 80, targetPort: 8080}")
    assert go(text, "pod/web", "svc/web:80").verdict == "connected"
    deny = """
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny}
spec: {podSelector: {}, policyTypes: [%s]}
"""
    for way in ("Ingress", "Egress"):
        assert go(text + deny % way, "pod/web", "svc/web:80").verdict == "timeout"
        assert go(text + deny % way, "pod/web", "pod/web:8080").verdict == "connected"
        assert go(text + deny % way, "pod/web", "localhost:8080").verdict == "connected"


def test_port_names_of_the_service() -> None:
    text = (
        CLIENT
        + WEB
        + service("{name: a, port: 80, targetPort: 1}, {name: b, port: 81, targetPort: 8080}")
    )
    assert go(text, "pod/client", "svc/web:b").verdict == "connected"
    assert go(text, "pod/client", "svc/web:a").verdict == "refused"


def test_a_rejected_service_is_named() -> None:
    text = CLIENT + WEB + service("{port: 70000}")
    from checker.api.admission import admit
    from checker.api.settings import ClusterSettings
    from checker.manifests import Source, read
    from checker.network import build_cluster, trace

    resources = admit(read([Source("app.yaml", text)]).manifests, ClusterSettings()).resources
    next(one for one in resources if one.ref.kind == "Service").accepted = False
    found = trace(build_cluster(resources, ClusterSettings()), "pod/client", "svc/web:80")
    assert found.verdict == "rejected"
    assert str(found.hops[-1].object) == "Service/web"


def test_a_refused_workload_behind_a_service_is_named() -> None:
    from checker.api.admission import admit
    from checker.api.settings import ClusterSettings
    from checker.manifests import Source, read
    from checker.network import build_cluster, trace

    text = CLIENT + WEB + service("{port: 80, targetPort: 8080}")
    resources = admit(read([Source("app.yaml", text)]).manifests, ClusterSettings()).resources
    next(
        one for one in resources if one.ref.name == "web" and one.ref.kind == "Pod"
    ).accepted = False
    found = trace(build_cluster(resources, ClusterSettings()), "pod/client", "svc/web:80")
    assert found.verdict == "rejected"
    assert str(found.hops[-1].object) == "Pod/web"


def test_endpoints_by_hand_join_by_port_name() -> None:
    def slice_of(name: str) -> str:
        return f"""
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {{name: web-1, labels: {{kubernetes.io/service-name: web}}}}
addressType: IPv4
endpoints: [{{addresses: [192.0.2.1]}}]
ports: [{{name: {name}, port: 8080, protocol: TCP}}]
"""

    bare = """
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{name: http, port: 80}]}
"""
    reached = go(CLIENT + bare + slice_of("http"), "pod/client", "svc/web:80")
    # 192.0.2.0/24 is documentation: nobody answers there.
    assert reached.verdict == "timeout"
    missed = go(CLIENT + bare + slice_of("web"), "pod/client", "svc/web:80")
    assert missed.verdict == "refused"
    assert "by name" in missed.hops[-1].detail
    assert go(CLIENT + bare, "pod/client", "svc/web:80").verdict == "refused"


def test_what_is_not_known_is_not_guessed() -> None:
    unknown = pod("web", labels="app: web").replace("e2e-test-images/agnhost", "acme/shop")
    unknown = unknown.replace('args: ["netexec"]', "")
    text = CLIENT + unknown + service("{port: 80, targetPort: 8080}")
    trace = go(text, "pod/client", "svc/web:80")
    assert trace.verdict == "cannot-tell"
    assert trace.hops[-1].status == "unknown"
    assert 'checker/listens: "8080/TCP"' in trace.hops[-1].detail
    said = text.replace(
        "name: web, namespace", 'name: web, annotations: {checker/listens: "8080"}, namespace'
    )
    assert go(said, "pod/client", "svc/web:80").verdict == "connected"
    loopback = text.replace(
        "name: web, namespace",
        'name: web, annotations: {checker/listens: "127.0.0.1:8080/TCP"}, namespace',
    )
    assert go(loopback, "pod/client", "svc/web:80").verdict == "refused"
    assert go(loopback, "pod/web", "localhost:8080").verdict == "connected"


def test_a_replica_set_takes_a_pod_of_its_labels_in() -> None:
    """Before it: one of its pods is spared (`slip-replica-set-adopts` of the recorded traffic).
    After it: one pod is too many, and either may go.
    """
    bare = pod("bare", labels="app: web", args="netexec --http-port=9090 --udp-port=-1")
    owner = """
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: agnhost, args: [netexec]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 9090}]}
"""
    assert go(CLIENT + bare + owner, "pod/client", "svc/web:80").verdict == "connected"
    assert go(CLIENT + owner + bare, "pod/client", "svc/web:80").verdict == "cannot-tell"
