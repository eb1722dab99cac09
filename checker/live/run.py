"""One run: namespaces of its own that are gone when it ends, however it ends.

Every namespace is labelled with the run, holds its pods to Pod Security `baseline`, and has a
quota. A run whose process was killed leaves them behind; they say until when they are of use,
and the next run, or `cluster clean`, takes away what is past that.
"""

from __future__ import annotations

import contextlib
import getpass
import random
import re
import secrets
import signal
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from types import FrameType
from typing import Any

from checker.live.connection import Answer, Api
from checker.live.errors import LiveError, NotAppliedError
from checker.live.images import refuse_others
from checker.live.mapping import SYSTEM, RunNames, images_of, namespaces_of
from checker.live.places import CLUSTER_WIDE, collection, namespace_path, object_path

MANAGER = "kubernetes-ports"
MANAGED = "app.kubernetes.io/managed-by"
RUN = "kubernetes-ports/run"
LEARNER = "kubernetes-ports/learner"
EXPIRES = "kubernetes-ports/expires"
SELECTOR = f"{MANAGED}={MANAGER}"

#: After so long a run is over, and its namespaces are anybody's to take away.
LIFE_SECONDS = 600
_ENFORCE = "pod-security.kubernetes.io/enforce"
_QUOTA = {
    "pods": "40",
    "services": "30",
    "services.nodeports": "10",
    "services.loadbalancers": "2",
    "configmaps": "20",
    "persistentvolumeclaims": "0",
}
#: Policies first: a pod must not be tried before its policies are there.
_ORDER = {"Namespace": 0, "ConfigMap": 1, "NetworkPolicy": 1, "Service": 2}
_NODE_PORTS = (30086, 32767)
_TAKEN = r"Invalid value: (\d+): provided port is already allocated"


