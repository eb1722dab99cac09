"""SARIF as the standard has it (`sarif-2.1.0.reduced.json`) and as GitHub asks for it.

The reduced schema says of each property that we use what the OASIS schema says, and allows no
other; where the whole one was fetched (tests/report/sarif_schema.py), it has its say as well.
GitHub's rules: docs.github.com, "SARIF support for code scanning", "Validating your SARIF file".
"""

import json
from pathlib import Path

import jsonschema
import pytest

from checker.advice import explain
from checker.report import sarif
from checker.report.json_format import Failure
from checker.report.sarif import Suppressed, sarif_document, uri
from tests.report.samples import FINDING
from tests.report.sarif_schema import official_schema

SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0.reduced.json").read_text())
OFFICIAL = official_schema()
TRAP = FINDING._replace(rule="selector-matches-nothing", severity="warning", source="analysis")
RULES = {rule: explain(rule) for rule in ("api-required", "selector-matches-nothing")}


def validate(document):
    """Raise unless this is a SARIF log that GitHub takes."""
    jsonschema.validate(document, SCHEMA)
    if OFFICIAL is not None:
        jsonschema.validate(document, OFFICIAL)
    [run] = document["runs"]
    described = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in described}) == len(described)
    for rule in described:
        assert 0 < len(rule["id"]) <= 255
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in ("note", "warning", "error")
        # A rule with a security-severity would be listed as a vulnerability.
        assert "security-severity" not in rule["properties"]
        assert rule["properties"]["problem.severity"] in ("recommendation", "warning", "error")
        assert len(rule["properties"]["tags"]) <= 20
    for result in run["results"]:
        assert described[result["ruleIndex"]]["id"] == result["ruleId"]
        [location] = result["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"]
        assert location["physicalLocation"]["region"]["startLine"] >= 1
    marks = [tuple(result["partialFingerprints"].items()) for result in run["results"]]
    assert len(set(marks)) == len(marks)


def test_findings_and_their_rules():
    document = sarif_document([TRAP, FINDING], RULES, ["answer/web.yaml"])
    validate(document)
    [run] = document["runs"]
    assert run["invocations"] == [{"executionSuccessful": True}]
    assert [(one["ruleId"], one["level"]) for one in run["results"]] == [
        ("selector-matches-nothing", "warning"),
        ("api-required", "error"),
    ]
    place = run["results"][1]["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 9, "startColumn": 7}
    assert place["artifactLocation"] == {"uri": "answer/web.yaml"}
    for rule in run["tool"]["driver"]["rules"]:
        assert "Why:" in rule["help"]["text"]
        assert "```yaml" in rule["help"]["markdown"] or rule["id"].startswith("api-")
        assert rule["helpUri"].startswith("https://kubernetes.io/")


def test_every_rule_can_be_described():
    from checker.advice import rules

    known = {rule.id: rule for rule in rules()}
    findings = [FINDING._replace(rule=rule) for rule in known]
    validate(sarif_document(findings, known, ["web.yaml"]))


def test_clean_is_an_empty_list():
    document = sarif_document([], {}, ["web.yaml"])
    validate(document)
    assert document["runs"][0]["results"] == []


def test_a_finding_without_a_place_is_at_the_beginning():
    document = sarif_document([FINDING._replace(location=None, object=None)], RULES, ["a.yaml"])
    validate(document)
    place = document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "a.yaml"},
        "region": {"startLine": 1, "startColumn": 1},
    }


def test_what_could_not_be_read_is_a_notification():
    failures = [Failure("no YAML", "b c.yaml", 3, 2), Failure("interrupted")]
    document = sarif_document([FINDING], RULES, ["b c.yaml"], failures)
    validate(document)
    [run] = document["runs"]
    [invocation] = run["invocations"]
    assert invocation["executionSuccessful"] is False
    told = invocation["toolExecutionNotifications"]
    assert [one["message"]["text"] for one in told] == ["no YAML", "interrupted"]
    assert told[0]["locations"][0]["physicalLocation"]["region"]["startLine"] == 3
    assert len(run["results"]) == 1


def test_the_whole_schema_agrees():
    if OFFICIAL is None:
        pytest.skip("the whole schema was not fetched: python -m tests.report.sarif_schema")
    document = sarif_document([TRAP, FINDING], RULES, ["a.yaml"], [Failure("no YAML", "b.yaml", 1)])
    jsonschema.validate(document, OFFICIAL)
    document["runs"][0]["results"][0]["level"] = "grave"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, OFFICIAL)


def test_what_is_silenced_is_suppressed():
    in_source = Suppressed(TRAP, "inSource", "the pods come later")
    external = Suppressed(FINDING, "external", "in the baseline b.json")
    document = sarif_document(
        [FINDING], RULES, ["answer/web.yaml"], suppressed=[in_source, external]
    )
    validate(document)
    results = document["runs"][0]["results"]
    assert [one.get("suppressions") for one in results] == [
        None,
        [{"kind": "inSource", "status": "accepted", "justification": "the pods come later"}],
        [{"kind": "external", "status": "accepted", "justification": "in the baseline b.json"}],
    ]
    alone = sarif_document([FINDING], RULES, ["answer/web.yaml"])["runs"][0]["results"]
    assert results[0] == alone[0] | {"ruleIndex": results[0]["ruleIndex"]}, "the same fingerprint"


def test_no_more_results_than_github_takes(monkeypatch):
    assert sarif._MOST_RESULTS == 25_000
    monkeypatch.setattr(sarif, "_MOST_RESULTS", 10)
    many = [TRAP._replace(message=str(number)) for number in range(12)] + [FINDING]
    suppressed = [Suppressed(TRAP, "inSource", "known")]
    document = sarif_document(many, RULES, ["answer/web.yaml"], suppressed=suppressed)
    validate(document)
    [run] = document["runs"]
    assert len(run["results"]) == 10
    assert run["results"][-1]["level"] == "error", "the gravest are kept"
    [invocation] = run["invocations"]
    assert invocation["executionSuccessful"] is True
    [told] = invocation["toolExecutionNotifications"]
    assert told["level"] == "warning"
    assert "of 14 findings" in told["message"]["text"]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("a/web.yaml", "a/web.yaml"),
        ("größe 1.yaml", "gr%C3%B6%C3%9Fe%201.yaml"),
        # A colon in the first segment would be a scheme (RFC 3986, 4.2).
        ("a:b?c#d%.yaml", "a%3Ab%3Fc%23d%25.yaml"),
        ("\udcff.yaml", "%FF.yaml"),
        ("/srv/web.yaml", "file:///srv/web.yaml"),
        ("C:/k8s/web.yaml", "file:///C%3A/k8s/web.yaml"),
    ],
)
def test_names_as_uris(file, expected):
    assert uri(file) == expected
