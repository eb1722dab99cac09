"""`lint` over repositories as they are: manifests beside what is none, and files nobody can read.

What Kustomize and Helm do with their files is theirs to say: kubectl.docs.kubernetes.io
(kustomization), helm.sh (charts).
"""

import json

import pytest
import yaml

from tests.cli.test_lint import GOOD, PODS, SERVICE, rules
from tests.report.test_junit import parse as parse_junit
from tests.report.test_sarif import validate as validate_sarif


@pytest.fixture
def repository(course):
    """A Service and its pods, in a folder of their own."""
    root = course / "repository"
    write(root, "base/service.yaml", GOOD)
    write(root, "base/pods.yaml", PODS)
    return root


def write(root, name, text):
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(text, bytes):
        file.write_bytes(text)
    else:
        file.write_text(text, encoding="utf-8")


def findings(checker, *paths):
    run = checker("lint", *paths, "--format", "json")
    found = json.loads(run.out)["findings"]
    return run, [(one["rule"], one["severity"], one["location"]["file"]) for one in found]


KUSTOMIZATION = "kustomization.yaml"


@pytest.mark.parametrize(
    "head", ["", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"]
)
def test_a_kustomization_is_a_note(checker, repository, head):
    """No API server has the kind: what it makes of it is neither right nor wrong."""
    write(repository, "base/kustomization.yaml", f"{head}resources: [service.yaml, pods.yaml]\n")
    run, found = findings(checker, "repository")
    assert run.code == 0
    assert found == [("kind-not-checked", "note", "repository/base/kustomization.yaml")]
    (one,) = json.loads(run.out)["findings"]
    assert "kubectl kustomize repository/base | python -m checker lint -" in one["message"]
    assert checker("lint", "repository/base/kustomization.yaml").code == 0


def test_what_kustomize_merges_is_no_whole_object(checker, repository):
    write(repository, "base/kustomization.yml", "resources: [service.yaml, pods.yaml]\n")
    overlay = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": ["../../base", "extra.yaml"],
        "patches": [{"path": "./patch.yaml"}, {"patch": "- op: remove\n  path: /spec\n"}],
        "patchesStrategicMerge": ["more/merge.yaml", "kind: Pod\nmetadata: {name: a}\n"],
        "patchesJson6902": [{"path": "json.yaml"}],
        "replacements": [{"path": "../replacement.yaml"}],
        "configMapGenerator": [{"name": "a", "files": ["key=app.yaml", "extra.yaml"]}],
    }
    part = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 0}]}\n"
    folder = "overlays/prod"
    write(repository, f"{folder}/kustomization.yaml", yaml.safe_dump(overlay))
    for name in ("patch", "more/merge", "../replacement", "app"):
        write(repository, f"{folder}/{name}.yaml", part)
    write(repository, f"{folder}/json.yaml", "- {op: replace, path: /spec/type, value: NodePort}\n")
    # A resource is whole, whatever else is done with it.
    write(repository, f"{folder}/extra.yaml", SERVICE.replace("name: web", "name: extra"))
    run, found = findings(checker, "repository")
    assert [one for one in found if one[1] == "error"] == [
        ("api-required", "error", f"repository/{folder}/extra.yaml")
    ] * 2
    assert run.code == 1
    assert "5 files hold no whole object" in run.err
    # From another folder they are the same files.
    inside = checker("lint", "..", "--format", "json", cwd=repository / "overlays")
    assert len(json.loads(inside.out)["findings"]) == len(found)
    assert rules(checker("lint", f"repository/{folder}/patch.yaml", "--format", "json")) != []


def test_fluxs_kustomizations_are_objects(checker, repository):
    text = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {}\n"
    write(repository, "base/kustomization.yaml", text)
    run, found = findings(checker, "repository")
    assert run.code == 1
    assert ("api-required", "error", "repository/base/kustomization.yaml") in found


