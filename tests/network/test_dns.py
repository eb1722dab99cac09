# ruff: noqa: E501 (one case of a table on one line reads best)
"""Names: FACTS C8, kubernetes/dns specification 1.1.0, the search path of a pod; and variables."""

from __future__ import annotations

import pytest

from checker.network.dns import Srv, srv_records
from checker.network.environment import service_variables
from tests.network.clusters import CLIENT, cluster, go, pod

TEXT = (
    CLIENT
    + pod("web", labels="app: web", container="ports: [{name: http, containerPort: 8080}]")
    + pod("api.other", labels="app: api")
    + """
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, clusterIP: 10.96.7.7, ports: [{name: http-main, port: 80, targetPort: http}, {name: b, port: 81, protocol: UDP}]}
---
apiVersion: v1
kind: Service
metadata: {name: headless}
spec: {selector: {app: web}, clusterIP: None, ports: [{name: http, port: 80, targetPort: http}]}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: other}
spec: {selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: alias}
spec: {type: ExternalName, externalName: api.other.svc.cluster.local}
---
apiVersion: v1
kind: Service
metadata: {name: outside}
spec: {type: ExternalName, externalName: example.com}
---
apiVersion: v1
kind: Service
metadata: {name: circle}
spec: {type: ExternalName, externalName: circle.default.svc.cluster.local}
---
apiVersion: v1
kind: Service
metadata: {name: empty}
spec: {selector: {app: nobody}, clusterIP: None, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  replicas: 2
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: c, image: agnhost, args: [netexec], ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: db}
spec: {selector: {app: db}, clusterIP: None, ports: [{name: http, port: 80, targetPort: http}]}
"""
)


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("web:80", "connected"),
        ("web.default:80", "connected"),
        ("web.default.svc:80", "connected"),
        ("web.default.svc.cluster.local:80", "connected"),
        ("web.default.svc.cluster.local.:80", "connected"),
        ("WEB:80", "connected"),
        ("web:http-main", "connected"),
        ("web.:80", "dns-failure"),
        ("web.other:80", "dns-failure"),
        ("api:80", "dns-failure"),
        ("api.other:80", "connected"),
        ("api.other.svc.cluster:80", "dns-failure"),
        # A headless name gives the pods' addresses: nothing translates the port.
        ("headless:80", "refused"),
        ("headless:8080", "connected"),
        ("headless:http", "connected"),
        ("empty:80", "dns-failure"),
        ("db-0.db:8080", "connected"),
        ("db-1.db.default.svc.cluster.local:8080", "connected"),
        ("db-2.db:8080", "dns-failure"),
        ("db-0:8080", "dns-failure"),
        # An ExternalName translates no port either.
        ("alias:80", "connected"),
        ("alias:8080", "refused"),
        ("outside:80", "cannot-tell"),
        ("circle:80", "dns-failure"),
        ("example.com:443", "cannot-tell"),
        # SRV names exist for named ports only.
        ("_http-main._tcp.web:80", "connected"),
        ("_http._tcp.web:80", "dns-failure"),
        ("kubernetes.default:443", "connected"),
        ("kubernetes:443", "connected"),
        ("localhost:1", "refused"),
        ("client:1", "refused"),
        ("10.96.7.7:80", "connected"),
        ("10.96.9.9:80", "timeout"),
    ],
)
def test_lookup_and_dial(name: str, verdict: str) -> None:
    trace = go(TEXT, "pod/client", f"dns/{name}")
    assert trace.verdict == verdict, trace.hops
    if verdict == "dns-failure":
        assert trace.hops[-1].stage == "dns"


def test_svc_makes_no_lookup() -> None:
    assert go(TEXT, "pod/client", "svc/headless:80").verdict == "refused"
    assert go(TEXT, "pod/client", "svc/headless:8080").verdict == "connected"
    assert go(TEXT, "pod/client", "svc/alias:80").verdict == "connected"
    assert go(TEXT, "pod/client", "svc/outside:80").verdict == "cannot-tell"


@pytest.mark.parametrize(
    ("spec", "verdict"),
    [
        ("dnsPolicy: Default", "dns-failure"),
        ("dnsPolicy: ClusterFirst", "connected"),
        ("dnsPolicy: None\n  dnsConfig: {nameservers: [10.1.1.1]}", "cannot-tell"),
        ("hostNetwork: true", "dns-failure"),
        ("hostNetwork: true\n  dnsPolicy: ClusterFirstWithHostNet", "connected"),
        ("hostAliases: [{ip: 10.96.7.7, hostnames: [webshop]}]", "connected"),
    ],
)
def test_who_asks_whom(spec: str, verdict: str) -> None:
    text = TEXT.replace(
        "name: client, namespace: default, labels: {app: client}}\nspec:",
        f"name: client, namespace: default, labels: {{app: client}}}}\nspec:\n  {spec}",
    )
    name = "webshop" if "Aliases" in spec else "web"
    assert go(text, "pod/client", f"dns/{name}:80").verdict == verdict
    assert go(text, "pod/client", "svc/web:80").verdict == "connected"


