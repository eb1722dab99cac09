# ruff: noqa: PT017 (one case of a table on one line reads best)

"""Sources and targets: CONTRACT.md's notation, and what is said of those that are not there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.network import BadEndpoint, trace
from tests.network.clusters import CLIENT, cluster, go, pod

WEB = (
    pod("web", labels="app: web")
    + pod("a.b.blue", labels="app: odd").replace(
        "name: a, namespace: b.blue", "name: a.b, namespace: blue"
    )
    + """
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: none}
spec:
  replicas: 0
  selector: {matchLabels: {app: none}}
  template: {metadata: {labels: {app: none}}, spec: {containers: [{name: c, image: nginx}]}}
"""
)


@pytest.mark.parametrize(
    ("source", "target", "says"),
    [
        ("client", "svc/web:80", "pod/NAME"),
        ("pod/", "svc/web:80", "pod/NAME"),
        ("pod/nobody", "svc/web:80", "there is client and web"),
        ("pod/client.elsewhere", "svc/web:80", "client.default"),
        ("deploy/nobody", "svc/web:80", "there is none"),
        ("deploy/none", "svc/web:80", "replicas are 0"),
        ("node/nowhere", "svc/web:80", "there is node-1"),
        ("pod/client", "web:80", "svc/NAME"),
        ("pod/client", "svc/web", "svc/NAME"),
        ("pod/client", "svc/wob:80", "there is web"),
        ("pod/client", "svc/web:0", "1 to 65535"),
        ("pod/client", "svc/web:70000", "1 to 65535"),
        ("pod/client", "svc/web:htp", "named http"),
        ("pod/client", "pod/web:http", "1 to 65535"),
        ("pod/client", "pod/nobody:80", "there is client and web"),
        ("pod/client", "node/nowhere:80", "there is node-1"),
        ("external", "localhost:80", "outside the cluster"),
    ],
)
def test_what_is_wrong_is_said(source: str, target: str, says: str) -> None:
    with pytest.raises(BadEndpoint) as raised:
        go(CLIENT + WEB, source, target)
    assert says in str(raised.value)


def test_protocols() -> None:
    assert go(CLIENT + WEB, "pod/client", "svc/web:80", "tcp").protocol == "TCP"
    with pytest.raises(BadEndpoint, match="TCP, UDP or SCTP"):
        go(CLIENT + WEB, "pod/client", "svc/web:80", "HTTP")


def test_the_longest_name_wins_where_it_has_dots() -> None:
    assert go(CLIENT + WEB, "pod/client", "pod/a.b.blue:8080").verdict == "connected"
    assert go(CLIENT + WEB, "pod/client.default", "svc/web.default:http").verdict == "connected"


def test_the_namespace_defaults_to_the_sources() -> None:
    text = pod("client.blue", args="pause") + pod("web.blue") + pod("web.red", args="pause")
    assert go(text, "pod/client.blue", "pod/web:8080").verdict == "connected"
    assert go(text, "pod/client.blue", "pod/web.red:8080").verdict == "refused"


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=5))
def test_no_text_is_a_traceback(source: str, target: str, protocol: str) -> None:
    made = _MADE or _MADE.append(cluster(CLIENT + WEB)) or _MADE
    for way in ((source, "svc/web:80"), ("pod/client", target), (f"pod/{source}", f"dns/{target}")):
        try:
            trace(made[0], *way, protocol or "TCP")
        except BadEndpoint as bad:
            assert str(bad)


_MADE: list = []
