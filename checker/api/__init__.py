"""What kube-apiserver says about objects that are created: decoding, defaults, validation."""

from checker.api.admission import Admission, admit
from checker.api.finding import Finding, FindingSource, ObjectRef, Severity
from checker.api.resource import Resource
from checker.api.settings import ClusterSettings

__all__ = [
    "Admission",
    "ClusterSettings",
    "Finding",
    "FindingSource",
    "ObjectRef",
    "Resource",
    "Severity",
    "admit",
]
