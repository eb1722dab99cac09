"""Volumes and mounts. After `pkg/apis/core/validation: ValidateVolumes`, `ValidateVolumeMounts`."""

from __future__ import annotations

from typing import Any

from checker.api.quantity import parse_quantity
from checker.api.validation.claims import validate_claim_template
from checker.api.validation.environment import (
    VOLUME_PATHS,
    validate_object_field_selector,
    validate_resource_field_selector,
)
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import validate_dns_1123_label
from checker.api.validation.paths import (
    validate_local_descending_path,
    validate_local_non_reserved_path,
    validate_path_no_backsteps,
)
from checker.api.validation.vendors import validate_vendor

Object = dict[str, Any]

_MODE = "must be a number between 0 and 0777 (octal), both inclusive"
#: The sources in the order of `validateVolumeSource`, which reports the second one it meets.
_SOURCES = (
    "emptyDir", "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret",
    "nfs", "iscsi", "glusterfs", "flocker", "persistentVolumeClaim", "rbd", "cinder", "cephfs",
    "quobyte", "downwardAPI", "fc", "flexVolume", "configMap", "azureFile", "vsphereVolume",
    "photonPersistentDisk", "portworxVolume", "azureDisk", "storageos", "projected", "scaleIO",
    "csi", "ephemeral", "image",
)  # fmt: skip
#: The server's own spelling of two of them in that message.
_PRINTED = {"cephfs": "cephFS", "downwardAPI": "downwarAPI"}
_HOST_PATH_TYPES = (
    "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate",
    "Socket",
)  # fmt: skip
_PULL_POLICIES = ("Always", "IfNotPresent", "Never")
_PROPAGATIONS = ("Bidirectional", "HostToContainer", "None")


def validate_volumes(
    volumes: list[Object], pod_name: str, is_pod: bool, path: str, errors: Errors
) -> dict[str, Object]:
    """`ValidateVolumes`. Returns the good ones by name, which are those that can be mounted."""
    created = {f"{pod_name}-{each.get('name', '')}" for each in volumes
               if pod_name and each.get("ephemeral") is not None}  # fmt: skip
    good: dict[str, Object] = {}
    for index, volume in enumerate(volumes):
        below, name = f"{path}[{index}]", volume.get("name", "")
        before = len(errors)
        _validate_source(volume, is_pod, below, errors)
        if not name:
            errors.required(f"{below}.name")
        else:
            validate_dns_1123_label(name, f"{below}.name", errors)
        if name in good:
            errors.duplicate(f"{below}.name", name)
        if len(errors) == before:
            good[name] = volume
        claim = (volume.get("persistentVolumeClaim") or {}).get("claimName", "")
        if claim in created:
            detail = "must not reference a PVC that gets created for an ephemeral volume"
            errors.invalid(f"{below}.persistentVolumeClaim.claimName", claim, detail)
    return good


def _validate_source(volume: Object, is_pod: bool, path: str, errors: Errors) -> None:
    """`validateVolumeSource`."""
    found = False
    for name in _SOURCES:
        source = volume.get(name)
        if source is None:
            continue
        if found:
            below = f"{path}.{_PRINTED.get(name, name)}"
            errors.forbidden(below, "may not specify more than 1 volume type")
            continue
        found = True
        _validate_one_source(name, source, is_pod, f"{path}.{name}", errors)
    if not found:
        errors.required(path, "must specify a volume type")


def _validate_one_source(
    name: str, source: Object, is_pod: bool, path: str, errors: Errors
) -> None:
    if name == "emptyDir":
        _validate_empty_dir(source, path, errors)
    elif name == "hostPath":
        _validate_host_path(source, path, errors)
    elif name in ("configMap", "secret"):
        _validate_keyed(source, "secretName" if name == "secret" else "name", path, errors)
    elif name == "nfs":
        _validate_nfs(source, path, errors)
    elif name == "downwardAPI":
        _validate_downward(source, path, errors)
    elif name == "projected":
        _validate_mode(source.get("defaultMode"), f"{path}.defaultMode", errors)
        _validate_projections(source, path, errors)
    elif name == "ephemeral":
        if (template := source.get("volumeClaimTemplate")) is None:
            errors.required(f"{path}.volumeClaimTemplate")
        else:
            validate_claim_template(template, f"{path}.volumeClaimTemplate", errors)
    elif name == "image":
        if is_pod and not source.get("reference"):
            errors.required(f"{path}.reference")
        policy = source.get("pullPolicy") or "Always"
        if policy not in _PULL_POLICIES:
            errors.not_supported(f"{path}.pullPolicy", policy, _PULL_POLICIES)
    else:
        validate_vendor(name, source, path, errors)


