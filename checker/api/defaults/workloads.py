"""Defaults of workloads. After `pkg/apis/apps/v1` and `pkg/apis/batch/v1: defaults.go`."""

from __future__ import annotations

from typing import Any

from checker.api.defaults.pod import meta_and_spec, round_up, set_template

Object = dict[str, Any]


def set_deployment(deployment: Object) -> None:
    """`SetDefaults_Deployment`."""
    spec = _spec_with_template(deployment)
    spec.setdefault("replicas", 1)
    strategy = spec.setdefault("strategy", {})
    if not strategy.get("type"):
        strategy["type"] = "RollingUpdate"
    if strategy["type"] == "RollingUpdate":
        rolling = strategy.setdefault("rollingUpdate", {})
        rolling.setdefault("maxUnavailable", "25%")
        rolling.setdefault("maxSurge", "25%")
    spec.setdefault("revisionHistoryLimit", 10)
    spec.setdefault("progressDeadlineSeconds", 600)


def _spec_with_template(workload: Object) -> Object:
    meta_and_spec(workload)
    workload.pop("status", None)
    spec: Object = workload["spec"]
    set_template(spec)
    return spec


def set_replica_set(replica_set: Object) -> None:
    """`SetDefaults_ReplicaSet`."""
    _spec_with_template(replica_set).setdefault("replicas", 1)


def set_replication_controller(controller: Object) -> None:
    """`SetDefaults_ReplicationController`: the template's labels are the selector."""
    meta_and_spec(controller)
    controller.pop("status", None)
    spec = controller["spec"]
    spec.setdefault("replicas", 1)
    if spec.get("template") is None:
        return
    set_template(spec)
    labels = spec["template"]["metadata"].get("labels")
    if labels is not None:
        if not spec.get("selector"):
            spec["selector"] = dict(labels)
        if not controller["metadata"].get("labels"):
            controller["metadata"]["labels"] = dict(labels)


def set_daemon_set(daemon_set: Object) -> None:
    """`SetDefaults_DaemonSet`."""
    spec = _spec_with_template(daemon_set)
    strategy = spec.setdefault("updateStrategy", {})
    if not strategy.get("type"):
        strategy["type"] = "RollingUpdate"
    if strategy["type"] == "RollingUpdate":
        rolling = strategy.setdefault("rollingUpdate", {})
        rolling.setdefault("maxUnavailable", 1)
        rolling.setdefault("maxSurge", 0)
    spec.setdefault("revisionHistoryLimit", 10)


def set_stateful_set(stateful_set: Object) -> None:
    """`SetDefaults_StatefulSet`."""
    spec = _spec_with_template(stateful_set)
    if not spec.get("podManagementPolicy"):
        spec["podManagementPolicy"] = "OrderedReady"
    strategy = spec.setdefault("updateStrategy", {})
    if not strategy.get("type"):
        strategy["type"] = "RollingUpdate"
        strategy.setdefault("rollingUpdate", {})
    rolling = strategy.get("rollingUpdate")
    if rolling is not None:
        if strategy["type"] == "RollingUpdate":
            rolling.setdefault("partition", 0)
        # `dropStatefulSetDisabledFields`: the gate MaxUnavailableStatefulSet is off.
        rolling.pop("maxUnavailable", None)
    retention = spec.setdefault("persistentVolumeClaimRetentionPolicy", {})
    for name in ("whenDeleted", "whenScaled"):
        if not retention.get(name):
            retention[name] = "Retain"
    spec.setdefault("replicas", 1)
    spec.setdefault("revisionHistoryLimit", 10)
    for claim in spec.get("volumeClaimTemplates") or ():
        claim_spec = claim.setdefault("spec", {})
        claim_spec.setdefault("volumeMode", "Filesystem")
        round_up(claim_spec.get("resources") or {}, "limits", "requests")


def set_job(job: Object) -> None:
    """`SetDefaults_Job`, and the strategy's `generateSelector`."""
    from checker.api.validation.job import UID

    spec = _spec_with_template(job)
    meta, template_meta = job["metadata"], spec["template"]["metadata"]
    shared = template_meta.get("labels") is not None and not meta.get("labels")
    if shared:
        meta["labels"] = template_meta["labels"]
    set_job_spec(spec)
    if spec["manualSelector"]:
        return
    name = meta.get("name", "")
    labels = dict(template_meta.get("labels") or {})
    for key, value in (
        ("job-name", name),
        ("batch.kubernetes.io/job-name", name),
        ("controller-uid", UID),
        ("batch.kubernetes.io/controller-uid", UID),
    ):
        labels.setdefault(key, value)
    template_meta["labels"] = labels
    if shared:
        # In Go it is one map, which then has the generated labels too.
        meta["labels"] = dict(labels)
    selector = spec.setdefault("selector", {})
    chosen = selector["matchLabels"] = dict(selector.get("matchLabels") or {})
    chosen.setdefault("batch.kubernetes.io/controller-uid", UID)


def set_job_spec(spec: Object) -> None:
    """The part of `SetDefaults_Job` that is about the spec alone."""
    if "completions" not in spec and "parallelism" not in spec:
        spec["completions"] = 1
    spec.setdefault("parallelism", 1)
    limit = 2**31 - 1 if spec.get("backoffLimitPerIndex") is not None else 6
    spec.setdefault("backoffLimit", limit)
    spec.setdefault("completionMode", "NonIndexed")
    spec.setdefault("suspend", False)
    with_failures = spec.get("podFailurePolicy") is not None
    spec.setdefault("podReplacementPolicy", "Failed" if with_failures else "TerminatingOrFailed")
    spec.setdefault("manualSelector", False)


def set_cron_job(cron_job: Object) -> None:
    """`SetDefaults_CronJob`; a job template gets a pod's defaults, no Job's."""
    meta_and_spec(cron_job)
    cron_job.pop("status", None)
    spec = cron_job["spec"]
    if not spec.get("concurrencyPolicy"):
        spec["concurrencyPolicy"] = "Allow"
    spec.setdefault("suspend", False)
    spec.setdefault("successfulJobsHistoryLimit", 3)
    spec.setdefault("failedJobsHistoryLimit", 1)
    set_template(spec.setdefault("jobTemplate", {}).setdefault("spec", {}))
