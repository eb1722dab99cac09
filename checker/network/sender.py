"""Who sends, and what a way to a target is."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from checker.network.answer import Verdict
from checker.network.model import Node, Pod
from checker.network.nodes import NODE_NETWORK
from checker.network.story import Story
from checker.network.walk import Packet, Walk

#: The machine outside the cluster: the nodes' gateway in kind's network.
EXTERNAL_ADDRESS = NODE_NETWORK.replace("0.0/16", "0.1")


class Sender(NamedTuple):
    """One of the senders that a source stands for."""

    pod: Pod | None
    node: Node | None

    def packets(self) -> list[Packet]:
        """What it sends: one packet, or one for each node that it may be on."""
        if self.pod is None:
            if self.node is None:
                return [Packet(None, EXTERNAL_ADDRESS, None, outside=True)]
            return [Packet(None, self.node.address, self.node, own=True)]
        pod = self.pod
        places = [pod.node] if pod.node is not None else list(pod.candidates)
        if pod.host_network:
            return [Packet(None, node.address, node, own=True) for node in places]
        return [Packet(pod, pod.address, node) for node in places]


#: A way to go: told or not, a packet from a sender arrives or does not.
Way: TypeAlias = Callable[[Walk, Sender, Packet, Story | None], Verdict]
