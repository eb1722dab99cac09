"""What becomes of a pod's containers: which listeners open, and whether the pod is Ready.

Containers of a pod share one network namespace, so of two that want the same port and protocol
the second to start ends with "address already in use". Probes come from the pod's own node and
are met by no policy. A pod is Ready when all its containers are
(`pkg/kubelet/status/generate.go: GeneratePodReadyCondition`); a container that has no readiness
probe is ready once it runs and its startup probe, if any, has succeeded.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from checker.network import sentences as say
from checker.network.exec_probes import succeeds
from checker.network.fields import items, labels, mapping, number, port, text, texts
from checker.network.listeners import (
    ANNOTATION,
    Given,
    annotated,
    inside,
    program_of,
    static_environment,
)
from checker.network.model import (
    ContainerPort,
    Ending,
    Listener,
    PodTemplate,
    Program,
    Readiness,
)
from checker.network.starting import hook_fails, kept_back

#: Sysctls that the kubelet allows (`pkg/kubelet/sysctl/safe_sysctls.go`).
SAFE_SYSCTLS = frozenset(
    (
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_rmem",
        "net.ipv4.tcp_wmem",
    )
)

#: Says of a container whose readiness cannot be known (an exec probe) that it is, or is not.
READY_ANNOTATION = "checker/ready"


class _Container(NamedTuple):
    value: dict[str, Any]
    field: str
    name: str
    program: Program
    sidecar: bool


def settle(template: PodTemplate, given: Given) -> None:
    """Fills in the template's ports, programs, listeners and readiness."""
    template.ports = tuple(_ports(template.spec))
    regular = _containers(template.spec, "containers", given)
    initial = _containers(template.spec, "initContainers", given)
    started = [one for one in initial if one.sidecar]
    blocked: Readiness | None = None
    for index, one in enumerate(initial):
        if one.sidecar and mapping(one.value, "startupProbe"):
            before = [sidecar for sidecar in initial[: index + 1] if sidecar.sidecar]
            blocked = _never_started(template, one, before)
            if blocked is not None:
                started = before
                break
        # What an init container waits for is taken to come: that is what it was written for.
        ends = one.program.ending in (Ending.COMPLETES, Ending.WAITS)
        if one.sidecar or not one.program.known or ends:
            continue
        started = [*(sidecar for sidecar in initial[:index] if sidecar.sidecar), one]
        reason = say.init_never_ends(one.name, one.program.name)
        if one.program.ending is Ending.CRASHES:
            reason = say.crashes(one.name, one.program.name, one.program.reason)
        blocked = Readiness(False, reason, one.field)
        break
    if blocked is None:
        started += regular
    started = _after_hooks(_annotate(template, started))
    template.programs = tuple(one.program for one in started)
    template.listeners, fallen = _open(started)
    template.unknown = next((one.program for one in started if not one.program.known), None)
    if fallen is not None:
        template.readiness = fallen
    elif blocked is not None:
        template.readiness = blocked
    else:
        template.readiness = _readiness(template, started)
    _consider_end(template, regular)
    said = template.annotations.get(READY_ANNOTATION)
    if template.readiness.ready is None and said in ("true", "false"):
        field = f"{template.metadata_prefix}.annotations[{READY_ANNOTATION}]"
        template.readiness = Readiness(said == "true", say.READY_SAID, field)


def _ports(spec: dict[str, Any]) -> list[ContainerPort]:
    found = []
    for key in ("containers", "initContainers"):
        for position, container in enumerate(items(spec, key)):
            role = "regular"
            if key == "initContainers":
                stays = text(container, "restartPolicy") == "Always"
                role = "sidecar" if stays else "init"
            for index, value in enumerate(items(container, "ports")):
                found.append(
                    ContainerPort(
                        text(value, "name"),
                        number(value, "containerPort"),
                        text(value, "protocol", default="TCP"),
                        number(value, "hostPort"),
                        text(value, "hostIP"),
                        f"{key}[{position}].ports[{index}]",
                        role,
                    )
                )
    return found


