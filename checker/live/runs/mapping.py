"""Manifests for one run: namespaces of its own, with every reference to them.

What refers to a namespace by name: `metadata.namespace`; a selector of the label
kubernetes.io/metadata.name (pkg/apis/core/v1: set on every Namespace); the `from` and
`backendRefs` of the Gateway API; DNS names in what containers are told and in `externalName`.
`kube-system` is the cluster's and stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from checker.live.runs.nodes import NodeNames

Object = dict[str, Any]

SYSTEM = frozenset({"kube-system", "kube-public", "kube-node-lease"})
_NAME_LABEL = "kubernetes.io/metadata.name"
_CONTAINERS = frozenset({"containers", "initContainers", "ephemeralContainers"})
#: Fields whose texts programs read: there a namespace can stand within a host name.
_TOLD = frozenset({"args", "command", "env", "data", "externalName", "annotations"})


def namespaces_of(manifests: Iterable[Mapping[str, Any]], default: str) -> list[str]:
    """Every namespace that the objects are in or make, without the cluster's own."""
    found = {default}
    for one in manifests:
        metadata = one.get("metadata") or {}
        found.add(metadata["name"] if one.get("kind") == "Namespace" else _home(metadata, default))
    return sorted(found - SYSTEM)


def _home(metadata: Mapping[str, Any], default: str) -> str:
    return str(metadata.get("namespace") or default)


class RunNames:
    """The names that a run uses instead: `names` from the manifests' namespaces to its own.

    `ports` are node ports, from the manifests' to those leased; it grows as they are.
    """

    def __init__(
        self, names: Mapping[str, str], default: str, nodes: NodeNames | None = None
    ) -> None:
        self.names = dict(names)
        self.nodes = nodes
        self.default = default
        self.ports: dict[int, int] = {}
        alternatives = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        # `web.back`, `web.back.svc.cluster.local:80`; not `example.back.com`.
        self._host = re.compile(
            rf"(?<![\w.-])((?:[a-z0-9_-]+\.)+)({alternatives})(?=\.svc\b|[:/\s,\"']|\.?$)"
        )

    def namespace(self, name: str | None) -> str:
        """The run's name for a namespace of the manifests; the cluster's own stay."""
        name = name or self.default
        return self.names.get(name, name)

    def host(self, text: str) -> str:
        """A text with the host names in it that name a namespace of the manifests."""
        return self._host.sub(lambda match: match[1] + self.names[match[2]], text)

    def manifest(self, value: Mapping[str, Any]) -> Object:
        """The object as it is applied. Nothing of `value` is changed."""
        made: Object = self._walk(value, "")
        metadata = made["metadata"]
        if made["kind"] == "Namespace":
            metadata["name"] = self.namespace(metadata["name"])
        else:
            metadata["namespace"] = self.namespace(metadata.get("namespace"))
        if made["kind"] == "Service":
            ports = _below(made.get("spec"), "ports")
            for port in ports if isinstance(ports, list) else ():
                number = _below(port, "nodePort")
                if isinstance(number, int) and number in self.ports:
                    port["nodePort"] = self.ports[number]
        if self.nodes is not None:
            for spec in _pod_specs(made):
                self.nodes.pod_spec(spec)
        return made

    def _walk(self, value: Any, key: str) -> Any:
        if isinstance(value, Mapping):
            if key in ("from", "backendRefs", "parentRefs"):
                value = self._reference(value)
            return {name: self._below(value, name, key) for name in value}
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [self._walk(one, key) for one in value]
        if isinstance(value, str) and key in _TOLD:
            return self.host(value)
        return value

    def _below(self, value: Mapping[str, Any], name: str, key: str) -> Any:
        below = value[name]
        if name == _NAME_LABEL and isinstance(below, str):
            return self.namespace(below)
        if value.get("key") == _NAME_LABEL and name == "values" and isinstance(below, Sequence):
            return [self.namespace(one) if isinstance(one, str) else one for one in below]
        return self._walk(below, key if key in _TOLD else name)

    def _reference(self, value: Mapping[str, Any]) -> Mapping[str, Any]:
        """An object of another namespace, as the Gateway API names one."""
        if isinstance(value.get("namespace"), str):
            return {**value, "namespace": self.namespace(value["namespace"])}
        return value


def _below(value: Any, key: str) -> Any:
    """A field of an object that may be malformed: None where it has none."""
    return value.get(key) if isinstance(value, Mapping) else None


def _pod_specs(made: Object) -> list[Object]:
    """The spec of the pods that an object makes or is."""
    spec = made.get("spec")
    if made["kind"] == "CronJob":
        spec = _below(_below(spec, "jobTemplate"), "spec")
    if made["kind"] != "Pod":
        spec = _below(_below(spec, "template"), "spec")
    # Malformed ones go to the API server as they are, which says what is wrong.
    return [spec] if isinstance(spec, dict) and isinstance(spec.get("containers"), list) else []


def images_of(manifests: Iterable[Mapping[str, Any]]) -> list[str]:
    """Every image that the objects' containers name, sorted."""
    found: set[str] = set()

    def look(value: object) -> None:
        if isinstance(value, Mapping):
            for key, below in value.items():
                if key in _CONTAINERS and isinstance(below, Sequence):
                    found.update(
                        str(one["image"])
                        for one in below
                        if isinstance(one, Mapping) and "image" in one
                    )
                look(below)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            for one in value:
                look(one)

    for one in manifests:
        look(one.get("spec"))
    return sorted(found)
