"""What admission plugins say of a pod besides Pod Security, as far as it can be known.

After `plugin/pkg/admission/{serviceaccount,priority,runtimeclass}`, in their order. Whether a
cluster has the service account, the priority class or the runtime class that a pod names is not
known here; that it cannot have one of an impossible name is.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from checker.api.gotext import quote
from checker.api.validation import formats

Object = dict[str, Any]

_MIRROR = "kubernetes.io/config.mirror"
#: Priority classes that every cluster has.
_SYSTEM_CLASSES = {"system-node-critical": 2000001000, "system-cluster-critical": 2000000000}
_COMPUTED = "must not be provided in pod spec; priority admission controller computed"


class Refusal(NamedTuple):
    """The field at fault, and the whole message."""

    field: str
    message: str


def refusal(pod: Object, name: str, classes: dict[str, Object]) -> Refusal | None:
    """What the mutating plugins say, which come before validation.

    `name` is the pod's as it was sent. `classes` are the PriorityClasses that exist, by name.
    """
    spec, meta = pod["spec"], pod["metadata"]
    found = _account_refusal(spec, meta) or _priority_refusal(spec, classes)
    if found is None:
        runtime = spec.get("runtimeClassName")
        if runtime is None or not formats.dns_1123_subdomain(runtime):
            return None
        if problem := _name_problem(runtime):
            # No answer of the plugin, but of the client that it asks with.
            return Refusal("spec.runtimeClassName", problem)
        found = Refusal(
            "spec.runtimeClassName", f"pod rejected: RuntimeClass {quote(runtime)} not found"
        )
    return found._replace(message=_forbidden(meta, name, found.message))


def late_refusal(pod: Object, name: str) -> Refusal | None:
    """What the validating plugins say, of a pod that passed validation."""
    spec = pod["spec"]
    if spec.get("overhead") is None or spec.get("runtimeClassName") is not None:
        return None
    what = "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead"
    return Refusal("spec.overhead", _forbidden(pod["metadata"], name, what))


def _forbidden(meta: Object, name: str, what: str) -> str:
    """`admission.NewForbidden`: a generated name does not exist yet."""
    shown = name or meta.get("generateName") or "Unknown"
    return f"pods {quote(shown)} is forbidden: {what}"


def _account_refusal(spec: Object, meta: Object) -> Refusal | None:
    account = spec.get("serviceAccountName") or ""
    if _MIRROR in (meta.get("annotations") or {}):
        if account:
            message = "a mirror pod may not reference service accounts"
            return Refusal("spec.serviceAccountName", message)
        return None
    if not account or not formats.dns_1123_subdomain(account):
        return None
    problem = _name_problem(account) or f"serviceaccount {quote(account)} not found"
    message = f"error looking up service account {meta['namespace']}/{account}: {problem}"
    return Refusal("spec.serviceAccountName", message)


def _name_problem(name: str) -> str:
    """`client-go/rest: Request.Name`: what cannot be asked for at all."""
    if not name:
        return "resource name may not be empty"
    messages = formats.path_segment(name)
    return f"invalid resource name {quote(name)}: [{' '.join(messages)}]" if messages else ""


def _priority_refusal(spec: Object, classes: dict[str, Object]) -> Refusal | None:
    name = spec.get("priorityClassName") or ""
    if name and formats.dns_1123_subdomain(name):
        return Refusal("spec.priorityClassName", f"no PriorityClass with name {name} was found")
    if name in _SYSTEM_CLASSES:
        computed: Object = {"value": _SYSTEM_CLASSES[name]}
    elif name:
        if name not in classes:
            return None
        computed = classes[name]
    else:
        defaults = [each for each in classes.values() if each.get("globalDefault") is True]
        computed = min(defaults, key=lambda each: int(each["value"]), default={"value": 0})
    value, given = computed["value"], spec.get("priority")
    if given is not None and given != value:
        message = f"the integer value of priority ({given}) {_COMPUTED} {value}"
        return Refusal("spec.priority", f"{message} from the given PriorityClass name")
    policy = computed.get("preemptionPolicy", "PreemptLowerPriority")
    own = spec.get("preemptionPolicy")
    if own is not None and own != policy:
        message = f"the string value of PreemptionPolicy ({own}) {_COMPUTED} {policy}"
        return Refusal("spec.preemptionPolicy", f"{message} from the given PriorityClass name")
    return None
