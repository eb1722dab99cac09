"""CronJobs. After `pkg/apis/batch/validation: ValidateCronJobCreate`."""

from __future__ import annotations

from typing import Any

from checker.api.validation import formats
from checker.api.validation.cron_schedule import ScheduleError, check_schedule
from checker.api.validation.errors import Errors
from checker.api.validation.job import validate_job_spec
from checker.api.validation.metadata import validate_object_meta
from checker.api.validation.workloads import selector_json, validate_counts

Object = dict[str, Any]

_POLICIES = ("Allow", "Forbid", "Replace")


def validate(cron_job: Object, errors: Errors) -> None:
    """`ValidateCronJobCreate`."""
    meta, spec = cron_job["metadata"], cron_job["spec"]
    validate_object_meta(meta, True, formats.dns_1123_subdomain, "metadata", errors)
    _validate_schedule(spec.get("schedule", ""), errors)
    validate_counts(spec, ("startingDeadlineSeconds",), "spec", errors)
    if (zone := spec.get("timeZone")) is not None:
        _validate_time_zone(zone, "spec.timeZone", errors)
    policy = spec["concurrencyPolicy"]
    if policy not in _POLICIES:
        errors.not_supported("spec.concurrencyPolicy", policy, _POLICIES)
    job = (spec.get("jobTemplate") or {}).get("spec") or {}
    path = "spec.jobTemplate.spec"
    validate_job_spec(job, path, errors)
    if (selector := job.get("selector")) is not None:
        detail = "`selector` will be auto-generated"
        errors.invalid(f"{path}.selector", selector_json(selector), detail)
    if job.get("manualSelector"):
        errors.not_supported(f"{path}.manualSelector", True, ("nil", "false"))
    limits = ("successfulJobsHistoryLimit", "failedJobsHistoryLimit")
    validate_counts(spec, limits, "spec", errors)
    name = meta.get("name", "")
    if formats.size(name) > 52:
        errors.invalid("metadata.name", name, "must be no more than 52 characters")


def _validate_schedule(schedule: str, errors: Errors) -> None:
    """`validateScheduleFormat`."""
    if not schedule:
        errors.required("spec.schedule")
        return
    try:
        check_schedule(schedule)
    except ScheduleError as problem:
        errors.invalid("spec.schedule", schedule, str(problem))
    if "TZ" in schedule:
        detail = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"
        errors.invalid("spec.schedule", schedule, detail)


def _validate_time_zone(zone: str, path: str, errors: Errors) -> None:
    """`validateTimeZone`."""
    import re

    if not zone:
        errors.invalid_named(path, zone, "timeZone must be nil or non-empty string")
        return
    for part in zone.split("/"):
        good = re.fullmatch(r"[A-Za-z.\-_0-9+]{1,14}", part)
        if part in (".", "..") or part.startswith("-") or not good:
            errors.invalid_named(path, zone, f"unknown time zone {zone}")
            return
    if zone.lower() == "local":
        detail = "timeZone must be an explicit time zone as defined in"
        errors.invalid_named(path, zone, f"{detail} https://www.iana.org/time-zones")
    # `time.LoadLocation` knows these two without any file.
    if zone not in ("UTC", "Local") and zone not in _time_zones():
        errors.invalid_named(path, zone, f"unknown time zone {zone}")


def _time_zones() -> list[str]:
    """The names of the zones that kube-apiserver is built with."""
    import json

    from checker.package_data import package_data

    names: list[str] = json.loads(package_data("checker.api.tables", "time_zones.json"))
    return names
