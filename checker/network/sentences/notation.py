"""What is wrong with a source or target that was asked for."""

from __future__ import annotations

from collections.abc import Sequence

from checker.network.sentences.words import listed


def malformed_source(text: str) -> str:
    return f"{text!r} is no source: use pod/NAME[.NS], deploy/NAME[.NS], node[/NAME] or external"


def malformed_target(text: str) -> str:
    return (
        f"{text!r} is no target: use svc/NAME[.NS]:PORT, dns/HOSTNAME:PORT, pod/NAME[.NS]:PORT, "
        f"deploy/NAME[.NS]:PORT, node[/NAME]:PORT, localhost:PORT or ingress/HOST/PATH"
    )


def malformed_port(text: str) -> str:
    return f"{text!r} is no port: use a number from 1 to 65535"


def bad_protocol(text: str) -> str:
    return f"{text!r} is no protocol: use TCP, UDP or SCTP"


def not_there(kind: str, name: str, namespace: str, have: Sequence[str]) -> str:
    where = f" in namespace {namespace}" if namespace else ""
    known = f"there is {listed(have)}" if have else f"there is no {kind} at all"
    return f"no {kind} named {name}{where}; {known}"


def no_port_name(name: str, service: str, have: Sequence[str]) -> str:
    named = f"its ports are named {listed(have)}" if have else "its ports have no names"
    return f"Service {service} has no port named {name!r}; {named}"


def no_pods(kind: str, name: str) -> str:
    return f"{kind} {name} has no pods: its replicas are 0"
