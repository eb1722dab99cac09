"""What is said about an object: by the API server's rules, or by analysis."""

from typing import Literal, NamedTuple

from checker.manifests import Location

Severity = Literal["error", "warning", "note"]
FindingSource = Literal["api-server", "analysis"]


class ObjectRef(NamedTuple):
    """An object by its identity. `namespace` is empty for cluster-scoped kinds."""

    api_version: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"


class Finding(NamedTuple):
    """One thing to say about one object.

    `source="api-server"` with `severity="error"` claims that kube-apiserver would refuse to
    create the object with this very `field` and `message`; analysis never claims that.
    `field` is a printed FieldPath, empty for the object as a whole.
    """

    rule: str
    severity: Severity
    source: FindingSource
    object: ObjectRef | None
    field: str
    message: str
    why: str
    fix: str
    location: Location | None
    url: str
