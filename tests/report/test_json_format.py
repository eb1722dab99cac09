"""Every document against its schema in checker/report/schemas (CONTRACT: JSON)."""

import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from checker.report import json_format
from checker.report.json_format import Failure, encode, failure_document
from tests.report import samples

SCHEMAS = {
    file.name.removesuffix(".v1.json"): json.loads(file.read_text())
    for file in (files("checker.report") / "schemas").iterdir()
    if file.name.endswith(".json")
}
REGISTRY = Registry().with_resources(
    (schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS.values()
)


def validate(document, name):
    """Against the schema, as a reader in another language would after printing and parsing."""
    Draft202012Validator(SCHEMAS[name], registry=REGISTRY).validate(json.loads(encode(document)))


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schemas_are_schemas(name):
    Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize("report", [samples.FAIL, samples.PASS, samples.ERROR])
def test_reports(report):
    validate(json_format.report_document(report), "report")


def test_a_report_has_the_contracts_fields():
    document = json_format.report_document(samples.FAIL)
    assert document["schema"] == "checker/report/v1"
    assert [check["status"] for check in document["checks"]] == [
        "pass",
        "fail",
        "not-reached",
        "cannot-tell",
    ]
    failed = document["checks"][1]
    assert failed["points"] == 0
    assert failed["misconception"]["id"] == "declaring"
    assert failed["location"] == {"file": "answer/web.yaml", "line": 10, "column": 7}
    assert failed["trace"]["verdict"] == "refused"
    assert "error" not in document


def test_a_report_of_unreadable_input_says_where():
    document = json_format.report_document(samples.ERROR)
    assert document["error"] == {
        "message": "not YAML: mapping values are not allowed here",
        "location": {"file": "answer/web.yaml", "line": 5, "column": 5},
    }


def test_findings():
    document = json_format.findings_document(
        [samples.FINDING, samples.WARNING, samples.NOTE], files=1, objects=2
    )
    validate(document, "findings")
    assert document["summary"] == {
        "files": 1,
        "objects": 2,
        "errors": 1,
        "warnings": 1,
        "notes": 1,
    }
    assert document["findings"][0]["object"] == {
        "apiVersion": "v1",
        "kind": "Service",
        "namespace": "default",
        "name": "web",
    }


@pytest.mark.parametrize("trace", [samples.TRACE, samples.CONNECTED, samples.UNKNOWN])
def test_traces(trace):
    document = json_format.trace_document(trace)
    validate(document, "trace")
    assert (document["from"], document["to"]) == ("pod/client", "svc/web:80")


def test_matrices():
    document = json_format.matrix_document(samples.MATRIX)
    validate(document, "matrix")
    assert document["verdicts"] == [["refused", "connected"], ["refused", "connected"]]
    assert document["sources"][1]["members"] == ["pod/web-1.default", "pod/web-2.default"]


@pytest.mark.parametrize("name", ["findings", "trace", "matrix", "report", "course"])
@pytest.mark.parametrize("failure", [Failure("broken"), Failure("broken", "a.yaml", 3, 1)])
def test_a_failure_still_prints_the_schema(name, failure):
    document = failure_document(f"checker/{name}/v1", failure)
    validate(document, name)
    assert document["error"]["message"] == "broken"


def test_a_failure_without_a_command_has_a_schema_too():
    validate(failure_document(json_format.ERROR, Failure("broken")), "failure")


def test_ascii_only_is_still_the_same_json():
    document = {"name": "größe → 𝔘"}
    text = encode(document, ascii_only=True)
    assert text.isascii()
    assert json.loads(text) == document
