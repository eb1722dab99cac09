"""Questions to a cluster: predicted connections, tried until the answer stands still.

The network converges: rules, endpoints and names follow objects by moments. So an answer counts
once two rounds in a row agree on it. One that is as predicted is believed then; one that is not is
asked on until the time is up, for it might only be late.
"""

from __future__ import annotations

import concurrent.futures
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from checker.live.addressing import Addresses, CannotAskError
from checker.live.control import make_control, policies_are_enforced
from checker.live.errors import LiveError
from checker.live.probing import look, summary
from checker.live.readiness import wait_until_ready
from checker.live.run import Run
from checker.network import Cluster, Trace
from checker.network.answer import Verdict

#: How long an answer that differs from the prediction may take to become it.
SECONDS = 20.0
#: ICMP errors are rate-limited to one a second (net.ipv4.icmp_ratelimit); sooner is silence.
_PAUSE = 1.1
#: What a policy does to a connection.
_DENIED = ("egress-policy", "ingress-policy")

#: Told what is being done, in a few words.
Tell = Callable[[str], None]


class Observation(NamedTuple):
    """A predicted connection and what the cluster answered.

    `seen` is a trace of the same ends with the cluster's verdict, and no hops: it shows only its
    ends. With the verdict `cannot-tell`, `note` says what would be needed.
    """

    predicted: Trace
    seen: Trace
    note: str = ""

    @property
    def agrees(self) -> bool | None:
        """Whether both say the same; None where one of them cannot tell."""
        if "cannot-tell" in (self.seen.verdict, self.predicted.verdict):
            return None
        return self.seen.verdict == self.predicted.verdict


def observe(
    run: Run,
    cluster: Cluster,
    manifests: Sequence[Mapping[str, Any]],
    predicted: Sequence[Trace],
    tell: Tell = lambda _: None,
) -> list[Observation]:
    """Apply the manifests in the run, wait for their pods, and put every question.

    Raises LiveError, NotAppliedError.
    """
    tell("applying the manifests")
    run.apply(manifests)
    spaces = list(run.namespaces)
    control = ""
    if any(_is_denied(one) for one in predicted):
        control = make_control(run)
    tell("waiting for the pods")
    wait_until_ready(run.api, spaces, unless=_not_awaited(cluster, run))
    enforced = True
    if control:
        tell("proving that policies are enforced")
        enforced = policies_are_enforced(run, control)
    tell(f"trying {len(predicted)} connections")
    found = _settle(Addresses(run, cluster), predicted)
    return found if enforced else [_without_policies(one) for one in found]


def _settle(addresses: Addresses, predicted: Sequence[Trace]) -> list[Observation]:
    end = time.monotonic() + SECONDS
    settled: dict[int, Observation] = {}
    before: dict[int, Verdict] = {}
    while True:
        waiting = [index for index in range(len(predicted)) if index not in settled]
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            round_ = list(pool.map(lambda index: _ask(addresses, predicted[index]), waiting))
        late = time.monotonic() > end
        for index, one in zip(waiting, round_, strict=True):
            stands = before.get(index) == one.seen.verdict
            if one.note or (stands and (one.agrees or late)):
                settled[index] = one
            before[index] = one.seen.verdict
        if len(settled) == len(predicted):
            return [settled[index] for index in range(len(predicted))]
        if time.monotonic() > end + SECONDS:
            restless = predicted[next(i for i in range(len(predicted)) if i not in settled)]
            raise LiveError(
                f"{restless.source} → {restless.target} was answered differently again and again "
                f"for {2 * SECONDS:.0f} s: the cluster does not come to rest"
            )
        time.sleep(_PAUSE)


def _ask(addresses: Addresses, predicted: Trace) -> Observation:
    try:
        places, home = addresses.places(predicted.source)
        dials = addresses.dials(predicted.target, home)
    except CannotAskError as error:
        return Observation(predicted, _seen(predicted, "cannot-tell"), str(error))
    verdict = summary(look(addresses.run.api, places, dials, predicted.protocol))
    return Observation(predicted, _seen(predicted, verdict))


def _seen(predicted: Trace, verdict: Verdict) -> Trace:
    return Trace(predicted.source, predicted.target, predicted.protocol, verdict, (), ())


def _is_denied(predicted: Trace) -> bool:
    return any(hop.stage in _DENIED and hop.status == "fail" for hop in predicted.hops)


def _without_policies(one: Observation) -> Observation:
    """The answer where the control probe found that no policy is obeyed."""
    if not _is_denied(one.predicted):
        return one
    note = (
        "this cluster does not enforce NetworkPolicies: its network plugin takes them and does "
        "nothing; kind's own, Calico and Cilium enforce them"
    )
    return Observation(one.predicted, _seen(one.predicted, "cannot-tell"), note)


def _not_awaited(cluster: Cluster, run: Run) -> Callable[[str, str], bool]:
    """Which pods the model expects not to get ready: nobody waits for those.

    The result takes a namespace of the run and a pod's or workload's name.
    """
    names = {
        (run.names.namespace(pod.namespace), pod.template.name)
        for pod in cluster.pods
        if pod.pending is not None
        or pod.template.forbidden is not None
        or pod.template.finished
        or pod.template.readiness.ready is False
    }

    def unless(namespace: str, name: str) -> bool:
        return any(
            space == namespace and (name == one or name.startswith(f"{one}-"))
            for space, one in names
        )

    return unless
