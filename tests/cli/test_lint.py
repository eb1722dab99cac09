"""`lint`, `trace`, `matrix` and `explain` as a person in CI runs them."""

import json

import pytest

from checker.api import ClusterSettings
from checker.cli import lint as lint_command
from checker.cli.console import standard_console
from checker.cli.plain_arguments import plain
from tests.report.test_json_format import validate

SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports:
    - port: 80
      targetPort: 9376
    - port: 443
"""
PODS = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app: web}
spec:
  containers:
    - name: web
      image: registry.k8s.io/e2e-test-images/agnhost:2.53
      args: [netexec, --http-port=9376, --udp-port=-1]
      ports:
        - containerPort: 9376
---
apiVersion: v1
kind: Pod
metadata:
  name: client
spec:
  containers:
    - name: client
      image: registry.k8s.io/e2e-test-images/agnhost:2.53
      args: [pause]
"""
GOOD = SERVICE.partition("    - port: 443")[0]


@pytest.fixture
def folder(course):
    """A folder of manifests in the current one: a Service, its pods in another file."""
    (course / "manifests" / "pods").mkdir(parents=True)
    (course / "manifests" / "service.yaml").write_text(GOOD)
    (course / "manifests" / "pods" / "pods.yaml").write_text(PODS)
    return course / "manifests"


def rules(run):
    return sorted({finding["rule"] for finding in json.loads(run.out)["findings"]})


def test_all_well(checker, folder):
    run = checker("lint", "manifests")
    assert (run.code, run.err) == (0, "")
    assert "nothing to complain about: 3 objects in 2 files" in run.out


def test_what_the_api_server_refuses_is_an_error(checker, folder):
    (folder / "service.yaml").write_text(SERVICE)
    run = checker("lint", "manifests")
    assert run.code == 1
    # ✔ in FACTS: two unnamed ports are refused with this field and message, for each port.
    assert "error[api-required] spec.ports[0].name: Required value" in run.out
    assert "error[api-required] spec.ports[1].name: Required value" in run.out
    assert "manifests/service.yaml:10:7" in run.out


def test_rules_are_chosen_by_id_or_beginning(checker, folder):
    (folder / "service.yaml").write_text(SERVICE)
    everything = checker("lint", "manifests", "--format", "json")
    assert "api-required" in rules(everything)
    only = checker("lint", "manifests", "--format", "json", "--select", "api-*")
    assert rules(only) == ["api-required"]
    without = checker("lint", "manifests", "--format", "json", "--ignore", "api-required")
    assert "api-required" not in rules(without)
    assert without.code == 0
    nothing = checker("lint", "manifests", "--select", "api-*", "--ignore", "api-required")
    assert nothing.code == 0


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_a_misspelt_rule_is_told(checker, folder, option):
    run = checker("lint", "manifests", option, "api-requird")
    assert run.code == 2
    assert "did you mean `api-required`" in run.err


def test_how_grave_is_grave_enough(checker, folder):
    (folder / "pods" / "pods.yaml").unlink()
    found = json.loads(checker("lint", "manifests", "--format", "json").out)
    severities = {finding["severity"] for finding in found["findings"]}
    assert severities
    assert "error" not in severities, "a Service without pods is no error"
    assert checker("lint", "manifests").code == 0
    assert checker("lint", "manifests", "--fail-on", "note").code == 1
    expected = 1 if "warning" in severities else 0
    assert checker("lint", "manifests", "--fail-on", "warning").code == expected


def test_the_namespace_of_objects_that_name_none(checker, folder):
    run = checker("lint", "manifests", "--format", "json", "-n", "shop", "--select", "api-*")
    assert run.code == 0
    (folder / "service.yaml").write_text(SERVICE)
    run = checker("lint", "manifests", "--format", "json", "-n", "shop", "--select", "api-*")
    namespaces = {finding["object"]["namespace"] for finding in json.loads(run.out)["findings"]}
    assert namespaces == {"shop"}


def test_the_node_port_range_can_be_told(checker, folder):
    text = GOOD.replace("spec:\n", "spec:\n  type: NodePort\n").replace(
        "targetPort: 9376", "targetPort: 9376\n      nodePort: 20000"
    )
    (folder / "service.yaml").write_text(text)
    assert checker("lint", "manifests").code == 1
    assert checker("lint", "manifests", "--node-port-range", "20000-20100").code == 0


def test_one_broken_file_does_not_hide_the_others_findings(checker, folder):
    (folder / "service.yaml").write_text(SERVICE)
    (folder / "broken.yaml").write_text("a: [\n")
    run = checker("lint", "manifests")
    assert run.code == 2
    assert "api-required" in run.out
    assert "manifests/broken.yaml:" in run.err
    document = json.loads(checker("lint", "manifests", "--format", "json").out)
    validate(document, "findings")
    assert document["error"]["location"]["file"] == "manifests/broken.yaml"
    assert document["findings"]


