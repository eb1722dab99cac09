"""What a program finds in its container when it starts, as far as manifests tell."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from checker.network.fields import items, mapping
from checker.network.listeners.environment import (
    ConfigMaps,
    Environment,
    Fields,
    environment_of,
)
from checker.network.listeners.mounts import Mount, mounts_of
from checker.network.listeners.table import image_entry


class Given(NamedTuple):
    """What the cluster gives to the pods of a namespace."""

    #: ConfigMaps by name; None for one that the input lacks.
    config_maps: ConfigMaps
    #: The variables about Services.
    variables: Mapping[str, str]
    #: Whether a host's name is known to have an address.
    resolves: Callable[[str], bool]
    #: Whether pods have addresses of IPv6 instead of IPv4.
    is_ipv6: bool
    #: Secrets by name; None for one that the input lacks.
    secrets: ConfigMaps = lambda _: None
    #: The pod's own fields, as far as its template tells.
    pod_field: Fields = lambda _: None


class Inside(NamedTuple):
    """A container from within."""

    image: str
    #: The table's entry for the image, `{}` for an image that it does not know.
    entry: dict[str, Any]
    environment: Environment
    mounts: list[Mount]
    resolves: Callable[[str], bool]
    #: Whether its user is the one that the image names.
    has_own_user: bool
    must_not_be_root: bool
    #: The user that the manifest names.
    user: Any
    is_ipv6: bool

    @property
    def mounted(self) -> Sequence[str]:
        """The paths where volumes are mounted."""
        return [one.path for one in self.mounts]

    @property
    def is_held_back(self) -> bool | None:
        """Whether the kubelet does not start it, for it would or might be root; None where that is
        not known (`pkg/kubelet/kuberuntime/security_context_others.go: verifyRunAsNonRoot`).
        """
        if not self.must_not_be_root:
            return False
        if not self.has_own_user:
            return bool(self.user == 0)
        return {"root": True, "named": True, "number": False}.get(self.entry.get("user", ""))


def inside(spec: dict[str, Any], container: dict[str, Any], field: str, given: Given) -> Inside:
    """A container of the pod's `spec` from within. `field` is its path there."""
    image = container.get("image")
    image = image if isinstance(image, str) else ""
    context = mapping(spec, "securityContext") | mapping(container, "securityContext")
    return Inside(
        image,
        image_entry(image) or {},
        environment_of(
            container, field, given.config_maps, given.variables, given.secrets, given.pod_field
        ),
        mounts_of(container, items(spec, "volumes"), given.config_maps),
        given.resolves,
        "runAsUser" not in context,
        context.get("runAsNonRoot") is True,
        context.get("runAsUser"),
        given.is_ipv6,
    )
