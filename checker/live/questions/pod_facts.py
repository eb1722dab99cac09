"""What became of the pods: how many are ready, which wait for a node, which have ended."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

from checker.live.questions.fact import Fact
from checker.live.runs.refusals import Refusal, find_refusal
from checker.live.runs.run import Run
from checker.live.server.places import collection
from checker.network import Cluster
from checker.network.model import Pod, PodTemplate

#: So long a container runs before "not ready" is taken for more than "not yet".
_STANDS_SECONDS = 5
#: So long a pod is without a sandbox before it is taken for never to have one.
_NEVER_SECONDS = 8
_ORDER = ("ready", "not ready", "pending", "not running")


def pod_facts(
    run: Run, cluster: Cluster, refused: list[Refusal], seconds: float = 20
) -> list[Fact]:
    """For each pod and workload of the manifests the states of its pods, once they stand still."""
    wanted = [
        (template, predicted_states(template, pods))
        for template, pods in cluster.workloads
        if template.resource is not None
        and template.accepted
        and template.namespace in run.names.names
        and template.kind not in ("Job", "CronJob")
        and not find_refusal(refused, template.kind, template.namespace, template.name)
    ]
    end = time.monotonic() + seconds
    while True:
        found = [
            Fact("pods", f"{template.kind}/{template.name}", predicted, _observed(run, template))
            for template, predicted in wanted
            if predicted
        ]
        if all(one.agrees for one in found) or time.monotonic() > end:
            return found
        time.sleep(1)


def predicted_states(template: PodTemplate, pods: list[Pod]) -> str:
    """How many of its pods will be what; empty where the manifests do not tell."""
    if template.forbidden is not None:
        return "none"
    states: Counter[str] = Counter()
    for pod in pods:
        if template.finished:
            states["not running"] += 1
        elif pod.pending is not None:
            states["pending"] += 1
        elif pod.readiness.ready is None:
            return ""
        else:
            states["ready" if pod.readiness.ready else "not ready"] += 1
    return _words(states)


def _observed(run: Run, template: PodTemplate) -> str:
    space = run.names.namespace(template.namespace)
    states: Counter[str] = Counter()
    for pod in run.api.items(collection("v1", "Pod", space)):
        if "deletionTimestamp" not in pod["metadata"] and _belongs(pod, template):
            states[_state(pod)] += 1
    return _words(states)


def _belongs(pod: Mapping[str, Any], template: PodTemplate) -> bool:
    name = str(pod["metadata"]["name"])
    if template.kind == "Pod":
        return name == template.name
    owners = pod["metadata"].get("ownerReferences") or ()
    owned = any(
        one["name"] == template.name or str(one["name"]).startswith(f"{template.name}-")
        for one in owners
        if one.get("controller")
    )
    labels = pod["metadata"].get("labels") or {}
    return owned and all(labels.get(key) == value for key, value in template.labels.items())


def _state(pod: Mapping[str, Any]) -> str:
    status = pod.get("status") or {}
    if status.get("phase") in ("Succeeded", "Failed"):
        return "not running"
    conditions = {one["type"]: one for one in status.get("conditions") or ()}
    if conditions.get("Ready", {}).get("status") == "True":
        return "ready"
    if conditions.get("PodScheduled", {}).get("reason") == "Unschedulable":
        return "pending"
    if _has_had_its_time(status):
        return "not ready"
    made = conditions.get("PodReadyToStartContainers", {}).get("status") == "True"
    old = _age(status.get("startTime")) >= _NEVER_SECONDS
    return "not running" if old and not made else "starting"


def _has_had_its_time(status: Mapping[str, Any]) -> bool:
    for one in status.get("containerStatuses") or ():
        state = one.get("state") or {}
        if one.get("restartCount") or "terminated" in state:
            return True
        if (state.get("waiting") or {}).get("reason") not in (None, "ContainerCreating"):
            return bool(state["waiting"]["reason"] != "PodInitializing")
        since = (state.get("running") or {}).get("startedAt")
        if since and _age(since) >= _STANDS_SECONDS:
            return True
    return any(
        (one.get("state") or {}).get("running") or one.get("restartCount")
        for one in status.get("initContainerStatuses") or ()
    )


def _age(since: str | None) -> float:
    if not since:
        return 0
    return (dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(since)).total_seconds()


def _words(states: Counter[str]) -> str:
    """`2 ready, 1 pending`. Those that do not run may be many: each that ended has a successor."""
    words = [f"{states[one]} {one}" for one in _ORDER[:-1] if states[one]]
    words += [_ORDER[-1]] if states[_ORDER[-1]] else []
    words += [f"{count} {one}" for one, count in states.items() if one not in _ORDER]
    return ", ".join(words) or "none"