def test_a_chart_of_templates_is_one_sentence(checker, folder):
    for number in range(20):
        (folder / f"template{number}.yaml").write_text("a: {{ .Values.b }}\n")
    run = checker("lint", "manifests")
    assert run.code == 2
    assert run.err.count("render it first") == 1
    assert "19 more templates" in run.err


def test_every_start_of_the_course_in_its_schema(checker, course):
    for name in ("exercise1", "exercise2", "exercise3"):
        run = checker("lint", f"exercises/{name}/start", "--format", "json")
        validate(json.loads(run.out), "findings")
        validate(json.loads(checker(name, "--format", "json").out), "report")
    validate(json.loads(checker("list", "--format", "json").out), "course")
    validate(json.loads((course / "progress.json").read_text()), "progress")


def test_a_connection_that_is_made(checker, folder):
    run = checker("trace", "manifests", "--from", "pod/client", "--to", "svc/web:80")
    assert (run.code, run.err) == (0, "")
    assert "pod/client → svc/web:80 over TCP" in run.out
    assert "✓ connected" in run.out


def test_a_connection_that_is_not(checker, folder):
    (folder / "service.yaml").write_text(GOOD.replace("9376", "8080"))
    arguments = ("trace", "manifests", "--from", "pod/client", "--to", "svc/web:80")
    run = checker(*arguments)
    assert run.code == 1
    assert "✗ listener" in run.out
    assert "✗ refused" in run.out
    document = json.loads(checker(*arguments, "--format", "json").out)
    validate(document, "trace")
    assert document["verdict"] == "refused"
    assert document["hops"][-1]["status"] == "fail"


def test_an_end_that_is_not_there_is_bad_usage(checker, folder):
    run = checker("trace", "manifests", "--from", "pod/nobody", "--to", "svc/web:80")
    assert run.code == 2
    assert "nobody" in run.err
    assert "client" in run.err, "what there is"
    document = json.loads(
        checker(
            "trace", "manifests", "--from", "nobody", "--to", "svc/web:80", "--format", "json"
        ).out
    )
    validate(document, "trace")
    assert document["error"]["message"]


def test_protocols_in_any_case(checker, folder):
    arguments = ("trace", "manifests", "--from", "pod/client", "--to", "svc/web:80")
    run = checker(*arguments, "--protocol", "udp", "--format", "json")
    assert json.loads(run.out)["protocol"] == "UDP"
    assert run.code == 1, "the Service has no UDP port"


def test_objects_that_would_be_refused_are_mentioned(checker, folder):
    (folder / "service.yaml").write_text(SERVICE)
    run = checker("trace", "manifests", "--from", "pod/client", "--to", "svc/web:80")
    assert run.code == 1
    assert "rejected" in run.out
    assert "the API server would refuse 1 object" in run.err


def test_the_matrix(checker, folder):
    run = checker("matrix", "manifests")
    assert run.code == 0
    assert "svc/web" in run.out
    assert "+ connected" in run.out
    document = json.loads(checker("matrix", "manifests", "--format", "json").out)
    validate(document, "matrix")
    assert len(document["verdicts"]) == len(document["sources"])
    assert {len(row) for row in document["verdicts"]} == {len(document["targets"])}


def test_explaining_a_rule(checker):
    run = checker("explain", "api-required")
    assert run.code == 0
    for part in ("api-required", "Why", "Fix"):
        assert part in run.out
    (rule,) = json.loads(checker("explain", "api-required", "--format", "json").out)["rules"]
    assert rule["id"] == "api-required"


def test_all_rules_are_listed(checker):
    run = checker("explain")
    assert run.code == 0
    assert "api-required" in run.out
    listed = json.loads(checker("explain", "--format", "json").out)["rules"]
    assert len(listed) == len({rule["id"] for rule in listed}) > 20


def test_explaining_what_is_no_rule(checker):
    run = checker("explain", "api-requird")
    assert run.code == 2
    assert "did you mean `api-required`" in run.err


@pytest.mark.parametrize("settings", ["", 'nodes = 2\nfail-on = "note"\nselect = ["api-*"]\n'])
def test_paths_alone_mean_what_argparse_makes_of_them(course, monkeypatch, settings):
    """They are read without it: its defaults and the quick way's are the same."""
    (course / ".checker.toml").write_text(settings)
    monkeypatch.chdir(course)
    console = standard_console()
    for arguments in (["a.yaml"], ["a", "-", "--format", "json"], ["--format=sarif", "a"]):
        quick = plain(arguments, "lint", {**ClusterSettings()._asdict(), **lint_command._DEFAULTS})
        assert vars(quick) | {"help": False} == vars(lint_command._parsed(arguments, console))
    for arguments in ([], ["a", "--nodes", "2"], ["a", "--format", "xml"], ["--format"], ["-h"]):
        assert plain(arguments, "lint", {}) is None
