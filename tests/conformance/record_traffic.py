"""Puts each scenario of traffic/*.yaml into a cluster, tries its probes, and writes that down.

Several scenarios run at once, each in a namespace of its own, called as it is. What they
share (node ports, host ports) they must not claim twice; a test sees to that.
"""

import concurrent.futures
import copy
import datetime as dt
import functools
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from tests.cluster.api import PLURALS, Api, path_of
from tests.cluster.commands import Cluster
from tests.cluster.versions import ClusterError
from tests.conformance.cases import traffic_inputs
from tests.conformance.probing import Prober, Runner
from tests.conformance.runners import NamespaceRunner

AT_ONCE = 5
_READY_SECONDS = 90
_OTHER_SERVERS_SECONDS = 5.0
_STUCK_SECONDS = 10.0


def record(
    cluster: Cluster, api: Api, names: list[str] | None = None, runner: Runner | None = None
) -> dict[str, dict[str, Any]]:
    """Every input file's recording in this cluster's proxy mode, by the recording's name."""
    version = api.get("/version")["gitVersion"]
    runner = runner or NamespaceRunner(cluster, api)
    recordings = {}
    for name, scenarios in traffic_inputs().items():
        wanted = [
            s for s in scenarios if cluster.proxy_mode in s["proxyModes"] and fits(cluster, s)
        ]
        if (names and name not in names) or not wanted:
            continue
        recordings[f"traffic.{cluster.proxy_mode}.{name}"] = {
            "version": version,
            "proxyMode": cluster.proxy_mode,
            "nodes": sorted(cluster.nodes),
            "scenarios": run_all(cluster, api, runner, wanted),
        }
    return recordings


