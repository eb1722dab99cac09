"""Recorded verdicts of a real API server with Gateway API's CRDs, against `admit`."""

import pytest

from tests.api.gateway.cases import inputs, recorded
from tests.api.test_conformance import said_by_server, said_by_us
from tests.conformance.cases import ApiCase


def test_recording_is_of_the_cases() -> None:
    """After a change of cases.yaml: `python -m tests.api.gateway.record`."""
    asked = {case["id"]: case["manifests"] for case in inputs()}
    assert {case.id: case.manifests for case in recorded()} == asked


@pytest.mark.parametrize("case", recorded(), ids=lambda case: case.id)
def test_recorded_verdict(case: ApiCase) -> None:
    errors, warnings = said_by_us(case)
    expected = said_by_server(case)
    assert case.accepted == (not errors)
    assert sorted(message for _, message in errors) == sorted(message for _, message in expected)
    if all(field is not None for field, _ in expected):
        assert sorted(errors) == sorted((field or "", message) for field, message in expected)
    assert sorted(warnings) == sorted(case.warnings)
