"""Objects met by one API server, one create after the other."""

import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from checker.api.decode import Decoded, decode
from checker.api.finding import Finding, ObjectRef
from checker.api.gotext import printed, quote
from checker.api.kinds import KINDS, Kind, prepare_metadata
from checker.api.resource import Resource, generated_name
from checker.api.settings import ClusterSettings
from checker.api.validation.errors import Errors
from checker.manifests import FieldPath, Location, Manifest

if TYPE_CHECKING:
    from checker.api.allocation import Allocations
    from checker.api.finding import FindingSource, Severity

Object = dict[str, Any]

#: What admission plugins look at before a pod is validated (`checker.api.pod_admission`).
_PLUGIN_FIELDS = frozenset(
    ("serviceAccountName", "serviceAccount", "priority", "priorityClassName", "preemptionPolicy",
     "runtimeClassName")
)  # fmt: skip


class Admission(NamedTuple):
    """What became of the manifests: the objects in their order, and all that is to say."""

    resources: list[Resource]
    findings: list[Finding]


def admit(
    manifests: Sequence[Manifest],
    settings: ClusterSettings = ClusterSettings(),  # noqa: B008
) -> Admission:
    """Judges the manifests in order, as creates against one empty cluster would be.

    Documents of `apiVersion: checker/v1`, which hold a learner's answers, are left out.
    """
    server = _Server(settings, _namespace_labels(manifests))
    for manifest in manifests:
        if manifest.value.get("apiVersion") != "checker/v1":
            server.create(manifest)
    return Admission(server.resources, server.findings)


