"""Which kinds Kubernetes serves, which it served once, and what took their place."""

from __future__ import annotations

from typing import NamedTuple

#: Groups of Kubernetes itself -> the versions that 1.36 serves by default, and their kinds.
#: `*` marks a kind without namespace.
SERVED: dict[str, dict[str, str]] = {
    "": {
        "v1": "Binding ComponentStatus* ConfigMap Endpoints Event LimitRange Namespace* Node* "
        "PersistentVolume* PersistentVolumeClaim Pod PodTemplate ReplicationController "
        "ResourceQuota Secret Service ServiceAccount List"
    },
    "admissionregistration.k8s.io": {
        "v1": "MutatingWebhookConfiguration* ValidatingWebhookConfiguration* "
        "ValidatingAdmissionPolicy* ValidatingAdmissionPolicyBinding* "
        "MutatingAdmissionPolicy* MutatingAdmissionPolicyBinding*"
    },
    "apiextensions.k8s.io": {"v1": "CustomResourceDefinition*"},
    "apiregistration.k8s.io": {"v1": "APIService*"},
    "apps": {"v1": "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet"},
    "authentication.k8s.io": {"v1": "TokenReview* SelfSubjectReview*"},
    "authorization.k8s.io": {
        "v1": "LocalSubjectAccessReview SelfSubjectAccessReview* SelfSubjectRulesReview* "
        "SubjectAccessReview*"
    },
    "autoscaling": {"v1": "HorizontalPodAutoscaler Scale", "v2": "HorizontalPodAutoscaler"},
    "batch": {"v1": "CronJob Job"},
    "certificates.k8s.io": {"v1": "CertificateSigningRequest*"},
    "coordination.k8s.io": {"v1": "Lease"},
    "discovery.k8s.io": {"v1": "EndpointSlice"},
    "events.k8s.io": {"v1": "Event"},
    "flowcontrol.apiserver.k8s.io": {"v1": "FlowSchema* PriorityLevelConfiguration*"},
    "networking.k8s.io": {"v1": "Ingress IngressClass* IPAddress* NetworkPolicy ServiceCIDR*"},
    "node.k8s.io": {"v1": "RuntimeClass*"},
    "policy": {"v1": "Eviction PodDisruptionBudget"},
    "rbac.authorization.k8s.io": {"v1": "ClusterRole* ClusterRoleBinding* Role RoleBinding"},
    "resource.k8s.io": {"v1": "DeviceClass* ResourceClaim ResourceClaimTemplate ResourceSlice*"},
    "scheduling.k8s.io": {"v1": "PriorityClass*"},
    "storage.k8s.io": {
        "v1": "CSIDriver* CSINode* CSIStorageCapacity StorageClass* VolumeAttachment* "
        "VolumeAttributesClass*"
    },
    "internal.apiserver.k8s.io": {},
    "storagemigration.k8s.io": {},
    "extensions": {},
}

#: Kinds that are gone, with what to write instead ("" where nothing took their place).
REMOVED: dict[tuple[str, str], str] = {
    **dict.fromkeys(
        (("extensions/v1beta1", kind) for kind in ("Deployment", "DaemonSet", "ReplicaSet")),
        "apps/v1",
    ),
    **{
        (f"apps/{version}", kind): "apps/v1"
        for version in ("v1beta1", "v1beta2")
        for kind in ("Deployment", "DaemonSet", "ReplicaSet", "StatefulSet", "ControllerRevision")
    },
    ("extensions/v1beta1", "Ingress"): "networking.k8s.io/v1",
    ("extensions/v1beta1", "NetworkPolicy"): "networking.k8s.io/v1",
    ("networking.k8s.io/v1beta1", "Ingress"): "networking.k8s.io/v1",
    ("networking.k8s.io/v1beta1", "IngressClass"): "networking.k8s.io/v1",
    ("batch/v1beta1", "CronJob"): "batch/v1",
    ("batch/v2alpha1", "CronJob"): "batch/v1",
    ("discovery.k8s.io/v1beta1", "EndpointSlice"): "discovery.k8s.io/v1",
    ("policy/v1beta1", "PodDisruptionBudget"): "policy/v1",
    ("autoscaling/v2beta1", "HorizontalPodAutoscaler"): "autoscaling/v2",
    ("autoscaling/v2beta2", "HorizontalPodAutoscaler"): "autoscaling/v2",
    ("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition"): "apiextensions.k8s.io/v1",
    ("rbac.authorization.k8s.io/v1beta1", "Role"): "rbac.authorization.k8s.io/v1",
    ("rbac.authorization.k8s.io/v1beta1", "RoleBinding"): "rbac.authorization.k8s.io/v1",
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRole"): "rbac.authorization.k8s.io/v1",
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRoleBinding"): "rbac.authorization.k8s.io/v1",
    ("scheduling.k8s.io/v1beta1", "PriorityClass"): "scheduling.k8s.io/v1",
    ("storage.k8s.io/v1beta1", "StorageClass"): "storage.k8s.io/v1",
    ("storage.k8s.io/v1beta1", "CSIDriver"): "storage.k8s.io/v1",
    ("coordination.k8s.io/v1beta1", "Lease"): "coordination.k8s.io/v1",
    ("events.k8s.io/v1beta1", "Event"): "events.k8s.io/v1",
    ("node.k8s.io/v1beta1", "RuntimeClass"): "node.k8s.io/v1",
    ("admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration"): (
        "admissionregistration.k8s.io/v1"
    ),
    ("admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfiguration"): (
        "admissionregistration.k8s.io/v1"
    ),
}
#: Kinds that went without a successor: what took over their task.
GONE: dict[str, str] = {"PodSecurityPolicy": "Pod Security admission (labels on the namespace)"}


class Entry(NamedTuple):
    """What is known of an apiVersion and kind."""

    unknown: bool
    builtin: bool
    namespaced: bool
    successor: str


def find(api_version: str, kind: str) -> Entry:
    """Looks an object's type up."""
    group, _, version = api_version.rpartition("/")
    versions = SERVED.get(group)
    if versions is None:
        return Entry(False, False, True, "")
    kinds = versions.get(version, "").split()
    if kind in kinds or f"{kind}*" in kinds:
        return Entry(False, True, kind in kinds, "")
    return Entry(True, True, True, successor(api_version, kind))


def successor(api_version: str, kind: str) -> str:
    """The apiVersion to write instead, "" if there is none."""
    known = REMOVED.get((api_version, kind))
    if known is not None:
        return known
    # A right kind under a wrong version or group has one place where it is served.
    for group, versions in SERVED.items():
        for version, kinds in versions.items():
            names = kinds.replace("*", "").split()
            if kind in names and kind not in ("Event", "List"):
                return f"{group}/{version}".lstrip("/")
    return ""
