"""Why a pod is not there yet, from statuses as kubelet and the scheduler write them."""

import pytest

from checker.live.readiness import pod_waits


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
    assert found[1] is final


def test_nobody_waits_for_what_is_ready_or_over():
    assert pod_waits(pod(phase="Running", conditions=[condition("Ready", "True")])) is None
    assert pod_waits(pod(phase="Succeeded")) is None
    ending = pod(phase="Running")
    ending["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    assert pod_waits(ending) is None
