"""Endpoints that are written by hand for a Service without a selector.

kube-proxy joins them to the Service's ports by name and protocol
(`pkg/proxy/endpointslicecache.go`); Endpoints objects are mirrored into slices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from checker.advice.found import Found, listed, title
from checker.advice.survey import Survey
from checker.api.resource import Resource
from checker.network.endpoints import SERVICE_NAME_LABEL
from checker.network.fields import items, labels, text


def check(survey: Survey) -> Iterator[Found]:
    """Ports of selectorless Services for which no written endpoints have the name."""
    written: dict[tuple[str, str], list[tuple[Resource, list[dict[str, Any]]]]] = defaultdict(list)
    for resource in survey.of("EndpointSlice"):
        name = labels(resource.value, "metadata", "labels").get(SERVICE_NAME_LABEL, "")
        written[resource.ref.namespace, name].append((resource, items(resource.value, "ports")))
    for resource in survey.of("Endpoints"):
        ports = [
            port for subset in items(resource.value, "subsets") for port in items(subset, "ports")
        ]
        written[resource.ref.namespace, resource.ref.name].append((resource, ports))
    for service in survey.services if written else ():
        given = written.get((service.namespace, service.name))
        if service.selector or service.kind == "ExternalName" or not given:
            continue
        names = [
            (text(port, "name"), text(port, "protocol", default="TCP"))
            for _, ports in given
            for port in ports
        ]
        for port in service.ports if names else ():
            if (port.name, port.protocol) not in names:
                words = {
                    "service": service.name,
                    "port": port.port,
                    "name": _named(port.name, port.protocol),
                    "names": listed(_named(*one) for one in names),
                    "slices": listed(title(resource) for resource, _ in given),
                }
                field = port.field("name" if port.name else "port")
                yield Found("endpoints-port-name-differs", service.resource, field, words=words)


def _named(name: str, protocol: str) -> str:
    return f"{name} ({protocol})" if name else f"a port without a name ({protocol})"
