"""`trace --live` and `matrix --live`: from what a cluster said to documents, lines, exit codes."""

import io
import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from checker.api import ClusterSettings, admit
from checker.cli.console import Console
from checker.cli.live_traffic import (
    exit_code,
    matrix_fields,
    matrix_lines,
    trace_fields,
    trace_lines,
)
from checker.live.images import AGNHOST
from checker.live.questions.asking import Observation, seen_as
from checker.live.questions.comparing import Comparison
from checker.live.questions.tables import cells, with_verdicts
from checker.manifests import Source, read
from checker.network import build_cluster, matrix
from checker.report.json_format import matrix_document, trace_document
from tests.live.conftest import Checker

POD = f"""
apiVersion: v1
kind: Pod
metadata: {{name: NAME, labels: {{app: NAME}}}}
spec: {{containers: [{{name: a, image: "{AGNHOST}", args: [serve-hostname, --port=8080]}}]}}
"""
CLUSTER = build_cluster(
    admit(
        read([Source("pods.yaml", "---".join(POD.replace("NAME", one) for one in "ab"))]).manifests
    ).resources,
    ClusterSettings(),
)
TABLE = matrix(CLUSTER)
CELLS = cells(CLUSTER, TABLE)
SCHEMAS = {
    file.name.removesuffix(".v1.json"): json.loads(file.read_text())
    for file in (files("checker.report") / "schemas").iterdir()
    if file.name.endswith(".json")
}
REGISTRY = Registry().with_resources(
    (schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS.values()
)


def valid(document, name):
    Draft202012Validator(SCHEMAS[name], registry=REGISTRY).validate(document)


def compared(*verdicts, note=""):
    """What a cluster might have said to the first cells of the table."""
    found = [
        Observation(one, seen_as(one, verdict), note if verdict == "cannot-tell" else "")
        for one, verdict in zip(CELLS, verdicts, strict=False)
    ]
    return Comparison(found, [])


@pytest.fixture
def console() -> Console:
    return Console(io.StringIO(), io.StringIO())


def test_cells_are_the_connections_of_the_table():
    """The verdict of each cell is its trace's, and the table can be put together again."""
    verdicts = [one.verdict for one in CELLS]
    assert with_verdicts(TABLE, verdicts) == TABLE
    assert {(one.source, one.target) for one in CELLS} >= {("pod/a.default", "pod/b.default:8080")}


@pytest.mark.parametrize(
    ("verdict", "judge", "code"),
    [("connected", True, 0), ("timeout", True, 3), ("timeout", False, 3), ("cannot-tell", True, 3)],
)
def test_exit_codes(console: Console, verdict, judge, code):
    found = compared(verdict, note="why not")
    assert found.connections[0].predicted.verdict == "connected"
    assert exit_code(found, judge=judge, console=console) == code


def test_some_that_were_tried_are_enough(console: Console):
    found = compared("cannot-tell", "connected", note="why not")
    assert exit_code(found, judge=False, console=console) == 0
    assert found.agrees is True


@pytest.mark.parametrize("verdict", ["connected", "refused", "cannot-tell"])
def test_a_trace_beside_what_was_observed(console: Console, verdict):
    found = compared(verdict, note="why not")
    document = trace_document(CELLS[0]) | trace_fields(found)
    valid(document, "trace")
    assert document["observed"] == verdict
    assert document["agrees"] == {"connected": True, "refused": False, "cannot-tell": None}[verdict]
    assert ("error" in document) == (verdict != "connected")
    (_, line) = trace_lines(found, console)
    assert {
        "connected": "predicted connected, observed connected: as predicted",
        "refused": "predicted connected, observed refused: not as predicted",
        "cannot-tell": "predicted connected, not tried: why not",
    }[verdict] == line


def test_a_matrix_beside_the_observed_one(console: Console):
    verdicts = ["refused" if number == 1 else "connected" for number in range(len(CELLS))]
    found = compared(*verdicts)
    document = matrix_document(TABLE) | matrix_fields(TABLE, found)
    valid(document, "matrix")
    assert [cell for row in document["observed"] for cell in row] == verdicts
    assert document["agrees"] is False
    lines = matrix_lines(TABLE, found, console)
    assert f"tried {len(CELLS)} connections, {len(CELLS) - 1} as predicted" in lines
    wrong = CELLS[1]
    assert any(
        wrong.target in line and "predicted connected, observed refused" in line for line in lines
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--context", "x"), "--context goes with --live"),
        (("--live", "--format", "svg"), "not as svg"),
    ],
)
@pytest.mark.parametrize(
    "command", [("trace", "--from", "pod/client", "--to", "svc/web:80"), ("matrix",)]
)
def test_options_that_do_not_go_together(checker: Checker, command, arguments, words):
    done = checker(*command, "exercises/exercise3/given", *arguments)
    assert done.returncode == 2
    assert words in done.stderr


@pytest.mark.parametrize(
    ("command", "schema"),
    [
        (("trace", "--from", "pod/client", "--to", "pod/client:80"), "trace"),
        (("matrix",), "matrix"),
    ],
)
def test_without_a_cluster_it_is_the_environments_fault(checker: Checker, command, schema):
    done = checker(*command, "exercises/exercise3/given", "--live", "--format", "json")
    assert done.returncode == 3
    document = json.loads(done.stdout)
    valid(document, schema)
    assert "kubeconfig" in document["error"]["message"]
