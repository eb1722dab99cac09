"""Taking away what runs have left, and saying what does not go."""

from __future__ import annotations

import datetime as dt

from checker.live.errors import NotAllowedError
from checker.live.runs.labels import EXPIRES, LEARNER, SELECTOR
from checker.live.server.connection import Answer, Api
from checker.live.server.places import collection, namespace_path


def remove(api: Api, name: str) -> Answer:
    """Ask for the end of a namespace and of its pods, soon.

    The namespace first, so that no controller makes new pods. A pod has half a minute to end by
    itself, which forty learners' pods would fill the nodes with; these have nothing to finish.
    """
    answer = api.request("DELETE", namespace_path(name))
    if answer.code < 400:
        soon = {"gracePeriodSeconds": "1"}
        api.request("DELETE", collection("v1", "Pod", name), query=soon)
    return answer


def clean(
    api: Api, *, expired: bool, learner: str | None = None, mine: str | None = None
) -> list[str]:
    """Take away namespaces of runs: those past their time, or all (of one learner). Their names.

    With `mine`, those of that learner whatever their time, besides.
    """
    selector = SELECTOR + (f",{LEARNER}={learner}" if learner is not None else "")
    gone = []
    for space in api.items("/api/v1/namespaces", labelSelector=selector):
        metadata = space["metadata"]
        until = str((metadata.get("annotations") or {}).get(EXPIRES, "0"))
        own = mine is not None and (metadata.get("labels") or {}).get(LEARNER) == mine
        if expired and not own and until.isdigit() and int(until) > api.now():
            continue
        if "deletionTimestamp" in metadata:
            continue
        try:
            remove(api, metadata["name"])
        except NotAllowedError:
            # A neighbour's, in a cluster where one may take away one's own only.
            if not expired:
                raise
            continue
        gone.append(str(metadata["name"]))
    return gone


def stuck(api: Api, seconds: float = 120) -> list[tuple[str, str]]:
    """Namespaces of runs that have been ending for so long, each with the server's reason."""
    found = []
    for space in api.items("/api/v1/namespaces", labelSelector=SELECTOR):
        since = space["metadata"].get("deletionTimestamp")
        if since is None:
            continue
        if api.now() - dt.datetime.fromisoformat(since).timestamp() > seconds:
            reasons = [
                str(one.get("message"))
                for one in space.get("status", {}).get("conditions") or ()
                if one.get("status") == "True"
            ]
            found.append((str(space["metadata"]["name"]), "; ".join(reasons) or "no reason given"))
    return found
