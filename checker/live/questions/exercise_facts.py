"""What exercises ask of a cluster besides connections: names, stickiness, parameters, sources.

Each is asked where the exercise is about it: its checks name the field, or the objects have it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from checker.course.exercise import Exercise, Fields, Keep
from checker.live.clients.addressing import Addresses
from checker.live.clients.answering import answering_pods, source_seen
from checker.live.clients.probing import Place, run_in_pod
from checker.live.errors import CannotAskError
from checker.live.questions.fact import Fact
from checker.live.server.places import collection
from checker.live.server.tunnels import SRV, A, lookup
from checker.network import Cluster
from checker.network.dns import DOMAIN, published, srv_records
from checker.network.model import PodTemplate
from checker.network.services import Service

_DNS_PODS = "k8s-app=kube-dns"


def facts_of(exercise: Exercise, cluster: Cluster) -> Callable[[Addresses], list[Fact]]:
    """What is to be seen of an answer to the exercise, once its connections have been tried."""
    fields = set(_fields(exercise))

    def look(addresses: Addresses) -> list[Fact]:
        found: list[Fact] = []
        for service in cluster.services.values():
            if service.resource is None or not service.accepted:
                continue
            if service.is_headless:
                found += _names(addresses, service)
            if any("sessionAffinity" in one for one in fields):
                found += _affinity(addresses, service)
            if any("externalTrafficPolicy" in one for one in fields):
                found += _source(addresses, service)
        for template, _ in cluster.workloads:
            found += _parameters(addresses, template)
        return found

    return look


def _fields(exercise: Exercise) -> Iterator[str]:
    for check in exercise.checks:
        if isinstance(check.spec, Fields):
            yield from check.spec.path
        elif isinstance(check.spec, Keep):
            for one in check.spec.objects:
                yield from one.fields


def _names(addresses: Addresses, service: Service) -> Iterator[Fact]:
    """A headless Service's addresses, and the ports that its SRV records say."""
    cluster = addresses.cluster
    certain = [one for one in published(cluster, service) if one.ready]
    yield _asked(
        "addresses",
        f"dns/{service.name}",
        _count(len(certain), "address"),
        lambda: _count(len(_records(addresses, service, "", A)), "address"),
    )
    for port in service.ports:
        if not port.name:
            continue
        record = f"_{port.name}._{port.protocol.lower()}."
        predicted = srv_records(cluster, service, port.name, port.protocol)
        yield _asked(
            "srv",
            f"SRV {record}{service.name}",
            _ports([one.port for one in predicted]),
            lambda record=record: _ports(  # type: ignore[misc]
                [one.port for one in _records(addresses, service, record, SRV)]
            ),
        )


def _records(addresses: Addresses, service: Service, record: str, kind: int) -> list[Any]:
    api = addresses.run.api
    pods = api.items(collection("v1", "Pod", "kube-system"), labelSelector=_DNS_PODS)
    running = [one for one in pods if one["status"].get("phase") == "Running"]
    if not running:
        raise CannotAskError(f"no pod of kube-system has the label {_DNS_PODS}, so none is asked")
    space = addresses.run.names.namespace(service.namespace)
    name = f"{record}{service.name}.{space}.svc.{DOMAIN}"
    return lookup(api, "kube-system", str(running[0]["metadata"]["name"]), name, kind)


def _affinity(addresses: Addresses, service: Service) -> Iterator[Fact]:
    """How many of a Service's pods answer many new connections of one client."""
    cluster = addresses.cluster
    if service.is_headless or not service.ports:
        return
    port = service.ports[0]
    ready = [one for one in cluster.endpoints(service, port).endpoints if one.ready]
    if len(ready) < 2:
        return
    yield _asked(
        "affinity",
        f"new connections of one client to svc/{service.name}:{port.port}",
        "one pod answers" if service.affinity else "several pods answer",
        lambda: (
            "one pod answers"
            if len(answering_pods(addresses, service, port.port)) == 1
            else "several pods answer"
        ),
    )


def _source(addresses: Addresses, service: Service) -> Iterator[Fact]:
    """Whose address an application sees behind a Service with this traffic policy."""
    if service.kind not in ("NodePort", "LoadBalancer"):
        return
    kept, translated = "the client's", "a node's"
    yield _asked(
        "source",
        f"the address that a server sees behind a copy of svc/{service.name}",
        kept if service.external_local else translated,
        lambda: kept if source_seen(addresses, service) else translated,
    )


def _parameters(addresses: Addresses, template: PodTemplate) -> Iterator[Fact]:
    """The kernel parameters that a pod runs with."""
    context = template.spec.get("securityContext") or {}
    wanted = context.get("sysctls") or () if isinstance(context, dict) else ()
    if template.kind != "Pod" or template.resource is None or template.finished:
        return
    if not template.accepted or template.forbidden is not None:
        return
    space = addresses.run.names.namespace(template.namespace)
    place = Place(space, template.name, str(template.spec["containers"][0]["name"]))
    for one in wanted:
        name = str(one["name"])
        yield _asked(
            "sysctl",
            f"{name} in pod/{template.name}",
            " ".join(str(one["value"]).split()),
            lambda name=name: _parameter(addresses, place, name),  # type: ignore[misc]
        )


def _parameter(addresses: Addresses, place: Place, name: str) -> str:
    path = f"/proc/sys/{name.replace('.', '/')}"
    command = ["/agnhost", "mounttest", f"--file_content={path}"]
    code, out, said = run_in_pod(addresses.run.api, place, command)
    if code:
        raise CannotAskError(f"{path} could not be read in the pod: {said.strip()}")
    # mounttest writes: content of file "…": …
    return " ".join(out.partition('": ')[2].split())


def _asked(identifier: str, about: str, predicted: str, ask: Callable[[], str]) -> Fact:
    try:
        return Fact(identifier, about, predicted, ask())
    except CannotAskError as error:
        return Fact(identifier, about, predicted, "", str(error))


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 'es'}"


def _ports(numbers: list[int]) -> str:
    return ", ".join(str(one) for one in sorted(numbers)) or "no record"
