"""What a client sees: connections tried for real from pods, nodes and outside the cluster.

Sources and targets are written as `python -m checker trace` takes them (`--from`, `--to`).
The client is `agnhost connect`, Kubernetes' own test client, which tells refused from timed
out; whoever runs it for us (`Runner`) is what differs between clusters.
"""

import concurrent.futures
import re
import threading
import time
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from checker.live.clients import agnhost
from checker.live.errors import LiveError
from tests.cluster.api import Api, path_of
from tests.cluster.versions import ClusterError

_ROUNDS = 12
# More at once, and a busy machine's own slowness is taken for the network's.
_SLOTS = threading.Semaphore(10)


class Said(NamedTuple):
    """How a command ended."""

    code: int
    text: str


class Runner(Protocol):
    """Runs agnhost where a connection is to start."""

    def in_pod(self, namespace: str, pod: str, arguments: Sequence[str]) -> Said:
        """Runs `/agnhost ARGUMENTS` in the pod's first container."""
        ...

    def on_node(self, node: str, arguments: Sequence[str]) -> Said:
        """Runs agnhost in the node's own network."""
        ...

    def outside(self, arguments: Sequence[str]) -> Said:
        """Runs agnhost outside the cluster, on the nodes' network."""
        ...


class Place(NamedTuple):
    """Where a connection starts: a pod of a namespace, a node, or (both empty) outside."""

    pod: str = ""
    namespace: str = ""
    node: str = ""


