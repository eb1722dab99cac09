"""What options may be set to, on the command line and in a project's settings alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentTypeError

PROXY_MODES = ("nftables", "iptables")
#: The milder before the graver.
SEVERITIES = ("note", "warning", "error")


def refusal(message: str) -> ArgumentTypeError:
    """What argparse tells of a value that an option does not take."""
    from argparse import ArgumentTypeError

    return ArgumentTypeError(message)


def seed(text: str) -> str:
    """`--variant`. Raises ArgumentTypeError, as all of these do."""
    from checker.workspace.variant_mark import seed_problem

    given = text.strip()
    problem = seed_problem(given)
    if problem:
        raise refusal(f"{problem}; a name or an e-mail address will do")
    return given


def node_count(text: str) -> int:
    """`--nodes`."""
    count = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if not 1 <= count <= 5000:
        raise refusal(f"{text!r} is no number of nodes from 1 to 5000")
    return count


def cidr(text: str) -> str:
    """`--pod-cidr`."""
    import ipaddress

    try:
        return str(ipaddress.ip_network(text))
    except ValueError as error:
        raise refusal(f"{text!r} is no range like 10.244.0.0/16") from error


def service_cidr(text: str) -> str:
    """`--service-cidr`, which kube-apiserver takes from eight addresses on.

    `pkg/controlplane/apiserver/options: ServiceIPRange`.
    """
    import ipaddress

    found = cidr(text)
    if ipaddress.ip_network(found).num_addresses < 8:
        raise refusal(f"{text!r} has fewer than 8 addresses")
    return found


def port_range(text: str) -> tuple[int, int]:
    """`--node-port-range`: the first and the last."""
    parts = text.split("-")
    if len(parts) == 2 and all(
        part.isascii() and part.isdigit() and len(part) < 6 for part in parts
    ):
        first, last = int(parts[0]), int(parts[1])
        if 1 <= first <= last <= 65535:
            return first, last
    raise refusal(f"{text!r} is no range of ports like 30000-32767")
