"""Values are those that Kubernetes' own reader makes: recorded from sigs.k8s.io/yaml v1.6.0."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest

from checker.manifests import Source, read
from tests.manifests.record_goyaml import ask_goyaml, recorded

#: Refused by the strict reader and accepted here, with the reason.
KNOWN = {
    # kubectl sends JSON made by the lenient reader, in which a merge may meet a key it had.
    "use:\n  <<: [{a: 1}, {a: 2, b: 3}]": "merge",
    # libyaml knows YAML 1.2's \\/, which JSON files need; Kubernetes reads JSON as JSON.
    'a: "\\u0041\\/"': "JSON's escape",
}


@pytest.mark.parametrize("case", recorded(), ids=lambda case: repr(case["yaml"])[:40])
def test_reads_as_kubernetes_does(case: dict[str, object]) -> None:
    text = str(case["yaml"])
    reading = read([Source("case.yaml", text)])
    if "error" in case:
        refused = reading.problems or any(m.duplicates for m in reading.manifests)
        assert bool(refused) != (text in KNOWN)
    elif isinstance(case["json"], dict):
        assert [m.value for m in reading.manifests] == [case["json"]]
        # 80 and 80.0 are equal in Python, but not to the API server.
        assert json.dumps(reading.manifests[0].value) == json.dumps(case["json"])
    elif case["json"] is not None:
        assert reading.manifests == []
        assert [p.kind for p in reading.problems] == ["stray"]


def test_recording_is_current() -> None:
    if shutil.which("go") is None and "cluster" not in os.environ.get("CHECKER_REQUIRE", ""):
        pytest.skip("needs Go to ask sigs.k8s.io/yaml")
    cases = recorded()
    try:
        answers = ask_goyaml([str(case["yaml"]) for case in cases])
    except subprocess.CalledProcessError as error:
        if "cluster" in os.environ.get("CHECKER_REQUIRE", ""):
            raise
        pytest.skip(f"Go cannot build the reader here: {error.stderr.strip()[-200:]}")
    assert answers == cases
