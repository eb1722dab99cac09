"""Clients in the input that dial a Service of the input on a port that it does not have.

A client dials the Service's `port`; the targetPort is the pods' and of no use at the Service's
address. At a headless Service it is the other way round: nothing translates.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from checker.advice.found import Found, listed, pods_from
from checker.advice.listening import declared, is_silent, listeners_on, what_listens
from checker.advice.references import Reference, references, service_named
from checker.advice.survey import Survey, target_of
from checker.api.resource import Resource
from checker.manifests import Location
from checker.network.fields import items, mapping, text, texts
from checker.network.model import PodTemplate
from checker.network.policies import EGRESS, INGRESS, Party, Policy
from checker.network.services import Service, ServicePort

_HOSTS = ("_HOST", "_HOSTNAME", "_ADDR", "_ADDRESS", "_SERVER", "_SERVICE")


class Use(NamedTuple):
    """A text that may name a Service: of a container, or of a ConfigMap."""

    resource: Resource
    field: str
    value: str
    #: Whose text it is; None for a ConfigMap's.
    template: PodTemplate | None
    #: All of the container's texts.
    beside: frozenset[str]


def check(survey: Survey) -> Iterator[Found]:
    """Addresses in environments, commands, arguments and ConfigMaps."""
    if not survey.services:
        return
    for template in survey.templates:
        for key in ("containers", "initContainers"):
            for index, container in enumerate(items(template.spec, key)):
                if template.resource:
                    where = f"{key}[{index}]"
                    yield from _container(survey, template, template.resource, container, where)
    for resource in survey.of("ConfigMap"):
        for key, value in mapping(resource.value, "data").items():
            if isinstance(value, str):
                use = Use(resource, f"data[{key}]", value, None, frozenset())
                for reference in references(value):
                    yield from _judge(survey, use, reference)


def _container(
    survey: Survey,
    template: PodTemplate,
    resource: Resource,
    container: dict[str, Any],
    field: str,
) -> Iterator[Found]:
    said = [
        (f"env[{index}].value", text(one, "name"), text(one, "value"))
        for index, one in enumerate(items(container, "env"))
        if isinstance(one.get("value"), str)
    ]
    for key in ("command", "args"):
        said += [(f"{key}[{at}]", "", word) for at, word in enumerate(texts(container, key))]
    if any("$(" in value for _, _, value in said):
        # As the kubelet does it, with the variables about Services.
        variables = survey.environment(template, container)
        said = [
            (
                place,
                name,
                (variables.values.get(name) if name else variables.expand(value)) or value,
            )
            for place, name, value in said
        ]
    environment = {name: (place, value) for place, name, value in said if name}
    beside = frozenset(value for _, _, value in said)
    for place, _, value in said:
        use = Use(resource, template.path(f"{field}.{place}"), value, template, beside)
        for reference in references(value):
            yield from _judge(survey, use, reference)
    for name, (place, value) in environment.items():
        if name.endswith("_PORT") and value.isdecimal() and len(value) < 6:
            for ending in _HOSTS:
                _, host = environment.get(name[: -len("_PORT")] + ending, ("", ""))
                if host:
                    path = template.path(f"{field}.{place}")
                    use = Use(resource, path, value, template, beside)
                    pair = Reference(host, int(value), True, False, 0)
                    yield from _judge(survey, use, pair)


def _judge(survey: Survey, use: Use, reference: Reference) -> Iterator[Found]:
    named = service_named(reference.host, use.resource.ref.namespace)
    service = survey.service(*named) if named else None
    if service is None or service.kind == "ExternalName" or not service.ports:
        return
    behind = survey.behind(service)
    if use.template in behind or _is_aliased(use.template, reference.host):
        # What a program says of itself is where others find it.
        return
    words = {
        "host": reference.host,
        "port": reference.port,
        "service": service.name,
        "ports": listed(one.port for one in service.ports),
    }
    if service.is_headless:
        yield from _headless(use, reference, behind, words)
        return
    called = [one for one in service.ports if one.port == reference.port]
    if called:
        yield from _blocked(survey, use, reference, service, called[0])
        return
    if reference.is_default and not _means_default(use, service):
        return
    target = _targeted(service, behind, reference.port)
    if target:
        words["declared"] = target
        yield _found("client-uses-target-port", use, reference, "message", words)
    elif reference.is_certain:
        case = "default" if reference.is_default else "message"
        yield _found("client-port-unknown", use, reference, case, words)


def _blocked(
    survey: Survey, use: Use, reference: Reference, service: Service, port: ServicePort
) -> Iterator[Found]:
    """Where policies let the client reach none of the pods that it calls by this address."""
    if use.template is None or survey.has_other_policies:
        return
    pods = survey.pods_of(use.template)[:1]
    policies = survey.cluster.policies
    denied: list[tuple[str, Policy]] = []
    for template in survey.behind(service) if pods else ():
        number = target_of(template, port)
        for target in survey.pods_of(template)[:1] if number else ():
            ways = (
                (EGRESS, pods[0], Party(target, target.address)),
                (INGRESS, target, Party(pods[0], pods[0].address)),
            )
            for way, pod, other in ways:
                decision = policies.decide(way, pod, other, target, number or 0, port.protocol)
                if decision.allowed is False and decision.policy:
                    denied.append((way, decision.policy))
                    break
            else:
                return
    if denied:
        way, policy = denied[0]
        words = {
            "host": reference.host,
            "port": reference.port,
            "client": pods_from([use.template]),
            "policy": policy.name,
        }
        yield _found("client-blocked-by-policy", use, reference, way.lower(), words)


def _means_default(use: Use, service: Service) -> bool:
    """Whether a URL without a port means its scheme's: the port may be said beside it, and in a
    proxy's configuration the host may be a name of the proxy's own.
    """
    if use.template is None:
        return False
    return not any(
        str(one.port) in word and not word.isalpha() for one in service.ports for word in use.beside
    )


def _targeted(service: Service, behind: list[PodTemplate], port: int) -> int | None:
    """The Service's port behind which the pods' port `port` is, if any."""
    for one in service.ports:
        if one.target == port or any(target_of(template, one) == port for template in behind):
            return one.port
    for template in behind:
        if declared(template, port, "TCP") or listeners_on(template, port, "TCP"):
            return service.ports[0].port
    return None


def _headless(
    use: Use, reference: Reference, behind: list[PodTemplate], words: dict[str, Any]
) -> Iterator[Found]:
    if behind and all(is_silent(template, reference.port, "TCP") for template in behind):
        words = words | {"listening": what_listens(behind)}
        yield _found("headless-service-port-differs", use, reference, "client", words)


def _is_aliased(template: PodTemplate | None, host: str) -> bool:
    if template is None:
        return False
    return any(host in texts(one, "hostnames") for one in items(template.spec, "hostAliases"))


def _found(rule: str, use: Use, reference: Reference, case: str, words: dict[str, Any]) -> Found:
    return Found(rule, use.resource, use.field, case, words, _place(use, reference))


def _place(use: Use, reference: Reference) -> Location | None:
    """The very line, where the text is a block of lines."""
    if "\n" not in use.value.rstrip("\n"):
        return None
    manifest = use.resource.manifest
    start = manifest.locate(use.field, value=True)
    lines = manifest.source.text.splitlines()
    at = start.line + 1 + reference.line
    opens = lines[start.line - 1][start.column - 1 :] if start.line <= len(lines) else ""
    if not opens.startswith("|") or at > len(lines) or reference.host not in lines[at - 1]:
        return None
    return Location(start.file, at, lines[at - 1].index(reference.host) + 1)