OTHERS = {
    ".github/workflows/ci.yml": "name: ci\non: [push]\njobs: {}\n",
    "chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n",
    "chart/values.yaml": "replicas: 1\n",
    "chart/values.schema.json": '{"type": "object"}',
    "docker-compose.yaml": "services: {web: {image: nginx}}\n",
    "package.json": '{"name": "web", "version": "1.0.0"}',
    "playbook.yaml": "- hosts: all\n",
    "words.yaml": "hello\n",
}


def test_yaml_that_is_no_manifest_is_left_alone_in_a_folder(checker, repository):
    for name, text in OTHERS.items():
        write(repository, name, text)
    run, found = findings(checker, "repository")
    assert (run.code, found) == (0, [])
    assert json.loads(run.out)["summary"]["files"] == 2
    assert f"{len(OTHERS)} files hold no whole object" in run.err
    assert "and 5 more" in run.err
    trace = ("trace", "repository", "--from", "pod/client", "--to", "svc/web:80")
    assert checker(*trace).code == 0
    junit = checker("lint", "repository", "--format", "junit")
    assert "package.json" not in junit.out


@pytest.mark.parametrize("name", OTHERS)
def test_a_file_that_is_named_is_taken_at_its_word(checker, repository, name):
    write(repository, name, OTHERS[name])
    assert checker("lint", f"repository/{name}", "repository/base").code in (1, 2)


@pytest.mark.parametrize("lacking", ["apiVersion", "kind", "both"])
def test_an_object_without_a_kind_is_still_one(checker, repository, lacking):
    lines = GOOD.replace("name: web", "name: other").splitlines()
    kept = [line for line in lines if lacking != "both" and not line.startswith(lacking)]
    text = "\n".join(kept or lines[2:]) + "\n"
    write(repository, "base/broken.yaml", text)
    run, found = findings(checker, "repository")
    assert run.code == 1
    assert [file for _, severity, file in found if severity == "error"] == [
        "repository/base/broken.yaml"
    ]


@pytest.mark.parametrize("version", ["kind.x-k8s.io/v1alpha4", "skaffold/v4beta6"])
def test_tools_have_files_of_the_same_form(checker, repository, version):
    """Of a kind that no API of Kubernetes' has, nobody knows whether it needs a name."""
    write(repository, "base/config.yaml", f"apiVersion: {version}\nkind: Config\nnodes: []\n")
    run, found = findings(checker, "repository")
    assert run.code == 0
    assert found == [("kind-not-checked", "note", "repository/base/config.yaml")]