def _validate_empty_dir(source: Object, path: str, errors: Errors) -> None:
    limit = source.get("sizeLimit")
    if limit is not None and parse_quantity(limit).nano < 0:
        detail = "SizeLimit field must be a valid resource quantity"
        errors.forbidden(f"{path}.sizeLimit", detail)


def _validate_downward(source: Object, path: str, errors: Errors) -> None:
    """`validateDownwardAPIVolumeSource`."""
    _validate_mode(source.get("defaultMode"), f"{path}.defaultMode", errors)
    for file in source.get("items") or ():
        _validate_downward_file(file, path, errors)


def _validate_mode(mode: int | None, path: str, errors: Errors) -> None:
    if mode is not None and not 0 <= mode <= 0o777:
        errors.invalid(path, mode, _MODE)


def _validate_host_path(source: Object, path: str, errors: Errors) -> None:
    if not source.get("path"):
        errors.required(f"{path}.path")
        return
    validate_path_no_backsteps(source["path"], f"{path}.path", errors)
    kind = source.get("type", "")
    if kind not in _HOST_PATH_TYPES:
        errors.not_supported(f"{path}.type", kind, _HOST_PATH_TYPES)


def _validate_nfs(source: Object, path: str, errors: Errors) -> None:
    folder = source.get("path", "")
    if not source.get("server"):
        errors.required(f"{path}.server")
    if not folder:
        errors.required(f"{path}.path")
    if not folder.startswith("/"):
        errors.invalid(f"{path}.path", folder, "must be an absolute path")


def _validate_keyed(source: Object, name: str, path: str, errors: Errors) -> None:
    """`validateSecretVolumeSource`, `validateConfigMapVolumeSource`."""
    if not source.get(name):
        errors.required(f"{path}.{name}")
    _validate_mode(source.get("defaultMode"), f"{path}.defaultMode", errors)
    for index, item in enumerate(source.get("items") or ()):
        _validate_key_to_path(item, f"{path}.items[{index}]", errors)


def _validate_key_to_path(item: Object, path: str, errors: Errors) -> None:
    if not item.get("key"):
        errors.required(f"{path}.key")
    if not item.get("path"):
        errors.required(f"{path}.path")
    validate_local_non_reserved_path(item.get("path", ""), f"{path}.path", errors)
    _validate_mode(item.get("mode"), f"{path}.mode", errors)


def _validate_downward_file(file: Object, path: str, errors: Errors) -> None:
    """`validateDownwardAPIVolumeFile`."""
    if not file.get("path"):
        errors.required(f"{path}.path")
    validate_local_non_reserved_path(file.get("path", ""), f"{path}.path", errors)
    field, resource = file.get("fieldRef"), file.get("resourceFieldRef")
    if field is not None:
        validate_object_field_selector(field, VOLUME_PATHS, f"{path}.fieldRef", errors)
        if resource is not None:
            detail = "fieldRef and resourceFieldRef can not be specified simultaneously"
            errors.invalid(path, "resource", detail)
    elif resource is not None:
        validate_resource_field_selector(resource, f"{path}.resourceFieldRef", True, errors)
    else:
        errors.required(path, "one of fieldRef and resourceFieldRef is required")
    _validate_mode(file.get("mode"), f"{path}.mode", errors)


def _validate_projections(source: Object, path: str, errors: Errors) -> None:
    """`validateProjectionSources`."""
    seen: set[str] = set()

    def claim(file: str, value: str) -> None:
        if file and file in seen:
            errors.invalid(path, value, "conflicting duplicate paths")
        seen.add(file)

    for index, each in enumerate(source.get("sources") or ()):
        below, count = f"{path}.sources[{index}]", 0
        for kind in ("secret", "configMap"):
            projection = each.get(kind)
            if projection is None:
                continue
            count += 1
            if not projection.get("name"):
                errors.required(f"{below}.{kind}.name")
            for position, item in enumerate(projection.get("items") or ()):
                _validate_key_to_path(item, f"{below}.{kind}.items[{position}]", errors)
                claim(item.get("path", ""), projection.get("name", ""))
        if (projection := each.get("downwardAPI")) is not None:
            count += 1
            for file in projection.get("items") or ():
                _validate_downward_file(file, f"{below}.downwardAPI", errors)
                claim(file.get("path", ""), file.get("path", ""))
        if (token := each.get("serviceAccountToken")) is not None:
            count += 1
            _validate_token(token, f"{below}.serviceAccountToken", path, errors)
        # The other two (clusterTrustBundle, podCertificate) need feature gates that are off.
        if count > 1:
            errors.forbidden(below, "may not specify more than 1 volume type per source")


