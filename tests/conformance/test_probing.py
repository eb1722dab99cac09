"""What agnhost connect says, in the contract's words (test/images/agnhost/connect/connect.go)."""

import pytest

from tests.cluster.versions import ClusterError
from tests.conformance.cases import documents
from tests.conformance.probing import Said, _tries, classify


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (Said(0, ""), "connected"),
        (Said(1, "TIMEOUT\n"), "timeout"),
        (Said(1, "TIMEOUT: read udp 10.0.0.1:1->10.0.0.2:2: i/o timeout\n"), "timeout"),
        (Said(1, "REFUSED\n"), "refused"),
        (Said(1, "DNS: lookup web on 10.96.0.10:53: no such host\n"), "dns-failure"),
        (Said(1, "OTHER: dial tcp 10.0.0.1:80: connect: no route to host\n"), "refused"),
    ],
)
def test_words(said: Said, verdict: str) -> None:
    assert classify(said) == verdict


def test_a_prober_that_fails_is_no_observation() -> None:
    """A command that could not run says nothing about the network."""
    with pytest.raises(ClusterError, match="not found"):
        classify(Said(127, "nsenter: /agnhost: not found"))


def test_a_round_meets_every_endpoint() -> None:
    """Each of n endpoints is missed with a chance of ((n-1)/n)^tries, chosen at random."""
    assert _tries(0) == _tries(1) == 1
    for endpoints in (2, 3, 5):
        missed = endpoints * ((endpoints - 1) / endpoints) ** _tries(endpoints)
        assert missed <= 1e-4


def test_documents_are_as_they_are_written() -> None:
    assert documents("---\na: 1\n--- # two\nb: |\n  ---x\n---\n\n") == ["a: 1\n", "b: |\n  ---x\n"]
