"""The kinds whose rules are known here, the other ones of Kubernetes, and those that are gone."""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from checker.api.validation.errors import Errors

Object = dict[str, Any]


class Kind(NamedTuple):
    """A kind whose objects are judged in full.

    `table` and `struct` say how it decodes. The other three name modules and functions, which
    are imported when the first such object comes: most runs meet three kinds.
    """

    table: str
    struct: str
    namespaced: bool
    defaults: str
    validation: str
    warnings: str = ""
    #: The server's line about a version on its way out, said even of refused objects.
    deprecated: str = ""
    #: Warnings that come before validation: of refused objects too.
    early: str = ""

    def set_defaults(self, value: Object) -> None:
        """Fills in what the API server would."""
        if self.defaults:
            module, _, function = self.defaults.partition(":")
            _function("defaults", module, function or "set_defaults")(value)

    def validate(self, value: Object, errors: "Errors") -> None:
        """Adds what is wrong with a defaulted object."""
        module, _, function = self.validation.partition(":")
        _function("validation", module, function or "validate")(value, errors)

    def list_early_warnings(self, value: Object) -> list[tuple[str, str]]:
        """The server's warnings about an object that it has yet to judge."""
        if not self.early:
            return []
        found: list[tuple[str, str]] = _function("warnings", self.early, "warn_early")(value)
        return found

    def list_warnings(self, value: Object) -> list[tuple[str, str]]:
        """The server's warnings about an accepted object: the field, and the line in full."""
        if not self.warnings:
            return []
        module, _, function = self.warnings.partition(":")
        found: list[tuple[str, str]] = _function("warnings", module, function or "warn")(value)
        return found


_functions: dict[tuple[str, str, str], Callable[..., Any]] = {}


def _function(package: str, module: str, name: str) -> Callable[..., Any]:
    key = (package, module, name)
    found = _functions.get(key)
    if found is None:
        # A dot says that a module is not where its purpose would have it.
        where = module if "." in module else f"{package}.{module}"
        loaded = import_module(f"checker.api.{where}")
        found = _functions[key] = getattr(loaded, name)
    return found


#: Kinds whose strategies leave metadata.generation as it was sent; all others make it 1 first.
_UNCOUNTED = frozenset(
    ("Service", "Namespace", "Endpoints", "ConfigMap", "Secret", "ServiceAccount",
     "HorizontalPodAutoscaler")
)  # fmt: skip


def prepare_metadata(kind: str, meta: Object) -> None:
    """`PrepareForCreate`: what the server sets in metadata, whatever was sent."""
    if "generation" in meta and kind not in _UNCOUNTED:
        meta["generation"] = 1


KINDS: dict[tuple[str, str], Kind] = {
    ("v1", "Pod"): Kind("core", "core/v1.Pod", True, "pod", "pod", "pod", early="pod"),
    ("v1", "Service"): Kind("core", "core/v1.Service", True, "service", "service", "service"),
    ("v1", "Namespace"): Kind("core", "core/v1.Namespace", False, "namespace", "namespace"),
    ("v1", "Endpoints"): Kind(
        "core", "core/v1.Endpoints", True, "networking:set_endpoints", "endpoints",
        "networking:warn_endpoints",
        "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
    ),
    ("v1", "ConfigMap"): Kind(
        "core", "core/v1.ConfigMap", True, "configuration:set_metadata", "config_map"
    ),
    ("v1", "Secret"): Kind(
        "core", "core/v1.Secret", True, "configuration:set_secret", "secret", "secret"
    ),
    ("v1", "ServiceAccount"): Kind(
        "core", "core/v1.ServiceAccount", True, "configuration:set_metadata", "service_account",
        "service_account",
    ),
    ("v1", "ReplicationController"): Kind(
        "core", "core/v1.ReplicationController", True, "workloads:set_replication_controller",
        "replica_set:validate_controller", "pod:warn_named_template",
    ),
    ("apps/v1", "Deployment"): Kind(
        "apps", "apps/v1.Deployment", True, "workloads:set_deployment", "deployment",
        "pod:warn_named_template",
    ),
    ("apps/v1", "ReplicaSet"): Kind(
        "apps", "apps/v1.ReplicaSet", True, "workloads:set_replica_set", "replica_set",
        "pod:warn_named_template",
    ),
    ("apps/v1", "DaemonSet"): Kind(
        "apps", "apps/v1.DaemonSet", True, "workloads:set_daemon_set", "daemon_set",
        "pod:warn_template",
    ),
    ("apps/v1", "StatefulSet"): Kind(
        "apps", "apps/v1.StatefulSet", True, "workloads:set_stateful_set", "stateful_set",
        "pod:warn_stateful_set",
    ),
    ("batch/v1", "Job"): Kind(
        "batch", "batch/v1.Job", True, "workloads:set_job", "job", "pod:warn_job"
    ),
    ("batch/v1", "CronJob"): Kind(
        "batch", "batch/v1.CronJob", True, "workloads:set_cron_job", "cron_job", "pod:warn_job"
    ),
    ("discovery.k8s.io/v1", "EndpointSlice"): Kind(
        "discovery", "discovery/v1.EndpointSlice", True, "networking:set_endpoint_slice",
        "endpoint_slice", "networking:warn_endpoint_slice",
    ),
    ("networking.k8s.io/v1", "Ingress"): Kind(
        "networking", "networking/v1.Ingress", True, "networking:set_ingress", "ingress",
        "networking:warn_ingress",
    ),
    ("networking.k8s.io/v1", "IngressClass"): Kind(
        "networking", "networking/v1.IngressClass", False, "networking:set_ingress_class",
        "ingress_class",
    ),
    ("networking.k8s.io/v1", "NetworkPolicy"): Kind(
        "networking", "networking/v1.NetworkPolicy", True, "networking:set_network_policy",
        "network_policy", "networking:warn_network_policy",
    ),
    ("policy/v1", "PodDisruptionBudget"): Kind(
        "policy", "policy/v1.PodDisruptionBudget", True, "configuration:set_disruption_budget",
        "disruption_budget",
    ),
    ("autoscaling/v2", "HorizontalPodAutoscaler"): Kind(
        "autoscaling", "autoscaling/v2.HorizontalPodAutoscaler", True,
        "configuration:set_autoscaler", "autoscaler",
    ),
    ("autoscaling/v1", "HorizontalPodAutoscaler"): Kind(
        "autoscaling", "autoscaling/v1.HorizontalPodAutoscaler", True,
        "configuration:set_autoscaler_v1", "autoscaler",
    ),
}  # fmt: skip

for _version in ("v1", "v1beta1"):
    for _kind in ("GatewayClass", "Gateway", "HTTPRoute", "ReferenceGrant"):
        KINDS[f"gateway.networking.k8s.io/{_version}", _kind] = Kind(
            "gateway", "", _kind != "GatewayClass", "custom.resources", "custom.resources"
        )
