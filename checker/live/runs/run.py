"""One run: namespaces of its own that are gone when it ends, however it ends.

Every namespace is labelled with the run, holds its pods to Pod Security `baseline`, and has a
quota. A run whose process was killed leaves them behind; they say until when they are of use,
and the next run, or `cluster clean`, takes away what is past that.
"""

from __future__ import annotations

import contextlib
import hashlib
import random
import re
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from checker.live.errors import LiveError, NotAllowedError, NotAppliedError
from checker.live.runs.cleaning import clean, remove
from checker.live.runs.fences import permitted, refuse_many
from checker.live.runs.interrupts import held_back, polite_end
from checker.live.runs.labels import EXPIRES, LEARNER, MANAGED, MANAGER, RUN, learner_name
from checker.live.runs.mapping import RunNames, namespaces_of
from checker.live.runs.nodes import NodeNames
from checker.live.runs.refusals import Refusal, refusal_of
from checker.live.server.connection import Answer, Api
from checker.live.server.places import collection, object_path

#: After so long a run is over, and its namespaces are anybody's to take away.
LIFE_SECONDS = 600
#: How long cleaning up is tried for where the cluster does not answer.
CLOSE_SECONDS = 8
_NAMESPACE_SECONDS = 30
_LONGEST = 63  # a DNS label
_ENFORCE = "pod-security.kubernetes.io/enforce"
#: Pod Security Standards, the least safe first.
_LEVELS = ("privileged", "baseline", "restricted")
#: Pod Security Standards, the least safe first.
_LEVELS = ("privileged", "baseline", "restricted")
_QUOTA = {
    "pods": "40",
    "services": "30",
    "services.nodeports": "10",
    "services.loadbalancers": "2",
    "configmaps": "20",
    "persistentvolumeclaims": "0",
}
#: Policies first: a pod must not be tried before its policies are there.
_ORDER = {"ConfigMap": 1, "NetworkPolicy": 1, "Service": 2}
#: The half that the API server allocates from, and few write down.
_NODE_PORTS = (30086, 32768)
_TAKEN = re.compile(r"Invalid value: (\d+): provided port is already allocated")
#: The server's words for "try again": two wrote at once, or a quota was counted a moment late.
_AGAIN = ("the object has been modified", "status unknown for quota")


