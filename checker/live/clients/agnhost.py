"""`agnhost connect`, Kubernetes' own test client: what it is told, and what its words mean.

It tells refused from timed out (test/images/agnhost/connect). Who runs it, and where, is another
matter: live checks do through the API server, the recordings of tests/conformance in other ways.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from checker.live.errors import LiveError
from checker.network.answer import Verdict

TIMEOUT_SECONDS = 2
#: netexec answers `echo …`. A DNS server takes the same bytes for the header of a query (which has
#: twelve) of an operation that it does not know, and says so: a real query has bytes of zero, which
#: no program can be given as an argument. Silence is silence either way.
UDP_DATA = "echo kubernetes-ports"
#: How often an endpoint may be missed before "they all agree" is believed. Each connection starts a
#: program in a pod, and forty learners share a cluster: so once in a hundred that one disagrees
#: against the prediction. Where it is predicted to, more rounds are asked anyway.
MISSED = 1e-2


def arguments(address: str, protocol: str = "TCP") -> list[str]:
    """What agnhost is told, to try one connection."""
    found = ["connect", address, f"--timeout={TIMEOUT_SECONDS}s"]
    if protocol != "TCP":
        found.append(f"--protocol={protocol.lower()}")
    if protocol == "UDP":
        found.append(f"--udp-data={UDP_DATA}")
    return found


def classify(code: int, text: str) -> Verdict:
    """What it said on standard error, as a verdict. Raises LiveError for words that are none."""
    if code == 0:
        return "connected"
    words: tuple[tuple[str, Verdict], ...] = (
        ("TIMEOUT", "timeout"),
        ("REFUSED", "refused"),
        ("DNS", "dns-failure"),
    )
    for word, verdict in words:
        if text.startswith(word):
            return verdict
    # ICMP unreachables other than a port's: the client is told, at once, that it can't.
    if re.search(r"no route to host|host is unreachable|network is unreachable", text):
        return "refused"
    raise LiveError(f"the probe ended with {code} and words that are no verdict: {text.strip()}")


def tries(endpoints: int, missed: float = MISSED) -> int:
    """How many connections meet each of so many endpoints, chosen at random, almost surely."""
    if endpoints < 2:
        return 1
    return math.ceil(math.log(missed / endpoints) / math.log((endpoints - 1) / endpoints))


def agreed(verdicts: Iterable[Verdict], protocol: str) -> frozenset[Verdict]:
    """What connections from one place to one address say together.

    UDP is refused by ICMP, of which a kernel sends one a second to each peer after the first few
    (net.ipv4.icmp_ratelimit): silence beside a refusal is a refusal that was not sent.
    """
    seen = frozenset(verdicts)
    return seen - {"timeout"} if protocol == "UDP" and "refused" in seen else seen


def summary(seen: frozenset[Verdict]) -> Verdict:
    """One verdict for all connections of a question."""
    return next(iter(seen)) if len(seen) == 1 else "intermittent"
