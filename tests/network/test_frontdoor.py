# ruff: noqa: E501 (one case of a table on one line reads best)
"""Ingress and HTTPRoute: FACTS C14; the Ingress page of kubernetes.io; Gateway API 1.x.

No controller runs in the recorded cluster: the cases follow the specifications.
"""

from __future__ import annotations

import pytest

from tests.network.clusters import CLIENT, go, pod

BACKENDS = (
    CLIENT
    + pod("web.shop", labels="app: web", container="ports: [{name: http, containerPort: 8080}]")
    + """
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: main, port: 80, targetPort: http}]}
---
apiVersion: v1
kind: Service
metadata: {name: unnamed, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: empty, namespace: shop}
spec: {selector: {app: nobody}, ports: [{port: 80}]}
"""
)


def ingress(paths: str, host: str = "shop.example", more: str = "") -> str:
    return f"""
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: front, namespace: shop}}
spec: {{rules: [{{host: "{host}", http: {{paths: [{paths}]}}}}]{more}}}
"""


def path(service: str, port: str, where: str = "/", kind: str = "Prefix") -> str:
    return f"{{path: {where}, pathType: {kind}, backend: {{service: {{name: {service}, port: {{{port}}}}}}}}}"


@pytest.mark.parametrize(
    ("service", "port", "verdict", "stage"),
    [
        ("web", "number: 80", "connected", "listener"),
        ("web", "name: main", "connected", "listener"),
        # The Service's port is meant, never the pod's.
        ("web", "number: 8080", "refused", "ingress"),
        ("web", "name: http", "refused", "ingress"),
        ("unnamed", "number: 8080", "refused", "ingress"),
        ("unnamed", "number: 80", "connected", "listener"),
        ("wob", "number: 80", "refused", "ingress"),
        ("empty", "number: 80", "refused", "endpoints"),
    ],
)
def test_backends(service: str, port: str, verdict: str, stage: str) -> None:
    trace = go(BACKENDS + ingress(path(service, port)), "external", "ingress/shop.example/")
    assert (trace.verdict, trace.hops[-1].stage) == (verdict, stage), trace.hops


@pytest.mark.parametrize(
    ("host", "request_", "verdict"),
    [
        ("shop.example", "shop.example/", "connected"),
        ("shop.example", "SHOP.example/x", "connected"),
        ("shop.example", "other.example/", "refused"),
        ("*.example", "shop.example/", "connected"),
        ("*.example", "a.shop.example/", "refused"),
        ("*.example", "example/", "refused"),
    ],
)
def test_hosts(host: str, request_: str, verdict: str) -> None:
    text = BACKENDS + ingress(path("web", "number: 80"), host)
    assert go(text, "external", f"ingress/{request_}").verdict == verdict


@pytest.mark.parametrize(
    ("where", "kind", "asked", "verdict"),
    [
        ("/api", "Prefix", "/api", "connected"),
        ("/api", "Prefix", "/api/v1", "connected"),
        ("/api/", "Prefix", "/api", "connected"),
        ("/api", "Prefix", "/apis", "refused"),
        ("/api", "Exact", "/api", "connected"),
        ("/api", "Exact", "/api/", "refused"),
        ("/api", "Exact", "/api/v1", "refused"),
    ],
)
def test_paths(where: str, kind: str, asked: str, verdict: str) -> None:
    text = BACKENDS + ingress(path("web", "number: 80", where, kind))
    assert go(text, "external", f"ingress/shop.example{asked}").verdict == verdict


def test_the_longest_path_wins_and_exact_before_prefix() -> None:
    paths = ", ".join(
        (path("empty", "number: 80", "/"), path("web", "number: 80", "/api"),
         path("empty", "number: 80", "/api/v1"), path("web", "number: 80", "/api/v1", "Exact"))
    )  # fmt: skip
    text = BACKENDS + ingress(paths)
    for asked, verdict in (
        ("/", "refused"),
        ("/api", "connected"),
        ("/api/v1", "connected"),
        ("/api/v1/x", "refused"),
    ):
        assert go(text, "external", f"ingress/shop.example{asked}").verdict == verdict