class Run:
    """Namespaces in a cluster, made for one check. Use it through `open_run`."""

    def __init__(self, api: Api, learner: str, default: str = "default") -> None:
        self.api = api
        self.learner = learner_name(learner)
        self.default = default
        self.id = secrets.token_hex(3)
        self.names = RunNames({}, default)
        self.namespaces: list[str] = []
        #: The Pod Security Standard that pods are held to where their namespace does not say.
        self.level = "baseline"
        self._unanswered: set[str] = set()
        self._written_ports: set[object] = set()

    def apply(self, manifests: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Make the namespaces and apply the objects; gives them as the server has them.

        As a learner would, on the server's side and strictly. Objects that others in the cluster
        share are left out. Raises NotAppliedError with the server's words, LiveError.
        """
        applied, refused = self.offer(manifests)
        if refused:
            first = refused[0]
            raise NotAppliedError(f"{first.kind}/{first.name}", first.message)
        return applied

    def offer(
        self, manifests: Sequence[Mapping[str, Any]], nodes: NodeNames | None = None
    ) -> tuple[list[dict[str, Any]], list[Refusal]]:
        """As `apply`, but every object is offered: what is refused is part of the answer.

        The nodes of the manifests are those of `nodes`. Raises LiveError.
        """
        rest = permitted(manifests)
        self._written_ports = set(_node_ports(rest))
        spaces = namespaces_of(manifests, self.default)
        refuse_many(spaces)
        self.names = RunNames({one: self.own_name(one) for one in spaces}, self.default, nodes)
        written = {
            one["metadata"]["name"]: one for one in manifests if one.get("kind") == "Namespace"
        }
        for space in spaces:
            self.make_namespace(self.names.namespace(space), written.get(space, {}))
        for space in self.namespaces:
            self.wait_for_account(space)
        rest.sort(key=lambda one: _ORDER.get(str(one.get("kind")), 3))
        applied, refused = [], []
        for one in rest:
            answer = self._apply_leasing(one)
            if answer.code >= 400:
                refused.append(refusal_of(one, self.default, answer))
            else:
                applied.append(answer.body)
        return applied, refused

    def own_name(self, name: str) -> str:
        """What this run calls a namespace of the manifests; no two of them the same."""
        made = f"kp-{self.learner}-{self.id}-{name}"
        if len(made) > _LONGEST:
            digest = hashlib.sha256(name.encode()).hexdigest()[:8]
            made = f"{made[: _LONGEST - 9].rstrip('-')}-{digest}"
        return made

    def make_namespace(
        self, name: str, like: Mapping[str, Any] | None = None, level: str = ""
    ) -> None:
        """A namespace of this run, with the labels of `like`, which may ask for more safety.

        `level` is the Pod Security Standard that it enforces at least, the run's own if empty.
        """
        labels = dict(((like or {}).get("metadata") or {}).get("labels") or {})
        floor = level or self.level
        asked = labels.get(_ENFORCE)
        if asked not in _LEVELS or _LEVELS.index(asked) < _LEVELS.index(floor):
            labels[_ENFORCE] = floor
        labels |= {MANAGED: MANAGER, RUN: self.id, LEARNER: self.learner}
        expires = {EXPIRES: str(int(self.api.now()) + LIFE_SECONDS)}
        # Known before it is made: interrupted in between, it is taken away all the same.
        self.namespaces.append(name)
        self._unanswered.add(name)
        try:
            self.put(
                {
                    "apiVersion": "v1",
                    "kind": "Namespace",
                    "metadata": {"name": name, "labels": labels, "annotations": expires},
                }
            )
        except (NotAllowedError, NotAppliedError):
            self.namespaces.remove(name)
            raise
        self._unanswered.discard(name)
        self.put(
            {
                "apiVersion": "v1",
                "kind": "ResourceQuota",
                # Not to be guessed, so that no quota of the manifests takes its place.
                "metadata": {"name": f"{MANAGER}-{self.id}", "namespace": name},
                "spec": {"hard": _QUOTA},
            }
        )

    def put(self, manifest: Mapping[str, Any]) -> dict[str, Any]:
        """Apply one object as it is. Raises NotAppliedError."""
        answer = self._apply(manifest)
        if answer.code >= 400:
            raise self._refusal(manifest, answer)
        return answer.body

    def _refusal(self, manifest: Mapping[str, Any], answer: Answer) -> LiveError:
        metadata = manifest["metadata"]
        if "because it is being terminated" in answer.message:
            return LiveError(
                f"the namespace {metadata.get('namespace')} was taken away while it was in use, "
                "by `cluster clean` or by hand: run this again"
            )
        return NotAppliedError(f"{manifest['kind']}/{metadata['name']}", answer.message)

    def _apply(self, manifest: Mapping[str, Any]) -> Answer:
        for pause in (0.2, 0.5, 1, 2, 0):
            answer = self.api.request(
                "PATCH",
                object_path(manifest),
                dict(manifest),
                query={"fieldManager": MANAGER, "fieldValidation": "Strict", "force": "true"},
                content_type="application/apply-patch+yaml",
            )
            if answer.code < 400 or not any(words in answer.message for words in _AGAIN):
                break
            time.sleep(pause)
        return answer

    def _create(self, manifest: Mapping[str, Any]) -> Answer:
        metadata = manifest["metadata"]
        return self.api.request(
            "POST",
            collection(manifest["apiVersion"], manifest["kind"], metadata.get("namespace")),
            dict(manifest),
            query={"fieldManager": MANAGER, "fieldValidation": "Strict"},
        )

    def _apply_leasing(self, manifest: Mapping[str, Any]) -> Answer:
        """Apply an object of the manifests; a node port that a neighbour holds becomes another.

        The API server gives each node port once, so its word is the lease. Where server-side
        apply refuses, which reads and merges in a way of its own, a create has the last word.
        """
        for _ in range(20):
            mapped = self.names.manifest(manifest)
            answer = self._apply(mapped)
            taken = _TAKEN.search(answer.message)
            if answer.code < 400:
                return answer
            port = int(taken[1]) if taken else 0
            if not taken or self._is_ours(port):
                break
            asked = next((old for old, new in self.names.ports.items() if new == port), port)
            self.names.ports[asked] = self._another_port()
        if "because it is being terminated" in answer.message:
            raise self._refusal(mapped, answer)
        return self._create(mapped)

    def _another_port(self) -> int:
        """A node port at random, and none that the manifests have a use for themselves."""
        taken = {*self._written_ports, *self.names.ports.values()}
        free = [one for one in range(*_NODE_PORTS) if one not in taken]
        return random.choice(free)  # noqa: S311  # no secret

    def _is_ours(self, port: int) -> bool:
        """Whether a Service of this very run holds the node port: then nobody else is to blame."""
        return any(
            one.get("nodePort") == port
            for space in self.namespaces
            for service in self.api.items(collection("v1", "Service", space))
            for one in service["spec"].get("ports") or ()
        )

    def wait_for_account(self, space: str) -> None:
        """Pods are refused until their namespace has its account, and its quota was counted."""
        end = time.monotonic() + _NAMESPACE_SECONDS
        quota = f"{collection('v1', 'ResourceQuota', space)}/{MANAGER}-{self.id}"
        while not (
            self.api.get(f"{collection('v1', 'ServiceAccount', space)}/default")
            and (self.api.get(quota).get("status") or {}).get("hard")
        ):
            if time.monotonic() > end:
                raise LiveError(
                    f"the namespace {space} did not get its service account and quota in "
                    f"{_NAMESPACE_SECONDS} s: the cluster's controllers do not work, or have too "
                    "much to do; `python -m checker cluster status`"
                )
            time.sleep(0.1)

    def close(self) -> None:
        """Ask for the end of every namespace of this run. Raises LiveError if that fails.

        Signals wait for it meanwhile: it is over in CLOSE_SECONDS, and what it has not done
        nobody does before the next run.
        """
        with held_back():
            left, reason = self._remove_all()
            if left:
                raise LiveError(
                    f"{reason}; left behind: {', '.join(left)}, which `python -m checker cluster "
                    "clean` takes away once the cluster can be asked"
                )

    def _remove_all(self) -> tuple[list[str], str]:
        left, reason = list(self.namespaces), ""
        end = time.monotonic() + CLOSE_SECONDS
        while True:
            for name in list(left):
                try:
                    answer = remove(self.api, name)
                except LiveError as error:
                    reason = str(error)
                    # What one is not allowed stays so; what is gone may be back in a second.
                    end = 0 if isinstance(error, NotAllowedError) else end
                    break
                if answer.code == 404 and name in self._unanswered:
                    # Interrupted while it was asked for: it may yet be made. Once more, later.
                    self._unanswered.discard(name)
                    reason = "it was not known whether they had been made"
                    continue
                left.remove(name)
            if not left or time.monotonic() > end:
                return left, reason
            time.sleep(1)


def _node_ports(manifests: Sequence[Mapping[str, Any]]) -> Iterator[int]:
    """The node ports that Services write down."""
    for one in manifests:
        spec = one.get("spec")
        ports = spec.get("ports") if isinstance(spec, Mapping) else None
        for port in ports if isinstance(ports, list) else ():
            number = port.get("nodePort") if isinstance(port, Mapping) else None
            if isinstance(number, int):
                yield number


@contextlib.contextmanager
def open_run(api: Api, learner: str | None = None, default: str = "default") -> Iterator[Run]:
    """A run that is cleaned up behind the `with`, also after Ctrl-C or a polite kill."""
    clean(api, expired=True)
    run = Run(api, learner_name(learner), default)
    with polite_end():
        try:
            yield run
        finally:
            run.close()