def _containers(spec: dict[str, Any], key: str, given: Given) -> list[_Container]:
    found = []
    for index, value in enumerate(items(spec, key)):
        field = f"{key}[{index}]"
        name = text(value, "name", default=field)
        program = program_of(value, field, inside(spec, value, field, given))
        why = kept_back(spec, value, program, given)
        if why:
            program = program._replace(
                listeners=(), known=True, ending=Ending.CRASHES, reason=why, field=field
            )
        named = tuple(one._replace(container=name) for one in program.listeners)
        if program.ending is Ending.COMPLETES and named:
            # It serves until it ends; when that is, the manifest does not say.
            program = program._replace(known=False, reason=say.SERVES_THEN_ENDS, listeners=())
        else:
            program = program._replace(listeners=named)
        sidecar = key == "initContainers" and text(value, "restartPolicy") == "Always"
        found.append(_Container(value, field, name, program, sidecar))
    return found


def _annotate(template: PodTemplate, started: list[_Container]) -> list[_Container]:
    """The annotation's listeners belong to the first container that is not known, or to the pod's
    first; it makes what was unknown known.
    """
    said = template.annotations.get(ANNOTATION)
    if said is None or not started:
        return started
    field = f"\0{ANNOTATION}"
    listeners, fault = annotated(said, field)
    place = next((i for i, one in enumerate(started) if not one.program.known), 0)
    result = []
    for index, one in enumerate(started):
        program = one.program
        if index == place:
            have = {(listener.port, listener.protocol) for listener in program.listeners}
            extra = tuple(
                listener._replace(container=one.name)
                for listener in listeners
                if (listener.port, listener.protocol) not in have
            )
            program = program._replace(listeners=program.listeners + extra, ending=Ending.STAYS)
        if not program.known:
            if fault:
                program = program._replace(reason=say.annotation_unreadable(ANNOTATION, fault))
            else:
                program = program._replace(known=True)
        result.append(one._replace(program=program))
    return result


def _never_started(
    template: PodTemplate, sidecar: _Container, started: list[_Container]
) -> Readiness | None:
    """Why what comes after a sidecar never starts: its startup probe fails
    (`pkg/kubelet/kuberuntime/kuberuntime_container.go: computeInitContainerActions`).
    """
    template.listeners = _open(started)[0]
    probe = mapping(sidecar.value, "startupProbe")
    field = f"{sidecar.field}.startupProbe"
    result = _probe(template, sidecar, started, probe, field, "startupProbe")
    return result if result.ready is False else None


def _after_hooks(started: list[_Container]) -> list[_Container]:
    """With those that their postStart hook ends; what they would listen on is kept, to be told."""
    listeners = _open(started)[0]
    all_known = all(one.program.known for one in started)
    result = []
    for one in started:
        why = hook_fails(one.value, one.program, listeners, all_known)
        if why and one.program.ending is not Ending.CRASHES:
            program = one.program._replace(ending=Ending.CRASHES, reason=why)
            one = one._replace(program=program)
        result.append(one)
    return result


def _open(started: Sequence[_Container]) -> tuple[tuple[Listener, ...], Readiness | None]:
    """Who gets which port, first come, first served; and the first container that falls."""
    taken: list[Listener] = []
    fallen: Readiness | None = None
    for one in started:
        if one.program.ending is Ending.CRASHES:
            continue
        mine: list[Listener] = []
        for listener in one.program.listeners:
            rival = next((other for other in taken if collide(listener, other)), None)
            if rival is None:
                mine.append(listener)
            elif not one.program.survives_conflicts:
                fallen = fallen or Readiness(
                    False,
                    say.address_in_use(one.name, listener, rival.container),
                    listener.field or one.field,
                )
                mine = []
                break
        taken += mine
    return tuple(taken), fallen


def collide(one: Listener, other: Listener) -> bool:
    """Whether two sockets in one network namespace cannot both be opened."""
    if (one.port, one.protocol) != (other.port, other.protocol):
        return False
    return not one.address or not other.address or one.address == other.address


