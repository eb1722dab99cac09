"""Which objects the API server took, and its words for those that it did not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from checker.api import Finding, Resource
from checker.live.questions.fact import Fact
from checker.live.runs.fences import is_shared
from checker.live.runs.refusals import Refusal
from checker.live.runs.run import Run

TAKEN = "accepted"
_UNDECODED = re.compile(r".*? cannot be handled as a \w+: (.*)", re.DOTALL)


def object_facts(
    run: Run,
    resources: Sequence[Resource],
    findings: Sequence[Finding],
    refused: Sequence[Refusal],
) -> list[Fact]:
    """What became of every object that the run offered to the API server.

    Of two objects with one name the second is an update, of which nothing is predicted.
    """
    seen = {(one.kind, one.namespace, one.name): one for one in refused}
    found = []
    known: set[tuple[str, str, str]] = set()
    for resource in resources:
        ref = resource.ref
        key = (ref.kind, ref.namespace, ref.name)
        if is_shared(resource.manifest.value) or key in known:
            continue
        known.add(key)
        own = [one for one in findings if one.object == ref and one.source == "api-server"]
        refusal = seen.get(key)
        if refusal is not None and refusal.unknown_kind:
            note = (
                f"this cluster has no {ref.kind}: the Gateway API is not installed; on kind, "
                "cloud-provider-kind brings it "
                "(https://github.com/kubernetes-sigs/cloud-provider-kind)"
            )
            found.append(Fact("object", str(ref), _predicted(resource, own), "", note))
            continue
        if any(one.rule == "api-duplicate-field" for one in own):
            note = "a field that a file says twice cannot be sent to a server as an object"
            found.append(Fact("object", str(ref), _predicted(resource, own), "", note))
            continue
        observed = TAKEN if refusal is None else _observed(run, refusal)
        undecoded = refusal is not None and _UNDECODED.match(refusal.message) is not None
        predicted = _predicted(resource, own, undecoded=undecoded)
        found.append(Fact("object", str(ref), predicted, observed))
    return found


def _predicted(resource: Resource, findings: Sequence[Finding], *, undecoded: bool = False) -> str:
    """The server names no field beside its message where it could not read the object."""
    if resource.accepted:
        return TAKEN
    return _refused(
        ("" if undecoded else one.field, one.message) for one in findings if one.severity == "error"
    )


def _observed(run: Run, refusal: Refusal) -> str:
    undecoded = _UNDECODED.match(refusal.message)
    if undecoded:
        return _refused([("", _own_names(run, undecoded[1]))])
    causes = refusal.causes or (("", refusal.message),)
    return _refused((field, _own_names(run, message)) for field, message in causes)


def _own_names(run: Run, text: str) -> str:
    """The server's words with the manifests' names in the place of the run's."""
    for own, theirs in run.names.names.items():
        text = text.replace(theirs, own)
    for asked, leased in run.names.ports.items():
        text = re.sub(rf"\b{leased}\b", str(asked), text)
    return text


def _refused(causes: Iterable[tuple[str, str]]) -> str:
    words = sorted(f"{field}: {message}" if field else message for field, message in causes)
    return f"refused: {'; '.join(words)}"
