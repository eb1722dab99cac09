"""Every recorded verdict of a real API server, against `admit`."""

import re

import pytest

from checker.api import ClusterSettings, admit
from checker.manifests import Source, read
from tests.conformance.cases import ApiCase, api_cases

#: A dry run does not look whether a node port is in the range (FACTS: portallocator/operation.go).
DRY_RUN = ClusterSettings(node_port_range=(-(2**31), 2**31))

_PATH = "the server's answer is about the path of the request; the words here are kubectl's"
_READER = "text that is no YAML never becomes an object: the reader says so, in its own words"
_CONTENT = "it depends on what a particular cluster holds"
_DRY_RUN = "only a dry run answers so: it allocates nothing"

#: Cases with the same verdict in other words, each with its reason.
OTHER_WORDS = {
    "ingress-old-version": _PATH,
    "ingress-older-version": _PATH,
    "policy-old-version": _PATH,
    "pod-version-unknown": _PATH,
    "pod-kind-of-path": _PATH,
    "service-version": _PATH,
    "deployment-old-version": _PATH,
    "deployment-old-version-apps": _PATH,
    "deployment-core-version": _PATH,
    "pod-not-yaml": _READER,
    "pod-tab": _READER,
    "service-cluster-ip-out-of-range-dry": _DRY_RUN,
}
#: Cases with another verdict, each with its reason.
OTHER_VERDICT = {
    "namespace-exists": _CONTENT,
    "gateway-not-installed": _CONTENT,
    "service-namespace-missing": _CONTENT,
    "service-exists": "a name twice is a warning of our own: apply would merge them",
    "service-cluster-ip-taken-dry": _DRY_RUN,
}


def said_by_server(case: ApiCase) -> list[tuple[str | None, str]]:
    """The field (None where the answer names none) and message of each cause."""
    if case.accepted:
        return []
    found = re.match(r".*? cannot be handled as a \w+: (.*)", case.message, re.DOTALL)
    if found:
        return [(None, found[1])]
    if case.causes:
        return [(cause["field"], cause["message"]) for cause in case.causes]
    return [(None, case.message)]


def said_by_us(case: ApiCase) -> tuple[list[tuple[str, str]], list[str]]:
    settings = ClusterSettings() if case.create else DRY_RUN
    given = read([Source("given.yaml", case.given)]).manifests
    asked = read([Source("case.yaml", case.manifests)])
    before = len(admit(given, settings).findings)
    findings = admit([*given, *asked.manifests], settings).findings[before:]
    server = [each for each in findings if each.source == "api-server"]
    errors = [(each.field, each.message) for each in server if each.severity == "error"]
    errors += [("", problem.message) for problem in asked.problems]
    return errors, [each.message for each in server if each.severity == "warning"]


@pytest.mark.parametrize("case", api_cases(), ids=lambda case: case.id)
def test_recorded_verdict(case: ApiCase) -> None:
    errors, warnings = said_by_us(case)
    expected = said_by_server(case)
    if case.id in OTHER_VERDICT:
        assert case.accepted != (not errors), f"no exception any more: {OTHER_VERDICT[case.id]}"
        return
    assert case.accepted == (not errors)
    if case.id in OTHER_WORDS:
        return
    # Go walks maps in no fixed order, so the order of errors about a map's keys is open.
    assert sorted(message for _, message in errors) == sorted(message for _, message in expected)
    fields = sorted(field for field, _ in errors)
    if all(field is not None for field, _ in expected):
        assert fields == sorted(field or "" for field, _ in expected)
    assert sorted(warnings) == sorted(case.warnings)


def test_exceptions_are_cases() -> None:
    known = {case.id for case in api_cases()}
    assert {*OTHER_WORDS, *OTHER_VERDICT} <= known
