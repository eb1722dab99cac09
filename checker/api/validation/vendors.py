"""Volumes of storage vendors, and other sources with little to check: what each must say.

After `pkg/apis/core/validation: validateVolumeSource` and the functions that it calls.
"""

from __future__ import annotations

import re
from typing import Any

from checker.api.validation import formats
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import validate_dns_1123_label
from checker.api.validation.paths import validate_local_descending_path

Object = dict[str, Any]

#: Source -> the fields that it must have.
_REQUIRED = {
    "persistentVolumeClaim": ("claimName",),
    "gitRepo": ("repository",),
    "gcePersistentDisk": ("pdName",),
    "awsElasticBlockStore": ("volumeID",),
    "glusterfs": ("endpoints", "path"),
    "rbd": ("monitors", "image"),
    "cinder": ("volumeID",),
    "cephfs": ("monitors",),
    "flexVolume": ("driver",),
    "azureFile": ("secretName", "shareName"),
    "vsphereVolume": ("volumePath",),
    "photonPersistentDisk": ("pdID",),
    "portworxVolume": ("volumeID",),
    "azureDisk": ("diskName", "diskURI"),
    "scaleIO": ("gateway", "system", "volumeName"),
    "iscsi": ("targetPortal",),
    "csi": ("driver",),
    "storageos": ("volumeName",),
}
_PAIRS = "must be a host:port pair or multiple pairs separated by commas"
_DISK_URIS = {
    True: "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/"
    "{disk-id}",
    False: "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd",
}
#: The forms of an iSCSI name, by how it begins.
_NAMES = {
    "iqn": r"iqn\.\d{4}-\d{2}\.([A-Za-z0-9.-]+)(:[^,;*&$|\s]+)$",
    "eui": r"^eui.[A-Za-z0-9]{16}$",
    "naa": r"^naa.[A-Za-z0-9]{32}$",
}


def validate_vendor(name: str, source: Object, path: str, errors: Errors) -> None:
    """The source called `name`; of those that it does not know nothing is said."""
    if name == "gcePersistentDisk":
        # The server's own path.
        path = path.removesuffix(name) + "persistentDisk"
    for field in _REQUIRED.get(name, ()):
        if not source.get(field):
            errors.required(f"{path}.{field}")
    if name in ("gcePersistentDisk", "awsElasticBlockStore"):
        partition = source.get("partition") or 0
        if not 0 <= partition <= 255:
            errors.invalid(f"{path}.partition", partition, formats.in_range(1, 255))
    elif name in ("cinder", "storageos"):
        if name == "storageos":
            for field in ("volumeName", "volumeNamespace"):
                if value := source.get(field):
                    validate_dns_1123_label(value, f"{path}.{field}", errors)
        _validate_reference(source.get("secretRef"), f"{path}.secretRef", errors)
    elif name == "csi":
        _validate_csi(source, path, errors)
    elif name in _OTHERS:
        _OTHERS[name](source, path, errors)


def _validate_reference(reference: Object | None, path: str, errors: Errors) -> None:
    if reference is not None and not reference.get("name"):
        errors.required(f"{path}.name")


def _validate_csi(source: Object, path: str, errors: Errors) -> None:
    if driver := source.get("driver"):
        if formats.size(driver) > 63:
            errors.too_long(f"{path}.driver", 63)
        errors.invalid_each(f"{path}.driver", driver, formats.dns_1123_subdomain(driver.lower()))
    reference = source.get("nodePublishSecretRef")
    _validate_reference(reference, f"{path}.nodePublishSecretRef", errors)
    if name := (reference or {}).get("name"):
        errors.invalid_each(f"{path}.name", name, formats.dns_1123_subdomain(name))


def _validate_git_repo(source: Object, path: str, errors: Errors) -> None:
    validate_local_descending_path(source.get("directory", ""), f"{path}.directory", errors)