def _readiness(template: PodTemplate, started: Sequence[_Container]) -> Readiness:
    unknown: Readiness | None = None
    for one in started:
        program = one.program
        if program.ending is Ending.CRASHES:
            reason = say.crashes(one.name, program.name, program.reason)
            return Readiness(False, reason, program.field)
        if program.ending is Ending.COMPLETES:
            return Readiness(False, say.ends(one.name, program.name), program.field)
        for kind in ("startupProbe", "livenessProbe", "readinessProbe"):
            probe = mapping(one.value, kind)
            if not probe:
                continue
            result = _probe(template, one, started, probe, f"{one.field}.{kind}", kind)
            if result.ready is None or (result.ready is False and kind == "livenessProbe"):
                unknown = unknown or Readiness(None, result.reason, result.field)
            elif result.ready is False:
                return result
    gates = items(template.spec, "readinessGates")
    if gates:
        reason = say.readiness_gate(text(gates[0], "conditionType"))
        return Readiness(False, reason, "readinessGates[0]")
    if template.kind == "CronJob" and unknown is None:
        # Its pods come and go with the clock.
        return Readiness(None, say.RUNS_AT_TIMES)
    return unknown or Readiness(True)


def _probe(
    template: PodTemplate,
    one: _Container,
    started: Sequence[_Container],
    probe: dict[str, Any],
    field: str,
    kind: str,
) -> Readiness:
    """`pkg/kubelet/prober/prober.go: runProbe`; ports by `pkg/probe/util.go`."""
    for how in ("httpGet", "tcpSocket", "grpc"):
        action = mapping(probe, how)
        if how not in probe or not isinstance(probe[how], dict):
            continue
        said = port(action, "port")
        at = f"{field}.{how}.port"
        wanted = probe_port(said, one.value)
        host = text(action, "host")
        if host:
            # The kubelet asks from the node, whose loopback is not the pod's.
            own = template.host_network or wanted in _NODES_OWN or wanted in _host_ports(template)
            local = host == "localhost" or host.startswith("127.")
            near = template.host_network and _listeners_at(template, wanted, loopback=True)
            if local and near and wanted is not None:
                return _ask(template, started, how, action, wanted, kind, f"{field}.{how}", local)
            ready = False if local and not own else None
            return Readiness(ready, say.probe_elsewhere(kind, host), at)
        if wanted is None:
            return Readiness(False, say.probe_name_unknown(kind, str(said), one.name), at)
        return _ask(template, started, how, action, wanted, kind, f"{field}.{how}")
    if "exec" in probe:
        return _execute(
            template, started, one, texts(probe, "exec", "command"), kind, f"{field}.exec.command"
        )
    return Readiness(True)


def probe_port(said: int | str, container: dict[str, Any]) -> int | None:
    """A probe's port: a number, or a name that the same container declares, in any protocol."""
    if isinstance(said, int):
        return said
    for declared in items(container, "ports"):
        if text(declared, "name") == said:
            return number(declared, "containerPort")
    return int(said) if said.isascii() and said.isdigit() else None


#: Ports of the kubelet and kube-proxy, on loopback too.
_NODES_OWN = (10248, 10249, 10250, 10256)


def _host_ports(template: PodTemplate) -> set[int]:
    return {one.host_port for one in template.ports}


def _ask(
    template: PodTemplate,
    started: Sequence[_Container],
    how: str,
    action: dict[str, Any],
    wanted: int,
    kind: str,
    field: str,
    loopback: bool = False,
) -> Readiness:
    at = f"{field}.port"
    found = _listeners_at(template, wanted, loopback)
    if not found:
        if any(not one.program.known for one in started):
            return Readiness(None, say.probe_unknown(kind, wanted), at)
        loopback = any(
            listener.port == wanted and listener.is_loopback for listener in template.listeners
        )
        listening = ", ".join(str(listener) for listener in template.listeners)
        return Readiness(False, say.probe_refused(kind, wanted, loopback, listening), at)
    listener = found[0]
    if how == "tcpSocket" or listener.speaks == "any":
        return Readiness(True)
    if how == "grpc":
        ok = listener.speaks == "grpc"
        return Readiness(True) if ok else Readiness(False, say.probe_not(kind, wanted, "gRPC"), at)
    scheme = text(action, "scheme", default="HTTP").lower()
    if listener.speaks != scheme:
        return Readiness(False, say.probe_not(kind, wanted, scheme.upper()), at)
    owner = next((one for one in started if one.name == listener.container), started[0])
    path, _, query = text(action, "path", default="/").partition("?")
    path = path or "/"
    status = None
    if owner.program.http is not None:
        status = _status(owner.program.http, path, query)
        if status == 404 and any(
            path.startswith(text(mount, "mountPath"))
            for mount in items(owner.value, "volumeMounts")
        ):
            # A file server may have it there.
            status = None
    if status is None:
        reason = say.probe_path_unknown(kind, path, owner.program.name)
        return Readiness(None, reason, f"{field}.path")
    if 200 <= status < 400:
        return Readiness(True)
    return Readiness(False, say.probe_status(kind, path, wanted, status), f"{field}.path")


