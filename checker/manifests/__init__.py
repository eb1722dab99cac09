"""YAML text to objects, each field with its file, line and column.

Reads YAML as Kubernetes reads it (`sigs.k8s.io/yaml`, which is YAML 1.1 by go-yaml v2) and
knows no rule of Kubernetes beyond that.
"""

from checker.manifests import pyyaml  # noqa: F401  # before the others import PyYAML
from checker.manifests.fieldpath import FieldPath
from checker.manifests.limits import LIMITS, Limits
from checker.manifests.location import Location, Source
from checker.manifests.manifest import Duplicate, Manifest
from checker.manifests.reading import Problem, Reading, read

__all__ = [
    "LIMITS",
    "Duplicate",
    "FieldPath",
    "Limits",
    "Location",
    "Manifest",
    "Problem",
    "Reading",
    "Source",
    "read",
]
