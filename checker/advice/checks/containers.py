"""Ports within one pod: declared and not listened on, taken twice, or lent out by the kernel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from checker.advice.found import Found, listed, pods_from
from checker.advice.listening import (
    PROTOCOLS,
    declared,
    is_known,
    is_silent,
    on_loopback,
    serving_ports,
    what_listens,
)
from checker.advice.survey import Survey, target_of
from checker.network.fields import items, text, texts
from checker.network.model import Listener, PodTemplate, pod_path
from checker.network.readiness import SAFE_SYSCTLS, collide

#: Where the kernel takes the ports of outgoing connections from, in every network namespace.
#: Linux' `Documentation/networking/ip-sysctl.rst`: ip_local_port_range.
EPHEMERAL = (32768, 60999)


def check(survey: Survey) -> Iterator[Found]:
    """What goes wrong among the ports of one pod."""
    for template in survey.templates:
        yield from _declarations(template)
        yield from _loopback(survey, template)
        yield from _collisions(template)
        yield from _ephemeral(template)
        yield from _sysctls(template)


def _declarations(template: PodTemplate) -> Iterator[Found]:
    if not is_known(template):
        return
    for port in serving_ports(template):
        if port.protocol not in PROTOCOLS:
            continue
        words = {
            "port": port.port,
            "protocol": port.protocol,
            "name": port.name,
            "pods": pods_from([template]),
            "listening": what_listens([template]),
        }
        field = template.path(f"{port.field}.containerPort")
        if is_silent(template, port.port, port.protocol):
            case = "named" if port.name else "message"
            yield Found("container-port-nobody-listens", template.resource, field, case, words)


def _loopback(survey: Survey, template: PodTemplate) -> Iterator[Found]:
    for listener in template.listeners:
        port, protocol = listener.port, listener.protocol
        if not listener.is_loopback or not on_loopback(template, port, protocol):
            continue
        services = [
            service.name
            for service, one in survey.services_of([template])
            if one.protocol == protocol and target_of(template, one) == port
        ]
        if not services and not declared(template, port, protocol):
            continue
        words = {
            "container": listener.container,
            "listener": listener,
            "port": port,
            "protocol": protocol,
            "service": listed(services),
        }
        field = pod_path(template, _bound_by(template, listener))
        case = "service" if services else "declared"
        yield Found("listens-on-loopback", template.resource, field, case, words)


def _bound_by(template: PodTemplate, listener: Listener) -> str:
    """Where the address stands to which the listener is bound, if it stands anywhere."""
    container, _, _ = listener.field.partition("]")
    for key in ("containers", "initContainers"):
        for index, one in enumerate(items(template.spec, key)):
            if container != f"{key}[{index}":
                continue
            for part in ("args", "command"):
                for at, word in enumerate(texts(one, part)):
                    if listener.address in word:
                        return f"{key}[{index}].{part}[{at}]"
            for at, variable in enumerate(items(one, "env")):
                if listener.address in text(variable, "value"):
                    return f"{key}[{index}].env[{at}].value"
    return listener.field


def _collisions(template: PodTemplate) -> Iterator[Found]:
    wanted = [(one, program) for program in template.programs for one in program.listeners]
    if len(wanted) < 2 or len(template.programs) < 2:
        return
    for (first, _), (second, program) in combinations(wanted, 2):
        if first.container == second.container or program.survives_conflicts:
            continue
        if collide(first, second):
            words = {
                "container": second.container,
                "other": first.container,
                "port": second.port,
                "protocol": second.protocol,
            }
            field = pod_path(template, second.field)
            yield Found("ports-collide-in-pod", template.resource, field, words=words)


def _ephemeral(template: PodTemplate) -> Iterator[Found]:
    numbers = [port.port for port in template.ports]
    numbers += [listener.port for listener in template.listeners]
    if not any(_lent(number, EPHEMERAL) for number in numbers):
        return
    sysctls = {
        text(one, "name").replace("/", "."): text(one, "value")
        for one in items(template.spec, "securityContext", "sysctls")
    }
    lent = _range(sysctls.get("net.ipv4.ip_local_port_range", ""))
    reserved = sysctls.get("net.ipv4.ip_local_reserved_ports", "")
    fields = {port.port: f"{port.field}.containerPort" for port in serving_ports(template)}
    for listener in template.listeners:
        # What an image opens by default and nobody mentions is nobody's choice.
        if not listener.field.endswith("image"):
            fields.setdefault(listener.port, listener.field)
    for number, field in fields.items():
        if _lent(number, lent) and not _is_reserved(number, reserved):
            words = {"port": number, "low": lent[0], "high": lent[1]}
            path = pod_path(template, field)
            yield Found("port-in-ephemeral-range", template.resource, path, words=words)


def _lent(port: int, lent: Sequence[int]) -> bool:
    return lent[0] <= port <= lent[1]


def _range(value: str) -> tuple[int, int]:
    words = value.replace("-", " ").split()
    if len(words) == 2 and all(word.isdecimal() and len(word) < 6 for word in words):
        return int(words[0]), int(words[1])
    return EPHEMERAL


def _is_reserved(port: int, listed: str) -> bool:
    for part in listed.split(","):
        low, _, high = part.strip().partition("-")
        first, last = _number(low), _number(high or low)
        if first and first <= port <= last:
            return True
    return False


def _number(word: str) -> int:
    return int(word) if word.isdecimal() and len(word) < 6 else 0


def _sysctls(template: PodTemplate) -> Iterator[Found]:
    for index, one in enumerate(items(template.spec, "securityContext", "sysctls")):
        name = text(one, "name").replace("/", ".")
        if name and name not in SAFE_SYSCTLS:
            field = template.path(f"securityContext.sysctls[{index}].name")
            yield Found("sysctl-unsafe", template.resource, field, words={"name": name})
