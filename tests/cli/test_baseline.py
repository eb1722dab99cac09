"""`lint --baseline`: a repository that has findings already starts at zero."""

import json

import pytest

from tests.cli.test_lint import SERVICE, rules

SHOP = SERVICE.replace("name: web", "name: shop")


@pytest.fixture
def folder(course):
    (course / "manifests").mkdir()
    (course / "manifests" / "service.yaml").write_text(SERVICE)
    return course / "manifests"


@pytest.fixture
def baseline(checker, course, folder):
    run = checker("lint", "manifests", "--write-baseline", "baseline.json")
    assert run.code == 0
    assert "written to baseline.json" in run.err
    assert "nothing to complain about" in run.out
    return course / "baseline.json"


def lint(checker, *options, **more):
    return checker(
        "lint", "manifests", "--baseline", "baseline.json", "--format", "json", *options, **more
    )


def test_zero_at_first(checker, baseline):
    run = lint(checker, "--fail-on", "note")
    assert run.code == 0
    assert rules(run) == []
    assert "not shown" in run.err


def test_what_moves_stays_known(checker, baseline, folder):
    (folder / "service.yaml").write_text("# a line more\n" + SERVICE)
    assert lint(checker).code == 0


def test_what_is_new_is_shown(checker, baseline, folder):
    (folder / "shop.yaml").write_text(SHOP)
    run = lint(checker)
    assert run.code == 1
    files = {finding["location"]["file"] for finding in json.loads(run.out)["findings"]}
    assert files == {"manifests/shop.yaml"}


def test_one_more_of_the_same_is_new(checker, baseline, folder):
    (folder / "service.yaml").write_text(SERVICE + "    - port: 8443\n")
    run = lint(checker, "--select", "api-required")
    assert run.code == 1
    assert len(json.loads(run.out)["findings"]) == 1, (
        "two unnamed ports were known, this is a third"
    )


def test_what_is_mended_is_told(checker, baseline, folder):
    (folder / "service.yaml").write_text(SERVICE.partition("    - port: 443")[0])
    run = lint(checker)
    assert run.code == 0
    assert "2 entries of baseline.json no longer needed" in run.err


def test_what_was_not_looked_for_may_still_be_there(checker, baseline):
    for options in (("--select", "selector-*"), ("--ignore", "api-*")):
        assert "no longer needed" not in lint(checker, *options).err


def test_what_is_known_of_a_file_that_is_gone(checker, course, baseline, folder):
    (folder / "service.yaml").rename(folder / "web.yaml")
    run = lint(checker)
    assert run.code == 1, "a finding is known by its file"
    assert "3 entries of baseline.json no longer needed" in run.err
    # What was read from a pipe was no file.
    arguments = ("lint", "-", "--write-baseline", "baseline.json")
    assert checker(*arguments, stdin=SERVICE).code == 0
    assert "no longer needed" not in lint(checker).err


@pytest.mark.parametrize("option", ["--baseline", "--write-baseline"])
def test_a_baseline_is_a_file(checker, course, folder, option):
    run = checker("lint", "manifests", option, "-")
    assert run.code == 2
    assert f"{option} has to name a file" in run.err
    assert not (course / "-").exists()


def test_from_another_folder_and_from_the_settings(checker, course, baseline, folder):
    (course / ".checker.toml").write_text('baseline = "baseline.json"\n')
    for paths in ([".", folder], [folder.parent / "manifests"]):
        run = checker("lint", *paths, cwd=folder)
        assert run.code == 0, run.all


def test_among_the_manifests_it_is_not_read_as_one(checker, folder):
    assert checker("lint", ".", "--write-baseline", "baseline.json", cwd=folder).code == 0
    run = checker("lint", ".", "--baseline", "baseline.json", cwd=folder)
    assert run.code == 0, run.all
    assert "1 object in 1 file" in run.out


def test_the_same_bytes_again(checker, baseline):
    before = baseline.read_bytes()
    assert checker("lint", "manifests", "--write-baseline", "baseline.json").code == 0
    assert baseline.read_bytes() == before


def test_half_of_the_input_makes_no_baseline(checker, course, folder):
    (folder / "broken.yaml").write_text("a: [\n")
    run = checker("lint", "manifests", "--write-baseline", "baseline.json")
    assert run.code == 2
    assert "is not written" in run.err
    assert "api-required" in run.out
    assert not (course / "baseline.json").exists()


def test_a_manifest_is_not_replaced_by_a_slip(checker, folder):
    run = checker("lint", "manifests", "--write-baseline", "manifests/service.yaml")
    assert run.code == 2
    assert (folder / "service.yaml").read_text() == SERVICE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "[" * 100_000,
        '{"schema": "checker/findings/v1"}',
        '{"schema": "checker/baseline/v1"}',
        '{"schema": "checker/baseline/v1", "findings": [3]}',
        '{"schema": "checker/baseline/v1", "findings": [{"rule": "a"}]}',
        (
            '{"schema": "checker/baseline/v1", "findings": '
            '[{"file": "", "rule": "", "object": "", "field": "", "count": 0}]}'
        ),
    ],
)
def test_what_is_no_baseline(checker, course, folder, text):
    (course / "baseline.json").write_text(text)
    run = lint(checker)
    assert run.code == 2
    assert "baseline.json" in json.loads(run.out)["error"]["message"]


def test_one_that_is_not_there(checker, folder):
    run = lint(checker)
    assert run.code == 2
    assert "baseline.json does not exist" in run.err
    assert checker("lint", "manifests", "--baseline", "").code == 2