def _validate_token(token: Object, path: str, volume_path: str, errors: Errors) -> None:
    seconds = token.get("expirationSeconds", 3600)
    if seconds < 600:
        detail = "may not specify a duration less than 10 minutes"
        errors.invalid(f"{path}.expirationSeconds", seconds, detail)
    if seconds > 1 << 32:
        detail = "may not specify a duration larger than 2^32 seconds"
        errors.invalid(f"{path}.expirationSeconds", seconds, detail)
    if not token.get("path"):
        errors.required(f"{volume_path}.path")
    else:
        validate_local_non_reserved_path(token["path"], f"{volume_path}.path", errors)


def validate_volume_mounts(
    container: Object, volumes: dict[str, Object], path: str, errors: Errors
) -> None:
    """`ValidateVolumeMounts`; of a mount's own fields, subPath and the like, without its index."""
    devices = {each.get("name", ""): each.get("devicePath", "")
               for each in container.get("volumeDevices") or ()}  # fmt: skip
    seen = set()
    for index, mount in enumerate(container.get("volumeMounts") or ()):
        name, target = mount.get("name", ""), mount.get("mountPath", "")
        if not name:
            errors.required(f"{path}[{index}].name")
        if name not in volumes:
            errors.not_found(f"{path}[{index}].name", name)
        if not target:
            errors.required(f"{path}[{index}].mountPath")
        if target in seen:
            errors.invalid(f"{path}[{index}].mountPath", target, "must be unique")
        seen.add(target)
        if name in devices:
            errors.invalid(f"{path}[{index}].name", name, "must not already exist in volumeDevices")
        if target in devices.values():
            detail = "must not already exist as a path in volumeDevices"
            errors.invalid(f"{path}[{index}].mountPath", target, detail)
        if len(mount) > 2 or mount.keys() - {"name", "mountPath"}:
            _validate_mount_options(mount, container, f"{path}[{index}]", path, errors)


def _validate_mount_options(
    mount: Object, container: Object, path: str, mounts_path: str, errors: Errors
) -> None:
    sub_path, expression = mount.get("subPath"), mount.get("subPathExpr")
    if sub_path:
        validate_local_descending_path(sub_path, f"{mounts_path}.subPath", errors)
    if expression:
        if sub_path:
            detail = "subPathExpr and subPath are mutually exclusive"
            errors.invalid(f"{path}.subPathExpr", expression, detail)
        validate_local_descending_path(expression, f"{mounts_path}.subPathExpr", errors)
    propagation = mount.get("mountPropagation")
    if propagation is not None:
        below = f"{mounts_path}.mountPropagation"
        if propagation not in _PROPAGATIONS:
            errors.not_supported(below, propagation, _PROPAGATIONS)
        privileged = (container.get("securityContext") or {}).get("privileged")
        if propagation == "Bidirectional" and not privileged:
            detail = "Bidirectional mount propagation is available only to privileged containers"
            errors.forbidden(below, detail)
    recursive = mount.get("recursiveReadOnly")
    below = f"{mounts_path}.recursiveReadOnly"
    if recursive in ("Enabled", "IfPossible"):
        if not mount.get("readOnly"):
            errors.forbidden(below, "may only be specified when readOnly is true")
        if propagation not in (None, "None"):
            detail = "may only be specified when mountPropagation is None or not specified"
            errors.forbidden(below, detail)
    elif recursive not in (None, "Disabled"):
        errors.not_supported(below, recursive, ("Disabled", "Enabled", "IfPossible"))


def validate_volume_devices(
    container: Object, volumes: dict[str, Object], path: str, errors: Errors
) -> None:
    """`ValidateVolumeDevices`."""
    mounts = {each.get("name", ""): each.get("mountPath", "")
              for each in container.get("volumeMounts") or ()}  # fmt: skip
    names, paths = set(), set()
    for index, device in enumerate(container["volumeDevices"]):
        below, name = f"{path}[{index}]", device.get("name", "")
        target = device.get("devicePath", "")
        volume = volumes.get(name)
        if not name:
            errors.required(f"{below}.name")
        if name in names:
            errors.invalid(f"{below}.name", name, "must be unique")
        if volume is None:
            errors.not_found(f"{below}.name", name)
        elif volume.get("persistentVolumeClaim") is None and volume.get("ephemeral") is None:
            kinds = "PersistentVolumeClaim or Ephemeral"
            detail = f"can only use volume source type of {kinds} for block mode"
            errors.invalid(f"{below}.name", name, detail)
        if not target:
            errors.required(f"{below}.devicePath")
        if target in paths:
            errors.invalid(f"{below}.devicePath", target, "must be unique")
        if ".." in target.split("/"):
            errors.invalid(f"{below}.devicePath", target, "can not contain backsteps ('..')")
        else:
            paths.add(target)
        if name in mounts:
            errors.invalid(f"{below}.name", name, "must not already exist in volumeMounts")
        if target in mounts.values():
            detail = "must not already exist as a path in volumeMounts"
            errors.invalid(f"{below}.devicePath", target, detail)
        if name:
            names.add(name)
