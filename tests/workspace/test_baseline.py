"""A baseline holds what was written to it, whatever objects and files are called."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.advice.identity import Identity
from checker.workspace.baseline import read_baseline, write_baseline
from checker.workspace.errors import FolderError, InputError

WORDS = st.text(max_size=8)
IDENTITIES = st.lists(st.builds(Identity, WORDS, WORDS, WORDS, WORDS), max_size=5)


@given(IDENTITIES)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_round_trip(tmp_path, findings):
    file = tmp_path / "baseline.json"
    write_baseline(file, findings)
    assert read_baseline(file) == Counter(findings)
    before = file.read_bytes()
    write_baseline(file, reversed(findings))
    assert file.read_bytes() == before, "the order of findings changes nothing"


def test_names_that_are_no_text(tmp_path):
    one = Identity("caf\udce9.yaml", "rule", "Service/default/web", "spec")
    write_baseline(tmp_path / "baseline.json", [one])
    assert read_baseline(tmp_path / "baseline.json") == {one: 1}


def test_an_empty_file_may_be_replaced_another_may_not(tmp_path):
    file = tmp_path / "baseline.json"
    file.write_text("\n")
    write_baseline(file, [])
    file.write_text("kind: Service\n")
    with pytest.raises(InputError, match="no baseline"):
        write_baseline(file, [])
    with pytest.raises((FolderError, InputError)):
        write_baseline(tmp_path, [])
