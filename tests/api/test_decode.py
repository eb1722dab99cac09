"""Strict decoding. The messages are encoding/json's, as sigs.k8s.io/json gives them."""

import pytest

from checker.api.decode import decode
from tests.api.manifests import POD, SERVICE, errors, only


@pytest.mark.parametrize(
    ("old", "new", "field", "message"),
    [
        (
            "port: 80",
            'port: "80"',
            "spec.ports[0].port",
            (
                "json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port "
                "of type int32"
            ),
        ),
        (
            "port: 80",
            "port: 80.5",
            "spec.ports[0].port",
            (
                "json: cannot unmarshal number 80.5 into Go struct field "
                "ServicePort.spec.ports.port of type int32"
            ),
        ),
        (
            "port: 80",
            "port: 3000000000",
            "spec.ports[0].port",
            (
                "json: cannot unmarshal number 3000000000 into Go struct field "
                "ServicePort.spec.ports.port of type int32"
            ),
        ),
        (
            # YAML 1.1 reads y as true.
            "port: 80",
            "port: 80, name: y",
            "spec.ports[0].name",
            (
                "json: cannot unmarshal bool into Go struct field ServicePort.spec.ports.name "
                "of type string"
            ),
        ),
        (
            "port: 80",
            "port: 80, targetPort: [1]",
            "spec.ports[0].targetPort",
            (
                "json: cannot unmarshal array into Go struct field "
                "ServicePort.spec.ports.targetPort of type int32"
            ),
        ),
        (
            "port: 80",
            "port: 80, protocol: 6",
            "spec.ports[0].protocol",
            (
                "json: cannot unmarshal number into Go struct field "
                "ServicePort.spec.ports.protocol of type v1.Protocol"
            ),
        ),
        (
            "port: 80",
            "port: 80, targetport: 1, nodeport: 2",
            "spec.ports[0].nodeport",
            (
                'strict decoding error: unknown field "spec.ports[0].nodeport", '
                'unknown field "spec.ports[0].targetport"'
            ),
        ),
        (
            "ports:\n  - {port: 80}",
            "ports: {port: 80}",
            "spec.ports",
            (
                "json: cannot unmarshal object into Go struct field ServiceSpec.spec.ports "
                "of type []v1.ServicePort"
            ),
        ),
    ],
)
def test_service(old: str, new: str, field: str, message: str) -> None:
    finding = only(SERVICE.replace(old, new))
    assert (finding.field, finding.message) == (field, message)
    assert finding.severity == "error"


def test_embedded_structs_are_in_the_path() -> None:
    # core/v1: Probe embeds ProbeHandler
    text = POD.replace('nginx:1.27"', 'nginx:1.27", livenessProbe: {httpGet: {path: 1}}')
    assert only(text).message == (
        "json: cannot unmarshal number into Go struct field "
        "HTTPGetAction.spec.containers.livenessProbe.ProbeHandler.httpGet.path of type string"
    )


def test_repeated_keys_are_named_with_their_line() -> None:
    text = SERVICE.replace("- {port: 80}", "- port: 80\n    port: 81")
    finding = only("---\n" + text.lstrip())
    assert finding.rule == "api-duplicate-field"
    assert finding.message == (
        'strict decoding error: yaml: unmarshal errors:\n  line 7: key "port" already set in map'
    )


def test_quantities_have_a_message_of_their_own() -> None:
    text = POD.replace('nginx:1.27"', 'nginx:1.27", resources: {limits: {cpu: lots}}')
    assert only(text).message.startswith("quantities must match the regular expression")


def test_null_is_unset() -> None:
    found = errors(SERVICE.replace("port: 80", "port: null"))
    assert [field for field, _ in found] == ["spec.ports[0].port", "spec.ports[0].targetPort"]


@pytest.mark.parametrize(
    ("text", "position"), [("!!", 0), ("YQ=", 3), ("YQ", 0), ("YWJj=", 4), ("YQ==x", 4)]
)
def test_base64(text: str, position: int) -> None:
    # encoding/base64: CorruptInputError
    finding = only(f'apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ndata: {{a: "{text}"}}')
    assert finding.message == f"illegal base64 data at input byte {position}"


def test_not_a_number_is_no_json() -> None:
    value = {"spec": {"ports": [{"port": float("nan")}]}}
    assert decode("core", "core/v1.Service", value).message == "json: unsupported value: NaN"
