"""Defaults of pods and pod templates. After `pkg/apis/core/v1: SetDefaults_PodSpec` and others."""

from __future__ import annotations

from typing import Any

from checker.api.quantity import parse_quantity

Object = dict[str, Any]


def set_defaults(pod: Object) -> None:
    """`SetObjectDefaults_Pod`."""
    meta_and_spec(pod)
    spec = pod["spec"]
    set_pod_spec(spec)
    for name in ("containers", "initContainers"):
        for container in spec.get(name) or ():
            resources = container.get("resources")
            if resources and resources.get("limits"):
                requests = dict(resources.get("requests") or {})
                for resource, quantity in resources["limits"].items():
                    requests.setdefault(resource, quantity)
                resources["requests"] = requests
    if spec.get("resources"):
        _set_pod_resources(spec)
    spec.setdefault("enableServiceLinks", True)
    if spec["terminationGracePeriodSeconds"] < 0:
        # `podStrategy.PrepareForCreate`; templates keep it and earn a warning.
        spec["terminationGracePeriodSeconds"] = 1
    if spec.get("hostNetwork"):
        for name in ("containers", "initContainers"):
            for container in spec.get(name) or ():
                for port in container.get("ports") or ():
                    if not port.get("hostPort"):
                        port["hostPort"] = port.get("containerPort", 0)


def _set_pod_resources(spec: Object) -> None:
    """`defaultHugePagePodLimits`, `defaultPodRequests`: what the pod as a whole asks for."""
    from checker.api.pod_totals import total

    resources = spec["resources"]
    limits, requests = dict(resources.get("limits") or {}), dict(resources.get("requests") or {})
    if not limits and not requests:
        return
    for name, quantity in total(spec, "limits").items():
        if name.startswith("hugepages-") and name not in requests:
            limits.setdefault(name, str(quantity))
    if limits:
        resources["limits"] = limits
        for name, quantity in total(spec, "requests").items():
            if name in ("cpu", "memory"):
                requests.setdefault(name, str(quantity))
        for name, text in limits.items():
            if name in ("cpu", "memory") or name.startswith("hugepages-"):
                requests.setdefault(name, text)
    if requests:
        resources["requests"] = requests


def round_up(holder: Object, *parts: str) -> None:
    """`SetDefaults_ResourceList`: amounts are kept in thousandths."""
    for part in parts:
        amounts: dict[str, str] = holder.get(part) or {}
        for name, text in amounts.items():
            amounts[name] = str(parse_quantity(text).rounded_up())


def meta_and_spec(item: Object) -> None:
    """Structs that are always there in Go."""
    item.setdefault("metadata", {})
    item.setdefault("spec", {})


def set_template(holder: Object) -> None:
    """The defaults of `holder`'s pod template (`SetObjectDefaults_PodTemplate`)."""
    template = holder.setdefault("template", {})
    meta_and_spec(template)
    set_pod_spec(template["spec"])


def set_pod_spec(spec: Object) -> None:
    """`SetDefaults_PodSpec`, and what is below it."""
    _fill(spec, "dnsPolicy", "ClusterFirst")
    _fill(spec, "restartPolicy", "Always")
    spec.setdefault("securityContext", {})
    spec.setdefault("terminationGracePeriodSeconds", 30)
    _fill(spec, "schedulerName", "default-scheduler")
    if spec.get("serviceAccount") and not spec.get("serviceAccountName"):
        spec["serviceAccountName"] = spec["serviceAccount"]
    for name in ("containers", "initContainers", "ephemeralContainers"):
        for container in spec.get(name) or ():
            _set_container(container)
    for volume in spec.get("volumes") or ():
        _set_volume(volume)
    round_up(spec, "overhead")
    if resources := spec.get("resources"):
        round_up(resources, "limits", "requests")


def _fill(holder: Object, name: str, value: Any) -> None:
    """Go's zero value counts as unset where the field is no pointer."""
    if not holder.get(name):
        holder[name] = value


def _set_container(container: Object) -> None:
    """`SetDefaults_Container`, `SetDefaults_Probe`, `SetDefaults_ObjectFieldSelector`."""
    if not container.get("imagePullPolicy"):
        image = container.get("image", "")
        container["imagePullPolicy"] = "Always" if image_tag(image) == "latest" else "IfNotPresent"
    _fill(container, "terminationMessagePath", "/dev/termination-log")
    _fill(container, "terminationMessagePolicy", "File")
    for port in container.get("ports") or ():
        _fill(port, "protocol", "TCP")
    if resources := container.get("resources"):
        round_up(resources, "limits", "requests")
    for variable in container.get("env") or ():
        if (source := variable.get("valueFrom")) and (field := source.get("fieldRef")) is not None:
            _fill(field, "apiVersion", "v1")
    for name in ("livenessProbe", "readinessProbe", "startupProbe"):
        if (probe := container.get(name)) is not None:
            _fill(probe, "timeoutSeconds", 1)
            _fill(probe, "periodSeconds", 10)
            _fill(probe, "successThreshold", 1)
            _fill(probe, "failureThreshold", 3)
            _set_handler(probe)
    if lifecycle := container.get("lifecycle"):
        # `dropContainerStopSignals`: the gate ContainerStopSignals is off.
        if lifecycle.pop("stopSignal", None) is not None and not lifecycle:
            del container["lifecycle"]
        for name in ("postStart", "preStop"):
            if (handler := lifecycle.get(name)) is not None:
                _set_handler(handler)


def image_tag(image: str) -> str:
    """`parsers.ParseImageName`: the tag, `latest` where there is neither tag nor digest."""
    if not image:
        return ""
    name, at, _ = image.partition("@")
    last = name.rsplit("/", 1)[-1]
    tag = last.partition(":")[2]
    return tag if tag or at else "latest"


def _set_handler(handler: Object) -> None:
    if (http := handler.get("httpGet")) is not None:
        _fill(http, "path", "/")
        _fill(http, "scheme", "HTTP")
    if (grpc := handler.get("grpc")) is not None:
        grpc.setdefault("service", "")


_SOURCE_FIELDS = frozenset(("name",))


def _set_volume(volume: Object) -> None:
    """`SetDefaults_Volume` and those of the sources."""
    if _SOURCE_FIELDS.issuperset(volume):
        volume["emptyDir"] = {}
        return
    for name in ("secret", "configMap", "downwardAPI", "projected"):
        if (source := volume.get(name)) is not None:
            source.setdefault("defaultMode", 0o644)
            _set_field_references(source.get("items"))
    if (host := volume.get("hostPath")) is not None:
        host.setdefault("type", "")
    if (image := volume.get("image")) is not None and not image.get("pullPolicy"):
        latest = image_tag(image.get("reference", "")) == "latest"
        image["pullPolicy"] = "Always" if latest else "IfNotPresent"
    for source in (volume.get("projected") or {}).get("sources") or ():
        if (token := source.get("serviceAccountToken")) is not None:
            token.setdefault("expirationSeconds", 3600)
        if (downward := source.get("downwardAPI")) is not None:
            _set_field_references(downward.get("items"))


def _set_field_references(items: list[Object] | None) -> None:
    for item in items or ():
        if (field := item.get("fieldRef")) is not None:
            _fill(field, "apiVersion", "v1")
