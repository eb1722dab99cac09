"""Addresses in texts, and the Service that a host is in the cluster's DNS."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.advice.references import references, service_named
from tests.advice.building import container, manifest, pod, service
from tests.advice.linting import lint


def ends(text: str) -> list[tuple[str, int]]:
    return [(one.host, one.port) for one in references(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://web", [("web", 80)]),
        ("https://web/path?x=http://other:81", [("web", 443), ("other", 81)]),
        ("http://web:8080/", [("web", 8080)]),
        ("--api=http://web.shop:8080", [("web.shop", 8080)]),
        ("postgres://user:secret@db.shop.svc:5432/x", [("db.shop.svc", 5432)]),
        ("redis:6379", [("redis", 6379)]),
        ("a:9092,b:9092", [("a", 9092), ("b", 9092)]),
        ("server web:8080;", [("web", 8080)]),
        ("tcp://$(WEB_SERVICE_HOST):80", []),
        ("http://web:$(PORT)", []),
        ("http://web-$(STAGE):80", []),
        ("http://{{ host }}:80", []),
        ("http://web:99999999", []),
        ("12:30:45", []),
        ("sha256:0123456789", [("sha256", 0)][1:]),
        ("redis:7", []),
        ("registry.example.com/redis:6379", []),
        ("key: value", []),
        ("http://[::1]:8080", []),
        ("", []),
    ],
)
def test_addresses(text: str, expected: list[tuple[str, int]]) -> None:
    assert ends(text) == expected


def test_comments_of_a_configuration_are_no_addresses() -> None:
    text = "# http://web:8080\nproxy_pass http://api:8080;\n  // http://web:8080\n"
    assert [(one.host, one.line) for one in references(text)] == [("api", 1)]


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("web", ("shop", "web")),
        ("web.other", ("other", "web")),
        ("web.other.svc", ("other", "web")),
        ("web.other.svc.cluster.local", ("other", "web")),
        ("db-0.db.other.svc.cluster.local", None),
        ("www.example.com", None),
    ],
)
def test_services_by_their_names(host: str, expected: tuple[str, str] | None) -> None:
    """kubernetes/dns specification §2.3: `<service>.<ns>.svc.<zone>.`, and the search path."""
    assert service_named(host, "shop") == expected


@given(st.text(alphabet="a:/.0123456789@$-{}()\n \"',http"))
def test_any_text(text: str) -> None:
    for one in references(text):
        assert one.host in text.lower()
        assert 0 <= one.line <= text.count("\n")


def test_an_address_in_a_block_of_text_has_its_own_line() -> None:
    """What a ConfigMap holds is many lines long; the finding is at the one that is wrong."""
    text = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: app}
data:
  app.yaml: |
    # comment
    api:
      url: http://api:8080/v1
---
apiVersion: v1
kind: Service
metadata: {name: api}
spec:
  ports:
  - {port: 80, targetPort: 8080}
"""
    (found,) = lint(text)
    assert found.rule == "client-uses-target-port"
    assert found.field == "data[app.yaml]"
    assert (found.location.line, found.location.column) == (8, 19)


TARGET = {"client-uses-target-port"}


@pytest.mark.parametrize(
    ("env", "links", "rules"),
    [
        ([("URL", "http://$(WEB_SERVICE_HOST):8080")], True, TARGET),
        ([("PORT", "8080"), ("URL", "http://web:$(PORT)")], True, TARGET),
        (
            [("A_HOST", "$(WEB_SERVICE_HOST)"), ("A_PORT", "8080")],
            True,
            {"client-uses-target-port"},
        ),
        ([("URL", "http://$(WEB_SERVICE_HOST):$(WEB_SERVICE_PORT)")], True, set()),
        # Without service links the reference stays as it is.
        ([("URL", "http://$(WEB_SERVICE_HOST):8080")], False, set()),
        # Declared after: not known yet where it is referred to.
        ([("URL", "http://web:$(PORT)"), ("PORT", "8080")], True, set()),
    ],
)
def test_variables_in_addresses(env: list[tuple[str, str]], links: bool, rules: set[str]) -> None:
    """`pkg/kubelet/kubelet_pods.go: makeEnvironmentVariables`."""
    web = service("web", ports=[{"port": 80, "targetPort": 8080}])
    variables = [{"name": name, "value": value} for name, value in env]
    client = pod(container(env=variables), name="client", enableServiceLinks=links)
    assert {one.rule for one in lint(manifest(web, pod(container(8080)), client))} == rules
