"""Manifests from text, for the tests of this room."""

from typing import Any

from checker.api import Admission, ClusterSettings, Finding, admit
from checker.manifests import Manifest, Source, read


def manifests(text: str) -> list[Manifest]:
    """All objects of a YAML text."""
    reading = read([Source("test.yaml", text)])
    assert not reading.problems
    return reading.manifests


def admitted(text: str, settings: ClusterSettings | None = None) -> Admission:
    """What becomes of a YAML text's objects."""
    return admit(manifests(text), settings or ClusterSettings())


def errors(text: str) -> list[tuple[str, str]]:
    """Field and message of each error."""
    return [(f.field, f.message) for f in admitted(text).findings if f.severity == "error"]


def only(text: str) -> Finding:
    """The one finding that a text has."""
    (finding,) = admitted(text).findings
    return finding


def value(text: str) -> dict[str, Any]:
    """The one object of a text, decoded and defaulted."""
    (resource,) = admitted(text).resources
    return resource.value


POD = """
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - {name: web, image: "nginx:1.27"}
"""

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  ports:
  - {port: 80}
"""