def _listeners_at(template: PodTemplate, wanted: int | None, loopback: bool) -> list[Listener]:
    """Who answers on a TCP port at the pod's address, or over loopback."""
    return [
        one
        for one in template.listeners
        if (one.port, one.protocol) == (wanted, "TCP")
        and (one.is_loopback is loopback or not one.address)
        and not one.is_other_family
    ]


def _status(statuses: dict[str, int], path: str, query: str) -> int | None:
    """What a server answers; None where that is not known.

    `/echo?code` among its paths: there the query's `code` is the status, if it has one.
    """
    for known, usual in statuses.items():
        if known.startswith(f"{path}?"):
            given = dict(pair.split("=", 1) for pair in query.split("&") if "=" in pair)
            said = given.get(known.partition("?")[2], "")
            # A redirection to another host is a success; one within the host is followed
            # (`pkg/probe/http: RedirectChecker`).
            within = given.get("location", "").startswith(("/", "%2F"))
            return None if within else int(said) if said.isdigit() else usual
    return statuses[path] if path in statuses else statuses.get("*")


def _execute(
    template: PodTemplate,
    started: Sequence[_Container],
    one: _Container,
    command: list[str],
    kind: str,
    field: str,
) -> Readiness:
    mounts = [text(mount, "mountPath") for mount in items(one.value, "volumeMounts")]
    all_known = all(other.program.known for other in started)
    environment = static_environment(one.value)
    command = [environment.expand(word) or "" for word in command]
    result = succeeds(command, one.program, mounts, template.listeners, all_known)
    if result is None:
        return Readiness(None, say.probe_command_unknown(kind, " ".join(command)), field)
    if result:
        return Readiness(True)
    return Readiness(False, say.probe_command_fails(kind, " ".join(command)), field)


def _consider_end(template: PodTemplate, regular: Sequence[_Container]) -> None:
    """Pods that end for good: all containers do and nothing starts them again, or the kubelet
    refuses them (`pkg/kubelet/sysctl/allowlist.go`), or their sandbox is never made.
    """
    for index, sysctl in enumerate(items(template.spec, "securityContext", "sysctls")):
        from checker.network.sysctls import takes  # few pods set any

        name = text(sysctl, "name").replace("/", ".")
        if name not in SAFE_SYSCTLS:
            field = f"securityContext.sysctls[{index}].name"
            template.readiness = Readiness(False, say.sysctl_forbidden(name), field)
            template.finished = True
            template.listeners = ()
            return
        value = text(sysctl, "value")
        if not takes(name, value):
            field = f"securityContext.sysctls[{index}].value"
            template.readiness = Readiness(False, say.sysctl_malformed(name, value), field)
            template.finished = True
            template.listeners = ()
            return
    policy = text(template.spec, "restartPolicy", default="Always")
    if policy == "Always" or not regular or template.readiness.ready is not False:
        return
    done = {Ending.COMPLETES} if policy == "OnFailure" else {Ending.COMPLETES, Ending.CRASHES}
    if all(one.program.ending in done and one.program.known for one in regular):
        template.finished = True
        template.listeners = ()


def pod_labels(value: dict[str, Any]) -> dict[str, str]:
    """The labels of a pod or of a pod template."""
    return labels(value, "metadata", "labels")
