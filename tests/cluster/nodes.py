"""The whole cluster: a control plane and two nodes, joined by a bridge, with no way out.

    external ──┐
    control ───┼── 172.18.0.0/16, a bridge in the control plane's namespaces (kind's Docker network)
    worker-1 ──┤      pods 10.244.1.0/24
    worker-2 ──┘      pods 10.244.2.0/24

`external` is a machine outside the cluster, and the gateway that a node's packets to
elsewhere go to; it drops them. The only link to this machine is a /30 between it and
the control plane, over which nothing is forwarded: for kubectl.
"""

import functools
from pathlib import Path
from typing import Any

from tests.cluster import build, node, remains, system_objects
from tests.cluster.api import Api
from tests.cluster.control_plane import ControlPlane
from tests.cluster.credentials import Credentials
from tests.cluster.processes import Processes
from tests.cluster.sandbox import Sandbox, run
from tests.cluster.versions import ClusterError

EXTERNAL = "172.18.0.1"
CONTROL = "172.18.0.2"
# name → (address, its pods' network)
WORKERS = {
    "worker-1": ("172.18.0.3", "10.244.1.0/24"),
    "worker-2": ("172.18.0.4", "10.244.2.0/24"),
}
_API_PORT = 6443


def start(name: str, folder: Path, processes: Processes, proxy_mode: str) -> dict[str, Any]:
    """Starts everything and returns when both nodes and DNS are ready; facts for cluster.json."""
    control = Sandbox("control", folder / "control", processes)
    external = Sandbox("external", folder / "external", processes)
    workers = {worker: Sandbox(worker, folder / worker, processes) for worker in WORKERS}
    for sandbox in (control, external, *workers.values()):
        sandbox.start()
    host_address, api_address = _link_host(control, remains.cgroup_name(name))
    _network(control, external, workers)

    credentials = Credentials(folder / "credentials", list(WORKERS), build.environment())
    credentials.make(["127.0.0.1", CONTROL, api_address])
    plane = ControlPlane(
        processes,
        folder,
        credentials,
        enter=control.enter,
        address=CONTROL,
        bind="0.0.0.0",
        ports=(_API_PORT, 2379, 2380),
    )
    server = f"https://{api_address}:{_API_PORT}"
    plane.start_server()
    for sandbox in workers.values():
        # Meanwhile; it takes no longer than the API server does.
        node.start_runtime(sandbox, remains.cgroup_name(name))
    for sandbox in workers.values():
        node.import_images(sandbox)
    plane.start_controllers(server, scheduler=True)

    kubeconfig = credentials.kubeconfig("admin", server, folder / "kubeconfig")
    api = Api(kubeconfig)
    inside = f"https://{CONTROL}:{_API_PORT}"
    for worker, (address, pods) in WORKERS.items():
        # Made here and not by the kubelet, so that every start gives the same pod addresses.
        api.create({"apiVersion": "v1", "kind": "Node", "metadata": {"name": worker},
                    "spec": {"podCIDR": pods, "podCIDRs": [pods]}})  # fmt: skip
        node.start_node(
            workers[worker],
            credentials,
            server=inside,
            address=address,
            pods=pods,
            proxy_mode=proxy_mode,
            cgroup=f"{remains.cgroup_name(name)}/{worker}",
        )
    system_objects.create(api)
    for worker in WORKERS:
        processes.wait_until(f"node {worker}", functools.partial(_ready, api, worker), 120)
    processes.wait_until("DNS", lambda: system_objects.dns_is_ready(api), 120)
    return {
        "kubeconfig": str(kubeconfig),
        "proxyMode": proxy_mode,
        "hostAddress": host_address,
        "external": external.pid,
        "nodes": [
            {"name": worker, "address": address, "pods": pods, "pid": workers[worker].pid}
            for worker, (address, pods) in WORKERS.items()
        ],
    }


def _ready(api: Api, worker: str) -> bool:
    conditions = api.get(f"/api/v1/nodes/{worker}").get("status", {}).get("conditions", [])
    return any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)


def _link_host(control: Sandbox, alias: str) -> tuple[str, str]:
    """Joins this machine and the control plane; the addresses of both ends.

    The interface on this side vanishes with the control plane's namespaces; `alias` says
    whose it is until then.
    """
    taken = run(["ip", "-o", "-4", "address", "show"])
    for third in range(77, 87):
        if f"169.254.{third}." not in taken:
            break
    else:
        raise ClusterError(
            "ten clusters have a link to this machine already: end some with `down --name …`"
        )
    ours, theirs = f"169.254.{third}.1", f"169.254.{third}.2"
    link = f"kports{third}"
    run(["ip", "link", "add", link, "type", "veth", "peer", "name", "host", "netns",
         str(control.pid)])  # fmt: skip
    run(["ip", "address", "add", f"{ours}/30", "dev", link])
    run(["ip", "link", "set", link, "alias", alias, "up"])
    control.run("ip", "address", "add", f"{theirs}/30", "dev", "host")
    control.run("ip", "link", "set", "host", "up")
    return ours, theirs


def _network(control: Sandbox, external: Sandbox, workers: dict[str, Sandbox]) -> None:
    for sandbox in (control, external, *workers.values()):
        sandbox.run("ip", "link", "set", "lo", "up")
    control.run("ip", "link", "add", "bridge", "type", "bridge")
    control.run("ip", "address", "add", f"{CONTROL}/16", "dev", "bridge")
    control.run("ip", "link", "set", "bridge", "up")
    addresses = {"external": EXTERNAL, **{w: address for w, (address, _) in WORKERS.items()}}
    for sandbox in (external, *workers.values()):
        run(
            ["ip", "link", "add", "name", sandbox.name, "netns", str(control.pid),
             "type", "veth", "peer", "name", "eth0", "netns", str(sandbox.pid)]
        )  # fmt: skip
        control.run("ip", "link", "set", sandbox.name, "master", "bridge", "up")
        sandbox.run("ip", "address", "add", f"{addresses[sandbox.name]}/16", "dev", "eth0")
        sandbox.run("ip", "link", "set", "eth0", "up")
    # What leaves the network is dropped without a word, as by a firewall.
    external.run("ip", "link", "add", "nowhere", "type", "veth", "peer", "name", "void")
    external.run("ip", "link", "set", "void", "up")
    external.run("ip", "link", "set", "nowhere", "arp", "off", "up")
    external.run("ip", "route", "add", "default", "dev", "nowhere")
    for worker, sandbox in workers.items():
        sandbox.run("ip", "route", "add", "default", "via", EXTERNAL)
        for other, (address, pods) in WORKERS.items():
            if other != worker:
                sandbox.run("ip", "route", "add", pods, "via", address)
        sandbox.sysctl(
            **{
                "net/ipv4/ip_forward": 1,
                # A refusal told by ICMP must reach every prober that asks, not one a second.
                "net/ipv4/icmp_ratelimit": 0,
            }
        )
