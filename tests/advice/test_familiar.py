"""Manifests as everybody writes them: what is said about each, and that it is worth saying.

They follow well-known examples (the guestbook, WordPress, Kafka, ingress-nginx, kube-prometheus,
CoreDNS, cert-manager, Online Boutique, Elasticsearch, Jenkins, MySQL, Traefik, Bookinfo). A new
finding here is a false alarm until its author would say thanks.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.advice.linting import lint

FOLDER = Path(__file__).parent / "manifests"

EXPECTED: dict[str, set[tuple[str, str, str]]] = {
    "boutique": set(),
    "cert-manager": set(),
    "coredns": set(),
    # Each node has a port once, and this DaemonSet's is open on all of them.
    "elastic": {("host-port-used", "note", "fluentd")},
    "guestbook": set(),
    # kind's own variant of it: fine with one replica, and only with one.
    "ingress-nginx": {("host-port-used", "warning", "ingress-nginx-controller")},
    "istio": set(),
    "jenkins": {
        ("node-port-in-dynamic-band", "note", "jenkins"),
        ("port-in-ephemeral-range", "note", "jenkins"),
    },
    "kafka": {("node-port-in-dynamic-band", "note", "kafka-0-external")},
    "monitoring": set(),
    "mysql": set(),
    "netpol": set(),
    "nginx-proxy": set(),
    "node-exporter": set(),
    "traefik": {("host-port-used", "note", "traefik")},
    "wordpress": set(),
}


def test_all_are_here() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_familiar_manifests(name: str) -> None:
    found = lint((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    assert {(one.rule, one.severity, one.object.name) for one in found} == EXPECTED[name]
