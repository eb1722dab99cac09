"""Pods and pod templates. After `pkg/apis/core/validation: ValidatePodCreate`."""

from __future__ import annotations

from typing import Any

from checker.api.validation import formats
from checker.api.validation.addresses import validate_ip_for_legacy_field
from checker.api.validation.containers import (
    PodContext,
    validate_containers,
    validate_ephemeral_containers,
    validate_init_containers,
)
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import (
    validate_annotations,
    validate_dns_1123_label,
    validate_dns_1123_subdomain,
    validate_labels,
    validate_object_meta,
    validate_qualified_name,
)
from checker.api.validation.resources import validate_overhead, validate_pod_resources
from checker.api.validation.scheduling import (
    validate_affinity,
    validate_tolerations,
    validate_topology_spread,
)
from checker.api.validation.security import validate_pod_security_context
from checker.api.validation.systems import validate_system
from checker.api.validation.volumes import validate_volumes
from checker.api.validation.windows import validate_host_process

Object = dict[str, Any]

_RESTART_POLICIES = ("Always", "OnFailure", "Never")
_DNS_POLICIES = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
_CONTAINER_LISTS = ("initContainers", "containers", "ephemeralContainers")
_DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"


def validate(pod: Object, errors: Errors) -> None:
    """`ValidatePodCreate`."""
    meta, spec = pod["metadata"], pod["spec"]
    validate_object_meta(meta, True, formats.dns_1123_subdomain, "metadata", errors)
    _validate_annotations(meta.get("annotations"), spec, "metadata.annotations", errors)
    validate_pod_spec(spec, "spec", errors, pod_name=meta.get("name", ""), is_pod=True)
    for name in ("containers", "initContainers"):
        for index, container in enumerate(spec.get(name) or ()):
            image = container.get("image", "")
            if image != image.strip():
                detail = "must not have leading or trailing whitespace"
                errors.invalid(f"spec.{name}[{index}].image", image, detail)
    if spec.get("ephemeralContainers"):
        errors.forbidden("spec.ephemeralContainers", "cannot be set on create")
    if spec.get("nodeName") and spec.get("schedulingGates"):
        detail = "cannot be set until all schedulingGates have been cleared"
        errors.forbidden("spec.nodeName", detail)


def validate_template(template: Object, path: str, errors: Errors) -> None:
    """`ValidatePodTemplateSpec`."""
    meta, spec = template.get("metadata") or {}, template.get("spec") or {}
    # The paths of these two really lack `metadata`.
    if labels := meta.get("labels"):
        validate_labels(labels, f"{path}.labels", errors)
    if annotations := meta.get("annotations"):
        validate_annotations(annotations, f"{path}.annotations", errors)
        _validate_annotations(annotations, spec, f"{path}.annotations", errors)
    validate_pod_spec(spec, f"{path}.spec", errors, pod_name="", is_pod=False)
    if spec.get("ephemeralContainers"):
        detail = "ephemeral containers not allowed in pod template"
        errors.forbidden(f"{path}.spec.ephemeralContainers", detail)


def _validate_annotations(
    annotations: dict[str, str] | None, spec: Object, path: str, errors: Errors
) -> None:
    """`ValidatePodSpecificAnnotations`."""
    if not annotations:
        return
    mirror = annotations.get("kubernetes.io/config.mirror")
    if mirror is not None and not spec.get("nodeName"):
        detail = "must set spec.nodeName if mirror pod annotation is set"
        errors.invalid(f"{path}[kubernetes.io/config.mirror]", mirror, detail)
    cost = annotations.get(_DELETION_COST)
    if cost is not None and not _is_deletion_cost(cost):
        errors.invalid(f"{path}[{_DELETION_COST}]", cost, "must be a 32bit integer")
    for key, profile in sorted(annotations.items()):
        prefix, _, name = key.partition("/")
        if key == "seccomp.security.alpha.kubernetes.io/pod" or (
            prefix == "container.seccomp.security.alpha.kubernetes.io"
        ):
            good = profile in ("runtime/default", "docker/default", "unconfined")
            if not good and not profile.startswith("localhost/"):
                errors.invalid(f"{path}.{key}", profile, "must be a valid seccomp profile")
        elif prefix == "container.apparmor.security.beta.kubernetes.io":
            _validate_app_armor(name, profile, spec, f"{path}[{key}]", errors)