class _Server:
    """An API server with nothing in it yet."""

    def __init__(
        self, settings: ClusterSettings, namespace_labels: dict[str, dict[str, str]]
    ) -> None:
        self.resources: list[Resource] = []
        self.findings: list[Finding] = []
        self._settings = settings
        self._namespace_labels = namespace_labels
        self._allocations: Allocations | None = None
        self._seen: dict[tuple[str, str, str, str], Manifest] = {}

    def create(self, manifest: Manifest) -> None:
        """One object: decode, default, allocate, validate, warn."""
        value = manifest.value
        api_version, name = value.get("apiVersion"), value.get("kind")
        kind = None
        if api_version.__class__ is str and name.__class__ is str:
            kind = KINDS.get((str(api_version), str(name)))
        if kind is None:
            from checker.api.unknown import judge_unknown

            resource, said = judge_unknown(manifest, self._settings.namespace)
            self.resources.append(resource)
            for each in said:
                # A note is this checker's own word: the server says nothing.
                source: FindingSource = "analysis" if each.severity == "note" else "api-server"
                self._say(resource, each.rule, each.severity, each.field, each.message, source)
            if resource.accepted:
                self._note_name(resource)
            return
        decoded = _decode(kind, value, _duplicate_lines(manifest))
        resource = self._resource(manifest, decoded.value, kind)
        self.resources.append(resource)
        if kind.deprecated:
            self._say(resource, "api-warning", "warning", "apiVersion", kind.deprecated)
        if decoded.message:
            resource.accepted = False
            self._say(resource, decoded.rule, "error", decoded.field, decoded.message)
            if not decoded.message.startswith("strict decoding error"):
                # Nothing that follows could be said of a value that is not the object's.
                resource.value = _best_effort(kind, resource.value)
                return
        self._judge(resource, kind, silent=bool(decoded.message))

    def _resource(self, manifest: Manifest, value: Object, kind: Kind) -> Resource:
        meta = value.get("metadata")
        if meta is None:
            meta = value["metadata"] = {}
        namespace = ""
        if kind.namespaced:
            namespace = meta.get("namespace") or self._settings.namespace
            meta["namespace"] = namespace
        else:
            # The path of the request has no namespace, which wins.
            meta.pop("namespace", None)
        name = meta.get("name") or ""
        if not name:
            # What cannot be decoded further has a name all the same.
            raw = manifest.value.get("metadata")
            written = raw.get("name") if isinstance(raw, dict) else None
            name = written if isinstance(written, str) else ""
        if not name and meta.get("generateName"):
            name = meta["name"] = generated_name(meta["generateName"])
        api_version, kind_name = str(manifest.value["apiVersion"]), str(manifest.value["kind"])
        value["apiVersion"], value["kind"] = api_version, kind_name
        return Resource(manifest, ObjectRef(api_version, kind_name, namespace, name), value, True)

    def _judge(self, resource: Resource, kind: Kind, *, silent: bool) -> None:
        """Everything after decoding. `silent` where the decoder has had the last word."""
        value = resource.value
        repeated: list[tuple[str, str]] = []
        if value["metadata"].get("ownerReferences"):
            from checker.api.warnings.owners import drop_repeated_owners

            repeated = drop_repeated_owners(value["metadata"])
        kind.set_defaults(value)
        is_pod = resource.ref.kind == "Pod"
        if is_pod and not silent and self._is_refused(resource, late=False):
            self._warn(resource, repeated)
            self._note_name(resource)
            return
        prepare_metadata(resource.ref.kind, value["metadata"])
        errors = Errors()
        owner = (resource.ref.namespace, resource.ref.name)
        is_service = resource.ref.kind == "Service"
        if is_service and not silent:
            self._allocate(value, owner, errors)
        if not errors and not silent:
            kind.validate(value, errors)
            if not errors:
                _validate_path_segments(value["metadata"], errors)
            if errors and is_service and self._allocations is not None:
                self._allocations.release(owner)
        warnings = [] if silent else repeated + kind.list_early_warnings(value)
        if errors:
            resource.accepted = False
            for error in errors:
                self._say(resource, error.rule, "error", error.field, error.message)
        elif not silent:
            warnings = warnings + kind.list_warnings(value)
            if is_pod:
                self._is_refused(resource, late=True)
            if resource.ref.namespace in self._namespace_labels:
                warnings = warnings + self._judge_security(resource)
        self._warn(resource, warnings)
        self._note_name(resource)

    def _warn(self, resource: Resource, warnings: list[tuple[str, str]]) -> None:
        if warnings:
            from checker.api.warnings.recorded import as_sent

            for field, line in as_sent(warnings):
                self._say(resource, "api-warning", "warning", field, line)

    def _is_refused(self, resource: Resource, *, late: bool) -> bool:
        """Whether admission plugins refuse a pod: before it is validated, or `late` after."""
        spec = resource.value["spec"]
        if late:
            if "overhead" not in spec:
                return False
            from checker.api.pod_admission import late_refusal

            found = late_refusal(resource.value, resource.ref.name)
        else:
            if not _PLUGIN_FIELDS & spec.keys():
                return False
            from checker.api.pod_admission import refusal

            # A name that the server generates is not there yet.
            name = (resource.manifest.value.get("metadata") or {}).get("name") or ""
            found = refusal(resource.value, name, self._priority_classes())
        if found is None:
            return False
        resource.accepted = False
        self._say(resource, "api-forbidden", "error", found.field, found.message)
        return True

    def _priority_classes(self) -> dict[str, Object]:
        """The PriorityClasses so far, by name; those without a whole number are none."""
        return {
            each.ref.name: each.value
            for each in self.resources
            if each.ref.kind == "PriorityClass" and each.value.get("value").__class__ is int
        }

    def _judge_security(self, resource: Resource) -> list[tuple[str, str]]:
        """Pod Security: refuses a pod, or warns of it and of a workload's template."""
        from checker.api.pod_security import policy_of, violations

        kind, spec = resource.ref.kind, resource.value.get("spec") or {}
        if kind == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        pod = resource.value if kind == "Pod" else spec.get("template")
        if not isinstance(pod, dict) or "containers" not in pod.get("spec", {}):
            return []
        policy = policy_of(self._namespace_labels[resource.ref.namespace])
        meta = pod["metadata"]
        if kind == "Pod" and (found := violations(policy.enforce, meta, pod["spec"])):
            resource.accepted = False
            what = f'violates PodSecurity "{policy.enforce}": {found}'
            message = f'pods "{resource.ref.name}" is forbidden: {what}'
            self._say(resource, "api-pod-security", "error", "", message)
            return []
        if found := violations(policy.warn, meta, pod["spec"]):
            return [("", f'would violate PodSecurity "{policy.warn}": {found}')]
        return []

    def _allocate(self, service: Object, owner: tuple[str, str], errors: Errors) -> None:
        from checker.api.allocation import Allocations

        if self._allocations is None:
            self._allocations = Allocations(self._settings)
        self._allocations.allocate(service, owner, errors)

    def _note_name(self, resource: Resource) -> None:
        """One object named twice: the second create would fail, apply would merge them."""
        ref = resource.ref
        if not ref.name or resource.value.get("metadata", {}).get("generateName"):
            return
        group = ref.api_version.rpartition("/")[0]
        key = (group, ref.kind, ref.namespace, ref.name)
        first = self._seen.setdefault(key, resource.manifest)
        if first is not resource.manifest:
            where = f"in the namespace {quote(ref.namespace)} " if ref.namespace else ""
            message = f"{ref.kind} {quote(ref.name)} {where}is already defined at {first.location}"
            self._say(
                resource, "object-named-twice", "warning", "metadata.name", message, "analysis"
            )

    def _say(
        self,
        resource: Resource,
        rule: str,
        severity: "Severity",
        field: str,
        message: str,
        source: "FindingSource" = "api-server",
    ) -> None:
        from checker.api.explanations import explain

        why, fix, url = explain(rule, resource.ref.kind, field, message)
        location = _locate(resource.manifest, field)
        finding = Finding(
            rule, severity, source, resource.ref, field, message, why, fix, location, url
        )
        self.findings.append(finding)


