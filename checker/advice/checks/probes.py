"""Probes and lifecycle hooks whose port is not there.

The kubelet dials the pod's own address; a name stands for a port of the same container only
(`pkg/probe/util.go: ResolveContainerPort`), whatever its protocol.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checker.advice.found import Found, listed
from checker.advice.listening import is_known, listeners_on, on_loopback, what_listens
from checker.advice.survey import Survey
from checker.network.fields import items, mapping, port, text
from checker.network.model import Ending, PodTemplate, pod_path
from checker.network.readiness import probe_port

_PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
_HOOKS = ("postStart", "preStop")
#: What a port that does not answer does, by the kind of probe.
_EFFECTS = {
    "startupProbe": "startup",
    "livenessProbe": "liveness",
    "readinessProbe": "readiness",
    "postStart": "post_start",
    "preStop": "pre_stop",
}


def check(survey: Survey) -> Iterator[Found]:
    """Every probe and hook of every container that runs."""
    for template in survey.templates:
        found = list(_handlers(template))
        yield from found
        readiness = template.readiness
        failing = pod_path(template, readiness.field)
        if readiness.ready is False and failing not in (one.field for one in found):
            yield from _fails(template)


def _handlers(template: PodTemplate) -> Iterator[Found]:
    for key in ("containers", "initContainers"):
        for index, container in enumerate(items(template.spec, key)):
            for kind in _PROBES:
                if kind in container:
                    probe = mapping(container, kind)
                    yield from _check(template, container, kind, probe, f"{key}[{index}].{kind}")
            for kind in _HOOKS if "lifecycle" in container else ():
                hook = mapping(container, "lifecycle", kind)
                field = f"{key}[{index}].lifecycle.{kind}"
                yield from _check(template, container, kind, hook, field)


def _fails(template: PodTemplate) -> Iterator[Found]:
    """What the model says of a probe that finds a listener and fails all the same."""
    readiness = template.readiness
    # On the node's own network something else may answer.
    if "Probe" not in readiness.field or template.finished or template.host_network:
        return
    words = {"reason": readiness.reason.removesuffix(".")}
    field = pod_path(template, readiness.field)
    yield Found("probe-fails", template.resource, field, words=words)


def _check(
    template: PodTemplate, container: dict[str, Any], kind: str, handler: dict[str, Any], field: str
) -> Iterator[Found]:
    # A hook's tcpSocket does nothing (`k8s.io/api/core/v1: LifecycleHandler`).
    for how in ("httpGet",) if kind in _HOOKS else ("httpGet", "tcpSocket", "grpc"):
        action = handler.get(how)
        if not isinstance(action, dict):
            continue
        wanted = port(action, "port")
        path = template.path(f"{field}.{how}.port")
        words: dict[str, Any] = {
            "kind": kind,
            "port": wanted,
            "container": text(container, "name"),
            "declared": _declared(container),
        }
        number = probe_port(wanted, container)
        if number is None:
            case = _EFFECTS[kind]
            yield Found("probe-port-unknown", template.resource, path, case, words)
        elif number and not text(action, "host"):
            yield from _listener(template, kind, number, path, words)


def _listener(
    template: PodTemplate, kind: str, wanted: int, path: str, words: dict[str, Any]
) -> Iterator[Found]:
    if template.host_network or not (is_known(template) or _is_ended_by(template, kind, words)):
        return
    loopback = on_loopback(template, wanted, "TCP")
    if listeners_on(template, wanted, "TCP") and not loopback:
        return
    words |= {"number": wanted, "listening": what_listens([template])}
    case = "loopback" if loopback else _EFFECTS[kind]
    yield Found("probe-port-nobody-listens", template.resource, path, case, words)


def _is_ended_by(template: PodTemplate, kind: str, words: dict[str, Any]) -> bool:
    """Whether this very hook is why the container's program does not stay."""
    return kind == "postStart" and any(
        program.ending is Ending.CRASHES and listener.container == words["container"]
        for program in template.programs
        for listener in program.listeners
    )


def _declared(container: dict[str, Any]) -> str:
    names = [text(one, "name") for one in items(container, "ports")]
    return listed(name for name in names if name) or "none"
