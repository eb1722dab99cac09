"""From the contract's notation to what is in the cluster: pods to connect from, addresses to dial.

Which object a notation means is looked up in the model, which knows them all by the manifests'
own names; where that object is, and at which address, is asked of the cluster.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker.live.errors import LiveError
from checker.live.images import ALLOWED
from checker.live.places import collection
from checker.live.probing import Dial, Place
from checker.live.run import Run
from checker.network import Cluster
from checker.network.address import parse_source, parse_target
from checker.network.naming import pod_named, service_named, workload_named


class CannotAskError(Exception):
    """A question that cannot be put to this cluster; the message says what would be needed."""


class Addresses:
    """Where the ends of connections are, in one run. Every look is at the cluster as it is now."""

    def __init__(self, run: Run, cluster: Cluster) -> None:
        self.run = run
        self.cluster = cluster

    def places(self, source: str) -> tuple[list[Place], str]:
        """Where connections from `source` start, and the namespace (the manifests') it is in.

        Raises CannotAskError, LiveError, BadEndpoint.
        """
        said = parse_source(source)
        home = self.run.default
        if said.kind == "pod":
            pod = pod_named(self.cluster, said.name, home)
            self._must_be_ours(pod.namespace, pod.name)
            path = collection("v1", "Pod", self.run.names.namespace(pod.namespace))
            return [_place(self._need(f"{path}/{pod.name}", f"pod {pod.name}"))], pod.namespace
        if said.kind == "deploy":
            template, _ = workload_named(self.cluster, said.name, home)
            pods = self._pods_of(template.kind, template.namespace, template.name)
            return [_place(pod) for pod in pods], template.namespace
        what = "a node" if said.kind == "node" else "outside the cluster"
        raise CannotAskError(
            f"live checks connect from pods; this one starts on {what}, which is not built yet"
        )

    def dials(self, target: str, home: str) -> list[Dial]:
        """What to dial for `target` from a source in the namespace `home`. Raises as `places`."""
        said = parse_target(target)
        names = self.run.names
        if said.kind == "localhost":
            return [Dial(f"127.0.0.1:{said.port}")]
        if said.kind == "dns":
            host = names.host(said.name)
            return [Dial(f"{host}:{said.port}", self._endpoints_behind(said.name, home))]
        if said.kind == "svc":
            return self._service(said.name, said.port, home)
        if said.kind == "pod":
            pod = pod_named(self.cluster, said.name, home)
            self._must_be_ours(pod.namespace, pod.name)
            path = collection("v1", "Pod", names.namespace(pod.namespace))
            found = self._need(f"{path}/{pod.name}", f"pod {pod.name}")
            return [Dial(_joined(_ip(found), said.port))]
        if said.kind == "deploy":
            template, _ = workload_named(self.cluster, said.name, home)
            pods = self._pods_of(template.kind, template.namespace, template.name)
            return [Dial(_joined(_ip(pod), said.port)) for pod in pods]
        if said.kind == "ingress":
            raise CannotAskError(
                "this cluster has no controller for Ingress and Gateway that the checker knows of; "
                "cloud-provider-kind brings one to a kind cluster"
            )
        raise CannotAskError("live checks do not dial nodes yet")

    def _service(self, name: str, port: int | str, home: str) -> list[Dial]:
        service = service_named(self.cluster, name, home)
        if service.resource is None and service.namespace != "kube-system":
            raise CannotAskError(f"the Service {name} is not among the manifests")
        self._must_be_ours(service.namespace, service.name, given=service.resource is not None)
        namespace = self.run.names.namespace(service.namespace)
        path = f"{collection('v1', 'Service', namespace)}/{service.name}"
        spec = self._need(path, f"Service {service.name}")["spec"]
        if isinstance(port, str):
            port = next(one["port"] for one in spec["ports"] if one.get("name") == port)
        if spec.get("type") == "ExternalName":
            return [Dial(f"{spec['externalName']}:{port}")]
        ready = self._ready(namespace, service.name)
        if spec.get("clusterIP") == "None":
            if not ready:
                return [Dial(f"{service.name}.{namespace}:{port}")]
            return [Dial(_joined(address, port)) for address in ready]
        return [Dial(_joined(spec["clusterIP"], port), max(1, len(ready)))]

    def _endpoints_behind(self, host: str, home: str) -> int:
        """A name of a Service chooses among its endpoints; another one doesn't."""
        labels = host.rstrip(".").split(".")
        namespace = labels[1] if len(labels) > 1 else home
        service = self.cluster.find_service(namespace, labels[0])
        if service is None:
            return 1
        return max(1, len(self._ready(self.run.names.namespace(namespace), service.name)))

    def _ready(self, namespace: str, service: str) -> list[str]:
        """The addresses of a Service's endpoints that kube-proxy may use."""
        slices = self.run.api.items(
            collection("discovery.k8s.io/v1", "EndpointSlice", namespace),
            labelSelector=f"kubernetes.io/service-name={service}",
        )
        found = set()
        for one in slices:
            for endpoint in one.get("endpoints") or ():
                conditions = endpoint.get("conditions") or {}
                if conditions.get("ready") is not False or conditions.get("serving"):
                    found.update(endpoint["addresses"])
        return sorted(found)

    def _pods_of(self, kind: str, namespace: str, name: str) -> list[dict[str, Any]]:
        self._must_be_ours(namespace, name)
        where = self.run.names.namespace(namespace)
        workload = self._need(f"{collection('apps/v1', kind, where)}/{name}", f"{kind} {name}")
        labels = workload["spec"]["selector"].get("matchLabels") or {}
        selector = ",".join(f"{key}={value}" for key, value in labels.items())
        pods = self.run.api.items(collection("v1", "Pod", where), labelSelector=selector)
        alive = [
            pod
            for pod in pods
            if pod["status"].get("podIP") and "deletionTimestamp" not in pod["metadata"]
        ]
        if not alive:
            raise CannotAskError(f"{kind} {name} has no pod with an address")
        return alive

    def _must_be_ours(self, namespace: str, name: str, *, given: bool = True) -> None:
        """Manifests' objects of the cluster's own namespaces are never applied."""
        if given and namespace not in self.run.names.names:
            raise CannotAskError(
                f"{name} would be in {namespace}, the cluster's own namespace, where live checks "
                "put nothing"
            )

    def _need(self, path: str, what: str) -> dict[str, Any]:
        found = self.run.api.get(path)
        if not found:
            raise LiveError(f"{what} is gone from the cluster while it was being asked")
        return found


def _place(pod: Mapping[str, Any]) -> Place:
    """Where in a pod to start: a container that runs and has agnhost."""
    running = {
        one["name"]
        for one in pod["status"].get("containerStatuses") or ()
        if "running" in (one.get("state") or {})
    }
    name = str(pod["metadata"]["name"])
    for container in pod["spec"]["containers"]:
        if container["image"] in ALLOWED and container["name"] in running:
            return Place(str(pod["metadata"]["namespace"]), name, str(container["name"]))
    raise CannotAskError(f"no container of the pod {name} runs, so nothing can start there")


def _ip(pod: Mapping[str, Any]) -> str:
    address = str(pod["status"].get("podIP") or "")
    if not address:
        raise CannotAskError(f"the pod {pod['metadata']['name']} has no address")
    return address


def _joined(address: str, port: int | str) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
