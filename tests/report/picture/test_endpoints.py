"""Many endpoints: each verdict keeps some, the rest is counted."""

from __future__ import annotations

from checker.network.answer import EndpointVerdict
from checker.report.picture.endpoints import fold_endpoints


def test_up_to_five_are_all_shown_in_their_order() -> None:
    endpoints = [EndpointVerdict(f"p{n}", 80, "connected") for n in range(5)]
    rows = fold_endpoints(endpoints)
    assert [row.label for row in rows] == ["p0:80", "p1:80", "p2:80", "p3:80", "p4:80"]


def test_the_only_failing_one_of_a_hundred_is_shown() -> None:
    endpoints = [EndpointVerdict(f"p{n}", 80, "connected") for n in range(99)]
    endpoints.insert(50, EndpointVerdict("bad", 80, "refused"))
    rows = fold_endpoints(endpoints)
    assert [(row.label, row.verdict) for row in rows] == [
        ("p0:80", "connected"),
        ("p1:80", "connected"),
        ("and 97 more", "connected"),
        ("bad:80", "refused"),
    ]
    assert "p2:80" in rows[2].folded


def test_a_line_is_never_spent_on_saying_that_one_is_left_out() -> None:
    endpoints = [EndpointVerdict(f"p{n}", 80, "connected") for n in range(3)]
    endpoints += [EndpointVerdict(f"q{n}", 80, "timeout") for n in range(3)]
    assert not any(row.folded for row in fold_endpoints(endpoints))
