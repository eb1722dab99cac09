"""Traces and matrices made by hand: one of each verdict, and some that are hard to draw."""

from __future__ import annotations

from itertools import cycle, islice
from zlib import crc32

from checker.api.finding import ObjectRef
from checker.manifests import Location
from checker.network.answer import (
    Axis,
    EndpointVerdict,
    Hop,
    HopStatus,
    Matrix,
    Stage,
    Trace,
    Verdict,
)


def hop(
    stage: Stage,
    status: HopStatus,
    kind: str,
    name: str,
    detail: str,
    field: str = "",
    line: int = 0,
) -> Hop:
    groups = {"NetworkPolicy": "networking.k8s.io/v1", "Ingress": "networking.k8s.io/v1"}
    ref = ObjectRef(groups.get(kind, "v1"), kind, "default", name)
    return Hop(stage, status, ref, field, detail, Location("web.yaml", line, 7) if line else None)


SERVICE = hop(
    "service", "pass", "Service", "web", "10.96.0.14:80/TCP goes to targetPort 8080",
    "spec.ports[0]", 9,
)  # fmt: skip
ENDPOINTS = hop(
    "endpoints", "pass", "Service", "web", "the selector app=web finds 1 ready pod",
    "spec.selector", 6,
)  # fmt: skip

CONNECTED = Trace(
    "pod/client",
    "svc/web:80",
    "TCP",
    "connected",
    (
        SERVICE,
        ENDPOINTS,
        hop("egress-policy", "pass", "Pod", "client", "no policy isolates pod/client for egress"),
        hop(
            "ingress-policy", "pass", "NetworkPolicy", "web-from-client",
            "allows 8080/TCP from pods with role=client", "spec.ingress[0]", 31,
        ),
        hop("listener", "pass", "Pod", "web-1", "nginx listens on 0.0.0.0:8080/TCP", "", 18),
    ),
    (EndpointVerdict("web-1", 8080, "connected"),),
)  # fmt: skip

REFUSED = Trace(
    "pod/client",
    "svc/web:80",
    "TCP",
    "refused",
    (
        SERVICE,
        ENDPOINTS,
        hop(
            "listener", "fail", "Pod", "web-1",
            "nothing listens on 8080/TCP: container app (agnhost netexec) listens on 9376. "
            "Let targetPort be 9376, or its name.",
            "spec.ports[0].targetPort", 12,
        ),
    ),
    (EndpointVerdict("web-1", 8080, "refused"),),
)  # fmt: skip

TIMEOUT = Trace(
    "pod/client",
    "svc/web:80",
    "TCP",
    "timeout",
    (
        SERVICE,
        hop("endpoints", "pass", "Service", "web", "the selector app=web finds 3 ready pods"),
        hop("egress-policy", "pass", "Pod", "client", "no policy isolates pod/client for egress"),
        hop(
            "ingress-policy", "fail", "NetworkPolicy", "web-allow-http",
            "the policy allows 80/TCP, the Service's port, but the packet arrives at the pod's "
            "port, 8080/TCP: a policy sees pod ports",
            "spec.ingress[0].ports[0].port", 41,
        ),
    ),
    tuple(EndpointVerdict(f"web-{n}", 8080, "timeout") for n in (1, 2, 3)),
)  # fmt: skip

DNS_FAILURE = Trace(
    "pod/client",
    "dns/web.shop:80",
    "TCP",
    "dns-failure",
    (
        hop(
            "dns", "fail", "Pod", "client",
            "no Service named web in namespace shop; tried web.shop.default.svc.cluster.local, "
            "web.shop.svc.cluster.local, web.shop.cluster.local and web.shop",
        ),
    ),
    (),
)  # fmt: skip

INTERMITTENT = Trace(
    "deploy/client",
    "svc/web:80",
    "TCP",
    "intermittent",
    (
        hop("service", "pass", "Service", "web", "80/TCP goes to targetPort 8080"),
        hop("endpoints", "pass", "Service", "web", "the selector app=web finds 3 ready pods"),
        hop(
            "listener", "fail", "Pod", "web-v2-6c5f7d9b44-q8xkz",
            "nothing listens on 8080/TCP: version 2 listens on 9090",
            "spec.ports[0].targetPort", 12,
        ),
    ),
    (
        EndpointVerdict("web-v1-7d9c8bd5c6-2xlpn", 8080, "connected"),
        EndpointVerdict("web-v1-7d9c8bd5c6-k9w4t", 8080, "connected"),
        EndpointVerdict("web-v2-6c5f7d9b44-q8xkz", 8080, "refused"),
    ),
)  # fmt: skip

CANNOT_TELL = Trace(
    "external",
    "node/kind-worker:30080",
    "TCP",
    "cannot-tell",
    (
        hop("node-port", "pass", "Service", "shop", "every node serves 30080", "spec.type", 4),
        hop("endpoints", "pass", "Service", "shop", "the selector app=shop finds 1 ready pod"),
        hop(
            "listener", "unknown", "Pod", "shop-0",
            "what registry.example.com/shop:2.1 listens on is not known; the annotation "
            'checker/listens: "8080/TCP" on the pod would settle it',
            "spec.containers[0].image", 22,
        ),
    ),
    (EndpointVerdict("shop-0", 8080, "cannot-tell"),),
)  # fmt: skip

