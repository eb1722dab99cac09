"""Questions to a cluster: predicted connections, tried until the answer stands still.

The network converges: rules, endpoints and names follow objects by moments. So an answer counts
once two rounds in a row agree on it. The first tries each address once; when that is as predicted,
the second tries it as often as it takes to meet every endpoint behind it. What is not as predicted
is asked on until the time is up, for it might only be late.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from checker.live.clients.addressing import Addresses, NotThereError
from checker.live.clients.control import make_control, policies_are_enforced
from checker.live.clients.front_doors import ask_front_door
from checker.live.clients.node_probes import NodeProbes
from checker.live.clients.outside import Outside, open_outside
from checker.live.clients.probing import look, summary
from checker.live.errors import CannotAskError, LiveError
from checker.live.questions.fact import Fact
from checker.live.questions.pod_facts import pod_facts
from checker.live.runs.nodes import NodeNames, choose_nodes
from checker.live.runs.readiness import wait_until_ready
from checker.live.runs.refusals import Refusal, find_refusal
from checker.live.runs.run import Run
from checker.network import Cluster, Trace
from checker.network.address import parse_source, parse_target
from checker.network.answer import Verdict
from checker.network.naming import nodes_named

#: How long an answer that differs from the prediction may take to become it.
SECONDS = 20.0
#: ICMP errors are rate-limited to one a second (net.ipv4.icmp_ratelimit); sooner is silence.
_PAUSE = 1.1
#: So many rounds at least before a cluster is called restless: one can take a minute.
_ROUNDS = 5
#: What a policy does to a connection.
_DENIED = ("egress-policy", "ingress-policy")

#: Told what is being done, in a few words.
Tell = Callable[[str], None]
#: What else is to be seen, once the connections have been tried.
Also = Callable[[Addresses], list[Fact]]


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


class Seen(NamedTuple):
    """What a cluster showed: the connections in the order asked, refused objects, other facts."""

    connections: list[Observation]
    refused: list[Refusal]
    facts: list[Fact]


def observe(
    run: Run,
    cluster: Cluster,
    manifests: Sequence[Mapping[str, Any]],
    predicted: Sequence[Trace],
    tell: Tell = lambda _: None,
    outside: Outside | None = None,
    also: Also = lambda _: [],
) -> Seen:
    """Apply the manifests in the run, wait for their pods, and put every question.

    `outside` is the client outside the cluster, for who has a better one than this machine.
    Raises LiveError.
    """
    try:
        nodes = _nodes_for(run, cluster)
    except CannotAskError as error:
        return Seen([_unasked(one, str(error)) for one in predicted], [], [])
    tell("applying the manifests")
    _, refused = run.offer(manifests, nodes)
    spaces = list(run.namespaces)
    control = make_control(run) if any(_is_denied(one) for one in predicted) else ""
    tell("waiting for the pods")
    wait_until_ready(run.api, spaces, unless=_not_awaited(cluster, run))
    pods = pod_facts(run, cluster, refused)
    probes = NodeProbes(run, nodes)
    probes.prepare(_started_at(cluster, predicted))
    enforced = True
    if control:
        tell("proving that policies are enforced")
        enforced = policies_are_enforced(run, control)
    with contextlib.ExitStack() as stack:
        client: Outside | str = outside or ""
        if outside is None and any(one.source == "external" for one in predicted):
            try:
                node = next(iter(nodes.real.values()))
                client = stack.enter_context(open_outside(run.api.context, node, run.id))
            except CannotAskError as error:
                client = str(error)
        addresses = Addresses(run, cluster, nodes, probes, client, refused)
        tell(f"trying {len(predicted)} connection{'' if len(predicted) == 1 else 's'}")
        found = _settle(addresses, predicted)
        facts = [*pods, *also(addresses)]
    if not enforced:
        found = [_without_policies(one) for one in found]
    return Seen(found, refused, facts)


def _nodes_for(run: Run, cluster: Cluster) -> NodeNames:
    """Nodes of the model that keep pods away have no part in this."""
    able = [
        node
        for node in cluster.nodes
        if not any(effect in ("NoSchedule", "NoExecute") for _, _, effect in node.taints)
    ]
    return choose_nodes(run.api, able, int(run.id, 16))


def _started_at(cluster: Cluster, predicted: Sequence[Trace]) -> list[str]:
    """The nodes on which connections start."""
    sources = {parse_source(one.source) for one in predicted}
    return [
        node.name
        for said in sources
        if said.kind == "node"
        for node in nodes_named(cluster, said.name)
    ]


def _settle(addresses: Addresses, predicted: Sequence[Trace]) -> list[Observation]:
    end = time.monotonic() + SECONDS
    settled: dict[int, Observation] = {}
    before: dict[int, Verdict] = {}
    #: Those of which every endpoint is to be met now.
    whole: set[int] = set()
    rounds = 0

    def ask(index: int) -> Observation:
        return _ask(addresses, predicted[index], whole=index in whole)

    while True:
        waiting = [index for index in range(len(predicted)) if index not in settled]
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            round_ = list(pool.map(ask, waiting))
        late = time.monotonic() > end
        for index, one in zip(waiting, round_, strict=True):
            stands = before.get(index) == one.seen.verdict
            # One connection cannot disagree with itself.
            mixed = one.predicted.verdict == "intermittent" == one.seen.verdict
            told = one.agrees or late or one.predicted.verdict == "cannot-tell"
            if one.note or (index in whole and (stands or mixed) and told):
                settled[index] = one
            if one.agrees or late or one.predicted.verdict in ("intermittent", "cannot-tell"):
                whole.add(index)
            before[index] = one.seen.verdict
        if len(settled) == len(predicted):
            return [settled[index] for index in range(len(predicted))]
        rounds += 1
        if time.monotonic() > end + SECONDS and rounds >= _ROUNDS:
            restless = predicted[next(i for i in range(len(predicted)) if i not in settled)]
            raise LiveError(
                f"{restless.source} → {restless.target} was answered differently again and again "
                f"for {time.monotonic() - end + SECONDS:.0f} s: the cluster does not come to rest"
            )
        time.sleep(_PAUSE)


def _ask(addresses: Addresses, predicted: Trace, *, whole: bool) -> Observation:
    if _ends_at_a_refusal(addresses, predicted):
        return Observation(predicted, seen_as(predicted, "rejected"))
    try:
        if parse_target(predicted.target).kind == "ingress":
            verdict = ask_front_door(addresses, predicted.source, predicted.target)
            return Observation(predicted, seen_as(predicted, verdict))
        places, dials = addresses.ends(predicted.source, predicted.target, predicted.protocol)
        if not whole:
            dials = [one._replace(endpoints=1) for one in dials]
        verdict = summary(look(addresses.run.api, places, dials, predicted.protocol))
    except CannotAskError as error:
        return _unasked(predicted, str(error))
    except NotThereError:
        verdict = "rejected"
    return Observation(predicted, seen_as(predicted, verdict))


def _ends_at_a_refusal(addresses: Addresses, predicted: Trace) -> bool:
    """Whether an object on the way, where it is predicted to end, was refused in fact."""
    if predicted.verdict != "rejected":
        return False
    where = [hop.object for hop in predicted.hops if hop.status == "fail" and hop.object]
    return any(
        find_refusal(addresses.refused, ref.kind, ref.namespace, ref.name) is not None
        for ref in where
    )


def seen_as(predicted: Trace, verdict: Verdict) -> Trace:
    """The same ends with what a cluster answered."""
    return Trace(predicted.source, predicted.target, predicted.protocol, verdict, (), ())


def _unasked(predicted: Trace, note: str) -> Observation:
    return Observation(predicted, seen_as(predicted, "cannot-tell"), note)


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
    return _unasked(one.predicted, note)


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
