# ruff: noqa: E501 (one case of a table on one line reads best)
"""Ingress and HTTPRoute: FACTS C14; the Ingress page of kubernetes.io; Gateway API 1.x.

No controller runs in the recorded cluster, for it has no images of any: the cases follow the
specifications, and where these leave a thing to the controller the answer is `cannot-tell`.
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


def many(*ingresses: str) -> str:
    """Ingresses of names of their own."""
    return "".join(
        one.replace("name: front", f"name: front-{n}") for n, one in enumerate(ingresses)
    )


GOOD, BAD = "web", "empty"


@pytest.mark.parametrize(
    ("text", "asked", "verdict"),
    [
        # k8s.io/api networking/v1 HTTPIngressPath: Prefix by elements, "/" matches all paths.
        (ingress(path(GOOD, "number: 80", "/")), "shop.example/any/path", "connected"),
        (ingress(path(GOOD, "number: 80", "/aaa/bbb")), "shop.example/aaa/bbbxyz", "refused"),
        (ingress(path(GOOD, "number: 80", "/aaa/bbb/")), "shop.example/aaa/bbb/ccc", "connected"),
        (ingress(path(GOOD, "number: 80", "/foo")), "shop.example/FOO", "refused"),
        (ingress(path(GOOD, "number: 80", "/foo", "Exact")), "shop.example/foo?x=/", "connected"),
        # "Multiple matches": the longest path, Exact before Prefix.
        (ingress(path(BAD, "number: 80", "/") + ", " + path(GOOD, "number: 80", "/aaa")), "shop.example/aaa/ccc", "connected"),
        # Interpretation of ImplementationSpecific "is up to the IngressClass".
        (ingress(path(GOOD, "number: 80", "/foo", "ImplementationSpecific")), "shop.example/foo/bar", "connected"),
        (ingress(path(GOOD, "number: 80", "/foo", "ImplementationSpecific")), "shop.example/foobar", "cannot-tell"),
        (ingress(path(GOOD, "number: 80", "/foo(/|$)(.*)", "ImplementationSpecific")), "shop.example/foo/bar", "cannot-tell"),
        (ingress(path(GOOD, "number: 80", "/foo", "ImplementationSpecific")), "shop.example/bar", "refused"),
        # An exact host before a wildcard; whether the wildcard's rule helps out is not said.
        (many(ingress(path(BAD, "number: 80"), "*.example"), ingress(path(GOOD, "number: 80"))), "shop.example/", "connected"),
        (many(ingress(path(GOOD, "number: 80"), "*.example"), ingress(path(BAD, "number: 80", "/x"))), "shop.example/y", "cannot-tell"),
        (many(ingress(path(GOOD, "number: 80"), "*.example"), ingress(path(BAD, "number: 80", "/x"))), "more.example/y", "connected"),
        # "If none of the hosts or paths match, the traffic is routed to your default backend."
        (ingress(path(BAD, "number: 80", "/x"), more=", defaultBackend: {service: {name: web, port: {number: 80}}}"), "shop.example/y", "connected"),
        # A resource backend; two Ingresses that say different things about one host and path.
        (ingress("{path: /, pathType: Prefix, backend: {resource: {apiGroup: k8s.example.com, kind: Bucket, name: b}}}"), "shop.example/", "cannot-tell"),
        (many(ingress(path(GOOD, "number: 80")), ingress(path(BAD, "number: 80"))), "shop.example/", "cannot-tell"),
        (many(ingress(path(GOOD, "number: 80")), ingress(path(GOOD, "number: 80"))), "shop.example/", "connected"),
    ],
)  # fmt: skip
def test_ingress_as_specified(text: str, asked: str, verdict: str) -> None:
    """kubernetes.io, "Ingress": path types, multiple matches, hostname wildcards, default backend,
    resource backends; `k8s.io/api/networking/v1/types.go`.
    """
    assert go(BACKENDS + text, "external", f"ingress/{asked}").verdict == verdict


CLASS = """
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: nginx%s}
spec: {controller: k8s.io/ingress-nginx}
"""
DEFAULT = ', annotations: {ingressclass.kubernetes.io/is-default-class: "true"}'


@pytest.mark.parametrize(
    ("classes", "name", "verdict"),
    [
        ("", "", "connected"),
        ("", "nginx", "connected"),
        (CLASS % "", "nginx", "connected"),
        (CLASS % DEFAULT, "", "connected"),
        (CLASS % "", "", "cannot-tell"),
        (CLASS % "", "traefik", "cannot-tell"),
    ],
)
def test_ingress_classes(classes: str, name: str, verdict: str) -> None:
    """kubernetes.io, "Ingress class", "Default IngressClass"; kind's ingress-nginx watches those
    without a class, others do not.
    """
    more = f", ingressClassName: {name}" if name else ""
    text = BACKENDS + classes + ingress(path("web", "number: 80"), more=more)
    assert go(text, "external", "ingress/shop.example/").verdict == verdict


def http_route(
    name: str, hosts: str, rules: str, parent: str = "{name: edge, namespace: infra}"
) -> str:
    return f"""
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: {name}, namespace: shop}}
spec: {{parentRefs: [{parent}], hostnames: [{hosts}], rules: [{rules}]}}
"""


def rule(service: str, *matches: str) -> str:
    said = f"matches: [{', '.join(matches)}], " if matches else ""
    return f"{{{said}backendRefs: [{{name: {service}, port: 80}}]}}"


def at(kind: str, value: str, more: str = "") -> str:
    return f'{{path: {{type: {kind}, value: "{value}"}}{more}}}'


HOST = '"shop.example"'
OPEN_GATEWAY = GATEWAY % ("infra", ALL)


@pytest.mark.parametrize(
    ("text", "asked", "verdict"),
    [
        # HTTPRouteSpec.Hostnames: a wildcard is a suffix match; the longest exact, then any, wins.
        (http_route("r", '"*.example"', rule(GOOD)), "a.b.example/", "connected"),
        (http_route("r", '"*.example"', rule(GOOD)), "example/", "refused"),
        (http_route("r", '"*.example"', rule(BAD)) + http_route("s", '"*.shop.example"', rule(GOOD)), "a.shop.example/", "connected"),
        (http_route("r", '"*.example"', rule(BAD, at("Exact", "/x"))) + http_route("s", HOST, rule(GOOD)), "shop.example/x", "connected"),
        # HTTPRouteRule.Matches: Exact, then the longest prefix, then a method.
        (http_route("r", HOST, rule(BAD, at("PathPrefix", "/x")) + ", " + rule(GOOD, at("Exact", "/x"))), "shop.example/x", "connected"),
        (http_route("r", HOST, rule(BAD, at("PathPrefix", "/")) + ", " + rule(GOOD, at("PathPrefix", "/x"))), "shop.example/x/y", "connected"),
        (http_route("r", HOST, rule(BAD, at("PathPrefix", "/x")) + ", " + rule(GOOD, at("PathPrefix", "/x", ", method: GET"))), "shop.example/x", "connected"),
        (http_route("r", HOST, rule(GOOD, at("PathPrefix", "/abc"))), "shop.example/abcd", "refused"),
        # The first rule of one route.
        (http_route("r", HOST, rule(GOOD) + ", " + rule(BAD)), "shop.example/", "connected"),
        # The oldest of several routes: which that is, nobody knows beforehand.
        (http_route("r", HOST, rule(GOOD)) + http_route("s", HOST, rule(BAD)), "shop.example/", "cannot-tell"),
        # A plain GET has no header and no parameter.
        (http_route("r", HOST, rule(BAD, at("PathPrefix", "/", ", headers: [{name: v, value: a}]")) + ", " + rule(GOOD)), "shop.example/", "connected"),
        (http_route("r", HOST, rule(BAD, at("PathPrefix", "/", ", queryParams: [{name: v, value: a}]")) + ", " + rule(GOOD)), "shop.example/", "connected"),
        (http_route("r", HOST, rule(BAD, at("PathPrefix", "/", ", method: POST")) + ", " + rule(GOOD)), "shop.example/", "connected"),
        # "The precedence of RegularExpression path matches is implementation-specific."
        (http_route("r", HOST, rule(GOOD, at("RegularExpression", "/x.*")) + ", " + rule(BAD)), "shop.example/xy", "cannot-tell"),
        (http_route("r", HOST, rule(BAD, at("RegularExpression", "/x.*")) + ", " + rule(GOOD, at("Exact", "/x"))), "shop.example/x", "connected"),
        (http_route("r", HOST, rule(BAD, at("RegularExpression", "/y.*")) + ", " + rule(GOOD)), "shop.example/x", "connected"),
        # Of two backends one is invalid: its share of the requests is answered with 500.
        (http_route("r", HOST, "{backendRefs: [{name: web, port: 80}, {name: web, namespace: default, port: 80}]}"), "shop.example/", "intermittent"),
        # A route that is not attached takes nothing from one that is.
        (http_route("r", HOST, rule(BAD), "{name: nobody}") + http_route("s", '"*.example"', rule(GOOD)), "shop.example/", "connected"),
        # A route for a mesh's Service is none for requests from outside.
        (http_route("r", HOST, rule(GOOD), '{kind: Service, group: "", name: web}'), "shop.example/", "refused"),
    ],
)  # fmt: skip
def test_http_route_as_specified(text: str, asked: str, verdict: str) -> None:
    """Gateway API 1.x, apis/v1/httproute_types.go: Hostnames, Matches, BackendRefs."""
    assert go(BACKENDS + OPEN_GATEWAY + text, "external", f"ingress/{asked}").verdict == verdict


@pytest.mark.parametrize(
    ("listener", "verdict"),
    [
        (ALL, "connected"),
        (ALL + ", hostname: '*.example'", "connected"),
        (ALL + ", hostname: other.example", "refused"),
        (", allowedRoutes: {namespaces: {from: All}, kinds: [{kind: GRPCRoute}]}", "refused"),
        (", allowedRoutes: {namespaces: {from: All}, kinds: [{kind: HTTPRoute}]}", "connected"),
        (", allowedRoutes: {namespaces: {from: None}}", "refused"),
    ],
)
def test_listeners_of_a_gateway(listener: str, verdict: str) -> None:
    """Gateway API 1.x, apis/v1/gateway_types.go: Listener, AllowedRoutes."""
    text = BACKENDS + GATEWAY % ("infra", listener) + http_route("r", HOST, rule(GOOD))
    assert go(text, "external", "ingress/shop.example/").verdict == verdict
    other = text.replace("protocol: HTTP", "protocol: TCP")
    assert go(other, "external", "ingress/shop.example/").verdict == "refused"


def test_an_image_whose_name_only_looks_like_a_controllers_is_none() -> None:
    """traefik/whoami is no Traefik: requests come from the controller all the same."""
    policy = """
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec:
  podSelector: {}
  ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}}]}]
"""
    who = pod("who", labels="app: who").replace(
        "registry.k8s.io/e2e-test-images/agnhost:2.63.0", "traefik/whoami"
    )
    text = BACKENDS + who + policy + ingress(path("web", "number: 80"))
    assert go(text, "external", "ingress/shop.example/").verdict == "connected"
    real = text.replace("traefik/whoami", "traefik:v3.1")
    assert go(real, "external", "ingress/shop.example/").verdict == "timeout"
