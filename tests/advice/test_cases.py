"""Every case of every rule, by a manifest that meets it: no sentence is unheard."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from checker.advice import explain
from checker.advice.rule import rule_ids
from tests.advice.building import (
    AGNHOST,
    container,
    deployment,
    ingress,
    manifest,
    netexec,
    pod,
    policy,
    service,
)
from tests.advice.linting import found, lint

GATEWAY = "gateway.networking.k8s.io"


def route(origin: str, name: str, **backend: object) -> dict[str, object]:
    return {
        "apiVersion": f"{GATEWAY}/v1",
        "kind": "HTTPRoute",
        "metadata": {"name": "web", "namespace": origin},
        "spec": {"rules": [{"backendRefs": [{"name": name, "port": 80} | backend]}]},
    }


def grant(namespace: str, origin: str = "edge") -> dict[str, object]:
    return {
        "apiVersion": f"{GATEWAY}/v1beta1",
        "kind": "ReferenceGrant",
        "metadata": {"name": "grant", "namespace": namespace},
        "spec": {
            "from": [{"group": GATEWAY, "kind": "HTTPRoute", "namespace": origin}],
            "to": [{"group": "", "kind": "Service"}],
        },
    }


def probed(kind: str, port: int | str, image: str = AGNHOST) -> dict[str, object]:
    return pod(
        container(
            {"name": "http", "containerPort": 8080},
            image=image,
            args=["netexec", "--http-port=8080"],
            **{kind: {"httpGet": {"path": "/", "port": port}}},
        )
    )


def hooked(kind: str, port: int | str) -> dict[str, object]:
    return pod(
        container(
            {"name": "http", "containerPort": 8080},
            image=AGNHOST,
            args=["netexec", "--http-port=8080"],
            lifecycle={kind: {"httpGet": {"path": "/", "port": port}}},
        )
    )


LOOPBACK = ["python", "-m", "http.server", "8000", "--bind", "127.0.0.1"]
NEAR = pod(container(), app="webb")
FAR = pod(container(), namespace="shop")
OTHER = pod(container(), name="db")
ANNOTATED = {"apiVersion": "v1", "kind": "ConfigMap"}
CLIENT = pod(container(env=[{"name": "API", "value": "http://api:80"}]), name="client")
API = (service("api", ports=[{"port": 80, "targetPort": 8080}]), pod(container(8080), name="api"))
NODE_PORTS = {"containerPort": 80, "hostPort": 8080}


def annotated(name: str, value: str) -> dict[str, object]:
    return ANNOTATED | {"metadata": {"name": "a", "annotations": {f"checker/ignore.{name}": value}}}


def admitting(**peer: object) -> dict[str, object]:
    return policy(app="api", ingress=[{"from": [peer]}])


CASES: dict[tuple[str, str], tuple[dict[str, object], ...]] = {
    ("selector-matches-nothing", "near"): (service(), NEAR),
    ("selector-matches-nothing", "message"): (service(), OTHER),
    ("selector-matches-nothing", "elsewhere"): (service(), FAR),
    ("selector-matches-nothing", "no_pods"): (service(),),
    ("policy-selects-nothing", "near"): (policy(app="web"), NEAR),
    ("policy-selects-nothing", "message"): (policy(app="web"), OTHER),
    ("policy-selects-nothing", "elsewhere"): (policy(app="web"), FAR),
    ("policy-selects-nothing", "no_pods"): (policy(app="web"),),
    ("target-port-undeclared", "works"): (service(ports=[{"port": 8080}]), pod(netexec(8080))),
    ("listens-on-loopback", "declared"): (
        pod(container(8000, image="python:3.13", command=LOOPBACK)),
    ),
    ("container-port-nobody-listens", "named"): (
        pod(netexec(8080, {"name": "http", "containerPort": 80})),
    ),
    ("probe-port-unknown", "startup"): (probed("startupProbe", "web"),),
    ("probe-port-unknown", "liveness"): (probed("livenessProbe", "web"),),
    ("probe-port-unknown", "post_start"): (hooked("postStart", "web"),),
    ("probe-port-unknown", "pre_stop"): (hooked("preStop", "web"),),
    ("probe-port-nobody-listens", "startup"): (probed("startupProbe", 9090),),
    ("probe-port-nobody-listens", "liveness"): (probed("livenessProbe", 9090),),
    ("probe-port-nobody-listens", "post_start"): (hooked("postStart", 9090),),
    ("probe-port-nobody-listens", "pre_stop"): (hooked("preStop", 9090),),
    ("probe-port-nobody-listens", "loopback"): (
        pod(
            container(
                image="python:3.13",
                command=LOOPBACK,
                readinessProbe={"tcpSocket": {"port": 8000}},
            )
        ),
    ),
    ("external-name-ignores", "selector"): (
        service(type="ExternalName", externalName="db.example.com"),
    ),
    ("headless-service-port-differs", "client"): (
        service("api", clusterIP="None", ports=[{"port": 80, "targetPort": 8080}]),
        pod(netexec(8080, 8080), name="api"),
        CLIENT,
    ),
    ("mesh-protocol-name", "listener"): (
        service(ports=[{"name": "http-cache", "port": 6379}]),
        pod(container(6379, image="redis:7")),
    ),
    ("ingress-service-missing", "elsewhere"): (
        ingress("web", {"number": 80}),
        service(namespace="shop"),
    ),
    ("ingress-service-missing", "no_services"): (ingress("web", {"number": 80}),),
    ("ingress-port-missing", "message"): (ingress("web", {"number": 81}), service()),
    ("route-service-missing", "elsewhere"): (route("edge", "web"), service(namespace="shop")),
    ("route-service-missing", "no_services"): (route("edge", "web"),),
    ("route-port-missing", "message"): (
        route("edge", "web", port=81),
        service(namespace="edge"),
    ),
    ("route-not-attached", "not_allowed"): (
        {
            "apiVersion": f"{GATEWAY}/v1",
            "kind": "Gateway",
            "metadata": {"name": "edge", "namespace": "edge"},
            "spec": {
                "gatewayClassName": "example",
                "listeners": [{"name": "http", "port": 80, "protocol": "HTTP"}],
            },
        },
        {
            "apiVersion": f"{GATEWAY}/v1",
            "kind": "HTTPRoute",
            "metadata": {"name": "web", "namespace": "shop"},
            "spec": {"parentRefs": [{"name": "edge", "namespace": "edge"}]},
        },
    ),
    ("route-grant-missing", "unseen"): (route("edge", "web", namespace="shop"),),
    ("route-grant-missing", "own_namespace"): (
        route("edge", "web", namespace="shop"),
        service(namespace="shop"),
        grant("edge"),
    ),
    ("host-port-used", "daemon"): (deployment(container(NODE_PORTS), kind="DaemonSet"),),
    ("host-port-conflict", "one_node"): (
        deployment(container(NODE_PORTS), name="a"),
        deployment(container(NODE_PORTS), name="b"),
    ),
    ("host-port-conflict", "message"): (
        deployment(container(NODE_PORTS), kind="DaemonSet", name="a"),
        deployment(container(NODE_PORTS), name="b"),
    ),
    ("client-port-unknown", "default"): (service("api", ports=[{"port": 8080}]), pod(
        container(env=[{"name": "API", "value": "http://api/v1"}]), name="client")),
    ("client-blocked-by-policy", "egress"): (
        *API,
        CLIENT,
        policy(app="client", policyTypes=["Egress"], egress=[{"ports": [{"port": 443}]}]),
    ),
    ("policy-blocks-service", "deny_all"): (*API, policy()),
    ("policy-blocks-service", "some"): (
        service("api", ports=[{"port": 80, "targetPort": "http"}]),
        pod(container({"name": "http", "containerPort": 8080}), name="v1", app="api"),
        pod(container({"name": "http", "containerPort": 9090}), name="v2", app="api"),
        policy(app="api", ingress=[{"ports": [{"port": 8080}]}]),
    ),
    ("policy-peer-matches-nothing", "key"): (
        pod(container(), name="api"),
        pod(container(), name="web"),
        admitting(podSelector={"matchLabels": {"role": "web"}}),
    ),
    ("policy-peer-matches-nothing", "elsewhere"): (
        pod(container(), name="api"),
        pod(container(), namespace="shop"),
        admitting(podSelector={"matchLabels": {"app": "web"}}),
    ),
    ("policy-peer-matches-nothing", "other_namespace"): (
        pod(container(), name="api"),
        pod(container(), namespace="shop"),
        pod(container(), namespace="shop", name="db"),
        admitting(
            podSelector={"matchLabels": {"app": "api"}},
            namespaceSelector={"matchLabels": {"kubernetes.io/metadata.name": "shop"}},
        ),
    ),
    ("ignore-unusable", "unknown"): (annotated("no-such-rule", "because"),),
    ("ignore-unusable", "api_server"): (annotated("api-required", "because"),),
}  # fmt: skip


def all_cases() -> set[tuple[str, str]]:
    rules = files("checker.advice") / "rules"
    return {
        (rule_id, case)
        for rule_id in rule_ids()
        for case in tomllib.loads((rules / f"{rule_id}.toml").read_text(encoding="utf-8"))["says"]
    }


def of_examples() -> set[tuple[str, str]]:
    return {(one.rule, one.case) for rule_id in rule_ids() for one in found(explain(rule_id).bad)}


def test_no_case_is_left_out() -> None:
    assert all_cases() == of_examples() | set(CASES)


@pytest.mark.parametrize("case", CASES, ids="/".join)
def test_case(case: tuple[str, str]) -> None:
    text = manifest(*CASES[case])
    assert case in {(one.rule, one.case) for one in found(text)}
    for one in lint(text):
        assert "{" not in one.message + one.why + one.fix
        assert one.location is not None


def test_what_the_annotation_says_is_pointed_at() -> None:
    """`checker/listens` is where a listener that only it knows of is to be changed."""
    web = pod(container(), name="web")
    web["metadata"]["annotations"] = {"checker/listens": "127.0.0.1:8080/TCP"}
    findings = lint(manifest(service(ports=[{"port": 8080}]), web))
    assert [(one.rule, one.field) for one in findings] == [
        ("listens-on-loopback", "metadata.annotations[checker/listens]")
    ]
    assert findings[0].location is not None
    assert findings[0].location.line == 18
