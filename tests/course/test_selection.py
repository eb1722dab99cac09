"""The notations in which exercises speak of objects and fields."""

import pytest

from checker.api import admit
from checker.course.selection import check_path, notation, objects, printed, select
from checker.manifests import Source, read

SERVICE = {
    "metadata": {"labels": {"app.kubernetes.io/name": "web"}},
    "spec": {
        "ports": [
            {"name": "http", "port": 80, "targetPort": 8080},
            {"name": "metrics", "port": 9102},
        ]
    },
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("spec.ports[*].port", [80, 9102]),
        ("spec.ports[0].port", [80]),
        ("spec.ports[2].port", []),
        ("spec.ports[name=http].port", [80]),
        ("spec.ports[port=9102].name", ["metrics"]),
        ("spec.ports[name!=http].port", [9102]),
        ("spec.ports[targetPort!=8080].port", [9102]),
        ("spec.ports[*].targetPort", [8080]),
        ('metadata.labels["app.kubernetes.io/name"]', ["web"]),
        ("metadata.labels[*]", ["web"]),
        ("spec.nothing.at.all", []),
        ("spec.ports.port", []),
        ("spec.ports[*].port.deeper", []),
    ],
)
def test_paths_choose_values(path, expected):
    assert [found.value for found in select(SERVICE, path)] == expected


def test_found_values_know_their_plain_path():
    found = select(SERVICE, "spec.ports[name=metrics].port")
    assert printed(found[0].steps) == "spec.ports[1].port"


@pytest.mark.parametrize("path", ["spec..ports", "spec.ports[", "spec.ports[]", "[=x]", "a]b"])
def test_what_is_no_path_is_told(path):
    assert "not a field path" in check_path(path)


MANIFESTS = """
{apiVersion: v1, kind: Namespace, metadata: {name: back}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: a, image: a}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: back},
 spec: {containers: [{name: a, image: a}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: db}, spec: {containers: [{name: a, image: a}]}}
"""


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("Pod/web", ["Pod/web"]),
        ("Pod/web.back", ["Pod/web.back"]),
        ("Pod/*", ["Pod/web", "Pod/db"]),
        ("Pod/*.*", ["Pod/web", "Pod/web.back", "Pod/db"]),
        ("*/web", ["Pod/web"]),
        ("Namespace/back", ["Namespace/back"]),
        ("Service/web", []),
    ],
)
def test_objects_are_named_with_their_namespace(wanted, expected):
    resources = admit(read([Source("x", MANIFESTS)]).manifests).resources
    assert [notation(resource) for resource in objects(resources, wanted)] == expected
