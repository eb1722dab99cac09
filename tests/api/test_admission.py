"""Several objects together, and what every finding brings with it."""

import pytest

from checker.api import ClusterSettings, admit
from checker.api.explanations import explain
from checker.api.texts import DEFAULTS, TEXTS
from tests.api.manifests import POD, SERVICE, admitted, errors, manifests, only, value

NODE_PORT = """
apiVersion: v1
kind: Service
metadata: {{name: {name}}}
spec: {{type: NodePort, ports: [{{port: 80, nodePort: {port}}}]}}
"""


def test_answers_are_no_objects() -> None:
    admission = admitted("apiVersion: checker/v1\nkind: Answers\nanswers: {a: b}\n")
    assert admission == ([], [])


def test_node_port_taken_twice() -> None:
    # pkg/registry/core/service/portallocator: ErrAllocated
    text = NODE_PORT.format(name="a", port=30100) + "---" + NODE_PORT.format(name="b", port=30100)
    admission = admitted(text)
    assert [each.accepted for each in admission.resources] == [True, False]
    (finding,) = admission.findings
    assert finding.field == "spec.ports[0].nodePort"
    assert finding.message == "Invalid value: 30100: provided port is already allocated"
    assert finding.object is not None
    assert finding.object.name == "b"


def test_node_port_of_a_refused_service_is_free_again() -> None:
    refused = NODE_PORT.format(name="A_", port=30100)
    assert [
        field for field, _ in errors(refused + "---" + NODE_PORT.format(name="b", port=30100))
    ] == ["metadata.name"]


def test_node_port_range_is_a_setting() -> None:
    settings = ClusterSettings(node_port_range=(80, 90))
    assert not admitted(NODE_PORT.format(name="a", port=80), settings).findings
    (finding,) = admitted(NODE_PORT.format(name="a", port=30000), settings).findings
    assert "The range of valid ports is 80-90" in finding.message


def test_allocation_error_hides_validation_errors() -> None:
    # registry/generic/registry/store.go: BeginCreate comes before BeforeCreate
    text = NODE_PORT.format(name="a", port=99).replace("port: 80,", "port: 70000,")
    assert errors(text) == [
        (
            "spec.ports[0].nodePort",
            (
                "Invalid value: 99: provided port is not in the valid range. "
                "The range of valid ports is 30000-32767"
            ),
        )
    ]


def test_tcp_and_udp_share_a_node_port() -> None:
    # pkg/registry/core/service/storage/alloc.go: initNodePorts
    text = """
apiVersion: v1
kind: Service
metadata: {name: dns}
spec:
  type: NodePort
  ports:
  - {name: a, port: 53, nodePort: 30053}
  - {name: b, port: 53, nodePort: 30053, protocol: UDP}
"""
    assert not errors(text)
    assert errors(text.replace("name: b, port: 53", "name: b, port: 54")) == [
        ("spec.ports[1].nodePort", "Invalid value: 30053: provided port is already allocated")
    ]


def test_cluster_ip_taken_twice() -> None:
    text = SERVICE.replace("spec:", "spec:\n  clusterIP: 10.96.7.7")
    admission = admitted(text + "---" + text.replace("name: web", "name: other"))
    (finding,) = admission.findings
    assert finding.message == (
        'Invalid value: ["10.96.7.7"]: failed to allocate IP 10.96.7.7: '
        "provided IP is already allocated"
    )


def test_one_object_twice_is_a_warning_of_our_own() -> None:
    text = NODE_PORT.format(name="a", port=30100)
    admission = admitted(text + "---" + text)
    (finding,) = admission.findings
    assert (finding.severity, finding.source) == ("warning", "analysis")
    assert not finding.rule.startswith("api-")
    assert all(each.accepted for each in admission.resources)


def test_same_name_in_two_namespaces_or_kinds_is_no_repetition() -> None:
    other = SERVICE.replace("name: web", "name: web, namespace: other")
    assert not admitted(SERVICE + "---" + other + "---" + POD).findings


def test_explicit_and_implicit_namespace_are_the_same() -> None:
    explicit = SERVICE.replace("name: web", "name: web, namespace: default")
    (finding,) = admitted(SERVICE + "---" + explicit).findings
    assert finding.rule == "object-named-twice"


def test_namespace_setting() -> None:
    admission = admit(manifests(SERVICE), ClusterSettings(namespace="shop"))
    assert admission.resources[0].ref.namespace == "shop"
    assert admission.resources[0].value["metadata"]["namespace"] == "shop"


def test_cluster_scoped_objects_have_no_namespace() -> None:
    text = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, namespace: b}"
    (resource,) = admitted(text).resources
    assert resource.ref.namespace == ""


def test_location_is_where_the_field_stands() -> None:
    finding = only(SERVICE.replace("port: 80", "port: 70000, targetPort: 80"))
    assert finding.location is not None
    assert (finding.location.line, finding.location.column) == (7, 6)


def test_missing_field_is_placed_at_its_parent() -> None:
    finding = only(POD.replace(', image: "nginx:1.27"', ""))
    assert finding.field == "spec.containers[0].image"
    assert finding.location is not None
    assert finding.location.line == 7


def test_every_default_text_is_a_pair_of_sentences() -> None:
    for rule, (why, fix) in DEFAULTS.items():
        assert why.endswith("."), rule
        assert fix.endswith((".", ")")), rule


@pytest.mark.parametrize("key", TEXTS)
def test_particular_texts_are_found(key: str) -> None:
    rule, *rest = key.split(" ")
    kind = rest[0] if len(rest) == 2 else "Deployment"
    field = rest[-1].replace("ports.", "ports[0].")
    assert explain(rule, kind, field, "")[:2] == TEXTS[key][:2]


def test_value_is_decoded_and_defaulted() -> None:
    spec = value(SERVICE)["spec"]
    assert spec["type"] == "ClusterIP"
    assert spec["ports"] == [{"port": 80, "protocol": "TCP", "targetPort": 80}]
    assert "clusterIP" not in spec


def test_unknown_fields_are_not_in_the_value() -> None:
    admission = admitted(SERVICE.replace("port: 80", "port: 80, targetport: 8080"))
    assert admission.resources[0].value["spec"]["ports"][0]["targetPort"] == 80
    assert not admission.resources[0].accepted


def test_manifest_value_is_left_alone() -> None:
    (manifest,) = manifests(SERVICE)
    before = repr(manifest.value)
    admit([manifest])
    assert repr(manifest.value) == before
