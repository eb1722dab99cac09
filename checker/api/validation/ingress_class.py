"""IngressClasses. After `pkg/apis/networking/validation: ValidateIngressClass`."""

from __future__ import annotations

from typing import Any

from checker.api.validation import formats
from checker.api.validation.errors import Errors
from checker.api.validation.ingress import validate_object_reference
from checker.api.validation.metadata import validate_object_meta

Object = dict[str, Any]

_PATH_FORM = r"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+"


def validate(ingress_class: Object, errors: Errors) -> None:
    """`ValidateIngressClass`."""
    meta, spec = ingress_class["metadata"], ingress_class["spec"]
    validate_object_meta(meta, False, formats.dns_1123_subdomain, "metadata", errors)
    controller = spec.get("controller", "")
    if formats.size(controller) > 250:
        errors.too_long("spec.controller", 250)
    validate_domain_prefixed_path(controller, "spec.controller", errors)
    if (parameters := spec.get("parameters")) is not None:
        _validate_parameters(parameters, "spec.parameters", errors)


def validate_domain_prefixed_path(text: str, path: str, errors: Errors) -> None:
    """`validation.IsDomainPrefixedPath`."""
    import re

    if not text:
        errors.required(path)
        return
    host, _, rest = text.partition("/")
    if not host or not rest:
        detail = 'must be a domain-prefixed path (such as "acme.io/foo")'
        errors.invalid(path, text, detail)
        return
    errors.invalid_each(path, host, formats.dns_1123_subdomain(host))
    if not re.fullmatch(_PATH_FORM, rest):
        detail = f"Invalid path (regex used for validation is '{_PATH_FORM}')"
        errors.invalid(path, rest, detail)


def _validate_parameters(parameters: Object, path: str, errors: Errors) -> None:
    """`validateIngressClassParametersReference`."""
    validate_object_reference(parameters, path, errors)
    scope, namespace = parameters.get("scope", "Cluster"), parameters.get("namespace")
    if scope not in ("Cluster", "Namespace"):
        errors.not_supported(f"{path}.scope", scope, ("Cluster", "Namespace"), named=False)
    elif scope == "Namespace":
        if namespace is None:
            errors.required(f"{path}.namespace", "`parameters.scope` is set to 'Namespace'")
        else:
            messages = formats.dns_1123_label(namespace)
            errors.invalid_each(f"{path}.namespace", namespace, messages)
    elif namespace is not None:
        errors.forbidden(f"{path}.namespace", "`parameters.scope` is set to 'Cluster'")
