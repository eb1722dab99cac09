"""A finding is the same finding after an edit that does not touch what it is about."""

import pytest

from checker.advice.identity import fingerprints, identity
from checker.manifests import Location
from tests.report.samples import FINDING


def test_it_stays_when_lines_and_positions_and_words_change():
    [before] = fingerprints([FINDING])
    moved = FINDING._replace(
        field="spec.ports[7].name",
        message="Other words",
        location=Location("answer/web.yaml", 90, 1),
    )
    assert list(fingerprints([moved])) == [before]


@pytest.mark.parametrize(
    "change",
    [
        {"rule": "api-invalid"},
        {"object": None},
        {"object": FINDING.object._replace(name="shop")},
        {"object": FINDING.object._replace(namespace="shop")},
        {"field": "spec.ports[0].port"},
        {"location": Location("other.yaml", 9, 7)},
    ],
)
def test_it_differs_where_the_finding_does(change):
    one, other = FINDING, FINDING._replace(**change)
    assert identity(one) != identity(other)
    assert len(set(fingerprints([one, other]))) == 2


def test_alike_findings_are_told_apart():
    assert len(set(fingerprints([FINDING, FINDING, FINDING]))) == 3


@pytest.mark.parametrize(
    ("field", "known"),
    [
        ("", ""),
        ("a[0].b[12].c", "a[].b[].c"),
        ("metadata.annotations[a/b]", "metadata.annotations[a/b]"),
        ("spec.ports[3]", "spec.ports[]"),
        ("odd[3", "odd["),
    ],
)
def test_positions_in_lists_do_not_count(field, known):
    assert identity(FINDING._replace(field=field)).field == known


def test_fingerprints_are_the_same_in_every_version():
    # A change of this value orphans every fingerprint and means a new VERSION.
    assert list(fingerprints([FINDING])) == ["5b7b92567dfaa8837f8f7027edfc61ad"]
