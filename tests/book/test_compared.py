"""The page "Compared with its peers" says what was measured and judged, and nothing else."""

from __future__ import annotations

import re
from collections import defaultdict

from tests.benchmarks.alarms import OPTIONAL, SAMPLE, VERDICTS, counts, judged, load_counts
from tests.benchmarks.asking import OURS, Said
from tests.benchmarks.page import PAGE, documents, load
from tests.benchmarks.public import applications


def test_page_and_plots_are_current() -> None:
    """After a change of data, template or house style: `python -m tests.benchmarks page`."""
    for path, text in documents(load()).items():
        assert path.read_text(encoding="utf-8") == text, path.name


def test_nothing_is_left_to_fill_in() -> None:
    assert not re.search(r"@[a-z-]+@", PAGE.read_text(encoding="utf-8"))


def test_every_rule_that_spoke_was_judged() -> None:
    """As many findings as the sample draws, each once, each with a reason."""
    known = defaultdict(set)
    for one in judged():
        assert one.verdict in VERDICTS, one
        assert len(one.why) > 10, one
        known[one.tool, one.rule].add((one.application, one.object))
    spoke = {(one["tool"], one["rule"]): one["findings"] for one in load_counts()["found"]}
    assert {rule: 0 < len(found) <= SAMPLE for rule, found in known.items()} == dict.fromkeys(
        spoke, True
    )
    assert all(len(found) <= spoke[rule] for rule, found in known.items())


def test_judged_applications_are_listed() -> None:
    listed = {one.name for one in applications()}
    assert {one.application for one in judged()} <= listed
    assert load_counts()["applications"] == len(listed)


def test_counts_are_of_findings_and_of_applications() -> None:
    said = [
        Said(OURS, "rule", severity, application, f"Service/{severity}", "")
        for application in ("a", "b")
        for severity in ("error", "warning", "note")
    ]
    assert counts(said)["found"] == [
        {"tool": OURS, "rule": "rule", "findings": 6, "loud": 4, "applications": 2}
    ]


def test_optional_rules_are_known_to_be_optional() -> None:
    """kube-linter's `dangling-service` is on by default, `dangling-ingress` is not."""
    assert ("kube-linter", "dangling-ingress") in OPTIONAL
    assert ("kube-linter", "dangling-service") not in OPTIONAL
