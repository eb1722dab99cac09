"""Waiting for pods, and saying why one does not come."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from checker.live.connection import Api
from checker.live.errors import LiveError
from checker.live.places import collection

#: A container's reasons to wait from which it does not come back by itself soon.
_HOPELESS = {
    "ErrImagePull": "its image cannot be pulled",
    "ImagePullBackOff": "its image cannot be pulled",
    "InvalidImageName": "its image's name is malformed",
    "ErrImageNeverPull": "its image is not on the node",
    "CreateContainerConfigError": "its container cannot be configured",
    "CreateContainerError": "its container cannot be made",
    "CrashLoopBackOff": "it crashes again and again",
}


#: Whether nobody waits for the pod or workload of that namespace and name.
Unless = Callable[[str, str], bool]


def wait_until_ready(
    api: Api,
    namespaces: Sequence[str],
    seconds: float = 60,
    unless: Unless = lambda _namespace, _name: False,
) -> None:
    """Until every workload has its pods and every pod is Ready. Raises LiveError with the reason.

    A pod that will not come is told as soon as that is known, not when the time is up.
    """
    end = time.monotonic() + seconds
    while True:
        waiting = [reason for space in namespaces for reason in _waiting(api, space, unless)]
        if not waiting:
            return
        hopeless = next((reason for reason, final in waiting if final), None)
        if hopeless is not None or time.monotonic() > end:
            reason = hopeless or waiting[0][0]
            waited = "" if hopeless else f" within {seconds:.0f} s"
            raise LiveError(f"the pods did not get ready{waited}: {reason}")
        time.sleep(0.3)


def _waiting(api: Api, space: str, unless: Unless) -> list[tuple[str, bool]]:
    """What is not there yet: a sentence each, and whether waiting is of no use."""
    found = []
    pods = api.items(collection("v1", "Pod", space))
    for kind in ("Deployment", "StatefulSet", "DaemonSet"):
        for workload in api.items(collection("apps/v1", kind, space)):
            if unless(space, workload["metadata"]["name"]):
                continue
            reason = _workload_waits(kind, workload)
            if reason:
                found.append(reason)
    for pod in pods:
        reason = pod_waits(pod)
        if reason is not None and not unless(space, pod["metadata"]["name"]):
            found.append(reason)
    return found


def _workload_waits(kind: str, workload: Mapping[str, Any]) -> tuple[str, bool] | None:
    name = f"{kind}/{workload['metadata']['name']}"
    status = workload.get("status") or {}
    if status.get("observedGeneration", 0) < workload["metadata"].get("generation", 1):
        return f"{name} was not looked at by its controller yet", False
    for one in status.get("conditions") or ():
        if one.get("type") == "ReplicaFailure" and one.get("status") == "True":
            return f"{name} gets no pods: {one.get('message')}", True
    wanted = workload["spec"].get("replicas", status.get("desiredNumberScheduled", 0))
    # A ready count that is too low has its reason in a pod, which is told there.
    if status.get("replicas", status.get("currentNumberScheduled", 0)) < wanted:
        return f"{name} has too few pods", False
    return None


def pod_waits(pod: Mapping[str, Any]) -> tuple[str, bool] | None:
    """Why a pod is not Ready, and whether it is of no use to wait; None if it is or has ended."""
    name = f"pod {pod['metadata']['name']}"
    status = pod.get("status") or {}
    if "deletionTimestamp" in pod["metadata"] or status.get("phase") == "Succeeded":
        return None
    conditions = {one["type"]: one for one in status.get("conditions") or ()}
    if conditions.get("Ready", {}).get("status") == "True":
        return None
    if status.get("phase") == "Failed":
        return f"{name} has failed: {status.get('reason', '')} {status.get('message', '')}", True
    scheduled = conditions.get("PodScheduled", {})
    if scheduled.get("reason") == "Unschedulable":
        # Nodes do not come while we wait.
        return f"{name} is pending: {scheduled.get('message')}", True
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
            return f"{name}, container {one['name']}: {words}{code} ({message})", True
    not_ready = conditions.get("Ready", {}).get("message") or status.get("phase") or "not ready"
    return f"{name}: {not_ready}", False
