"""What is known of the listeners of a template's pods, in the words the checks need."""

from __future__ import annotations

from collections.abc import Iterable

from checker.advice.found import listed
from checker.network.model import ContainerPort, Ending, Listener, PodTemplate

#: Of others the API server has told already.
PROTOCOLS = ("TCP", "UDP", "SCTP")
#: Ports that serve: plain init containers end before the pod serves anybody.
#: `staging/src/k8s.io/endpointslice/utils.go: FindPort`.
SERVING = ("regular", "sidecar")


def is_known(template: PodTemplate) -> bool:
    """Whether all listeners of the pods are known, and every program stays to listen."""
    return (
        template.unknown is None
        and not template.finished
        and bool(template.programs)
        and all(program.ending is Ending.STAYS for program in template.programs)
    )


def listeners_on(template: PodTemplate, port: int, protocol: str) -> list[Listener]:
    """The known listeners on a port, loopback included."""
    return [
        listener
        for listener in template.listeners
        if listener.port == port and listener.protocol == protocol
    ]


def answers(template: PodTemplate, port: int, protocol: str) -> bool:
    """Whether something is known to listen there that others can reach."""
    return any(not one.is_loopback for one in listeners_on(template, port, protocol))


def on_loopback(template: PodTemplate, port: int, protocol: str) -> Listener | None:
    """The listener there that only the pod itself reaches, if there is no other."""
    found = listeners_on(template, port, protocol)
    return found[0] if found and all(one.is_loopback for one in found) else None


def is_silent(template: PodTemplate, port: int, protocol: str) -> bool:
    """Whether nothing listens there, for certain."""
    return is_known(template) and not listeners_on(template, port, protocol)


def serving_ports(template: PodTemplate) -> list[ContainerPort]:
    """The declared ports of containers that run while the pod serves."""
    return [port for port in template.ports if port.role in SERVING]


def declared(template: PodTemplate, port: int, protocol: str) -> bool:
    """Whether a container declares the port."""
    return any(one.port == port and one.protocol == protocol for one in serving_ports(template))


def what_listens(templates: Iterable[PodTemplate]) -> str:
    """For people: `nginx listens on 80/TCP`, or that nothing does."""
    words = []
    for template in templates:
        for program in template.programs:
            if program.listeners:
                ports = listed(str(one) for one in program.listeners)
                words.append(f"{program.name} listens on {ports}")
    return listed(words) or "nothing in there listens at all"


def what_is_declared(templates: Iterable[PodTemplate]) -> str:
    """For people: the declared ports, `8080/TCP (http)`, or `none`."""
    words = [
        f"{port.port}/{port.protocol}" + (f" ({port.name})" if port.name else "")
        for template in templates
        for port in serving_ports(template)
    ]
    return listed(words) or "none"
