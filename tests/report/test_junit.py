"""JUnit XML of the form in junit-10.xsd, which Jenkins' xUnit plugin holds reports to.

There is no standard, and no package that brings a schema. `_FORM` says of each element that we use
what that file says (jenkinsci/xunit-plugin, src/main/resources/org/jenkinsci/plugins/xunit/types/
model/xsd/junit-10.xsd at commit 031e285), and asks for `classname` besides, which GitLab shows.
"""

from xml.etree import ElementTree as ET

import pytest

from checker.manifests import Location
from checker.report.json_format import Failure
from checker.report.junit import exercise_junit, failure_junit, lint_junit
from tests.report import samples
from tests.report.samples import FINDING, WARNING

#: Element: the attributes it may have, those it must have, and its children.
_FORM = {
    "testsuites": ({"name", "tests", "failures", "errors"}, set(), {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "skipped", "time"},
        {"name", "tests", "failures", "errors"},
        {"testcase"},
    ),
    "testcase": (
        {"name", "classname", "time"},
        {"name", "classname"},
        {"failure", "error", "skipped", "system-out"},
    ),
    "failure": ({"message", "type"}, set(), set()),
    "error": ({"message", "type"}, set(), set()),
    "skipped": ({"message", "type"}, set(), set()),
    "system-out": (set(), set(), set()),
}


def parse(text):
    """The document. Raises unless it is of the form and its counts are right."""
    root = ET.fromstring(text)
    assert root.tag == "testsuites"
    for element in root.iter():
        allowed, needed, children = _FORM[element.tag]
        assert needed <= set(element.attrib) <= allowed, element.tag
        assert {child.tag for child in element} <= children, element.tag
        if element.tag.startswith("testsuite"):
            # GitLab shows one of those with the same name.
            names = [(one.get("classname"), one.get("name")) for one in element.iter("testcase")]
            assert len(set(names)) == len(names)
            for word, tag in (("failures", "failure"), ("errors", "error"), ("tests", "testcase")):
                assert int(element.get(word)) == len(list(element.iter(tag)))
    return root


def test_a_suite_a_file_and_a_case_a_finding():
    root = parse(lint_junit([FINDING, WARNING], ["answer/web.yaml", "clean.yaml"]))
    assert [suite.get("name") for suite in root] == ["answer/web.yaml", "clean.yaml"]
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("3", "1", "0")
    [failure] = root.iter("failure")
    assert failure.get("message") == "spec.ports[0].name: Required value"
    assert "answer/web.yaml:9:7" in failure.text
    assert FINDING.fix in failure.text


def test_two_findings_of_one_field_are_two_cases():
    """A port's name may break several rules at once."""
    more = FINDING._replace(message="another reason")
    root = parse(lint_junit([FINDING, more, more], ["answer/web.yaml"]))
    first, second, third = (case.get("name") for case in root.iter("testcase"))
    assert (second, third) == (f"{first} (2)", f"{first} (3)")


@pytest.mark.parametrize(("fail_on", "failures"), [("error", 1), ("warning", 2), ("note", 2)])
def test_failures_are_what_the_exit_code_is_about(fail_on, failures):
    root = parse(lint_junit([FINDING, WARNING], ["answer/web.yaml"], fail_on=fail_on))
    assert root.get("failures") == str(failures)


def test_what_cannot_be_read_is_an_error():
    root = parse(lint_junit([], ["a.yaml"], [Failure("no YAML", "a.yaml", 2, 1)]))
    [error] = root.iter("error")
    assert error.get("message") == "no YAML"
    assert "a.yaml:2:1" in error.text
    root = parse(failure_junit(Failure("no such exercise"), "exercise99"))
    assert root[0].get("name") == "exercise99"
    assert root.get("errors") == "1"


def test_signs_that_xml_cannot_hold():
    nasty = 'a\0\x1b]]><b a="\'">&\ud800\uffff\u0085\u2028\nc'
    finding = FINDING._replace(message=nasty, why=nasty, location=Location(nasty, 1, 1))
    text = lint_junit([finding], [nasty])
    parse(text.encode("utf-8"))
    assert "<b " not in text


def test_an_exercise_is_a_suite_of_its_checks():
    root = parse(exercise_junit(samples.FAIL))
    [suite] = root
    cases = {case.get("name"): [child.tag for child in case] for case in suite}
    tags = {"pass": [], "fail": ["failure"], "not-reached": ["skipped"], "cannot-tell": ["skipped"]}
    assert cases == {check.title: tags[check.status] for check in samples.FAIL.checks}
    assert suite.get("name") == samples.FAIL.exercise


def test_an_answer_that_is_no_yaml_is_one_error():
    broken = samples.FAIL._replace(
        status="error", error="no YAML", error_location=Location("a.yaml", 1, 2), checks=()
    )
    root = parse(exercise_junit(broken))
    [error] = root.iter("error")
    assert error.get("message") == "no YAML"
