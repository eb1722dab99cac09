"""Who answers, and whom they see: servers of the run's own that tell.

`netexec` is agnhost's server that says who it is, whose address it sees, and that dials for whoever
asks it (test/images/agnhost/netexec).
"""

from __future__ import annotations

import ipaddress
import time
from typing import Any

from checker.live.clients.addressing import Addresses, joined
from checker.live.errors import CannotAskError, LiveError
from checker.live.images import AGNHOST
from checker.live.runs.readiness import wait_until_ready
from checker.live.server.places import collection
from checker.live.server.tunnels import dial
from checker.network.services import Service

_PORT = 8080
#: So many connections over three pods end at one by chance once in ten billion times.
_CONNECTIONS = 20
_LABEL = "kubernetes-ports/twin"


def answering_pods(addresses: Addresses, service: Service, port: int) -> set[str]:
    """The pods that answered many new connections of one client, by what they call themselves.

    The client is a pod of the run's own in the Service's namespace. Raises CannotAskError.
    """
    run = addresses.run
    space = run.names.namespace(service.namespace)
    _make_server(addresses, space, "kp-prober", "")
    spec = run.api.get(f"{collection('v1', 'Service', space)}/{service.name}").get("spec") or {}
    query = {
        "protocol": "http",
        "request": "hostname",
        "host": str(spec.get("clusterIP")),
        "port": str(port),
        "tries": str(_CONNECTIONS),
    }
    found = set(dial(run.api, space, "kp-prober", _PORT, query))
    if not found:
        raise CannotAskError(f"nobody behind the Service {service.name} answered over HTTP")
    return found


def source_seen(addresses: Addresses, service: Service) -> bool:
    """Whether a server behind a copy of this Service sees the address of a client outside.

    The copy has the Service's type and traffic policy, and a server of the run's own behind it on
    each node. Raises CannotAskError.
    """
    if isinstance(addresses.outside, str):
        raise CannotAskError(addresses.outside)
    run = addresses.run
    space = run.names.namespace(service.namespace)
    nodes = list(addresses.nodes.real.values())
    for number, node in enumerate(nodes):
        _make_server(addresses, space, f"kp-twin-{number}", node.hostname)
    spec = run.api.get(f"{collection('v1', 'Service', space)}/{service.name}").get("spec") or {}
    policy = spec.get("externalTrafficPolicy", "Cluster")
    made = run.put(
        {
            "apiVersion": "v1",
            "kind": "Service",
            # One for each policy: kube-proxy would go by the old one for a moment.
            "metadata": {"name": f"kp-twin-{policy.lower()}", "namespace": space},
            "spec": {
                "type": "NodePort",
                "externalTrafficPolicy": policy,
                "selector": {_LABEL: run.id},
                "ports": [{"port": _PORT}],
            },
        }
    )
    where = joined(nodes[0].address, made["spec"]["ports"][0]["nodePort"])
    end = time.monotonic() + 15
    while (reply := addresses.outside.get(where, "/clientip")) is None:
        if time.monotonic() > end:
            raise CannotAskError(f"nobody answered at {where}, the node port of the copy")
        time.sleep(0.5)
    try:
        seen = ipaddress.ip_address(reply.body.strip().rpartition(":")[0].strip("[]"))
    except ValueError:
        raise CannotAskError(f"somebody else answered at {where}: {reply.body[:80]!r}") from None
    return not any(seen in one for one in _nodes_own(addresses))


def _nodes_own(addresses: Addresses) -> list[Any]:
    """The addresses that nodes put in the place of a client's: their own, and their pods' range."""
    found = []
    for node in addresses.run.api.items("/api/v1/nodes"):
        own = [one["address"] for one in node["status"]["addresses"] if one["type"] == "InternalIP"]
        ranges = (node.get("spec") or {}).get("podCIDRs") or ()
        found += [ipaddress.ip_network(one, strict=False) for one in (*own, *ranges)]
    return found


def _make_server(addresses: Addresses, space: str, name: str, hostname: str) -> None:
    """A server, on the node with that label or on any of the run's."""
    run = addresses.run
    spec: dict[str, Any] = {
        "terminationGracePeriodSeconds": 0,
        "automountServiceAccountToken": False,
        "containers": [
            {
                "name": "main",
                "image": AGNHOST,
                "args": ["netexec", f"--http-port={_PORT}"],
                "readinessProbe": {"tcpSocket": {"port": _PORT}, "periodSeconds": 1},
            }
        ],
    }
    if hostname:
        spec["nodeSelector"] = {"kubernetes.io/hostname": hostname}
    manifest = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": space, "labels": {_LABEL: run.id}},
        "spec": spec,
    }
    try:
        run.put(manifest)
        wait_until_ready(run.api, [space], 60, unless=lambda _, other: other != name)
    except LiveError as error:
        raise CannotAskError(f"a server of the run's own could not be made ({error})") from error
