"""Analysis and simulated traffic agree: what fails is explained, what works is not complained of.

The model's traces are held against a real cluster elsewhere; here rules are held against traces.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.advice import advise
from checker.api import ClusterSettings, admit
from checker.manifests import Source, read
from checker.network import build_cluster, trace
from tests.advice.building import AGNHOST, container, manifest, pod, policy, service

#: Rules that say that traffic does not arrive, or not always.
FATAL = {
    "client-blocked-by-policy",
    "client-port-unknown",
    "client-uses-target-port",
    "container-port-nobody-listens",
    "headless-service-port-differs",
    "listens-on-loopback",
    "policy-blocks-service",
    "policy-uses-service-port",
    "probe-fails",
    "probe-port-nobody-listens",
    "probe-port-unknown",
    "ports-collide-in-pod",
    "protocol-mismatch",
    "selector-matches-nothing",
    "service-only-some-pods-answer",
    "target-port-name-unknown",
    "target-port-nobody-listens",
}
#: Of these, what may be wrong beside a connection that works.
BESIDE = {"container-port-nobody-listens"}

PORTS = st.sampled_from([8080, 9090])
NAMES = st.sampled_from(["http", "web"])


@st.composite
def servers(draw: st.DrawFn) -> dict[str, Any]:
    """A pod of agnhost that declares what it likes."""
    listens = draw(PORTS)
    declared: list[dict[str, Any]] = []
    if draw(st.booleans()):
        port = {"name": draw(NAMES), "containerPort": draw(PORTS)}
        declared.append(port | {"protocol": draw(st.sampled_from(["TCP", "TCP", "TCP", "UDP"]))})
    more: dict[str, Any] = {}
    if draw(st.integers(0, 3)) == 0:
        probed = draw(st.one_of(PORTS, NAMES))
        more["readinessProbe"] = {"tcpSocket": {"port": probed}}
    args = ["test-webserver", f"--port={listens}"]
    return container(*declared, image=AGNHOST, args=args, **more)


@st.composite
def inputs(draw: st.DrawFn) -> list[dict[str, Any]]:
    target = draw(st.one_of(PORTS, NAMES))
    port = {"port": 80, "targetPort": target}
    label = draw(st.sampled_from(["web", "web", "web", "webb"]))
    objects = [service(ports=[port], selector={"app": label})]
    objects += [
        pod(draw(servers()), name=f"web-{index}", app="web")
        for index in range(draw(st.integers(1, 2)))
    ]
    if draw(st.integers(0, 3)) == 0:
        allowed = draw(st.sampled_from([80, 8080, 9090, "http"]))
        objects.append(policy(app="web", ingress=[{"ports": [{"port": allowed}]}]))
    dialled = draw(st.sampled_from([80, 80, 80, 8080]))
    env = [{"name": "URL", "value": f"http://web:{dialled}/"}]
    client = container(env=env, name="client", image=AGNHOST, args=["pause"])
    return [*objects, pod(client, name="client"), {"dialled": dialled}]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(inputs())
def test_findings_and_traces_agree(drawn: list[dict[str, Any]]) -> None:
    *objects, more = drawn
    resources = admit(read([Source("a.yaml", manifest(*objects))]).manifests).resources
    cluster = build_cluster(resources, ClusterSettings())
    verdict = trace(cluster, "pod/client", f"svc/web:{more['dialled']}").verdict
    findings = advise(cluster, resources)
    fatal = {one.rule for one in findings if one.rule in FATAL}
    explained = {one.rule for one in findings if one.severity != "note"}
    if verdict == "connected":
        # Pods that are never ready are no endpoints: the others answer. What is wrong with such
        # a pod besides is said all the same, for it comes to light once the pod is ready.
        unready = {"probe-fails", "probe-port-nobody-listens", "probe-port-unknown"}
        some = {"service-only-some-pods-answer", "policy-blocks-service"}
        partial = some if sum(one["kind"] == "Pod" for one in objects) > 2 else set()
        assert not fatal - BESIDE - unready - partial, findings
    elif verdict != "cannot-tell":
        assert fatal & explained, (verdict, findings)
