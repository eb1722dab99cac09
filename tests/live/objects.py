"""Objects that tests put into a cluster, and looks at what is in it."""

import time
from collections.abc import Callable

from checker.live.images import AGNHOST
from checker.live.runs.labels import LEARNER, SELECTOR
from checker.live.server.connection import Api

AT_ONCE = {"terminationGracePeriodSeconds": 0}


def pod(name: str = "web", **spec: object) -> dict[str, object]:
    container = {"name": "main", "image": AGNHOST, "args": ["pause"]}
    container |= spec.pop("container", {})  # type: ignore[arg-type]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name},
        "spec": {"containers": [container], **AT_ONCE, **spec},
    }


def going(api: Api, learner: str) -> list[str]:
    """The namespaces of a learner that nobody has asked to end."""
    found = api.items("/api/v1/namespaces", labelSelector=f"{SELECTOR},{LEARNER}={learner}")
    return [one["metadata"]["name"] for one in found if "deletionTimestamp" not in one["metadata"]]


def eventually(is_so: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True
