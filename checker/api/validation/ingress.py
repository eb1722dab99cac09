"""Ingresses. After `pkg/apis/networking/validation: ValidateIngressCreate`."""

from __future__ import annotations

from typing import Any

from checker.api.validation import formats
from checker.api.validation.addresses import parse_sloppy
from checker.api.validation.errors import Errors
from checker.api.validation.metadata import validate_object_meta

Object = dict[str, Any]

CLASS_ANNOTATION = "kubernetes.io/ingress.class"
_PATH_TYPES = ("Exact", "ImplementationSpecific", "Prefix")
_BAD_SEQUENCES = ("//", "/./", "/../", "%2f", "%2F")
_BAD_SUFFIXES = ("/..", "/.")
_ABSOLUTE = "must be an absolute path"


def validate(ingress: Object, errors: Errors) -> None:
    """`ValidateIngressCreate`."""
    meta, spec = ingress["metadata"], ingress["spec"]
    validate_object_meta(meta, True, formats.dns_1123_subdomain, "metadata", errors)
    _validate_spec(spec, "spec", errors)
    annotation = (meta.get("annotations") or {}).get(CLASS_ANNOTATION)
    name = spec.get("ingressClassName")
    if annotation is not None and name is not None and annotation != name:
        detail = "must match `ingressClassName` when both are specified"
        errors.invalid(f"annotations.{CLASS_ANNOTATION}", annotation, detail)


def _validate_spec(spec: Object, path: str, errors: Errors) -> None:
    """`ValidateIngressSpec`."""
    rules, backend = spec.get("rules"), spec.get("defaultBackend")
    if not rules and backend is None:
        errors.invalid(path, rules, "either `defaultBackend` or `rules` must be specified")
    if backend is not None:
        validate_backend(backend, f"{path}.defaultBackend", errors)
    for index, rule in enumerate(rules or ()):
        _validate_rule(rule, f"{path}.rules[{index}]", errors)
    for index, tls in enumerate(spec.get("tls") or ()):
        _validate_tls(tls, f"{path}.tls[{index}]", errors)
    if (name := spec.get("ingressClassName")) is not None:
        errors.invalid_each(f"{path}.ingressClassName", name, formats.dns_1123_subdomain(name))


def _validate_tls(tls: Object, path: str, errors: Errors) -> None:
    """`validateIngressTLS`."""
    for index, host in enumerate(tls.get("hosts") or ()):
        errors.invalid_each(f"{path}.hosts[{index}]", host, _host_messages(host))
    if name := tls.get("secretName"):
        errors.invalid_each(f"{path}.secretName", name, formats.dns_1123_subdomain(name))


def _host_messages(host: str) -> formats.Messages:
    if "*" in host:
        return formats.wildcard_dns_1123_subdomain(host)
    return formats.dns_1123_subdomain(host)


def _validate_rule(rule: Object, path: str, errors: Errors) -> None:
    """`validateIngressRules`."""
    if host := rule.get("host"):
        if host[:1] in "0123456789:abcdefABCDEF" and parse_sloppy(host) is not None:
            errors.invalid(f"{path}.host", host, "must be a DNS name, not an IP address")
        errors.invalid_each(f"{path}.host", host, _host_messages(host))
    http = rule.get("http")
    if http is None:
        return
    paths = http.get("paths") or []
    if not paths:
        errors.required(f"{path}.http.paths")
    for index, entry in enumerate(paths):
        _validate_path(entry, f"{path}.http.paths[{index}]", errors)


def _validate_path(entry: Object, path: str, errors: Errors) -> None:
    """`validateHTTPIngressPath`."""
    kind, text = entry.get("pathType"), entry.get("path", "")
    if kind is None:
        errors.required(f"{path}.pathType", "pathType must be specified")
        return
    below = f"{path}.path"
    if kind in ("Exact", "Prefix"):
        if not text.startswith("/"):
            errors.invalid(below, text, _ABSOLUTE)
        for sequence in _BAD_SEQUENCES:
            if sequence in text:
                errors.invalid(below, text, f"must not contain '{sequence}'")
        for suffix in _BAD_SUFFIXES:
            if text.endswith(suffix):
                errors.invalid(below, text, f"cannot end with '{suffix}'")
    elif kind == "ImplementationSpecific":
        if text and not text.startswith("/"):
            errors.invalid(below, text, _ABSOLUTE)
    else:
        errors.not_supported(f"{path}.pathType", kind, _PATH_TYPES)
    validate_backend(entry.get("backend") or {}, f"{path}.backend", errors)


def validate_backend(backend: Object, path: str, errors: Errors) -> None:
    """`validateIngressBackend`."""
    resource, service = backend.get("resource"), backend.get("service")
    if resource is not None and service is not None:
        errors.invalid(path, "", "cannot set both resource and service backends")
    elif resource is not None:
        validate_object_reference(resource, f"{path}.resource", errors)
    elif service is not None:
        _validate_service_backend(service, path, errors)
    else:
        errors.invalid(path, "", "resource or service backend is required")


def _validate_service_backend(service: Object, path: str, errors: Errors) -> None:
    name = service.get("name", "")
    if not name:
        errors.required(f"{path}.service.name")
    else:
        errors.invalid_each(f"{path}.service.name", name, formats.dns_1123_label(name))
    port = service.get("port") or {}
    port_name, number = port.get("name", ""), port.get("number", 0)
    if port_name and number:
        errors.invalid(path, "", "cannot set both port name & port number")
    elif port_name:
        messages = formats.port_name(port_name)
        errors.invalid_each(f"{path}.service.port.name", port_name, messages)
    elif number:
        errors.invalid_each(f"{path}.service.port.number", number, formats.port_number(number))
    else:
        errors.required(path, "port name or number is required")


def validate_object_reference(reference: Object, path: str, errors: Errors) -> None:
    """`validateIngressTypedLocalObjectReference`."""
    if (group := reference.get("apiGroup")) is not None:
        errors.invalid_each(f"{path}.apiGroup", group, formats.dns_1123_subdomain(group))
    for field in ("kind", "name"):
        text = reference.get(field, "")
        if not text:
            errors.required(f"{path}.{field}")
        else:
            errors.invalid_each(f"{path}.{field}", text, formats.path_segment(text))