class Prober:
    """Tries connections in a cluster; `namespace` is that of names that say none."""

    def __init__(self, api: Api, runner: Runner, namespace: str, nodes: dict[str, str]) -> None:
        self.api = api
        self.runner = runner
        self.namespace = namespace
        self.nodes = nodes  # name → address

    def observe(self, probes: Sequence[tuple[str, str, str]]) -> list[str]:
        """For each (source, target, protocol) what the client sees.

        `connected`, `refused`, `timeout`, `dns-failure` or, where connections disagree,
        `intermittent`. Tries until two rounds, a second apart, agree: so what is still on
        its way (rules, endpoints, names) does not count. A round is as many connections
        as it takes to meet every endpoint of the target.
        """
        before: dict[int, frozenset[str]] = {}
        settled: dict[int, frozenset[str]] = {}
        for number in range(_ROUNDS):
            if number:
                # ICMP errors are rate-limited to one a second; what comes sooner is silence.
                time.sleep(1.1)
            open_ = [index for index in range(len(probes)) if index not in settled]
            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                rounds = pool.map(self._round, [probes[index] for index in open_])
                seen = dict(zip(open_, rounds, strict=True))
            settled |= {i: outcome for i, outcome in seen.items() if before.get(i) == outcome}
            before |= seen
            if len(settled) == len(probes):
                return [_verdict(settled[i]) for i in range(len(probes))]
        restless = next(i for i in range(len(probes)) if i not in settled)
        raise ClusterError(
            f"{' → '.join(probes[restless][:2])} does not settle: the last round saw "
            f"{sorted(before[restless])}"
        )

    def _round(self, probe: tuple[str, str, str]) -> frozenset[str]:
        source, target, protocol = probe
        places = self.places(source)
        addresses, endpoints = self.addresses(target, places[0])
        tries = _tries(endpoints) if len(addresses) == 1 else 1
        wanted = [(place, address) for place in places for address in addresses * tries]
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            return frozenset(pool.map(lambda pair: self._once(pair[0], pair[1], protocol), wanted))

    def _once(self, place: Place, address: str, protocol: str) -> str:
        arguments = agnhost.arguments(address, protocol)
        with _SLOTS:
            if place.pod:
                said = self.runner.in_pod(place.namespace, place.pod, arguments)
            elif place.node:
                said = self.runner.on_node(place.node, arguments)
            else:
                said = self.runner.outside(arguments)
        return classify(said)

    def places(self, source: str) -> list[Place]:
        """The places that `source` names: every pod of a deployment."""
        kind, _, name = source.partition("/")
        if kind == "external":
            return [Place()]
        if kind == "node":
            return [Place(node=name or next(iter(self.nodes)))]
        if kind == "pod":
            pod, namespace = self._named("Pod", name, self.namespace)
            return [Place(pod, namespace)]
        if kind == "deploy":
            pods = self._pods_of(name, self.namespace)
            return [Place(p["metadata"]["name"], p["metadata"]["namespace"]) for p in pods]
        raise ClusterError(f"{source} names no source: pod/…, deploy/…, node/… or external")

    def addresses(self, target: str, place: Place) -> tuple[list[str], int]:
        """What to dial for `target`, and among how many endpoints the first of them chooses."""
        kind, _, rest = target.partition("/")
        if target.startswith("localhost:"):
            return [f"127.0.0.1:{target.partition(':')[2]}"], 1
        name, _, port = rest.rpartition(":")
        home = place.namespace or self.namespace
        if kind == "dns":
            return [f"{name}:{port}"], self._endpoints_of_name(name, home)
        if kind == "node":
            return [f"{self.nodes[name]}:{port}"], self._endpoints_of_node_port(port)
        if kind == "pod":
            pod, namespace = self._named("Pod", name, home)
            return [f"{self._pod(namespace, pod)['status']['podIP']}:{port}"], 1
        if kind == "deploy":
            pods = self._pods_of(name, home)
            return [f"{pod['status']['podIP']}:{port}" for pod in pods], 1
        if kind == "svc":
            return self._service_addresses(name, port, home)
        raise ClusterError(f"{target} names no target that can be dialled here")

    def _service_addresses(self, name: str, port: str, home: str) -> tuple[list[str], int]:
        service, namespace = self._named("Service", name, home)
        spec = self.api.get(path_of("v1", "Service", namespace, service))["spec"]
        if not port.isdigit():
            port = next(str(p["port"]) for p in spec["ports"] if p.get("name") == port)
        ready = self._ready_addresses(namespace, service)
        if spec.get("clusterIP") == "None":
            return [f"{address}:{port}" for address in ready], 1
        return [f"{spec['clusterIP']}:{port}"], len(ready)

    def _ready_addresses(self, namespace: str, service: str) -> list[str]:
        slices = self.api.get(
            path_of("discovery.k8s.io/v1", "EndpointSlice", namespace)
            + f"?labelSelector=kubernetes.io/service-name%3D{service}"
        )
        return sorted(
            {
                address
                for one in slices.get("items", [])
                for endpoint in one.get("endpoints") or []
                if (endpoint.get("conditions") or {}).get("serving") is not False
                or (endpoint.get("conditions") or {}).get("ready")
                for address in endpoint["addresses"]
            }
        )

    def _endpoints_of_name(self, name: str, home: str) -> int:
        """A name of a Service chooses among its endpoints; another one doesn't."""
        parts = name.rstrip(".").split(".")
        namespace = parts[1] if len(parts) > 1 else home
        if not re.fullmatch(r"[a-z0-9-]+", parts[0]):
            return 1
        return max(1, len(self._ready_addresses(namespace, parts[0])))

    def _endpoints_of_node_port(self, port: str) -> int:
        services = self.api.get("/api/v1/services").get("items", [])
        for service in services:
            if any(str(p.get("nodePort")) == port for p in service["spec"].get("ports") or []):
                metadata = service["metadata"]
                return len(self._ready_addresses(metadata["namespace"], metadata["name"]))
        return 1

    def _named(self, kind: str, name: str, home: str) -> tuple[str, str]:
        """NAME[.NS]: where a name has dots, the longest existing name wins."""
        if self.api.get(path_of("v1", kind, home, name)):
            return name, home
        parts = name.split(".")
        for cut in range(len(parts) - 1, 0, -1):
            head, tail = ".".join(parts[:cut]), ".".join(parts[cut:])
            if self.api.get(path_of("v1", kind, tail, head)):
                return head, tail
        raise ClusterError(f"there is no {kind} {name} in {home}")

    def _pod(self, namespace: str, name: str) -> dict[str, Any]:
        return self.api.get(path_of("v1", "Pod", namespace, name))

    def _pods_of(self, deployment: str, namespace: str) -> list[dict[str, Any]]:
        found = self.api.get(path_of("apps/v1", "Deployment", namespace, deployment))
        labels = found["spec"]["selector"]["matchLabels"]
        selector = "%2C".join(f"{key}%3D{value}" for key, value in labels.items())
        pods = self.api.get(path_of("v1", "Pod", namespace) + f"?labelSelector={selector}")
        return [p for p in pods["items"] if p["status"].get("podIP")]


def classify(said: Said) -> str:
    """agnhost connect's words in the contract's; ClusterError for words that are no verdict."""
    try:
        return agnhost.classify(said.code, said.text)
    except LiveError as error:
        raise ClusterError(f"agnhost connect: {error}") from error


def _verdict(seen: frozenset[str]) -> str:
    return next(iter(seen)) if len(seen) == 1 else "intermittent"


def _tries(endpoints: int) -> int:
    # A recording is for good: it has to be surer than a check.
    return agnhost.tries(endpoints, 1e-4)
