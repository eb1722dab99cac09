"""Kinds without rules: missing, removed, unknown, not checked."""

import pytest

from checker.api.catalog import REMOVED, SERVED, successor
from checker.api.kinds import KINDS
from tests.api.manifests import admitted, only

OBJECT = "apiVersion: {version}\nkind: {kind}\nmetadata: {{name: a}}\n"


def test_missing_kind_and_version() -> None:
    finding = only("apiVersion: v1\nmetadata: {name: a}")
    assert finding.rule == "api-missing-kind"
    assert finding.message == (
        'Object \'Kind\' is missing in \'{"apiVersion":"v1","metadata":{"name":"a"}}\''
    )
    assert only("kind: Pod\nmetadata: {name: a}").rule == "api-missing-version"


def test_unknown_kind_of_a_known_group_is_an_error() -> None:
    finding = only(OBJECT.format(version="apps/v1", kind="Deploymnt"))
    assert (finding.rule, finding.severity) == ("api-unknown-kind", "error")
    assert finding.message == 'no matches for kind "Deploymnt" in version "apps/v1"'


def test_foreign_kinds_get_a_note() -> None:
    admission = admitted(OBJECT.format(version="cert-manager.io/v1", kind="Certificate"))
    assert [(f.rule, f.severity) for f in admission.findings] == [("kind-not-checked", "note")]
    assert admission.resources[0].accepted


@pytest.mark.parametrize(("version", "kind"), REMOVED)
def test_removed_versions_have_a_successor(version: str, kind: str) -> None:
    finding = only(OBJECT.format(version=version, kind=kind))
    assert (finding.rule, finding.severity) == ("api-removed-version", "error")
    group, _, number = successor(version, kind).rpartition("/")
    assert kind in SERVED[group][number].replace("*", "").split()


def test_right_kind_in_the_wrong_group() -> None:
    assert successor("v1", "Deployment") == "apps/v1"
    assert successor("apps/v1", "Service") == "v1"


def test_catalog_has_the_kinds_with_rules() -> None:
    for version, kind in KINDS:
        group, _, number = version.rpartition("/")
        if group != "gateway.networking.k8s.io":
            assert kind in SERVED[group][number].replace("*", "").split()


def test_metadata_of_other_kinds_is_checked() -> None:
    role = OBJECT.format(version="rbac.authorization.k8s.io/v1", kind="Role")
    findings = admitted(role.replace("name: a", "name: 'system:a', labels: {a: '-'}")).findings
    assert [f.field for f in findings if f.severity == "error"] == ["metadata.labels"]
