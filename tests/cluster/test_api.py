"""The small API client and the image writer, without a cluster."""

import json
import tarfile
from pathlib import Path

import pytest

from tests.cluster import images
from tests.cluster.api import _warning_text, path_of


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ('299 - "spec.externalIPs is deprecated"', "spec.externalIPs is deprecated"),
        # RFC 7234: a quoted string, with a backslash before what it could not hold otherwise.
        (r'299 - "unknown field \"spec.ports[0].targetport\""',
         'unknown field "spec.ports[0].targetport"'),
        (r'299 - "a \\ b" "Sun, 22 Nov 2026 00:00:00 GMT"', r"a \ b"),
    ],
)  # fmt: skip
def test_a_warning_is_what_the_quotes_hold(header: str, text: str) -> None:
    assert _warning_text(header) == text


@pytest.mark.parametrize(
    ("version", "kind", "namespace", "name", "path"),
    [
        ("v1", "Service", "a", None, "/api/v1/namespaces/a/services"),
        ("v1", "Namespace", None, "a", "/api/v1/namespaces/a"),
        ("networking.k8s.io/v1", "NetworkPolicy", "a", "b",
         "/apis/networking.k8s.io/v1/namespaces/a/networkpolicies/b"),
        ("networking.k8s.io/v1", "Ingress", None, None,
         "/apis/networking.k8s.io/v1/namespaces/default/ingresses"),
    ],
)  # fmt: skip
def test_paths(version: str, kind: str, namespace: str | None, name: str | None, path: str) -> None:
    assert path_of(version, kind, namespace, name) == path


def test_an_image_is_the_same_every_time(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_bytes(b"\x7fELF")
    for number in (1, 2):
        images.write_image(
            tmp_path / f"{number}.tar", ["a.example/b:1"], {"/b": program}, entrypoint=["/b"]
        )
    assert (tmp_path / "1.tar").read_bytes() == (tmp_path / "2.tar").read_bytes()
    with tarfile.open(tmp_path / "1.tar") as image:
        manifest = json.load(image.extractfile("manifest.json") or program.open())
        names = set(image.getnames())
    assert manifest[0]["RepoTags"] == ["a.example/b:1"]
    assert {manifest[0]["Config"], *manifest[0]["Layers"]} <= names