UNREADABLE = {
    "latin-1": ("größer".encode("latin-1"), "is not UTF-8 text (byte 0xf6 in line 1)"),
    "utf-16": ("a: 1".encode("utf-16"), "is UTF-16 text"),
    "large": (b"#" * (5 * 1024 * 1024 + 1), "is 5 MiB large"),
    "link": (None, "is a link to a file that does not exist"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_cannot_be_read_does_not_hide_the_others_findings(checker, repository, case):
    data, told = UNREADABLE[case]
    if data is None:
        (repository / "base" / "broken.yaml").symlink_to("gone.yaml")
    else:
        write(repository, "base/broken.yaml", data)
    write(repository, "base/service.yaml", SERVICE)
    run, found = findings(checker, "repository")
    assert run.code == 2
    assert [file for rule, _, file in found if rule == "api-required"] == [
        "repository/base/service.yaml"
    ] * 2
    error = json.loads(run.out)["error"]
    assert told in error["message"]
    assert error["location"]["file"] == "repository/base/broken.yaml"
    assert run.err.count("broken.yaml") == 1, run.err
    trace = ("trace", "repository", "--from", "pod/client", "--to", "svc/web:80")
    assert checker(*trace).code == 2
    baseline = checker("lint", "repository", "--write-baseline", "known.json")
    assert baseline.code == 2
    assert "not written" in baseline.err


def test_ci_finds_the_file_that_cannot_be_read(checker, course, repository):
    write(repository, "base/broken.yaml", b"\xff")
    inside = {"cwd": repository / "base", "env": {"GITHUB_WORKSPACE": str(course)}}
    run = checker("lint", ".", "--format", "github", **inside)
    assert run.out.startswith("::error file=repository/base/broken.yaml,line=1,")
    run = checker("lint", ".", "--format", "sarif", **inside)
    validate_sarif(json.loads(run.out))
    [invocation] = json.loads(run.out)["runs"][0]["invocations"]
    [told] = invocation["toolExecutionNotifications"]
    place = told["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "repository/base/broken.yaml"}
    assert parse_junit(checker("lint", ".", "--format", "junit", **inside).out).get("errors") == "1"


def test_standard_input_given_twice_is_read_once(checker, course):
    once = checker("lint", "-", stdin=SERVICE)
    assert "│" in once.out, "an excerpt"
    assert checker("lint", "-", "-", stdin=SERVICE).out == once.out


def test_an_input_without_objects_is_mentioned(checker, course):
    """A rendering that failed, or a wrong folder, looks like this: no tick by itself."""
    run = checker("lint", "-", stdin="---\n# nothing\n---\n")
    assert run.code == 0
    assert "the input holds no object" in run.err


LISTS = {
    "of nothing": "apiVersion: v1\nkind: List\nitems:\n",
    "of null": "apiVersion: v1\nkind: List\nitems: [null]\n",
    "of no kind": "apiVersion: v1\nkind: ConfigMapList\nitems: [{metadata: {name: a}}]\n",
}


@pytest.mark.parametrize("case", LISTS)
def test_lists_as_kubectl_reads_them(checker, course, case):
    """`apimachinery: UnstructuredJSONScheme`: `items` is what makes a list of an object."""
    run = checker("lint", "-", "--format", "json", stdin=LISTS[case])
    assert (run.code, json.loads(run.out)["findings"]) == (0, [])


def test_an_item_that_is_no_object(checker, course):
    run = checker("lint", "-", stdin="apiVersion: v1\nkind: List\nitems:\n- [a]\n- b\n")
    assert run.code == 2
    assert "<stdin>:4:3: a list, where an object" in run.err
    assert "<stdin>:5:3: plain text, where an object" in run.err


def test_what_is_excluded_is_not_read(checker, course, repository):
    write(repository, "charts/templates/web.yaml", "a: {{ .Values.a }}\n")
    write(repository, "base/broken.tpl.yaml", b"\xff")
    assert checker("lint", "repository").code == 2
    both = ("--exclude", "charts", "--exclude", "*.tpl.yaml")
    run = checker("lint", "repository", *both)
    assert (run.code, run.err) == (0, "")
    assert "3 objects in 2 files" in run.out
    way = ("--from", "pod/client", "--to", "svc/web:80")
    assert checker("trace", "repository", *way, *both).code == 0
    assert checker("matrix", "repository", *both).code == 0
    assert checker("lint", "repository", "--exclude", "./charts", "--exclude", "base/*").code == 2
    run = checker("lint", "repository/charts", "--exclude", "*.yaml")
    assert (run.code, run.out) == (2, "")
    assert "that is not excluded" in run.err
    # What is named is read: https://pre-commit.com passes files by name, and has its own exclude.
    assert checker("lint", "repository/charts/templates/web.yaml", *both).code == 2
    assert checker("lint", "repository", "--exclude", "").code == 2


def test_settings_exclude_from_their_own_folder(checker, course, repository):
    write(repository, "charts/templates/web.yaml", "a: {{ .Values.a }}\n")
    write(repository, ".checker.toml", 'exclude = ["./charts"]\n')
    for folder, path in ((repository, "."), (repository / "base", ".."), (repository, repository)):
        assert checker("lint", path, cwd=folder).code == 0
    # An option replaces the setting.
    assert checker("lint", ".", "--exclude", "base", cwd=repository).code == 2
