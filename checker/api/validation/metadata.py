"""Metadata and label selectors.

After `k8s.io/apimachinery/pkg/api/validation: ValidateObjectMetaAccessor` and
`pkg/apis/meta/v1/validation`. Go walks maps in no fixed order; here it is the sorted one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checker.api.validation import formats
from checker.api.validation.errors import Errors

NameFormat = Callable[[str], formats.Messages]
Object = dict[str, Any]


def validate_object_meta(
    meta: Object,
    namespaced: bool,
    name_format: NameFormat,
    path: str,
    errors: Errors,
    *,
    custom: bool = False,
    judges_prefix: bool = True,
) -> None:
    """`ValidateObjectMetaAccessor`, and what `pkg/apis/core/validation: ValidateObjectMeta` adds.

    Finalizers of a `custom` resource, or of a kind whose own rules leave metadata out, need no
    domain. Without `judges_prefix` a generateName is judged by the name that comes of it alone
    (`ValidateObjectMetaWithOpts`). The server writes managedFields anew.
    """
    generate_name = meta.get("generateName")
    if generate_name and judges_prefix:
        masked = mask_trailing_dash(generate_name)
        errors.invalid_each(f"{path}.generateName", generate_name, name_format(masked))
    name = meta.get("name")
    if not name:
        errors.required(f"{path}.name", "name or generateName is required")
    else:
        errors.invalid_each(f"{path}.name", name, name_format(name))
    validate_meta_common(meta, namespaced, path, errors)
    if not custom:
        for index, finalizer in enumerate(meta.get("finalizers") or ()):
            validate_kube_finalizer(finalizer, f"{path}.finalizers[{index}]", errors)


def validate_kube_finalizer(finalizer: str, path: str, errors: Errors) -> None:
    """`validateKubeFinalizerName`."""
    if "/" not in finalizer and finalizer not in ("kubernetes", "orphan", "foregroundDeletion"):
        detail = "name is neither a standard finalizer name nor is it fully qualified"
        errors.invalid(path, finalizer, detail)


def mask_trailing_dash(name: str) -> str:
    """`maskTrailingDash`: a prefix may end with a dash, since something follows it."""
    return name[:-2] + "a" if len(name) > 1 and name.endswith("-") else name


def validate_meta_common(meta: Object, namespaced: bool, path: str, errors: Errors) -> None:
    """`validateObjectMetaAccessorWithOptsCommon`."""
    namespace = meta.get("namespace")
    if namespaced:
        if not namespace:
            errors.required(f"{path}.namespace")
        else:
            errors.invalid_each(f"{path}.namespace", namespace, formats.dns_1123_label(namespace))
    elif namespace:
        errors.forbidden(f"{path}.namespace", "not allowed on this type")
    validate_nonnegative(meta.get("generation") or 0, f"{path}.generation", errors)
    if labels := meta.get("labels"):
        validate_labels(labels, f"{path}.labels", errors)
    if annotations := meta.get("annotations"):
        validate_annotations(annotations, f"{path}.annotations", errors)
    if owners := meta.get("ownerReferences"):
        validate_owner_references(owners, f"{path}.ownerReferences", errors)
    if finalizers := meta.get("finalizers"):
        validate_finalizers(finalizers, f"{path}.finalizers", errors)


def validate_nonnegative(value: int, path: str, errors: Errors) -> None:
    """`ValidateNonnegativeField`."""
    if value < 0:
        errors.invalid(path, value, "must be greater than or equal to 0")


def validate_label_name(key: str, path: str, errors: Errors) -> None:
    """`ValidateLabelName`."""
    errors.invalid_each(path, key, formats.qualified_name(key))


def validate_labels(labels: dict[str, str], path: str, errors: Errors) -> None:
    """`ValidateLabels`."""
    for key, value in labels.items():
        if formats.qualified_name(key) or formats.label_value(value):
            break
    else:
        return
    for key in sorted(labels):
        errors.invalid_each(path, key, formats.qualified_name(key))
        errors.invalid_each(path, labels[key], formats.label_value(labels[key]))


def validate_annotations(annotations: dict[str, str], path: str, errors: Errors) -> None:
    """`ValidateAnnotations`: keys in any case, 256 KiB in all."""
    total = 0
    for key in sorted(annotations):
        errors.invalid_each(path, key, formats.qualified_name(key.lower()))
        total += formats.size(key) + formats.size(annotations[key])
    if total > 256 * 1024:
        errors.too_long(path, 256 * 1024)


def validate_owner_references(owners: list[Object], path: str, errors: Errors) -> None:
    """`ValidateOwnerReferences`."""
    controller = ""
    for owner in owners:
        version, kind = owner.get("apiVersion", ""), owner.get("kind", "")
        # schema.ParseGroupVersion gives nothing at all for text with two slashes.
        group, _, bare = version.rpartition("/") if version.count("/") < 2 else ("", "", "")
        if not bare:
            errors.invalid(f"{path}.apiVersion", version, "version must not be empty")
        if not kind:
            errors.invalid(f"{path}.kind", kind, "must not be empty")
        if not owner.get("name"):
            errors.invalid(f"{path}.name", "", "must not be empty")
        if not owner.get("uid"):
            errors.invalid(f"{path}.uid", "", "must not be empty")
        if (group, bare, kind) == ("", "v1", "Event"):
            detail = "/v1, Kind=Event is disallowed from being an owner"
            errors.invalid(path, _owner_json(owner), detail)
        if owner.get("controller"):
            current = f"{kind}/{owner.get('name', '')}"
            if controller:
                found = f'Found "true" in references for {controller} and {current}'
                errors.invalid(
                    path,
                    [_owner_json(each) for each in owners],
                    f"Only one reference can have Controller set to true. {found}",
                )
            else:
                controller = current


def _owner_json(owner: Object) -> Object:
    always = {key: owner.get(key, "") for key in ("apiVersion", "kind", "name", "uid")}
    more = {key: owner[key] for key in ("controller", "blockOwnerDeletion") if key in owner}
    return always | more


def validate_finalizers(finalizers: list[str], path: str, errors: Errors) -> None:
    """`ValidateFinalizers`."""
    for finalizer in finalizers:
        errors.invalid_each(path, finalizer, formats.qualified_name(finalizer))
    if "orphan" in finalizers and "foregroundDeletion" in finalizers:
        both = "finalizer orphan and foregroundDeletion cannot be both set"
        errors.invalid(path, finalizers, both)


def validate_label_selector(selector: Object | None, path: str, errors: Errors) -> None:
    """`ValidateLabelSelector`."""
    if not selector:
        return
    if labels := selector.get("matchLabels"):
        validate_labels(labels, f"{path}.matchLabels", errors)
    for index, requirement in enumerate(selector.get("matchExpressions") or ()):
        validate_requirement(requirement, f"{path}.matchExpressions[{index}]", errors)


def validate_requirement(requirement: Object, path: str, errors: Errors) -> None:
    """`ValidateLabelSelectorRequirement`."""
    operator = requirement.get("operator", "")
    values = requirement.get("values") or ()
    if operator in ("In", "NotIn"):
        if not values:
            detail = "must be specified when `operator` is 'In' or 'NotIn'"
            errors.required(f"{path}.values", detail)
    elif operator in ("Exists", "DoesNotExist"):
        if values:
            detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
            errors.forbidden(f"{path}.values", detail)
    else:
        errors.invalid_named(f"{path}.operator", operator, "not a valid selector operator")
    validate_label_name(requirement.get("key", ""), f"{path}.key", errors)
    for index, value in enumerate(values):
        errors.invalid_each(f"{path}.values[{index}]", value, formats.label_value(value))


def selector_matches(selector: Object | None, labels: dict[str, str]) -> bool:
    """Whether a label selector that passed validation selects `labels`.

    `metav1.LabelSelectorAsSelector`: none selects nothing, an empty one everything.
    """
    if selector is None:
        return False
    for key, value in (selector.get("matchLabels") or {}).items():
        if labels.get(key) != value:
            return False
    for requirement in selector.get("matchExpressions") or ():
        key, operator = requirement.get("key", ""), requirement.get("operator", "")
        values = requirement.get("values") or ()
        found = key in labels
        if operator == "In" and not (found and labels[key] in values):
            return False
        if operator == "NotIn" and found and labels[key] in values:
            return False
        if operator == "Exists" and not found:
            return False
        if operator == "DoesNotExist" and found:
            return False
    return True


def validate_qualified_name(text: str, path: str, errors: Errors) -> None:
    """`ValidateQualifiedName`."""
    errors.invalid_each(path, text, formats.qualified_name(text))


def validate_dns_1123_label(text: str, path: str, errors: Errors) -> None:
    """`ValidateDNS1123Label`."""
    errors.invalid_each(path, text, formats.dns_1123_label(text))


def validate_dns_1123_subdomain(text: str, path: str, errors: Errors) -> None:
    """`ValidateDNS1123Subdomain`."""
    errors.invalid_each(path, text, formats.dns_1123_subdomain(text))