def test_nodes_and_the_world_do_not_ask_the_clusters_dns() -> None:
    assert go(TEXT, "node", "dns/web:80").verdict == "dns-failure"
    assert go(TEXT, "external", "dns/web:80").verdict == "dns-failure"


def test_srv_records() -> None:
    made = cluster(TEXT)
    web, db = made.find_service("default", "web"), made.find_service("default", "db")
    assert web is not None
    assert db is not None
    assert srv_records(made, web, "http-main", "TCP") == [Srv(80, "web.default.svc.cluster.local")]
    assert srv_records(made, web, "http-main", "UDP") == []
    # A headless Service's carry the pods' own port.
    assert srv_records(made, db, "http", "TCP") == [
        Srv(8080, "db-0.db.default.svc.cluster.local"),
        Srv(8080, "db-1.db.default.svc.cluster.local"),
    ]


def test_variables() -> None:
    """FACTS C9, `pkg/kubelet/envvars: FromServices`."""
    made = cluster(TEXT)
    client = made.find_pod("default", "client")
    assert client is not None
    services = made.services.values()
    found = service_variables(services, "default", links=True)
    assert {key: value for key, value in found.items() if key.startswith("WEB_")} == {
        "WEB_SERVICE_HOST": "10.96.7.7",
        "WEB_SERVICE_PORT": "80",
        "WEB_SERVICE_PORT_HTTP_MAIN": "80",
        "WEB_SERVICE_PORT_B": "81",
        "WEB_PORT": "tcp://10.96.7.7:80",
        "WEB_PORT_80_TCP": "tcp://10.96.7.7:80",
        "WEB_PORT_80_TCP_PROTO": "tcp",
        "WEB_PORT_80_TCP_PORT": "80",
        "WEB_PORT_80_TCP_ADDR": "10.96.7.7",
        "WEB_PORT_81_UDP": "udp://10.96.7.7:81",
        "WEB_PORT_81_UDP_PROTO": "udp",
        "WEB_PORT_81_UDP_PORT": "81",
        "WEB_PORT_81_UDP_ADDR": "10.96.7.7",
    }
    assert not any(key.startswith(("HEADLESS_", "ALIAS_", "API_")) for key in found)
    assert found["KUBERNETES_SERVICE_PORT"] == "443"
    quiet = cluster(
        TEXT.replace(
            "name: client, namespace: default, labels: {app: client}}\nspec:",
            "name: client, namespace: default, labels: {app: client}}\nspec:\n  enableServiceLinks: false",
        )
    ).find_pod("default", "client")
    assert quiet is not None
    kept = service_variables(services, "default", links=False)
    assert set(kept) == {key for key in found if key.startswith("KUBERNETES_")}


@pytest.mark.parametrize(
    ("servers", "name", "expected"),
    [
        ("[8.8.8.8]", "web.default.svc.cluster.local", "dns-failure"),
        ("[1.1.1.1, 8.8.8.8]", "web", "dns-failure"),
        ("[8.8.8.8]", "example.com", "cannot-tell"),
        # Reached or not, the first decides whether the second is asked.
        ("[8.8.8.8, 10.96.0.10]", "web.default.svc.cluster.local", "cannot-tell"),
        ("[10.96.0.10, 8.8.8.8]", "web.default.svc.cluster.local", "connected"),
        # RFC 5737: nobody's.
        ("[192.0.2.1]", "web.default.svc.cluster.local", "dns-failure"),
        ("[192.0.2.1, 10.96.0.10]", "web.default.svc.cluster.local", "connected"),
        # A cache on the node knows what the cluster's server knows, if there is one.
        ("[169.254.20.10]", "web.default.svc.cluster.local", "cannot-tell"),
        ("[127.0.0.1]", "web.default.svc.cluster.local", "dns-failure"),
    ],
)
def test_name_servers_of_ones_own(servers: str, name: str, expected: str) -> None:
    text = pod("web", labels="app: web") + pod(
        "client", args="pause", dnsPolicy="None", dnsConfig=f"{{nameservers: {servers}}}"
    )
    text += "\n---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}\n"
    assert go(text, "pod/client", f"dns/{name}:80").verdict == expected