def _is_deletion_cost(text: str) -> bool:
    """`GetDeletionCostFromPodAnnotations`: no sign but minus, no leading zero."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or (len(digits) > 1 and digits[0] == "0"):
        return False
    return -(2**31) <= int(text) < 2**31 if len(digits) < 12 else False


def _validate_app_armor(name: str, profile: str, spec: Object, path: str, errors: Errors) -> None:
    """`ValidateAppArmorPodAnnotations`."""
    names = {each.get("name", "") for field in _CONTAINER_LISTS for each in spec.get(field) or ()}
    if name not in names:
        errors.invalid(path, name, "container not found")
    if profile not in ("", "runtime/default", "unconfined") and not profile.startswith(
        "localhost/"
    ):
        errors.invalid(path, profile, f'invalid AppArmor profile name: "{profile}"')


def validate_pod_spec(
    spec: Object, path: str, errors: Errors, *, pod_name: str, is_pod: bool
) -> None:
    """`ValidatePodSpec`. `is_pod` is False for templates, where some rules are milder."""
    get = spec.get
    volumes = validate_volumes(get("volumes") or [], pod_name, is_pod, f"{path}.volumes", errors)
    claims = {each["name"] for each in get("resourceClaims") or () if each.get("name")}
    if listed := get("resourceClaims"):
        _validate_resource_claims(listed, f"{path}.resourceClaims", errors)
    context = PodContext(
        volumes,
        claims,
        get("terminationGracePeriodSeconds"),
        get("restartPolicy", ""),
        get("hostUsers") is not False,
    )
    regular = get("containers") or []
    validate_containers(regular, context, f"{path}.containers", errors)
    if init := get("initContainers"):
        validate_init_containers(init, regular, context, f"{path}.initContainers", errors)
    if ephemeral := get("ephemeralContainers"):
        others, below = [*regular, *(init or ())], f"{path}.ephemeralContainers"
        validate_ephemeral_containers(ephemeral, others, context, below, errors)
    validate_pod_resources(spec, path, errors)
    if get("hostNetwork"):
        _validate_host_network(regular, is_pod, f"{path}.containers", errors)
    _one_of(spec, "restartPolicy", _RESTART_POLICIES, path, errors)
    _one_of(spec, "dnsPolicy", _DNS_POLICIES, path, errors)
    if selector := get("nodeSelector"):
        validate_labels(selector, f"{path}.nodeSelector", errors)
    validate_pod_security_context(spec, f"{path}.securityContext", errors)
    if affinity := get("affinity"):
        validate_affinity(affinity, f"{path}.affinity", errors)
    _validate_dns_config(spec, f"{path}.dnsConfig", errors)
    _validate_gates(spec, path, errors)
    if constraints := get("topologySpreadConstraints"):
        validate_topology_spread(constraints, f"{path}.topologySpreadConstraints", errors)
    validate_host_process(spec, path, errors)
    _validate_host_users(spec, path, errors)
    _validate_names(spec, path, errors)
    validate_system(spec, path, errors)
    _validate_file_key_volumes(spec, path, errors)


def _one_of(
    holder: Object, name: str, supported: tuple[str, ...], path: str, errors: Errors
) -> None:
    value = holder.get(name, "")
    if value not in supported:
        errors.not_supported(f"{path}.{name}", value, supported)


def _validate_resource_claims(claims: list[Object], path: str, errors: Errors) -> None:
    """`validatePodResourceClaims`."""
    names = set()
    for index, claim in enumerate(claims):
        below, name = f"{path}[{index}]", claim.get("name", "")
        if not name:
            errors.required(f"{below}.name")
        elif name in names:
            errors.duplicate(f"{below}.name", name)
        else:
            validate_dns_1123_label(name, f"{below}.name", errors)
            names.add(name)
        given = claim.get("resourceClaimName")
        template = claim.get("resourceClaimTemplateName")
        value = {"Name": name, "ResourceClaimName": given, "ResourceClaimTemplateName": template}
        if given is not None and template is not None:
            which = "`resourceClaimName` or `resourceClaimTemplateName`"
            errors.invalid(below, value, f"at most one of {which} may be specified")
        if given is None and template is None:
            which = "`resourceClaimName`, `resourceClaimTemplateName`"
            errors.invalid(below, value, f"must specify one of: {which}")
        for field in ("resourceClaimName", "resourceClaimTemplateName"):
            if (text := claim.get(field)) is not None:
                validate_dns_1123_subdomain(text, f"{below}.{field}", errors)


def _validate_host_network(
    containers: list[Object], is_pod: bool, path: str, errors: Errors
) -> None:
    """`validatePodHostNetworkDeps`: of regular containers only."""
    for index, container in enumerate(containers):
        for position, port in enumerate(container.get("ports") or ()):
            host_port = port.get("hostPort", 0)
            if (is_pod or host_port) and host_port != port.get("containerPort", 0):
                detail = "must match `containerPort` when `hostNetwork` is true"
                errors.invalid(f"{path}[{index}].ports[{position}].hostPort", host_port, detail)


def _validate_dns_config(spec: Object, path: str, errors: Errors) -> None:
    """`validatePodDNSConfig`."""
    config = spec.get("dnsConfig")
    if spec.get("dnsPolicy") == "None":
        if config is None:
            errors.required(path, "must provide `dnsConfig` when `dnsPolicy` is None")
            return
        if not config.get("nameservers"):
            detail = "must provide at least one DNS nameserver when `dnsPolicy` is None"
            errors.required(f"{path}.nameservers", detail)
            return
    if config is None:
        return
    _validate_resolver(config, path, errors)


def _validate_resolver(config: Object, path: str, errors: Errors) -> None:
    servers, searches = config.get("nameservers") or [], config.get("searches") or []
    if len(servers) > 3:
        detail = "must not have more than 3 nameservers"
        errors.invalid(f"{path}.nameservers", servers, detail)
    for index, server in enumerate(servers):
        validate_ip_for_legacy_field(server, f"{path}.nameservers[{index}]", errors)
    if len(searches) > 32:
        errors.invalid(f"{path}.searches", searches, "must not have more than 32 search paths")
    if formats.size(" ".join(searches)) > 2048:
        detail = "must not have more than 2048 characters (including spaces) in the search list"
        errors.invalid(f"{path}.searches", searches, detail)
    for index, search in enumerate(searches):
        if search != ".":
            text = search.removesuffix(".")
            messages = formats.dns_1123_subdomain_with_underscore(text)
            errors.invalid_each(f"{path}.searches[{index}]", text, messages)
    for index, option in enumerate(config.get("options") or ()):
        if not option.get("name"):
            errors.required(f"{path}.options[{index}]", "must not be empty")


def _validate_gates(spec: Object, path: str, errors: Errors) -> None:
    """`validateReadinessGates`, `validateSchedulingGates`."""
    for index, gate in enumerate(spec.get("readinessGates") or ()):
        below = f"{path}.readinessGates[{index}].conditionType"
        validate_qualified_name(gate.get("conditionType", ""), below, errors)
    seen = set()
    for index, gate in enumerate(spec.get("schedulingGates") or ()):
        below, name = f"{path}.schedulingGates[{index}]", gate.get("name", "")
        validate_qualified_name(name, below, errors)
        if name in seen:
            errors.duplicate(below, name)
        seen.add(name)


def _validate_host_users(spec: Object, path: str, errors: Errors) -> None:
    """`validateHostUsers`, `validatePodHostName`."""
    if spec.get("hostUsers") is False:
        for field, spelt in (("hostNetwork",) * 2, ("hostPID", "HostPID"), ("hostIPC", "HostIPC")):
            if spec.get(field):
                errors.forbidden(f"{path}.{spelt}", "when `hostUsers` is false")
        for field in _CONTAINER_LISTS:
            for index, container in enumerate(spec.get(field) or ()):
                if container.get("volumeDevices"):
                    below = f"{path}.{field}[{index}].volumeDevices"
                    errors.forbidden(below, "when `hostUsers` is false")
    name: str | None = spec.get("hostnameOverride")
    if name is None:
        return
    below = f"{path}.hostnameOverride"
    if spec.get("setHostnameAsFQDN"):
        errors.forbidden(below, "may not be specified when setHostnameAsFQDN is true")
    if spec.get("hostNetwork"):
        errors.forbidden(below, "may not be specified when hostNetwork is true")
    if formats.size(name) > 64:
        errors.too_long(below, 64)
    validate_dns_1123_subdomain(name, below, errors)


def _validate_names(spec: Object, path: str, errors: Errors) -> None:
    """The names and numbers in the middle of `ValidatePodSpec`."""
    account = spec.get("serviceAccountName") or spec.get("serviceAccount")
    if account:
        validate_dns_1123_subdomain(account, f"{path}.serviceAccountName", errors)
    if node := spec.get("nodeName"):
        validate_dns_1123_subdomain(node, f"{path}.nodeName", errors)
    deadline = spec.get("activeDeadlineSeconds")
    if deadline is not None and not 1 <= deadline <= 2**31 - 1:
        detail = formats.in_range(1, 2**31 - 1)
        errors.invalid(f"{path}.activeDeadlineSeconds", deadline, detail)
    for field in ("hostname", "subdomain"):
        if name := spec.get(field):
            validate_dns_1123_label(name, f"{path}.{field}", errors)
    _validate_placement(spec, path, errors)


def _validate_placement(spec: Object, path: str, errors: Errors) -> None:
    """The rest of it: where the pod runs, and how."""
    if tolerations := spec.get("tolerations"):
        validate_tolerations(tolerations, f"{path}.tolerations", errors)
    for index, alias in enumerate(spec.get("hostAliases") or ()):
        below = f"{path}.hostAliases[{index}]"
        validate_ip_for_legacy_field(alias.get("ip", ""), f"{below}.ip", errors)
        for position, name in enumerate(alias.get("hostnames") or ()):
            validate_dns_1123_subdomain(name, f"{below}.hostnames[{position}]", errors)
    if priority := spec.get("priorityClassName"):
        validate_dns_1123_subdomain(priority, f"{path}.priorityClassName", errors)
    runtime = spec.get("runtimeClassName")
    if runtime is not None:
        validate_dns_1123_subdomain(runtime, f"{path}.runtimeClassName", errors)
    policy = spec.get("preemptionPolicy")
    if policy == "":
        errors.required(f"{path}.preemptionPolicy")
    elif policy not in (None, "PreemptLowerPriority", "Never"):
        supported = ("PreemptLowerPriority", "Never")
        errors.not_supported(f"{path}.preemptionPolicy", policy, supported)
    if overhead := spec.get("overhead"):
        validate_overhead(overhead, f"{path}.overhead", errors)


def _validate_file_key_volumes(spec: Object, path: str, errors: Errors) -> None:
    """`validateFileKeyRefVolumes`."""
    volumes = {each.get("name", ""): each for each in spec.get("volumes") or ()}
    for field in _CONTAINER_LISTS:
        for index, container in enumerate(spec.get(field) or ()):
            for position, variable in enumerate(container.get("env") or ()):
                reference = (variable.get("valueFrom") or {}).get("fileKeyRef")
                if reference is None:
                    continue
                place = f"{path}.{field}[{index}].env[{position}].valueFrom.fileKeyRef.volumeName"
                name = reference.get("volumeName", "")
                if name not in volumes:
                    errors.not_found(place, name)
                elif volumes[name].get("emptyDir") is None:
                    errors.invalid(place, name, "referenced volume must be of type emptyDir")
