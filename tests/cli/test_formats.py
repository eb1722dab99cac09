"""`--format` beyond text and JSON: for CI systems and for pages, results and failures alike."""

import json
import os
from xml.etree import ElementTree as ET

import pytest

from checker.cli import main
from checker.network import build_cluster
from tests.cli.test_lint import GOOD, PODS, SERVICE
from tests.report.test_github import parse as parse_annotation
from tests.report.test_junit import parse as parse_junit
from tests.report.test_sarif import validate as validate_sarif

TRACE = ("--from", "pod/client", "--to", "svc/web:80")


@pytest.fixture
def folder(course):
    """A Service that the API server refuses, and its pods in another file."""
    (course / "manifests").mkdir()
    (course / "manifests" / "service.yaml").write_text(SERVICE)
    (course / "manifests" / "pods.yaml").write_text(PODS)
    return course / "manifests"


def log(run):
    document = json.loads(run.out)
    validate_sarif(document)
    return document["runs"][0]


def places(run):
    return {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in log(run)["results"]
    }


@pytest.mark.parametrize("command", [("trace", *TRACE), ("matrix",)])
def test_pictures(checker, folder, command):
    (folder / "service.yaml").write_text(GOOD)
    run = checker(*command, "manifests", "--format", "svg")
    assert (run.code, run.err) == (0, "")
    root = ET.fromstring(run.out)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "client" in run.out
    ascii_only = checker(*command, "manifests", "--format=svg", env={"PYTHONIOENCODING": "ascii"})
    assert ascii_only.out.isascii()
    same = ET.fromstring(ascii_only.out)
    assert list(same.itertext()) == list(root.itertext())


def test_a_trace_that_fails_has_its_picture_and_its_exit_code(checker, folder):
    (folder / "service.yaml").write_text(GOOD.replace("9376", "8080"))
    run = checker("trace", "manifests", *TRACE, "--format", "svg")
    assert run.code == 1
    ET.fromstring(run.out)


def test_no_picture_of_a_failure(checker, folder):
    for arguments in (("manifests", "--from", "pod/no", "--to", "svc/web:80"), ("none", *TRACE)):
        run = checker("trace", *arguments, "--format", "svg")
        assert (run.code, run.out) == (2, "")
        assert run.err


@pytest.mark.parametrize(
    ("arguments", "known"),
    [
        (("lint", "manifests", "--format", "svg"), "text, json, sarif, junit, github"),
        (("matrix", "manifests", "--format", "sarif"), "text, json, svg"),
        (("exercise1", "--format", "sarif"), "text, json, junit"),
        (("list", "--format", "junit"), "text, json"),
    ],
)
def test_a_format_that_the_command_does_not_have(checker, folder, arguments, known):
    run = checker(*arguments)
    assert (run.code, run.out) == (2, "")
    assert f"there are {known} " in run.err


def test_sarif(checker, folder):
    run = checker("lint", "manifests", "--format", "sarif")
    assert (run.code, run.err) == (1, "")
    refused = [one for one in log(run)["results"] if one["ruleId"] == "api-required"]
    assert len(refused) == 2
    assert places(run) == {"manifests/service.yaml"}
    assert log(run)["invocations"] == [{"executionSuccessful": True}]
    (folder / "service.yaml").write_text(GOOD)
    clean = checker("lint", "manifests", "--format", "sarif")
    assert clean.code == 0
    assert log(clean)["results"] == []


def test_names_are_relative_to_the_checkout(checker, folder, course):
    absolute = checker("lint", folder, "--format", "sarif")
    assert places(absolute) == {"manifests/service.yaml"}
    below = checker(
        "lint", ".", "--format", "sarif", cwd=folder, env={"GITHUB_WORKSPACE": str(course)}
    )
    assert places(below) == {"manifests/service.yaml"}
    marks = [
        [one["partialFingerprints"] for one in log(run)["results"]] for run in (absolute, below)
    ]
    assert marks[0] == marks[1]
    elsewhere = checker("lint", folder, "--format", "sarif", cwd=course / "exercises")
    assert places(elsewhere) == {f"file://{folder}/service.yaml"}
    stdin = checker("lint", "-", "--format", "sarif", stdin=SERVICE)
    assert places(stdin) == {"stdin"}


def test_a_file_name_that_is_no_text(checker, course):
    if os.name == "nt":
        pytest.skip("names are UTF-16 on Windows")
    (course / os.fsdecode(b"caf\xe9 \n::error::.yaml")).write_text(SERVICE)
    sarif = checker("lint", ".", "--select", "api-required", "--format", "sarif")
    assert "caf%E9%20%0A%3A%3Aerror%3A%3A.yaml" in places(sarif)
    run = checker("lint", ".", "--select", "api-required", "--format", "github")
    assert run.out
    assert all(line.startswith("::error file=") for line in run.out.splitlines())
    parse_junit(checker("lint", ".", "--format", "junit").out)


def test_junit(checker, folder):
    run = checker("lint", "manifests", "--format", "junit")
    assert (run.code, run.err) == (1, "")
    root = parse_junit(run.out)
    assert root.get("failures") == "2"
    assert [suite.get("name") for suite in root] == [
        "manifests/pods.yaml",
        "manifests/service.yaml",
    ]


