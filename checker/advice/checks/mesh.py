"""What a service mesh reads from names and ports.

Istio takes the protocol of a Service's port from `appProtocol`, or from the part of its name
before the first hyphen (istio.io: Protocol Selection). Its sidecar takes some ports of every pod
for itself (istio.io: Application Requirements, ports used by Istio).
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.advice.found import Found
from checker.advice.listening import listeners_on, serving_ports
from checker.advice.survey import Survey, target_of
from checker.network.model import PodTemplate, pod_path
from checker.network.services import Service, ServicePort

#: Ports that the sidecar of every pod listens on.
RESERVED = frozenset((15000, 15001, 15002, 15004, 15006, 15008, 15020, 15021, 15053, 15090))

_HTTP = frozenset(("http", "http2", "grpc", "grpc-web"))
#: What other protocols call themselves in the rest of a name such as `http-mysql`.
_OTHERS = frozenset(
    (
        *("mysql", "mariadb", "postgres", "postgresql", "pgsql", "redis", "memcached"),
        *("mongo", "mongodb", "kafka", "amqp", "mqtt"),
    )
)


def check(survey: Survey) -> Iterator[Found]:
    """Names of Services' ports, and ports of pods that get a sidecar."""
    for service in survey.services:
        for port in service.ports:
            yield from _name(survey, service, port)
    for template in survey.templates:
        if _is_injected(survey, template):
            yield from _reserved(template)


def _name(survey: Survey, service: Service, port: ServicePort) -> Iterator[Found]:
    if port.protocol != "TCP":
        return
    said = (port.app_protocol or port.name.partition("-")[0]).lower()
    if said not in _HTTP:
        return
    field = port.field("appProtocol") if port.app_protocol else port.field("name")
    words = {"said": said, "name": port.app_protocol or port.name, "port": port.port}
    rest = "" if port.app_protocol else port.name.partition("-")[2].lower()
    if rest in _OTHERS:
        yield Found("mesh-protocol-name", service.resource, field, "name", words | {"rest": rest})
        return
    for template in survey.behind(service):
        number = target_of(template, port) or 0
        for listener in listeners_on(template, number, "TCP"):
            if listener.speaks == "tcp":
                words |= {"container": listener.container, "listener": listener}
                yield Found("mesh-protocol-name", service.resource, field, "listener", words)
                return


def _is_injected(survey: Survey, template: PodTemplate) -> bool:
    """Whether Istio's webhook adds a sidecar: the pod's own label decides, then the namespace's."""
    if template.host_network:
        return False
    own = template.labels.get("sidecar.istio.io/inject")
    own = own or template.annotations.get("sidecar.istio.io/inject")
    if own is not None:
        return own == "true"
    namespace = survey.namespace_labels(template.namespace)
    if "istio-injection" in namespace:
        return namespace["istio-injection"] == "enabled"
    return "istio.io/rev" in namespace or "istio.io/rev" in template.labels


def _reserved(template: PodTemplate) -> Iterator[Found]:
    fields = {
        port.port: f"{port.field}.containerPort"
        for port in serving_ports(template)
        if not port.field.startswith("initContainers") and port.protocol == "TCP"
    }
    for listener in template.listeners:
        fields.setdefault(listener.port, listener.field)
    for number, field in fields.items():
        if number in RESERVED:
            path = pod_path(template, field)
            yield Found("mesh-reserved-port", template.resource, path, words={"port": number})
