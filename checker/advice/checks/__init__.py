"""The checks: a module a subject, each a function from the survey to what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checker.advice.checks import (
    clients,
    containers,
    dns_egress,
    host_ports,
    ingresses,
    mesh,
    policies,
    policy_peers,
    probes,
    routes,
    services,
    targets,
    written_endpoints,
)
from checker.advice.found import Found
from checker.advice.survey import Survey

CHECKS: tuple[Callable[[Survey], Iterator[Found]], ...] = (
    services.check,
    targets.check,
    containers.check,
    probes.check,
    host_ports.check,
    ingresses.check,
    routes.check,
    policies.check,
    policy_peers.check,
    dns_egress.check,
    clients.check,
    mesh.check,
    written_endpoints.check,
)