def _namespace_labels(manifests: Sequence[Manifest]) -> dict[str, dict[str, str]]:
    """The labels of all namespaces of the input that ask for Pod Security."""
    found = {}
    for manifest in manifests:
        value = manifest.value
        if value.get("kind") != "Namespace" or value.get("apiVersion") != "v1":
            continue
        meta = value.get("metadata")
        if not isinstance(meta, dict):
            continue
        labels = meta.get("labels")
        if isinstance(labels, dict) and any(
            str(key).startswith("pod-security.kubernetes.io/") for key in labels
        ):
            texts = {key: text for key, text in labels.items() if isinstance(text, str)}
            found[str(meta.get("name"))] = texts
    return found


def _decode(kind: Kind, value: Object, duplicate_lines: str) -> Decoded:
    if kind.struct:
        return decode(kind.table, kind.struct, value, duplicate_lines)
    from checker.api.custom.resources import decode as decode_custom

    return decode_custom(value, duplicate_lines)


def _locate(manifest: Manifest, field: str) -> Location:
    try:
        return manifest.locate(FieldPath.parse(field)) if field else manifest.location
    except ValueError:
        # Keys with brackets in them print as paths that cannot be read back.
        return manifest.location


def _duplicate_lines(manifest: Manifest) -> str:
    """The YAML reader's complaint about repeated keys, as the server passes it on."""
    if not manifest.duplicates:
        return ""
    lines = [
        f"  line {each.document_line}: key {printed(each.meaning)} already set in map"
        for each in manifest.duplicates
    ]
    return "yaml: unmarshal errors:\n" + "\n".join(lines)


def _best_effort(kind: Kind, value: Object) -> Object:
    """The value with defaults where it holds enough for them."""
    # Left as far as it gets: the object is refused, and has been told why.
    with contextlib.suppress(AttributeError, KeyError, TypeError):
        kind.set_defaults(value)
    return value


def _validate_path_segments(meta: Object, errors: Errors) -> None:
    """`rest.BeforeCreate`: last, that the name can stand in a URL."""
    name = meta.get("name", "")
    if "/" in name or "%" in name or name in (".", ".."):
        from checker.api.validation.formats import path_segment

        errors.invalid_each("metadata.name", name, path_segment(name))
