"""`.checker.toml` and `[tool.checker]`: defaults of the options, for `lint`, `trace`, `matrix`."""

import json
import re

import pytest

from tests.cli.conftest import CHECKOUT
from tests.cli.test_lint import GOOD, SERVICE, rules
from tests.report.test_json_format import validate


@pytest.fixture
def folder(course):
    (course / "manifests").mkdir()
    (course / "manifests" / "service.yaml").write_text(SERVICE)
    return course / "manifests"


def lint(checker, *options, cwd=None):
    return checker("lint", "-", "--format", "json", *options, stdin=SERVICE, cwd=cwd)


def test_found_upwards_and_the_nearest_decides(checker, course, folder):
    (course / ".checker.toml").write_text('ignore = ["api-*"]\n')
    assert "api-required" not in rules(lint(checker, cwd=folder))
    (folder / ".checker.toml").write_text("")
    assert "api-required" in rules(lint(checker, cwd=folder))


def test_pyproject(checker, course, folder):
    (folder / "pyproject.toml").write_text('[tool.checker]\nselect = ["api-*"]\n')
    assert rules(lint(checker, cwd=folder)) == ["api-required"]
    # One without our table is another tool's, and what is above it counts.
    (folder / "pyproject.toml").write_text('[project]\nname = "checker-of-things"\n')
    (course / ".checker.toml").write_text('ignore = ["api-*"]\n')
    assert "api-required" not in rules(lint(checker, cwd=folder))
    (folder / "pyproject.toml").write_bytes(b"[[[ not ours \xff")
    assert lint(checker, cwd=folder).code == 0
    # Beside one another, our own file goes first.
    (course / "pyproject.toml").write_text('[tool.checker]\nignore = ["selector-*"]\n')
    assert "api-required" not in rules(lint(checker, cwd=folder))


@pytest.mark.parametrize(
    "text",
    [
        '[tool.checker]\nselect = ["api-*"]\n',
        ' [ tool . "checker" ] # ours\nselect = ["api-*"]\n',
        '[tool]\nchecker.select = ["api-*"]\n',
        '["tool"] # all tools\n\n"checker" = {select = ["api-*"]}\n',
        'tool.checker.select = ["api-*"]\n',
        "tool = {checker = {select = ['api-*']}}\n",
    ],
)
def test_pyproject_however_toml_lets_it_be_written(checker, folder, text):
    (folder / "pyproject.toml").write_text(text)
    assert rules(lint(checker, cwd=folder)) == ["api-required"]


def test_options_go_first(checker, course):
    (course / ".checker.toml").write_text('select = ["api-*"]\nfail-on = "note"\nnodes = 2\n')
    assert "api-required" not in rules(lint(checker, "--select", "selector-*"))
    (course / ".checker.toml").write_text('ignore = ["api-*"]\nfail-on = "note"\n')
    assert lint(checker).code == 1, "a note is enough"
    assert lint(checker, "--fail-on", "warning").code == 0


def test_the_model(checker, course):
    (course / ".checker.toml").write_text(
        'namespace = "shop"\nnode-port-range = "20000-20100"\nservice-cidr = "10.7.0.0/16"\n'
        'pod-cidr = "10.8.0.0/16"\nproxy-mode = "iptables"\nnodes = 3\n'
    )
    text = GOOD.replace("spec:\n", "spec:\n  type: NodePort\n").replace(
        "targetPort: 9376", "targetPort: 9376\n      nodePort: 20000"
    )
    run = checker("lint", "-", "--format", "json", stdin=text)
    assert run.code == 0
    namespaces = {one["object"]["namespace"] for one in json.loads(run.out)["findings"]}
    assert namespaces <= {"shop"}
    assert checker("lint", "-", "--node-port-range", "30000-32767", stdin=text).code == 1
    run = checker("matrix", "-", "--format", "json", stdin=text)
    assert run.code == 0
    assert "web.shop" in run.out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('ignroe = ["api-*"]', "did you mean `ignore`"),
        ("zzzzzzzz = 1", "there are select, ignore"),
        ('select = "api-*"', "wrong `select`"),
        ("select = [1]", "wrong `select`"),
        ('exclude = "charts"', "wrong `exclude`: it is no list of patterns"),
        ('exclude = [""]', "wrong `exclude`"),
        ('select = ["api-requird"]', "did you mean `api-required`"),
        ('fail-on = "never"', "there are error, warning, note"),
        ("fail-on = [1]", "wrong `fail-on`"),
        ('nodes = "3"', "no whole number"),
        ("nodes = true", "no whole number"),
        ("nodes = 0", "from 1 to 5000"),
        ('pod-cidr = "10"', "wrong `pod-cidr`"),
        ("pod-cidr = 10", "wrong `pod-cidr`"),
        ('node-port-range = "9-1"', "wrong `node-port-range`"),
        ('proxy-mode = "ipvs"', "there are nftables, iptables"),
        ('namespace = ""', "wrong `namespace`"),
        ("nodes = ", "line 1"),
        ("a = " + "[" * 5000, "no TOML"),
    ],
)
def test_what_is_wrong_is_told_with_the_files_name(checker, course, text, told):
    (course / ".checker.toml").write_text(text + "\n")
    run = lint(checker)
    assert run.code == 2
    assert ".checker.toml" in run.err
    assert told in run.err
    document = json.loads(run.out)
    validate(document, "findings")
    assert document["error"]["location"]["file"].endswith(".checker.toml")


def test_help_does_not_hang_on_them(checker, course):
    (course / ".checker.toml").write_text("[[[")
    assert checker("lint", "--help").code == 0


def test_exercises_do_not_heed_them(checker, course):
    (course / ".checker.toml").write_text("[[[")
    assert checker("exercise1").code == 1


def test_a_table_that_is_none(checker, course):
    (course / "pyproject.toml").write_text("[tool]\nchecker = 3\n")
    run = lint(checker)
    assert run.code == 2
    assert "`tool.checker`" in run.err


def test_the_books_example(checker, course):
    page = (CHECKOUT / "book" / "reference" / "lint-in-ci.md").read_text(encoding="utf-8")
    [example] = re.findall(r"^```toml\n(.*?)^```", page, re.S | re.M)
    (course / ".checker.toml").write_text(example)
    assert checker("lint", "-", "--write-baseline", "checker-baseline.json", stdin=GOOD).code == 0
    assert checker("lint", "-", stdin=GOOD).code == 0