REJECTED = Trace(
    "pod/client",
    "svc/web:80",
    "TCP",
    "rejected",
    (
        hop(
            "service", "fail", "Service", "web",
            'Invalid value: "Web_Port": must contain only alpha-numeric characters (a-z, 0-9), '
            "and hyphens (-)",
            "spec.ports[0].targetPort", 11,
        ),
    ),
    (),
)  # fmt: skip

#: Many endpoints, long names, a way through everything.
LONG = Trace(
    "deploy/frontend-with-quite-a-long-name.online-shop-production-europe-west",
    "ingress/checkout.shop.example.com/api/v1/checkout",
    "TCP",
    "intermittent",
    (
        hop("dns", "pass", "Service", "ingress-gateway-controller-external", "10.96.7.1"),
        hop(
            "ingress", "pass", "Ingress", "checkout-public-entry-point-for-all-regions",
            "host checkout.shop.example.com, path /api/v1/checkout (Prefix): "
            "Service checkout-backend, port number 80. " * 4,
            "spec.rules[0].http.paths[0].backend.service.port.number", 17,
        ),
        hop("service", "pass", "Service", "checkout-backend", "80/TCP goes to targetPort http"),
        hop("pod", "unknown", "Pod", "checkout-backend-0", "placement is open"),
        hop(
            "listener", "fail", "Pod", "checkout-backend-7d9c8bd5c6-abcde",
            "nothing listens on aVeryLongNameWithoutAnyPlaceToBreakItWhichMustBeBrokenAllTheSame: "
            "the container listens on 9090",
            "spec.template.spec.containers[0].ports[0].containerPort", 4711,
        ),
        hop("ingress-policy", "pass", "NetworkPolicy", "beyond", "not asked any more"),
    ),
    tuple(
        EndpointVerdict(f"checkout-backend-7d9c8bd5c6-{n:05d}", 8080, verdict)
        for n, verdict in enumerate(
            islice(cycle(("connected", "connected", "refused", "connected", "timeout")), 14)
        )
    ),
)  # fmt: skip

UDP_POD = Trace(
    "pod/client", "pod/dns-server:53", "UDP", "connected",
    (hop("listener", "pass", "Pod", "dns-server", "listens on 53/UDP"),),
    (EndpointVerdict("dns-server", 53, "connected"),),
)  # fmt: skip

TRACES: dict[str, Trace] = {
    "connected": CONNECTED,
    "refused": REFUSED,
    "timeout": TIMEOUT,
    "dns-failure": DNS_FAILURE,
    "intermittent": INTERMITTENT,
    "cannot-tell": CANNOT_TELL,
    "rejected": REJECTED,
    "long": LONG,
    "udp": UDP_POD,
}

_ALL: tuple[Verdict, ...] = (
    "connected", "refused", "timeout", "dns-failure", "rejected", "intermittent", "cannot-tell",
)  # fmt: skip

SMALL = Matrix(
    "TCP",
    (Axis("pod/gateway.edge", ("gateway",)), Axis("pod/api.shop", ("api-1", "api-2")),
     Axis("pod/batch.jobs", ("batch",))),
    (Axis("svc/gateway.edge:443", ("gateway",)), Axis("svc/api.shop:80", ("api-1", "api-2")),
     Axis("pod/batch.jobs:9090", ("batch",))),
    (("connected", "connected", "timeout"), ("timeout", "connected", "timeout"),
     ("timeout", "timeout", "connected")),
)  # fmt: skip


def matrix_of(rows: int, columns: int, kinds: int = 7) -> Matrix:
    """Every verdict, in rows of `kinds` kinds."""
    spaces = ("shop", "payments", "monitoring")
    return Matrix(
        "TCP",
        tuple(
            Axis(
                f"pod/app-{n}.{spaces[n * 3 // rows]}", tuple(f"app-{n}-{m}" for m in range(n % 4))
            )
            for n in range(rows)
        ),
        tuple(
            Axis(f"svc/service-{n}.{spaces[n * 3 // columns]}:{8000 + n}", ())
            for n in range(columns)
        ),
        tuple(
            tuple(
                "connected"
                if crc32(b"%d %d" % (x, y % kinds)) % 3
                else _ALL[crc32(b"%d %d" % (y % kinds, x)) % 7]
                for x in range(columns)
            )
            for y in range(rows)
        ),
    )  # fmt: skip


MATRICES: dict[str, Matrix] = {
    "small": SMALL,
    "seven": matrix_of(7, 7),
    "twenty": matrix_of(20, 24, 20),
    "folded": matrix_of(60, 30),
    "compact": matrix_of(90, 60, 90),
    "beyond": matrix_of(200, 180, 200),
    "empty": Matrix("TCP", (), (), ()),
}
