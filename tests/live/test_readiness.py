"""Why a pod is not there yet, from statuses as kubelet and the scheduler write them."""

import pytest

from checker.live.errors import LiveError
from checker.live.runs import readiness
from checker.live.runs.readiness import pod_waits, wait_until_ready


def pod(**status):
    return {"metadata": {"name": "web"}, "status": status}


def condition(kind, status, **more):
    return {"type": kind, "status": status, **more}


@pytest.mark.parametrize(
    ("status", "words", "final"),
    [
        (
            {
                "phase": "Pending",
                "conditions": [
                    condition(
                        "PodScheduled",
                        "False",
                        reason="Unschedulable",
                        message="0/2 nodes are available: 2 node(s) didn't have free ports",
                    )
                ],
            },
            "didn't have free ports",
            True,
        ),
        (
            {
                "phase": "Pending",
                "containerStatuses": [
                    {
                        "name": "main",
                        "state": {
                            "waiting": {
                                "reason": "ImagePullBackOff",
                                "message": 'Back-off pulling image "x"',
                            }
                        },
                    }
                ],
            },
            "image cannot be pulled",
            True,
        ),
        (
            {
                "phase": "Running",
                "containerStatuses": [
                    {
                        "name": "main",
                        "state": {"waiting": {"reason": "CrashLoopBackOff"}},
                        "lastState": {"terminated": {"exitCode": 2}},
                    }
                ],
            },
            "exit code 2",
            True,
        ),
        (
            # As a 1.36 kubelet leaves it between two starts.
            {
                "phase": "Running",
                "containerStatuses": [
                    {"name": "main", "state": {"terminated": {"exitCode": 1, "reason": "Error"}}}
                ],
            },
            "crashes again and again, exit code 1 (Error)",
            True,
        ),
        ({"phase": "Failed", "reason": "SysctlForbidden"}, "SysctlForbidden", True),
        (
            {
                "phase": "Running",
                "conditions": [
                    condition("Ready", "False", message="containers with unready status: [main]")
                ],
            },
            "unready status",
            False,
        ),
        ({"phase": "Pending"}, "Pending", False),
        ({}, "not ready", False),
    ],
)
def test_the_reason_is_told(status, words, final):
    found = pod_waits(pod(**status))
    assert found is not None
    assert words in found[0]
    assert found.hopeless is final


def test_nobody_waits_for_what_is_ready_or_over():
    assert pod_waits(pod(phase="Running", conditions=[condition("Ready", "True")])) is None
    assert pod_waits(pod(phase="Succeeded")) is None
    ending = pod(phase="Running")
    ending["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    assert pod_waits(ending) is None


class Told:
    """A server that answers from what the kubelet writes at each look; time passes with looks."""

    def __init__(self, *looks, workloads=()):
        self.looks = list(looks)
        self.workloads = list(workloads)
        self.asked = []

    def items(self, path):
        kind = path.rpartition("/")[2]
        self.asked.append(kind)
        if kind == "pods":
            return self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        return self.workloads if kind == "deployments" else []


def one_pod(restarts=0, probed=False, **status):
    container = {"name": "main", **({"readinessProbe": {}} if probed else {})}
    ready = condition("Ready", "True") if not status else condition("Ready", "False")
    conditions = status.pop("conditions", [ready])
    status = {"phase": "Running", **status, "conditions": conditions}
    status.setdefault("containerStatuses", [{"name": "main", "restartCount": restarts}])
    return {"metadata": {"name": "web"}, "spec": {"containers": [container]}, "status": status}


READY = one_pod()
PENDING = one_pod(phase="Pending")
UNREADY = one_pod(phase="Running", reason="")
UNSCHEDULABLE = one_pod(
    phase="Pending",
    conditions=[condition("PodScheduled", "False", reason="Unschedulable", message="0/2 nodes")],
)


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(readiness, "_PAUSES", (0.05,))
    monkeypatch.setattr(readiness, "_CALM_SECONDS", 0.05)


def test_pods_are_looked_at_after_what_makes_them(quick):
    """A Deployment that says it has its pod has made it since: the pod's turn comes last."""
    told = Told([one_pod(probed=True)])
    wait_until_ready(told, ["x"])
    assert told.asked[-1] == "pods"


def test_a_pod_that_is_ready_between_two_crashes_is_not_ready(quick):
    crashing = [[one_pod(restarts=number)] for number in range(4)]
    told = Told(*crashing, [one_pod(restarts=4)], [one_pod(restarts=4)])
    wait_until_ready(told, ["x"])
    assert told.asked.count("pods") == 6


def test_a_probe_vouches_for_a_pod_at_once(quick):
    told = Told([one_pod(probed=True)])
    wait_until_ready(told, ["x"])
    assert told.asked.count("pods") == 1


def test_the_time_begins_when_all_have_started(quick):
    """Forty begin at once: that is the cluster's doing, and takes as long as it takes."""
    told = Told(*[[PENDING]] * 30, [READY], [READY])
    wait_until_ready(told, ["x"], 0.5)
    assert told.asked.count("pods") >= 30


def test_a_pod_that_has_started_and_does_not_get_ready_has_the_time_that_is_given(quick):
    with pytest.raises(LiveError, match="did not get ready within 0 s"):
        wait_until_ready(Told([UNREADY]), ["x"], 0.3)


def test_a_start_does_not_take_for_ever(quick):
    with pytest.raises(LiveError, match="did not get ready within 1 s"):
        wait_until_ready(Told([PENDING]), ["x"], 0.3)


def test_room_that_a_neighbour_makes_is_waited_for(quick):
    told = Told(*[[UNSCHEDULABLE]] * 10, [READY], [READY])
    wait_until_ready(told, ["x"])


def test_a_reason_that_stands_is_told_before_the_time_is_up(quick, monkeypatch):
    monkeypatch.setattr(readiness, "_UNSCHEDULABLE_SECONDS", 0.2)
    told = Told([UNSCHEDULABLE])
    with pytest.raises(LiveError, match="pod web is pending: 0/2 nodes"):
        wait_until_ready(told, ["x"], 600)


def test_what_is_not_awaited_is_not_told(quick):
    wait_until_ready(Told([UNSCHEDULABLE]), ["x"], unless=lambda _space, name: name == "web")
