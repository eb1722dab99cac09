"""The end of the way: the sockets of a pod."""

from __future__ import annotations

from checker.network import sentences as say
from checker.network.answer import Verdict
from checker.network.model import OWN_ADDRESS, Listener, Pod, PodTemplate, Program
from checker.network.story import Story


def listen(
    pod: Pod,
    port: int,
    protocol: str,
    story: Story | None,
    *,
    inside: bool = False,
    sender: Pod | None = None,
) -> Verdict:
    """What answers on a pod's port: from outside the pod, or over its loopback if `inside`.
    `sender` is the pod that asks, where it is one.

    A closed TCP port answers with a reset, a closed UDP port with an ICMP message: refused.
    """
    template = pod.template
    shut: Listener | None = None
    for listener in template.listeners:
        if listener.port != port or listener.protocol != protocol:
            continue
        if _hears(listener, pod, inside):
            if sender is not None and _answers_astray(listener, pod, sender):
                if story is not None:
                    detail = say.answers_astray(listener, pod.name)
                    story.add_pod("listener", "fail", detail, pod, listener.field)
                return "timeout"
            if story is not None:
                program = _program(template, listener)
                detail = say.listens(program.name if program else "it", listener, pod.name)
                story.add_pod("listener", "pass", detail, pod, listener.field)
            return "connected"
        shut = listener
    unknown = template.unknown
    if shut is None and unknown is not None:
        if story is not None:
            detail = say.listener_unknown(port, protocol, pod.name, unknown.name, unknown.reason)
            story.add_pod("listener", "unknown", detail, pod, unknown.field)
        return "cannot-tell"
    if story is not None:
        _tell_refusal(pod, port, protocol, shut, story)
    return "refused"


def _answers_astray(listener: Listener, pod: Pod, sender: Pod) -> bool:
    """Whether a pod never gets what a host-network pod of its own node answers over UDP.

    A UDP socket bound to all of the node's addresses answers from the one next to the receiver:
    for a pod of this node the end of its link, not the address that was asked (seen with `ptp`,
    the plugin of kind). agnhost's servers are so; DNS servers take care of it, and what others do
    is not known.
    """
    if (
        listener.protocol != "UDP"
        or listener.address
        or not pod.host_network
        or sender.host_network
        or pod.node is None
        or pod.node != sender.node
    ):
        return False
    program = _program(pod.template, listener)
    return program is not None and program.name.startswith("agnhost")


def _hears(listener: Listener, pod: Pod, inside: bool) -> bool:
    if not listener.address:
        return True
    if inside:
        return listener.is_loopback or listener.is_other_family
    return listener.address in (pod.address, OWN_ADDRESS)


def _program(template: PodTemplate, listener: Listener) -> Program | None:
    return next(
        (
            one
            for one in template.programs
            if any(
                (mine.port, mine.protocol, mine.container)
                == (listener.port, listener.protocol, listener.container)
                for mine in one.listeners
            )
        ),
        template.programs[0] if template.programs else None,
    )


def _tell_refusal(pod: Pod, port: int, protocol: str, shut: Listener | None, story: Story) -> None:
    template = pod.template
    if shut is not None:
        program = _program(template, shut)
        name = program.name if program else "it"
        told = say.loopback_only if shut.is_loopback else say.bound_elsewhere
        story.add_pod("listener", "fail", told(name, shut, pod.name), pod, shut.field)
        return
    program = next((one for one in template.programs if one.listeners), None)
    program = program or (template.programs[0] if template.programs else None)
    if template.readiness.ready is False and not template.listeners:
        what, field = template.readiness.reason, template.readiness.field
    elif program is None:
        what, field = "it has no container", ""
    else:
        what = say.listening_instead(program.name, template.listeners)
        field = next((one.field for one in template.listeners if one.field), program.field)
    detail = say.no_listener(port, protocol, pod.name, what)
    story.add_pod("listener", "fail", detail, pod, field)
