"""What a cluster consists of, for a packet: nodes, pods and what they listen on.

A pod template is what a workload's pods have in common, and everything that its manifest alone
decides is worked out once for it: programs, listeners, readiness. A pod adds a name, a node and
an address. Addresses are made up, in the ranges of the settings, the same for the same input.
"""

from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from checker.api.resource import Resource


#: Stands for all addresses of a machine or pod where manifests and options name one.
ANY_ADDRESS = "0.0.0.0"  # noqa: S104  # named here, bound by nobody

#: Stands for the pod's own address, which a container gets to know by `status.podIP` alone.
OWN_ADDRESS = "status.podIP"


class Listener(NamedTuple):
    """A socket that a program opens."""

    port: int
    protocol: str
    #: What it is bound to: "" for all addresses of the pod, else an IP address.
    address: str
    #: The container's name.
    container: str
    #: Below the pod's spec, what says so: `containers[0].args[1]`.
    field: str
    #: `http`, `https`, `grpc`, `tcp` (anything else that accepts), `any` where the manifest's
    #: annotation says that it listens, "" for UDP and SCTP.
    speaks: str = ""

    @property
    def is_loopback(self) -> bool:
        """Whether nothing outside the pod reaches it."""
        return self.address.startswith("127.") or self.address in ("::1", "localhost")

    @property
    def is_other_family(self) -> bool:
        """Whether it is on all addresses of the IP family that pods do not have."""
        return self.address in (ANY_ADDRESS, "::")

    def __str__(self) -> str:
        where = f"[{self.address}]:" if ":" in self.address else f"{self.address}:"
        where = where if self.address else ""
        return f"{where}{self.port}/{self.protocol}"


class Ending(Enum):
    """What a container's main process does after it has started."""

    STAYS = "stays"
    #: Goes on until something outside of it comes true, such as `until nc -z db 5432`.
    WAITS = "waits"
    COMPLETES = "completes"
    CRASHES = "crashes"


class Program(NamedTuple):
    """What runs in a container, as far as its image, command, arguments and environment tell."""

    #: For people: `agnhost netexec`, `nginx`, or the image's name.
    name: str
    listeners: tuple[Listener, ...]
    #: Whether `listeners` is all; False where the image or command is not known.
    known: bool
    #: What says so, below the pod's spec.
    field: str
    ending: Ending = Ending.STAYS
    #: Why it crashes, or why nothing is known.
    reason: str = ""
    #: Whether it goes on when a port that it wants is taken.
    survives_conflicts: bool = False
    #: Answers of the HTTP server by path; `"*"` for all others; None where that is unknown.
    #: `"/echo?code"`: the query's `code`, or else this.
    http: dict[str, int] | None = None


class ContainerPort(NamedTuple):
    """A declared port. It opens nothing: it gives a number a name."""

    name: str
    port: int
    protocol: str
    host_port: int
    host_ip: str
    #: `containers[0].ports[1]`
    field: str
    #: A regular container, a sidecar (an init container that stays), or a plain init container.
    role: str


class Readiness(NamedTuple):
    """Whether a pod is Ready. None where its manifest does not tell."""

    ready: bool | None
    #: Why not, or why that is unknown: a sentence.
    reason: str = ""
    #: What to look at, below the pod's spec.
    field: str = ""


class PodTemplate:
    """What the pods of one workload, or one pod, are made from."""

    __slots__ = (
        "annotations",
        "finished",
        "forbidden",
        "host_network",
        "kind",
        "labels",
        "listeners",
        "metadata_prefix",
        "name",
        "namespace",
        "ports",
        "prefix",
        "programs",
        "readiness",
        "resource",
        "spec",
        "unknown",
    )

    def __init__(
        self,
        resource: "Resource | None",
        kind: str,
        namespace: str,
        name: str,
        spec: dict[str, Any],
        labels: dict[str, str],
        annotations: dict[str, str],
        prefix: str,
    ) -> None:
        #: None for what is assumed, as the cluster's DNS server is.
        self.resource = resource
        #: The workload's kind and name.
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.spec = spec
        self.labels = labels
        self.annotations = annotations
        #: The path of the pod's spec in the manifest, and of its metadata.
        self.prefix = prefix
        self.metadata_prefix = prefix[: -len("spec")] + "metadata"
        self.host_network = spec.get("hostNetwork") is True
        self.ports: tuple[ContainerPort, ...] = ()
        self.programs: tuple[Program, ...] = ()
        #: What listens once the pod runs, conflicts taken into account.
        self.listeners: tuple[Listener, ...] = ()
        #: The first program of which it is not known what it listens on.
        self.unknown: Program | None = None
        self.readiness = Readiness(True)
        #: Whether it has ended, or is refused by the kubelet: no containers, no address.
        self.finished = False
        #: Why no pod is ever made from it (Pod Security), with the field; None where they are.
        self.forbidden: tuple[str, str] | None = None

    @property
    def accepted(self) -> bool:
        """Whether the API server takes the object that this comes from."""
        return self.resource is None or self.resource.accepted

    def path(self, field: str) -> str:
        """The path in the manifest of a field below the pod's spec."""
        if not field:
            return self.prefix
        return f"{self.prefix}.{field}"


def pod_path(template: PodTemplate, field: str) -> str:
    """The path in the manifest of a listener's or program's field."""
    if field.startswith("\0"):
        return f"{template.metadata_prefix}.annotations[{field[1:]}]"
    if field.startswith(template.metadata_prefix):
        return field
    return template.path(field)


class Node(NamedTuple):
    """A machine of the cluster."""

    name: str
    address: str
    labels: dict[str, str]
    #: Prefix of its pods' addresses in CIDR notation.
    pod_cidr: str
    taints: tuple[tuple[str, str, str], ...]
    resource: "Resource | None"


class Pod:
    """One pod. `node` is None where several nodes could have it (`candidates`)."""

    __slots__ = (
        "address",
        "candidates",
        "group",
        "hostname",
        "kind",
        "labels",
        "name",
        "node",
        "pending",
        "sender",
        "template",
    )

    def __init__(self, template: PodTemplate, name: str, labels: dict[str, str]) -> None:
        self.template = template
        self.name = name
        self.labels = labels
        self.node: Node | None = None
        self.candidates: tuple[Node, ...] = ()
        self.address = ""
        #: Why no node takes it, with the field below its spec; None for a scheduled pod.
        self.pending: tuple[str, str] | None = None
        self.hostname = name
        #: Equal pods have one number: same namespace, labels, listeners, nodes.
        self.group = -1
        #: Pods that no selector in use tells apart have one number, too; the group's at first.
        self.kind = -1
        #: Pods whose packets no policy and no node tells apart, whatever they listen on themselves.
        self.sender = -1

    @property
    def namespace(self) -> str:
        return self.template.namespace

    @property
    def host_network(self) -> bool:
        return self.template.host_network

    @property
    def readiness(self) -> Readiness:
        """Of its containers; a pod without a node is not ready."""
        if self.pending is not None:
            return Readiness(False, *self.pending)
        return self.template.readiness

    def __repr__(self) -> str:
        return f"<Pod {self.namespace}/{self.name}>"
