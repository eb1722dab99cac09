"""Waiting for pods, and saying why one does not come."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from checker.live.errors import LiveError
from checker.live.server.connection import Api
from checker.live.server.places import collection

#: How long a reason stands before it is believed: a registry stutters, a busy container runtime
#: is late.
_STANDS_SECONDS = 5.0
#: Nodes do not come while we wait; but room on them does, where neighbours' pods are ending.
_UNSCHEDULABLE_SECONDS = 15.0
_STARTING = 4
#: Longer than the kubelet takes to see that a container has ended (its relist: one second).
_CALM_SECONDS = 1.2
#: Ever longer: forty wait at one API server.
_PAUSES = (0.2, 0.3, 0.5, 0.7, 1.0)
#: A container's reasons to wait from which it does not come back by itself soon.
_HOPELESS = {
    "ErrImagePull": "its image cannot be pulled",
    "ImagePullBackOff": "its image cannot be pulled",
    "InvalidImageName": "its image's name is malformed",
    "ErrImageNeverPull": "its image is not on the node",
    "CreateContainerConfigError": "its container cannot be configured",
    "CreateContainerError": "its container cannot be made",
    "RunContainerError": "its container cannot be started",
    "CrashLoopBackOff": "it crashes again and again",
}

#: Whether nobody waits for the pod or workload of that namespace and name.
Unless = Callable[[str, str], bool]


class Waits(NamedTuple):
    """What is not there yet, in a sentence; whether it is of no use to wait, if that stands."""

    reason: str
    hopeless: bool = False
    stands_seconds: float = _STANDS_SECONDS
    #: It has not begun: the cluster's doing, which takes longer where forty begin at once.
    starting: bool = False


class _Look(NamedTuple):
    """One namespace: what waits, with its namespace and name; and pods that no probe vouches for.

    A container without a readiness probe is Ready as soon as its process runs, also one that
    crashes a moment later (pkg/kubelet/prober: results of containers that have no probe).
    """

    waiting: list[tuple[tuple[str, str], Waits]]
    unproved: frozenset[str]


def wait_until_ready(
    api: Api,
    namespaces: Sequence[str],
    seconds: float = 60,
    unless: Unless = lambda _namespace, _name: False,
) -> None:
    """Until every workload has its pods and every pod is Ready. Raises LiveError with the reason.

    A pod that will not come is told soon after that is known, not when the time is up. The time
    begins when all have started, and starting may take _STARTING times as long.
    """
    start = begun = time.monotonic()
    # By pod or workload: a crash loop has moments in which it looks well.
    since: dict[tuple[str, str], float] = {}
    seen: frozenset[str] | None = None
    for pause in itertools.chain(_PAUSES, itertools.repeat(_PAUSES[-1])):
        looks = [_look(api, space, unless) for space in namespaces]
        waiting = [one for look in looks for one in look.waiting]
        unproved = frozenset().union(*(look.unproved for look in looks))
        if not waiting and unproved in (frozenset(), seen):
            return
        now = time.monotonic()
        if not waiting and now - begun <= seconds:
            seen = unproved
            time.sleep(_CALM_SECONDS)
            continue
        seen = None
        for who, one in waiting:
            if one.hopeless and now - since.setdefault(who, now) >= one.stands_seconds:
                raise LiveError(f"the pods did not get ready: {one.reason}")
        if any(one.starting for _, one in waiting):
            begun = now
        if now - begun > seconds or now - start > _STARTING * seconds:
            reasons = sorted((one for _, one in waiting), key=lambda one: not one.hopeless)
            reason = reasons[0].reason if reasons else "they start again and again"
            raise LiveError(f"the pods did not get ready within {now - start:.0f} s: {reason}")
        time.sleep(pause)


def _look(api: Api, space: str, unless: Unless) -> _Look:
    waiting = []
    for kind in ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"):
        for workload in api.items(collection("apps/v1", kind, space)):
            name = str(workload["metadata"]["name"])
            waits = _workload_waits(kind, workload)
            if waits is not None and not unless(space, name):
                waiting.append(((space, f"{kind}/{name}"), waits))
    unproved = set()
    # After the workloads: a pod that was made in between must not be missed.
    for pod in api.items(collection("v1", "Pod", space)):
        name = str(pod["metadata"]["name"])
        if unless(space, name):
            continue
        waits = pod_waits(pod)
        if waits is not None:
            waiting.append(((space, name), waits))
        elif any("readinessProbe" not in one for one in pod["spec"]["containers"]):
            statuses = pod["status"].get("containerStatuses") or ()
            restarts = sum(one.get("restartCount", 0) for one in statuses)
            unproved.add(f"{space}/{name} {restarts}")
    return _Look(waiting, frozenset(unproved))


def _workload_waits(kind: str, workload: Mapping[str, Any]) -> Waits | None:
    name = f"{kind}/{workload['metadata']['name']}"
    status = workload.get("status") or {}
    if status.get("observedGeneration", 0) < workload["metadata"].get("generation", 1):
        return Waits(f"{name} was not looked at by its controller yet", starting=True)
    for one in status.get("conditions") or ():
        if one.get("type") == "ReplicaFailure" and one.get("status") == "True":
            return Waits(f"{name} gets no pods: {one.get('message')}", True)
    wanted = workload["spec"].get("replicas", status.get("desiredNumberScheduled", 0))
    # A ready count that is too low has its reason in a pod, which is told there.
    if status.get("replicas", status.get("currentNumberScheduled", 0)) < wanted:
        return Waits(f"{name} has too few pods", starting=True)
    return None


def pod_waits(pod: Mapping[str, Any]) -> Waits | None:
    """Why a pod is not Ready; None if it is or has ended."""
    name = f"pod {pod['metadata']['name']}"
    status = pod.get("status") or {}
    if "deletionTimestamp" in pod["metadata"] or status.get("phase") == "Succeeded":
        return None
    conditions = {one["type"]: one for one in status.get("conditions") or ()}
    if conditions.get("Ready", {}).get("status") == "True":
        return None
    if status.get("phase") == "Failed":
        words = f"{status.get('reason', '')} {status.get('message', '')}".strip()
        return Waits(f"{name} has failed: {words or 'no reason given'}", True)
    scheduled = conditions.get("PodScheduled", {})
    if scheduled.get("reason") == "Unschedulable":
        words = f"{name} is pending: {scheduled.get('message')}"
        return Waits(words, True, _UNSCHEDULABLE_SECONDS)
    statuses = [
        *(status.get("initContainerStatuses") or ()),
        *(status.get("containerStatuses") or ()),
    ]
    for one in statuses:
        waiting = (one.get("state") or {}).get("waiting") or {}
        reason = str(waiting.get("reason", ""))
        if reason in _HOPELESS:
            words = _HOPELESS[reason]
            ended = (one.get("lastState") or {}).get("terminated") or {}
            code = f", exit code {ended['exitCode']}" if "exitCode" in ended else ""
            message = waiting.get("message") or reason
            return Waits(f"{name}, container {one['name']}: {words}{code} ({message})", True)
        ended = (one.get("state") or {}).get("terminated") or {}
        if ended.get("exitCode"):
            # Between two starts; "CrashLoopBackOff" is not always written there.
            words = f"{_HOPELESS['CrashLoopBackOff']}, exit code {ended['exitCode']}"
            reason = ended.get("message") or ended.get("reason") or "no reason given"
            return Waits(f"{name}, container {one['name']}: {words} ({reason})", True)
    not_ready = conditions.get("Ready", {}).get("message") or status.get("phase") or "not ready"
    return Waits(f"{name}: {not_ready}", starting=status.get("phase") in (None, "Pending"))
