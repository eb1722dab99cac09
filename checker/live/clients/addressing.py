"""From the contract's notation to the cluster: places to connect from, addresses to dial.

Which object a notation means is looked up in the model, which knows them all by the manifests'
own names; where that object is, and at which address, is asked of the cluster.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from checker.live.clients.node_probes import NodeProbes
from checker.live.clients.outside import Outside
from checker.live.clients.probing import Dial, Place
from checker.live.errors import CannotAskError, LiveError
from checker.live.images import ALLOWED
from checker.live.runs.nodes import NodeNames
from checker.live.runs.refusals import Refusal, find_refusal
from checker.live.runs.run import Run
from checker.live.server.places import collection
from checker.network import Cluster
from checker.network.address import Source, Target, parse_source, parse_target
from checker.network.naming import nodes_named, pod_named, service_named, workload_named
from checker.network.services import Service

__all__ = ["Addresses", "CannotAskError", "NotThereError"]


class NotThereError(Exception):
    """An end of the connection that the API server has refused to create."""


class Addresses:
    """Where the ends of connections are, in one run. Every look is at the cluster as it is now.

    `outside` is the client outside the cluster, or a text: why there is none.
    """

    def __init__(
        self,
        run: Run,
        cluster: Cluster,
        nodes: NodeNames,
        probes: NodeProbes,
        outside: Outside | str,
        refused: Sequence[Refusal] = (),
    ) -> None:
        self.run = run
        self.cluster = cluster
        self.nodes = nodes
        self.probes = probes
        self.outside = outside
        self.refused = list(refused)

    def ends(
        self, source: str, target: str, protocol: str
    ) -> tuple[list[Place | Outside], list[Dial]]:
        """Where connections from `source` start, and what they dial for `target`.

        Raises CannotAskError, NotThereError, LiveError, BadEndpoint.
        """
        said_source, said_target = parse_source(source), parse_target(target)
        places, home = self._places(said_source)
        if said_source.kind == "external":
            self._fit_for_outside(said_target)
        return places, self._dials(said_source, said_target, protocol, home)

    # Where connections start

    def _places(self, said: Source) -> tuple[list[Place | Outside], str]:
        """With the namespace (the manifests') that names in the target default to."""
        home = self.run.default
        if said.kind == "pod":
            pod = pod_named(self.cluster, said.name, home)
            found = self._pod(pod.namespace, pod.name)
            return [_place(found)], pod.namespace
        if said.kind == "deploy":
            template, _ = workload_named(self.cluster, said.name, home)
            pods = self._pods_of(template.kind, template.namespace, template.name)
            return [_place(pod) for pod in pods], template.namespace
        if said.kind == "node":
            nodes = nodes_named(self.cluster, said.name)
            return [self.probes.at(node.name) for node in nodes], home
        if isinstance(self.outside, str):
            raise CannotAskError(self.outside)
        return [self.outside], home

    def _fit_for_outside(self, target: Target) -> None:
        knows_pods = not isinstance(self.outside, str) and self.outside.knows_pods
        if target.kind not in ("node", "ingress") and not knows_pods:
            raise CannotAskError(
                "the addresses of pods and Services mean nothing outside the cluster; on this "
                "machine's own networks they may be somebody else's, so none is called"
            )

    # What they dial

    def _dials(self, source: Source, said: Target, protocol: str, home: str) -> list[Dial]:
        port = said.port
        if said.kind in ("node", "localhost"):
            return self._of_nodes(source, said, protocol)
        if said.kind == "dns":
            return [
                Dial(
                    f"{self.run.names.host(said.name)}:{port}",
                    self._endpoints_behind(said.name, port, protocol, home),
                )
            ]
        if said.kind == "svc":
            return self._service(said.name, port, protocol, home)
        if said.kind == "pod":
            pod = pod_named(self.cluster, said.name, home)
            return [Dial(joined(_ip(self._pod(pod.namespace, pod.name)), port))]
        if said.kind == "deploy":
            template, _ = workload_named(self.cluster, said.name, home)
            pods = self._pods_of(template.kind, template.namespace, template.name)
            return [Dial(joined(_ip(pod), port)) for pod in pods]
        raise CannotAskError(
            "requests by host and path are tried by another client"  # see `front_doors`
        )

    def _of_nodes(self, source: Source, said: Target, protocol: str) -> list[Dial]:
        port = int(said.port)
        count = 1
        if said.kind == "localhost" and source.kind != "node":
            return [Dial(f"127.0.0.1:{port}")]
        mapped = self.cluster.node_port(port, protocol)
        if mapped is not None:
            service, declared = mapped
            self._must_be_there("Service", service.namespace, service.name)
            spec = self._spec_of(service)
            # The cluster's number for it: another one was leased, or none was asked for.
            port = next(
                (
                    int(one["nodePort"])
                    for one in spec.get("ports") or ()
                    if one["port"] == declared.port
                    and one.get("protocol", "TCP") == protocol
                    and one.get("nodePort")
                ),
                port,
            )
            count = self._count(service, declared.port, protocol)
        if said.kind == "localhost":
            return [Dial(f"127.0.0.1:{port}", count)]
        nodes = nodes_named(self.cluster, said.name)
        return [Dial(joined(self.nodes.at(node.name).address, port), count) for node in nodes]

    def _service(self, name: str, port: int | str, protocol: str, home: str) -> list[Dial]:
        service = service_named(self.cluster, name, home)
        if service.resource is None and service.namespace != "kube-system":
            raise CannotAskError(f"the Service {name} is not among the manifests")
        spec = self._spec_of(service)
        if isinstance(port, str):
            port = next(one["port"] for one in spec["ports"] if one.get("name") == port)
        if spec.get("type") == "ExternalName":
            return [Dial(f"{self.run.names.host(spec['externalName'])}:{port}")]
        if spec.get("clusterIP") == "None":
            ready = self.ready(service)
            if not ready:
                namespace = self.run.names.namespace(service.namespace)
                return [Dial(f"{service.name}.{namespace}:{port}")]
            return [Dial(joined(address, port)) for address in ready]
        return [Dial(joined(spec["clusterIP"], port), self._count(service, port, protocol))]

    def _endpoints_behind(self, host: str, port: int | str, protocol: str, home: str) -> int:
        """A name of a Service chooses among its endpoints; another one doesn't."""
        labels = host.rstrip(".").split(".")
        namespace = labels[1] if len(labels) > 1 else home
        service = self.cluster.find_service(namespace, labels[0])
        if service is None:
            return 1
        if service.is_headless:
            return max(1, len(self.ready(service)))
        return self._count(service, port, protocol)

    # What the cluster has

    def ready(
        self, service: Service, port: int | str | None = None, protocol: str = ""
    ) -> list[str]:
        """The addresses of a Service's endpoints that kube-proxy may use, of one port or of any."""
        namespace = self.run.names.namespace(service.namespace)
        names = {
            one.name
            for one in service.ports
            if port is None or (port in (one.port, one.name) and one.protocol == protocol)
        }
        slices = self.run.api.items(
            collection("discovery.k8s.io/v1", "EndpointSlice", namespace),
            labelSelector=f"kubernetes.io/service-name={service.name}",
        )
        found = set()
        for one in slices:
            if port is not None and not names & {
                known.get("name") or "" for known in one.get("ports") or ()
            }:
                continue
            for endpoint in one.get("endpoints") or ():
                conditions = endpoint.get("conditions") or {}
                if conditions.get("ready") is not False or conditions.get("serving"):
                    found.update(endpoint["addresses"])
        return sorted(found)

    def _count(self, service: Service, port: int | str, protocol: str) -> int:
        """Among how many endpoints a Service's port chooses; one where it has no choice."""
        return max(1, len(self.ready(service, port, protocol)))

    def _spec_of(self, service: Service) -> dict[str, Any]:
        given = service.resource is not None
        self._must_be_ours(service.namespace, service.name, given=given)
        self._must_be_there("Service", service.namespace, service.name)
        namespace = self.run.names.namespace(service.namespace)
        path = f"{collection('v1', 'Service', namespace)}/{service.name}"
        spec: dict[str, Any] = self._need(path, f"Service {service.name}")["spec"]
        return spec

    def _pod(self, namespace: str, name: str) -> dict[str, Any]:
        pod = self.cluster.find_pod(namespace, name)
        if pod is not None and pod.template.kind != "Pod":
            # The model's own name for one of a workload's.
            template = pod.template
            _, members = self.cluster.find_workload(namespace, template.name) or (None, [])
            pods = self._pods_of(template.kind, namespace, template.name)
            return pods[members.index(pod) % len(pods)] if pod in members else pods[0]
        self._must_be_ours(namespace, name)
        self._must_be_there("Pod", namespace, name)
        path = collection("v1", "Pod", self.run.names.namespace(namespace))
        return self._need(f"{path}/{name}", f"pod {name}")

    def _pods_of(self, kind: str, namespace: str, name: str) -> list[dict[str, Any]]:
        self._must_be_ours(namespace, name)
        self._must_be_there(kind, namespace, name)
        where = self.run.names.namespace(namespace)
        version = "batch/v1" if kind in ("Job", "CronJob") else "apps/v1"
        workload = self._need(f"{collection(version, kind, where)}/{name}", f"{kind} {name}")
        labels = workload["spec"]["selector"].get("matchLabels") or {}
        selector = ",".join(f"{key}={value}" for key, value in labels.items())
        pods = self.run.api.items(collection("v1", "Pod", where), labelSelector=selector)
        alive = [
            pod
            for pod in pods
            if pod["status"].get("podIP")
            and "deletionTimestamp" not in pod["metadata"]
            and pod["status"].get("phase") not in ("Failed", "Succeeded")
        ]
        if not alive:
            raise CannotAskError(f"{kind} {name} has no pod with an address")
        return sorted(alive, key=lambda pod: str(pod["metadata"]["name"]))

    def _must_be_ours(self, namespace: str, name: str, *, given: bool = True) -> None:
        """Manifests' objects of the cluster's own namespaces are never applied."""
        if given and namespace not in self.run.names.names:
            raise CannotAskError(
                f"{name} would be in {namespace}, the cluster's own namespace, where live checks "
                "put nothing"
            )

    def _must_be_there(self, kind: str, namespace: str, name: str) -> None:
        refusal = find_refusal(self.refused, kind, namespace, name)
        if refusal is not None:
            raise NotThereError(f"the API server refused {kind}/{name}: {refusal.message}")

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


def joined(address: str, port: int | str) -> str:
    """`HOST:PORT`, with the brackets that IPv6 needs."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
