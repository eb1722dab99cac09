"""SARIF as the standard has it (`sarif-2.1.0.reduced.json`) and as GitHub asks for it.

The reduced schema says of each property that we use what the OASIS schema says, and allows no
other. GitHub's rules: docs.github.com, "SARIF support for code scanning".
"""

import json
from pathlib import Path

import jsonschema
import pytest

from checker.advice import explain
from checker.report.json_format import Failure
from checker.report.sarif import sarif_document, uri
from tests.report.samples import FINDING

SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0.reduced.json").read_text())
TRAP = FINDING._replace(rule="selector-matches-nothing", severity="warning", source="analysis")
RULES = {rule: explain(rule) for rule in ("api-required", "selector-matches-nothing")}


def validate(document):
    """Raise unless this is a SARIF log that GitHub takes."""
    jsonschema.validate(document, SCHEMA)
    [run] = document["runs"]
    described = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in described}) == len(described)
    for rule in described:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
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