def _validate_fc(source: Object, path: str, errors: Errors) -> None:
    names, lun = source.get("targetWWNs") or [], source.get("lun")
    if not names and not source.get("wwids"):
        detail = "must specify either targetWWNs or wwids, but not both"
        errors.required(f"{path}.targetWWNs", detail)
    if names and source.get("wwids"):
        detail = "targetWWNs and wwids can not be specified simultaneously"
        errors.invalid(f"{path}.targetWWNs", names, detail)
    if names and lun is None:
        errors.required(f"{path}.lun", "lun is required if targetWWNs is specified")
    elif names and lun is not None and not 0 <= lun <= 255:
        errors.invalid(f"{path}.lun", lun, formats.in_range(0, 255))


def _validate_flex(source: Object, path: str, errors: Errors) -> None:
    for key in source.get("options") or {}:
        if f".{key.partition('/')[0].lower()}".endswith((".kubernetes.io", ".k8s.io")):
            detail = "kubernetes.io and k8s.io namespaces are reserved"
            errors.invalid(f"{path}.options[{key}]", key, detail)


def _validate_flocker(source: Object, path: str, errors: Errors) -> None:
    name, identity = source.get("datasetName", ""), source.get("datasetUUID", "")
    if not name and not identity:
        errors.required(path, "one of datasetName and datasetUUID is required")
    if name and identity:
        detail = "datasetName and datasetUUID can not be specified simultaneously"
        errors.invalid(path, "resource", detail)
    if "/" in name:
        errors.invalid(f"{path}.datasetName", name, "must not contain '/'")


def _validate_quobyte(source: Object, path: str, errors: Errors) -> None:
    registry = source.get("registry", "")
    if not registry:
        errors.required(f"{path}.registry", _PAIRS)
    elif formats.size(source.get("tenant", "")) >= 65:
        detail = "must be a UUID and may not exceed a length of 64 characters"
        errors.required(f"{path}.tenant", detail)
    else:
        for pair in registry.split(","):
            if pair.count(":") != 1:
                errors.invalid(f"{path}.registry", registry, _PAIRS)
    if not source.get("volume"):
        errors.required(f"{path}.volume")


def _validate_azure_disk(source: Object, path: str, errors: Errors) -> None:
    """`validateAzureDisk`, after `SetDefaults_AzureDiskVolumeSource`."""
    kind, uri = source.get("kind", "Shared"), source.get("diskURI", "")
    for field, value, supported in (
        ("cachingMode", source.get("cachingMode", "ReadWrite"), ("None", "ReadOnly", "ReadWrite")),
        ("kind", kind, ("Dedicated", "Managed", "Shared")),
    ):
        if value not in supported:
            errors.not_supported(f"{path}.{field}", value, supported)
    is_managed = kind == "Managed"
    if not uri.startswith("/subscriptions/" if is_managed else "https://"):
        errors.not_supported(f"{path}.diskURI", uri, (_DISK_URIS[is_managed],))


def _validate_iscsi(source: Object, path: str, errors: Errors) -> None:
    if not source.get("iqn"):
        errors.required(f"{path}.iqn")
    else:
        _validate_iscsi_name(source["iqn"], f"{path}.iqn", errors)
    lun = source.get("lun") or 0
    if not 0 <= lun <= 255:
        errors.invalid(f"{path}.lun", lun, formats.in_range(0, 255))
    wants_secret = source.get("chapAuthDiscovery") or source.get("chapAuthSession")
    if wants_secret and source.get("secretRef") is None:
        errors.required(f"{path}.secretRef")
    if (initiator := source.get("initiatorName")) is not None:
        _validate_iscsi_name(initiator, f"{path}.initiatorname", errors)


def _validate_iscsi_name(name: str, path: str, errors: Errors) -> None:
    form = _NAMES.get(name[:3])
    if form is None:
        errors.invalid(path, name, "must be valid format starting with iqn, eui, or naa")
    elif not re.search(form, name):
        errors.invalid(path, name, "must be valid format")


_OTHERS = {
    "gitRepo": _validate_git_repo,
    "fc": _validate_fc,
    "flexVolume": _validate_flex,
    "flocker": _validate_flocker,
    "quobyte": _validate_quobyte,
    "azureDisk": _validate_azure_disk,
    "iscsi": _validate_iscsi,
}
