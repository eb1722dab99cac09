"""Every rule of the validation is broken by a recorded case, or has a reason why none can."""

import json
from pathlib import Path

import pytest

from tests.api.error_sites import Reached, Watch, list_sites
from tests.api.test_conformance import said_by_us
from tests.conformance.cases import api_cases

#: Sites that no recording can or should break, each with its reason.
UNBROKEN = json.loads(Path(__file__).with_name("unbroken_sites.json").read_text(encoding="utf-8"))
#: Of a hundred rules, so many are also met by an accepted object at least.
KEPT = 96


@pytest.fixture(scope="module")
def reached() -> Reached:
    watch = Watch()
    for case in api_cases():
        run = watch.run_accepted if case.accepted else watch.run_refused
        run(lambda case=case: said_by_us(case))
    return watch.reached()


def _ids() -> set[str]:
    return {site.id for sites in list_sites().values() for site in sites}


def test_every_rule_is_broken_by_a_recorded_case(reached: Reached) -> None:
    unbroken = _ids() - reached.broken - UNBROKEN.keys()
    assert not unbroken, "record a case that breaks each, or give a reason in unbroken_sites.json"


def test_rules_are_met_by_accepted_objects(reached: Reached) -> None:
    known = _ids()
    missing = sorted(known - reached.kept)
    assert len(missing) * 100 <= len(known) * (100 - KEPT), "\n".join(missing)


def test_reasons_are_of_sites_that_stay_unbroken(reached: Reached) -> None:
    assert UNBROKEN.keys() <= _ids() - reached.broken