def test_github(checker, folder):
    run = checker("lint", "manifests", "--format", "github", "--select", "api-required")
    assert (run.code, run.err) == (1, "")
    commands = [parse_annotation(line) for line in run.out.splitlines()]
    assert [(one[0], one[1]["file"], one[1]["line"]) for one in commands] == [
        ("error", "manifests/service.yaml", "8"),
        ("error", "manifests/service.yaml", "10"),
    ]
    (folder / "service.yaml").write_text(GOOD)
    assert checker("lint", "manifests", "--format", "github").out == ""


def test_what_cannot_be_read_stands_beside_the_findings(checker, folder):
    (folder / "broken.yaml").write_text("a: [\n")
    run = checker("lint", "manifests", "--format", "sarif")
    assert run.code == 2
    [invocation] = log(run)["invocations"]
    assert invocation["executionSuccessful"] is False
    [told] = invocation["toolExecutionNotifications"]
    place = told["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "manifests/broken.yaml"
    assert log(run)["results"]
    run = checker("lint", "manifests", "--format", "junit")
    assert run.code == 2
    root = parse_junit(run.out)
    assert (root.get("errors"), root.get("failures")) == ("1", "2")
    run = checker("lint", "manifests", "--format", "github")
    assert run.code == 2
    assert run.out.startswith("::error file=manifests/broken.yaml,line=")


@pytest.mark.parametrize(
    "arguments",
    [
        ("none.yaml",),
        ("manifests", "--select", "no-such-rule"),
        ("manifests", "--nodes", "many"),
        (),
    ],
)
def test_failures_are_whole_documents(checker, folder, arguments):
    run = checker("lint", *arguments, "--format", "sarif")
    assert run.code == 2
    [invocation] = log(run)["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["message"]["text"]
    run = checker("lint", *arguments, "--format=junit")
    assert run.code == 2
    assert parse_junit(run.out).get("errors") == "1"
    run = checker("lint", *arguments, "--format", "github")
    assert run.code == 2
    [line] = run.out.splitlines()
    assert parse_annotation(line)[0] == "error"


def test_the_environments_failures_too(checker, folder):
    # A baseline in a folder that is not there: nothing is wrong with the manifests.
    arguments = ("lint", "manifests", "--write-baseline", "none/baseline.json", "--format")
    run = checker(*arguments, "sarif")
    assert run.code == 3
    assert log(run)["invocations"][0]["executionSuccessful"] is False
    run = checker(*arguments, "junit")
    assert run.code == 3
    assert parse_junit(run.out).get("errors") == "1"


def test_an_exercise_as_junit(checker, course):
    run = checker("exercise1", "--format", "junit")
    assert run.code == 1
    root = parse_junit(run.out)
    assert root[0].get("name") == "exercise1"
    assert root.get("failures") == "1", "what comes after the first failure is skipped"
    run = checker("exercise1", "--path", course / "solutions" / "exercise1", "--format", "junit")
    assert run.code == 0
    assert parse_junit(run.out).get("failures") == "0"
    run = checker("exercise1", "--path", "-", "--format", "junit", stdin="a: [\n")
    assert run.code == 2
    assert parse_junit(run.out).get("errors") == "1"
    run = checker("exercise99", "--format", "junit")
    assert run.code == 2
    assert parse_junit(run.out).get("errors") == "1"


def test_what_is_silenced_can_be_seen_in_sarif(checker, course):
    """Not by default: GitHub would show it, hence github.com/advanced-security/dismiss-alerts."""
    folder = course / "silenced"
    folder.mkdir()
    (folder / "web.yaml").write_text(
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  annotations:\n"
        "    checker/ignore.selector-matches-nothing: the pods come with the next release\n"
        "spec:\n  selector: {app: web}\n  ports: [{port: 80}]\n"
        "---\napiVersion: v1\nkind: Service\nmetadata: {name: other}\nspec: {ports: []}\n"
    )
    baseline = ("--baseline", "known.json")
    checker("lint", "silenced", "--write-baseline", "known.json", "--select", "api-*")
    plain = checker("lint", "silenced", *baseline, "--format", "sarif")
    assert json.loads(plain.out)["runs"][0]["results"] == []
    run = checker("lint", "silenced", *baseline, "--suppressed", "--format", "sarif")
    document = json.loads(run.out)
    validate_sarif(document)
    told = [(one["ruleId"], one["suppressions"]) for one in document["runs"][0]["results"]]
    accepted = {"status": "accepted"}
    reason = "the pods come with the next release"
    known = "in the baseline known.json"
    assert told == [
        ("selector-matches-nothing", [accepted | {"kind": "inSource", "justification": reason}]),
        ("api-required", [accepted | {"kind": "external", "justification": known}]),
    ]
    assert run.code == plain.code == 0


def test_what_is_silenced_is_looked_for_in_the_same_model(capsys, tmp_path, monkeypatch):
    """A large repository's model takes a while; it is made once."""
    (tmp_path / "web.yaml").write_text(GOOD)
    monkeypatch.chdir(tmp_path)
    built = []

    def build(*given):
        built.append(given)
        return build_cluster(*given)

    monkeypatch.setattr("checker.network.build_cluster", build)
    assert main(["lint", "web.yaml", "--suppressed", "--format", "sarif"]) == 0
    assert len(built) == 1
    assert json.loads(capsys.readouterr().out)["runs"][0]["results"]