class Run:
    """Namespaces in a cluster, made for one check. Use it through `open_run`."""

    def __init__(self, api: Api, learner: str, default: str = "default") -> None:
        self.api = api
        self.learner = learner
        self.default = default
        self.id = secrets.token_hex(3)
        self.names = RunNames({}, default)
        self.namespaces: list[str] = []

    def apply(self, manifests: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Make the namespaces and apply the objects; gives them as the server has them.

        As a learner would, on the server's side and strictly. Objects that others in the cluster
        share are left out. Raises NotAppliedError with the server's words, LiveError.
        """
        refuse_others(images_of(manifests))
        spaces = namespaces_of(manifests, self.default)
        stem = f"kp-{self.learner}-{self.id}"
        self.names = RunNames(
            {one: f"{stem}-{one}"[:63].rstrip("-") for one in spaces}, self.default
        )
        written = {
            one["metadata"]["name"]: one for one in manifests if one.get("kind") == "Namespace"
        }
        for space in spaces:
            self.make_namespace(self.names.namespace(space), written.get(space, {}))
        for space in self.namespaces:
            self.wait_for_account(space)
        rest = [one for one in manifests if not _is_shared(one)]
        rest.sort(key=lambda one: _ORDER.get(str(one.get("kind")), 3))
        return [self._apply_leasing(one) for one in rest]

    def make_namespace(self, name: str, like: Mapping[str, Any] | None = None) -> None:
        """A namespace of this run, with the labels of `like`, which may ask for more safety."""
        labels = dict(((like or {}).get("metadata") or {}).get("labels") or {})
        if labels.get(_ENFORCE) != "restricted":
            labels[_ENFORCE] = "baseline"
        labels |= {MANAGED: MANAGER, RUN: self.id, LEARNER: self.learner}
        expires = {EXPIRES: str(int(time.time()) + LIFE_SECONDS)}
        # Known before it is made: interrupted in between, it is taken away all the same.
        self.namespaces.append(name)
        self.put(
            {
                "apiVersion": "v1",
                "kind": "Namespace",
                "metadata": {"name": name, "labels": labels, "annotations": expires},
            }
        )
        self.put(
            {
                "apiVersion": "v1",
                "kind": "ResourceQuota",
                "metadata": {"name": MANAGER, "namespace": name},
                "spec": {"hard": _QUOTA},
            }
        )

    def put(self, manifest: Mapping[str, Any]) -> dict[str, Any]:
        """Apply one object as it is. Raises NotAppliedError."""
        answer = self._apply(manifest)
        if answer.code >= 400:
            name = manifest["metadata"]["name"]
            raise NotAppliedError(f"{manifest['kind']}/{name}", answer.message)
        return answer.body

    def _apply(self, manifest: Mapping[str, Any]) -> Answer:
        return self.api.request(
            "PATCH",
            object_path(manifest),
            dict(manifest),
            query={"fieldManager": MANAGER, "fieldValidation": "Strict", "force": "true"},
            content_type="application/apply-patch+yaml",
        )

    def _apply_leasing(self, manifest: Mapping[str, Any]) -> dict[str, Any]:
        """Apply an object of the manifests; a node port that a neighbour holds becomes another.

        The API server gives each node port once, so its word is the lease.
        """
        for _ in range(20):
            mapped = self.names.manifest(manifest)
            answer = self._apply(mapped)
            taken = re.search(
                r"Invalid value: (\d+): provided port is already allocated", answer.message
            )
            if answer.code < 400:
                return answer.body
            port = int(taken[1]) if taken else 0
            if not taken or self._is_ours(port):
                break
            asked = next((old for old, new in self.names.ports.items() if new == port), port)
            self.names.ports[asked] = random.randint(*_NODE_PORTS)  # noqa: S311  # no secret
        raise NotAppliedError(f"{mapped['kind']}/{mapped['metadata']['name']}", answer.message)

    def _is_ours(self, port: int) -> bool:
        """Whether a Service of this very run holds the node port: then nobody else is to blame."""
        return any(
            one.get("nodePort") == port
            for space in self.namespaces
            for service in self.api.items(collection("v1", "Service", space))
            for one in service["spec"].get("ports") or ()
        )

    def wait_for_account(self, space: str) -> None:
        """Pods are refused until their namespace has its account."""
        end = time.monotonic() + 30
        while not self.api.get(f"{collection('v1', 'ServiceAccount', space)}/default"):
            if time.monotonic() > end:
                raise LiveError(
                    f"the namespace {space} did not get its service account in 30 s: the "
                    "cluster's controllers do not work; `python -m checker cluster doctor`"
                )
            time.sleep(0.1)

    def close(self) -> None:
        """Ask for the end of every namespace of this run. Raises LiveError if that fails."""
        failed: LiveError | None = None
        for name in self.namespaces:
            for pause in (0.5, 2, 0):
                try:
                    self.api.request("DELETE", namespace_path(name))
                    break
                except LiveError as error:
                    failed = failed or error if not pause else failed
                    time.sleep(pause)
        if failed is not None:
            raise LiveError(
                f"{failed}; namespaces of this run may be left, which "
                "`python -m checker cluster clean` takes away"
            )


def _is_shared(manifest: Mapping[str, Any]) -> bool:
    """Whether an object is the cluster's rather than a namespace's of this run."""
    home = (manifest.get("metadata") or {}).get("namespace")
    return manifest.get("kind") in {"Namespace", *CLUSTER_WIDE} or home in SYSTEM


@contextlib.contextmanager
def open_run(api: Api, learner: str | None = None, default: str = "default") -> Iterator[Run]:
    """A run that is cleaned up behind the `with`, also after Ctrl-C or a polite kill."""
    clean(api, expired=True)
    run = Run(api, learner or learner_name(), default)
    with _polite_end():
        try:
            yield run
        finally:
            run.close()


def clean(api: Api, *, expired: bool, learner: str | None = None) -> list[str]:
    """Take away namespaces of runs: those past their time, or all (of one learner). Their names."""
    selector = SELECTOR + (f",{LEARNER}={learner}" if learner else "")
    gone = []
    for space in api.items("/api/v1/namespaces", labelSelector=selector):
        metadata = space["metadata"]
        until = str((metadata.get("annotations") or {}).get(EXPIRES, "0"))
        if expired and until.isdigit() and int(until) > time.time():
            continue
        if "deletionTimestamp" not in metadata:
            api.request("DELETE", namespace_path(metadata["name"]))
            gone.append(str(metadata["name"]))
    return gone


def stuck(api: Api, seconds: float = 120) -> list[tuple[str, str]]:
    """Namespaces of runs that have been ending for so long, each with the server's reason."""
    import datetime as dt

    found = []
    for space in api.items("/api/v1/namespaces", labelSelector=SELECTOR):
        since = space["metadata"].get("deletionTimestamp")
        if since is None:
            continue
        age = dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(since)
        if age.total_seconds() > seconds:
            reasons = [
                str(one.get("message"))
                for one in space.get("status", {}).get("conditions") or ()
                if one.get("status") == "True"
            ]
            found.append((str(space["metadata"]["name"]), "; ".join(reasons) or "no reason given"))
    return found


def learner_name() -> str:
    """Who runs this, as far as a label takes it: forty share a cluster."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        name = ""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:16].strip("-") or "learner"


@contextlib.contextmanager
def _polite_end() -> Iterator[None]:
    """A terminated process cleans up as an interrupted one does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signals = [signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    before = {one: signal.signal(one, interrupt) for one in signals}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