def test_default_backend() -> None:
    default = ", defaultBackend: {service: {name: web, port: {number: 80}}}"
    text = BACKENDS + ingress(path("empty", "number: 80", "/x"), more=default)
    assert go(text, "external", "ingress/elsewhere/").verdict == "connected"
    assert go(text, "external", "ingress/shop.example/x").verdict == "refused"


@pytest.mark.parametrize(
    ("peers", "verdict"),
    [
        ("[]", "timeout"),
        ("[{from: [{podSelector: {}}]}]", "timeout"),
        (
            "[{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}}]}]",
            "connected",
        ),
        ("[{ports: [{port: 8080}]}]", "connected"),
    ],
)
def test_policies_see_the_controller_not_the_client(peers: str, verdict: str) -> None:
    policy = f"""
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: p, namespace: shop}}
spec: {{podSelector: {{}}, policyTypes: [Ingress], ingress: {peers}}}
"""
    text = BACKENDS + ingress(path("web", "number: 80")) + policy
    assert go(text, "external", "ingress/shop.example/").verdict == verdict


GATEWAY = """
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: %s}
spec: {gatewayClassName: any, listeners: [{name: http, port: 80, protocol: HTTP%s}]}
"""


def route(backend: str, *, namespace: str = "shop", gateway: str = "infra", more: str = "") -> str:
    return f"""
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: r, namespace: {namespace}}}
spec:
  parentRefs: [{{name: edge, namespace: {gateway}}}]
  hostnames: [shop.example]
  rules: [{{backendRefs: [{backend}]{more}}}]
"""


ALL = ", allowedRoutes: {namespaces: {from: All}}"
GRANT = """
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: g, namespace: %s}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: routes}]
  to: [{group: "", kind: Service%s}]
"""


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (GATEWAY % ("infra", ALL) + route("{name: web, port: 80}"), "connected"),
        (GATEWAY % ("infra", ALL) + route("{name: web, port: 8080}"), "refused"),
        (GATEWAY % ("infra", ALL) + route("{name: wob, port: 80}"), "refused"),
        # A listener takes routes of its own namespace unless it says otherwise.
        (GATEWAY % ("infra", "") + route("{name: web, port: 80}"), "refused"),
        (GATEWAY % ("shop", "") + route("{name: web, port: 80}", gateway="shop"), "connected"),
        (
            GATEWAY
            % ("infra", ", hostname: other.example, allowedRoutes: {namespaces: {from: All}}")
            + route("{name: web, port: 80}"),
            "refused",
        ),
        (route("{name: web, port: 80}"), "refused"),
        (
            GATEWAY % ("infra", ALL)
            + route(
                "{name: web, port: 80}", more=", matches: [{path: {type: PathPrefix, value: /x}}]"
            ),
            "refused",
        ),
        # Across namespaces the Service's namespace has to grant it.
        (
            GATEWAY % ("infra", ALL)
            + route("{name: web, namespace: shop, port: 80}", namespace="routes"),
            "refused",
        ),
        (
            GATEWAY % ("infra", ALL)
            + route("{name: web, namespace: shop, port: 80}", namespace="routes")
            + GRANT % ("shop", ""),
            "connected",
        ),
        (
            GATEWAY % ("infra", ALL)
            + route("{name: web, namespace: shop, port: 80}", namespace="routes")
            + GRANT % ("shop", ", name: web"),
            "connected",
        ),
        (
            GATEWAY % ("infra", ALL)
            + route("{name: web, namespace: shop, port: 80}", namespace="routes")
            + GRANT % ("shop", ", name: db"),
            "refused",
        ),
        (
            GATEWAY % ("infra", ALL)
            + route("{name: web, namespace: shop, port: 80}", namespace="routes")
            + GRANT % ("routes", ""),
            "refused",
        ),
        (
            GATEWAY % ("infra", ALL) + route("{name: web, port: 80}, {name: empty, port: 80}"),
            "intermittent",
        ),
        (
            GATEWAY % ("infra", ALL)
            + route("{name: web, port: 80}, {name: empty, port: 80, weight: 0}"),
            "connected",
        ),
    ],
)
def test_http_routes(text: str, verdict: str) -> None:
    trace = go(BACKENDS + text, "external", "ingress/shop.example/")
    assert trace.verdict == verdict, trace.hops
