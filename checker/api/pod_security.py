"""Pod Security: what a namespace's labels let its pods ask for.

After `k8s.io/pod-security-admission: policy`, an admission plugin that is on by default. A label
may pin the version whose checks count; what was checked by annotations before 1.19 is left out.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from checker.api.validation.namespace import POD_SECURITY, is_pod_security_version

Object = dict[str, Any]

_LATEST, _NEVER = 999, 1000
_CAPABILITIES = frozenset((
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD",
    "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
))  # fmt: skip
#: Each with the minor version since which it is allowed.
_SYSCTLS = {
    "kernel.shm_rmid_forced": 0,
    "net.ipv4.ip_local_port_range": 0,
    "net.ipv4.tcp_syncookies": 0,
    "net.ipv4.ping_group_range": 0,
    "net.ipv4.ip_unprivileged_port_start": 0,
    "net.ipv4.ip_local_reserved_ports": 27,
    "net.ipv4.tcp_keepalive_time": 29,
    "net.ipv4.tcp_fin_timeout": 29,
    "net.ipv4.tcp_keepalive_intvl": 29,
    "net.ipv4.tcp_keepalive_probes": 29,
    "net.ipv4.tcp_rmem": 32,
    "net.ipv4.tcp_wmem": 32,
}
_SELINUX_TYPES = {
    "": 0, "container_t": 0, "container_init_t": 0, "container_kvm_t": 0, "container_engine_t": 31,
}  # fmt: skip
_VOLUMES = (
    "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image",
    "persistentVolumeClaim", "projected", "secret",
)  # fmt: skip


class Policy(NamedTuple):
    """Levels with their versions, as messages print them: `baseline:latest`."""

    enforce: str
    warn: str


def policy_of(labels: dict[str, str]) -> Policy:
    """`PolicyToEvaluate`, for labels that passed validation."""

    def level(mode: str) -> str:
        return labels.get(f"{POD_SECURITY}{mode}", "privileged")

    def version(mode: str) -> str:
        return labels.get(f"{POD_SECURITY}{mode}-version", "latest")

    enforce = f"{level('enforce')}:{version('enforce')}"
    if f"{POD_SECURITY}warn" not in labels and level("enforce") != "privileged":
        warned = f"{POD_SECURITY}warn-version" in labels
        return Policy(enforce, f"{level('enforce')}:{version('warn' if warned else 'enforce')}")
    return Policy(enforce, f"{level('warn')}:{version('warn')}")


def violations(level: str, meta: Object, spec: Object) -> str:
    """What a pod does that a level (`baseline:latest`) forbids; "" if nothing."""
    name, _, version = level.partition(":")
    if name == "privileged":
        return ""
    minor = (
        int(version[3:]) if version != "latest" and is_pod_security_version(version) else _LATEST
    )
    # Before these versions the fields made no exemption.
    unseen = {field for field, since in (("hostUsers", 35), ("os", 25)) if minor < since}
    spec = {key: value for key, value in spec.items() if key not in unseen}
    checks = _BASELINE if name == "baseline" else _restricted(minor)
    found = (check(meta, spec, minor) for check in checks if _SINCE.get(check, 0) <= minor)
    return ", ".join(text for text in found if text)


def _containers(spec: Object) -> Iterator[tuple[str, Object, Object]]:
    """Name, container and security context of all containers, init containers first."""
    for field in ("initContainers", "containers", "ephemeralContainers"):
        for container in spec.get(field) or ():
            yield container.get("name", ""), container, container.get("securityContext") or {}


def _quoted(items: list[str]) -> str:
    return ", ".join(f'"{item}"' for item in items)


def _named(what: str, names: list[str]) -> str:
    return f"{what if len(names) == 1 else what + 's'} {_quoted(names)}"


def _setters(pod: bool, names: list[str]) -> str:
    return " and ".join((["pod"] if pod else []) + ([_named("container", names)] if names else []))


def _app_armor(meta: Object, spec: Object, minor: int) -> str:
    allowed = ("RuntimeDefault", "Localhost")
    own = (spec.get("securityContext") or {}).get("appArmorProfile")
    chosen = "RuntimeDefault" if own is None else own.get("type", "")
    bad = chosen not in allowed
    values = {chosen} if bad else set()
    names = []
    for name, _, context in _containers(spec):
        profile = context.get("appArmorProfile")
        if profile is not None and profile.get("type", "") not in allowed:
            names.append(name)
            values.add(profile.get("type", ""))
    annotations = [
        f'{key}="{value}"'
        for key, value in sorted((meta.get("annotations") or {}).items())
        if key.startswith("container.apparmor.security.beta.kubernetes.io/")
        and value not in ("", "runtime/default")
        and not value.startswith("localhost/")
    ]
    setters = [_setters(bad, names)] if bad or names else []
    if annotations:
        setters.append("annotation" if len(annotations) == 1 else "annotations")
    if not setters:
        return ""
    listed = sorted(values) + annotations
    reason = "forbidden AppArmor profile" + ("" if len(listed) == 1 else "s")
    detail = f"{' and '.join(setters)} must not set AppArmor profile type to {_quoted(listed)}"
    return f"{reason} ({detail})"


def _capabilities_baseline(_: Object, spec: Object, minor: int) -> str:
    names, added = [], set()
    for name, _container, context in _containers(spec):
        bad = set((context.get("capabilities") or {}).get("add") or ()) - _CAPABILITIES
        if bad:
            names.append(name)
            added |= bad
    if not names:
        return ""
    what = f"must not include {_quoted(sorted(added))} in securityContext.capabilities.add"
    return f"non-default capabilities ({_named('container', names)} {what})"


def _host_namespaces(_: Object, spec: Object, minor: int) -> str:
    fields = ("hostNetwork", "hostPID", "hostIPC")
    used = [f"{field}=true" for field in fields if spec.get(field)]
    return f"host namespaces ({', '.join(used)})" if used else ""


def _host_path_volumes(_: Object, spec: Object, minor: int) -> str:
    names = [
        volume.get("name", "")
        for volume in spec.get("volumes") or ()
        if volume.get("hostPath") is not None
    ]
    return f"hostPath volumes ({_named('volume', names)})" if names else ""


def _host_ports(_: Object, spec: Object, minor: int) -> str:
    names, ports = [], set()
    for name, container, _context in _containers(spec):
        used = {port["hostPort"] for port in container.get("ports") or () if port.get("hostPort")}
        if used:
            names.append(name)
            ports |= used
    if not names:
        return ""
    use = "uses" if len(names) == 1 else "use"
    what = "hostPort" if len(ports) == 1 else "hostPorts"
    listed = ", ".join(sorted(map(str, ports)))
    return f"hostPort ({_named('container', names)} {use} {what} {listed})"


def _hosts(_: Object, spec: Object, minor: int) -> str:
    names, hosts = set(), set()
    for name, container, _context in _containers(spec):
        lifecycle = container.get("lifecycle") or {}
        handlers = [container.get(f"{kind}Probe") for kind in ("liveness", "readiness", "startup")]
        handlers += [lifecycle.get("postStart"), lifecycle.get("preStop")]
        for handler in handlers:
            for action in ("httpGet", "tcpSocket"):
                host = ((handler or {}).get(action) or {}).get("host")
                if host:
                    names.add(name)
                    hosts.add(host)
    if not names:
        return ""
    use = "uses" if len(names) == 1 else "use"
    what = _named("probe or lifecycle host", sorted(hosts))
    return f"probe or lifecycle host ({_named('container', sorted(names))} {use} {what})"


def _privileged(_: Object, spec: Object, minor: int) -> str:
    names = [name for name, _container, context in _containers(spec) if context.get("privileged")]
    if not names:
        return ""
    return f"privileged ({_named('container', names)} must not set securityContext.privileged=true)"


def _proc_mount(_: Object, spec: Object, minor: int) -> str:
    found = {
        name: context["procMount"]
        for name, _container, context in _containers(spec)
        if context.get("procMount", "Default") != "Default"
    }
    if not found:
        return ""
    values = _quoted(sorted(set(found.values())))
    what = f"must not set securityContext.procMount to {values}"
    return f"procMount ({_named('container', list(found))} {what})"


def _proc_mount_baseline(meta: Object, spec: Object, minor: int) -> str:
    return "" if spec.get("hostUsers") is False else _proc_mount(meta, spec, minor)


def _selinux(_: Object, spec: Object, minor: int) -> str:
    types, extra = set(), set()

    def bad(options: Object | None) -> bool:
        if options is None:
            return False
        kind = options.get("type", "")
        wrong = {field for field in ("user", "role") if options.get(field)}
        extra.update(wrong)
        if _SELINUX_TYPES.get(kind, _NEVER) > minor:
            types.add(kind)
        return bool(wrong) or _SELINUX_TYPES.get(kind, _NEVER) > minor

    pod = bad((spec.get("securityContext") or {}).get("seLinuxOptions"))
    names = [
        name
        for name, _container, context in _containers(spec)
        if bad(context.get("seLinuxOptions"))
    ]
    if not pod and not names:
        return ""
    data = [_named("type", sorted(types))] if types else []
    data += [f"{field} may not be set" for field in ("user", "role") if field in extra]
    what = f"set forbidden securityContext.seLinuxOptions: {'; '.join(data)}"
    return f"seLinuxOptions ({_setters(pod, names)} {what})"


def _seccomp(spec: Object, *, required: bool) -> str:
    """`seccompProfileBaseline_1_19`, `seccompProfileRestricted_1_19`."""
    allowed = ("RuntimeDefault", "Localhost")
    own = (spec.get("securityContext") or {}).get("seccompProfile")
    chosen = "RuntimeDefault" if own is None else own.get("type", "")
    bad = chosen not in allowed
    values = {chosen} if bad else set()
    names, missing = [], []
    for name, _container, context in _containers(spec):
        profile = context.get("seccompProfile")
        if profile is None:
            if own is None or bad:
                missing.append(name)
        elif profile.get("type", "") not in allowed:
            names.append(name)
            values.add(profile.get("type", ""))
    if bad or names:
        listed = _quoted(sorted(values))
        what = f"must not set securityContext.seccompProfile.type to {listed}"
        return f"seccompProfile ({_setters(bad, names)} {what})"
    if required and missing:
        what = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"'
        return f"seccompProfile (pod or {_named('container', missing)} {what})"
    return ""


def _seccomp_baseline(_: Object, spec: Object, minor: int) -> str:
    return _seccomp(spec, required=False)


def _seccomp_restricted(_: Object, spec: Object, minor: int) -> str:
    return "" if _is_windows(spec) else _seccomp(spec, required=True)


def _sysctls(_: Object, spec: Object, minor: int) -> str:
    listed = (spec.get("securityContext") or {}).get("sysctls") or ()
    bad = [
        each.get("name", "")
        for each in listed
        if _SYSCTLS.get(each.get("name", ""), _NEVER) > minor
    ]
    return f"forbidden sysctls ({', '.join(bad)})" if bad else ""


def _host_process(_: Object, spec: Object, minor: int) -> str:
    def uses(context: Object) -> bool:
        return bool((context.get("windowsOptions") or {}).get("hostProcess"))

    pod = uses(spec.get("securityContext") or {})
    names = [name for name, _container, context in _containers(spec) if uses(context)]
    if not pod and not names:
        return ""
    what = "must not set securityContext.windowsOptions.hostProcess=true"
    return f"hostProcess ({_setters(pod, names)} {what})"


def _is_windows(spec: Object) -> bool:
    return bool((spec.get("os") or {}).get("name") == "windows")


def _privilege_escalation(_: Object, spec: Object, minor: int) -> str:
    if _is_windows(spec):
        return ""
    names = [
        name
        for name, _container, context in _containers(spec)
        if context.get("allowPrivilegeEscalation") is not False
    ]
    if not names:
        return ""
    what = "must set securityContext.allowPrivilegeEscalation=false"
    return f"allowPrivilegeEscalation != false ({_named('container', names)} {what})"


def _capabilities_restricted(_: Object, spec: Object, minor: int) -> str:
    if _is_windows(spec):
        return ""
    keeping, adding, added = [], [], set()
    for name, _container, context in _containers(spec):
        capabilities = context.get("capabilities") or {}
        if "ALL" not in (capabilities.get("drop") or ()):
            keeping.append(name)
        bad = set(capabilities.get("add") or ()) - {"NET_BIND_SERVICE"}
        if bad:
            adding.append(name)
            added |= bad
    details = []
    if keeping:
        what = 'must set securityContext.capabilities.drop=["ALL"]'
        details.append(f"{_named('container', keeping)} {what}")
    if adding:
        what = f"must not include {_quoted(sorted(added))} in securityContext.capabilities.add"
        details.append(f"{_named('container', adding)} {what}")
    return f"unrestricted capabilities ({'; '.join(details)})" if details else ""


def _restricted_volumes(_: Object, spec: Object, minor: int) -> str:
    names, kinds = [], set()
    for volume in spec.get("volumes") or ():
        if not any(volume.get(kind) is not None for kind in _VOLUMES):
            names.append(volume.get("name", ""))
            kinds |= set(volume) - {"name"}
    if not names:
        return ""
    use = "uses" if len(names) == 1 else "use"
    what = _named("restricted volume type", sorted(kinds))
    return f"restricted volume types ({_named('volume', names)} {use} {what})"


def _non_root(_: Object, spec: Object, minor: int) -> str:
    if spec.get("hostUsers") is False:
        return ""
    own = (spec.get("securityContext") or {}).get("runAsNonRoot")
    names, missing = [], []
    for name, _container, context in _containers(spec):
        value = context.get("runAsNonRoot")
        if value is False:
            names.append(name)
        elif value is None and not own:
            missing.append(name)
    if own is False or names:
        what = "must not set securityContext.runAsNonRoot=false"
        return f"runAsNonRoot != true ({_setters(own is False, names)} {what})"
    if missing:
        what = "must set securityContext.runAsNonRoot=true"
        return f"runAsNonRoot != true (pod or {_named('container', missing)} {what})"
    return ""


def _root_user(_: Object, spec: Object, minor: int) -> str:
    if spec.get("hostUsers") is False:
        return ""
    pod = (spec.get("securityContext") or {}).get("runAsUser") == 0
    names = [n for n, _container, context in _containers(spec) if context.get("runAsUser") == 0]
    if not pod and not names:
        return ""
    return f"runAsUser=0 ({_setters(pod, names)} must not set runAsUser=0)"


_Check = Callable[[Object, Object, int], str]
#: In the order of their ids, as the plugin asks them.
_BASELINE: tuple[_Check, ...] = (
    _app_armor, _capabilities_baseline, _host_namespaces, _host_path_volumes, _host_ports, _hosts,
    _privileged, _proc_mount_baseline, _selinux, _seccomp_baseline, _sysctls, _host_process,
)  # fmt: skip
#: Checks that younger versions of the policy brought.
_SINCE: dict[_Check, int] = {
    _hosts: 34,
    _capabilities_restricted: 22,
    _root_user: 23,
    _privilege_escalation: 8,
    _seccomp_baseline: 19,
    _seccomp_restricted: 19,
}
#: Baseline's first, less those that restricted ones override.
_RESTRICTED: tuple[_Check, ...] = (
    _app_armor, _host_namespaces, _host_ports, _hosts, _privileged, _selinux, _sysctls,
    _host_process, _privilege_escalation, _capabilities_restricted, _proc_mount,
    _restricted_volumes, _non_root, _root_user, _seccomp_restricted,
)  # fmt: skip


def _restricted(minor: int) -> tuple[_Check, ...]:
    """Where a restricted check is younger than the version, baseline's is not overridden."""
    if minor >= _SINCE[_capabilities_restricted]:
        return _RESTRICTED
    return tuple(
        _capabilities_baseline if check is _capabilities_restricted else check
        for check in _RESTRICTED
    )