def run_all(
    cluster: Cluster, api: Api, runner: Runner, scenarios: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Several scenarios side by side; what was observed, in their order."""
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda scenario: run(cluster, api, runner, scenario), scenarios))


def run(cluster: Cluster, api: Api, runner: Runner, scenario: Mapping[str, Any]) -> dict[str, Any]:
    """One scenario, from its namespace's making to its end; what was observed."""
    namespace = scenario["id"]
    spaces = [namespace]
    try:
        spaces = prepare(
            cluster, api, namespace, scenario["manifests"], scenario.get("settled", {})
        )
        nodes = {name: str(node["address"]) for name, node in cluster.nodes.items()}
        prober = Prober(api, runner, namespace, nodes)
        asked = scenario["probes"]
        seen = prober.observe([(p["from"], p["to"], p["protocol"]) for p in asked])
        probes = [
            {key: probe[key] for key in ("from", "to", "protocol")} | {"observed": observed}
            for probe, observed in zip(asked, seen, strict=True)
        ]
        return {
            "id": scenario["id"],
            "about": scenario["about"],
            "namespace": namespace,
            "manifests": scenario["manifests"],
            "probes": probes,
        }
    except ClusterError as error:
        raise ClusterError(f"scenario {scenario['id']}: {error}") from error
    finally:
        for space in spaces:
            api.delete(path_of("v1", "Namespace", None, space))


def fits(cluster: Cluster, scenario: Mapping[str, Any]) -> bool:
    """Whether a scenario means the same in this cluster: some name our own nodes' addresses."""
    ours = all("real" not in node for node in cluster.nodes.values())
    return ours or not re.search(r"172\.18\.|10\.244\.[12]\.", str(scenario["manifests"]))


def prepare(
    cluster: Cluster,
    api: Api,
    namespace: str,
    manifests: str,
    settled: Mapping[str, str] | None = None,
) -> list[str]:
    """Creates the namespace and what is to be in it, and waits until it is as it is to be.

    Returns the namespaces that there are now, `namespace` first.
    """
    for name, node in cluster.nodes.items():
        manifests = manifests.replace(name, str(node.get("real", name)))
    objects = [document for document in yaml.safe_load_all(manifests) if document is not None]
    spaces = [namespace] + [o["metadata"]["name"] for o in objects if o["kind"] == "Namespace"]
    _create(api, namespace, objects)
    _wait_until_settled(api, spaces, settled or {}, namespace)
    return spaces


def _create(api: Api, namespace: str, objects: list[dict[str, Any]]) -> None:
    home = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
    spaces = [home, *(o for o in objects if o["kind"] == "Namespace")]
    for space in spaces:
        _create_when_gone(api, space)
    for space in spaces:
        account = path_of("v1", "ServiceAccount", space["metadata"]["name"], "default")
        _poll(30, lambda path=account: bool(api.get(path)), f"the account of {namespace}")
    # Policies first: a pod must not be tried before its policies are there.
    rank = {"NetworkPolicy": 0, "Service": 1}
    rest = [o for o in objects if o["kind"] != "Namespace"]
    for manifest in sorted(rest, key=lambda o: rank.get(o["kind"], 2)):
        manifest = copy.deepcopy(manifest)
        if PLURALS.get(manifest["kind"], ("", True))[1]:
            manifest["metadata"].setdefault("namespace", namespace)
        api.create(manifest, namespace)


def _create_when_gone(api: Api, space: dict[str, Any]) -> None:
    """An earlier run's namespace of that name may still be on its way out."""
    path = path_of("v1", "Namespace", None, space["metadata"]["name"])
    _poll(60, lambda: not api.get(path), f"the end of {path}")
    api.create(space)


def _wait_until_settled(
    api: Api, spaces: list[str], settled: Mapping[str, str], scenario: str
) -> None:
    """Until every pod is as it is to be: Ready, or what `settled` says of it by name.

    `running`: its containers run, and nothing is waited for; `unready`: likewise, and it is
    not Ready; `pending`: it was not scheduled; `initializing`: an init container runs and does
    not end; `waiting`: a container of it can't be made, as something it names isn't there;
    `failed`: it has ended.
    """

    def all_settled() -> bool:
        for space in spaces:
            deployments = api.get(path_of("apps/v1", "Deployment", space)).get("items", [])
            for deployment in deployments:
                # A paused one makes no pods.
                wanted = 0 if deployment["spec"].get("paused") else deployment["spec"]["replicas"]
                pods = sum(1 for pod in _pods(api, space) if _owned(pod, deployment))
                if pods < wanted:
                    return False
            for pod in _pods(api, space):
                name = pod["metadata"].get("generateName") or pod["metadata"]["name"]
                state = next((s for n, s in settled.items() if name.startswith(n)), "ready")
                if not _is(pod, state):
                    return False
        return True

    _poll(_READY_SECONDS, all_settled, f"scenario {scenario}: pods as they are to be")
    for space in spaces:
        for pod in _pods(api, space):
            _wait_until_listening(api, pod)
    # Rules and names follow a moment after the last pod.
    time.sleep(1)


def _wait_until_listening(api: Api, pod: Mapping[str, Any]) -> None:
    """A pod without a readiness probe is Ready before its server listens.

    netexec's log says when it does; other servers get a few seconds.
    """
    metadata, spec = pod["metadata"], pod["spec"]
    statuses = pod["status"].get("containerStatuses", [])
    statuses += pod["status"].get("initContainerStatuses", [])
    running = {
        status["name"]: status["state"]["running"]["startedAt"]
        for status in statuses
        # One that starts over and over is now and then running, and never gets to listen.
        if "running" in status.get("state", {}) and not status.get("restartCount")
    }
    for container in [*spec["containers"], *spec.get("initContainers", [])]:
        arguments = container.get("args") or ["pause"]
        if container["name"] not in running or arguments[0] == "pause":
            continue
        if arguments[0] != "netexec":
            started = dt.datetime.fromisoformat(running[container["name"]])
            age = (dt.datetime.now(dt.UTC) - started).total_seconds()
            time.sleep(max(0.0, _OTHER_SERVERS_SECONDS - age))
            continue
        path = path_of("v1", "Pod", metadata["namespace"], metadata["name"])
        log = f"{path}/log?container={container['name']}"
        _poll(
            60,
            functools.partial(_log_says, api, log, "Started HTTP server"),
            f"the server of {metadata['name']} in {metadata['namespace']}",
        )


def _log_says(api: Api, path: str, words: str) -> bool:
    return words in str(api.request("GET", path).body)


def _pods(api: Api, space: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = api.get(path_of("v1", "Pod", space)).get("items", [])
    return items


def _owned(pod: Mapping[str, Any], deployment: Mapping[str, Any]) -> bool:
    return str(pod["metadata"].get("generateName", "")).startswith(
        deployment["metadata"]["name"] + "-"
    )


def _is(pod: Mapping[str, Any], state: str) -> bool:
    status = pod["status"]
    conditions = {c["type"]: c["status"] for c in status.get("conditions", [])}
    if state == "pending":
        return conditions.get("PodScheduled") == "False"
    if state == "failed":
        return str(status.get("phase")) in ("Failed", "Succeeded") or any(
            "terminated" in c.get("state", {}) or c.get("restartCount", 0) > 0
            for c in status.get("containerStatuses", [])
        )
    if state == "initializing":
        started = status.get("initContainerStatuses", [])
        return bool(status.get("podIP")) and any("running" in c.get("state", {}) for c in started)
    if state == "waiting":
        return status.get("phase") == "Pending" and _stuck(pod)
    running = status.get("phase") == "Running" and all(
        "running" in c.get("state", {}) for c in status.get("containerStatuses", [{}])
    )
    if state == "ready":
        return running and conditions.get("Ready") == "True"
    return running and (state == "running" or conditions.get("Ready") == "False")


def _stuck(pod: Mapping[str, Any]) -> bool:
    """Whether a container waits for what isn't there: its reason says so, or it waits for long.

    A volume that can't be mounted shows as ContainerCreating, as every pod does in the beginning.
    """
    status = pod["status"]
    reasons = {
        container["state"]["waiting"].get("reason")
        for container in status.get("containerStatuses", [])
        if "waiting" in container.get("state", {})
    }
    if reasons - {"ContainerCreating", "PodInitializing"}:
        return True
    if not reasons or "startTime" not in status:
        return False
    started = dt.datetime.fromisoformat(status["startTime"])
    return (dt.datetime.now(dt.UTC) - started).total_seconds() > _STUCK_SECONDS


def _poll(seconds: float, ready: Any, what: str) -> None:
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            raise ClusterError(f"waited {seconds:.0f} seconds for {what}")
        time.sleep(0.3)
