"""What is measured with is what it says: distinct objects, nothing at fault, complete schemas."""

from __future__ import annotations

import json

import jsonschema
import pytest

from checker.advice import advise
from checker.api import ClusterSettings, admit
from checker.manifests import Source, read
from checker.network import build_cluster, matrix
from tests.benchmarks.inputs import KINDS, manifests
from tests.benchmarks.schemas import packed, write_schemas
from tests.benchmarks.world import NAMESPACES, world

TWO_APPLICATIONS = 34


def admitted(texts):
    reading = read([Source(f"{number}.yaml", text) for number, text in enumerate(texts)])
    assert not reading.problems
    return admit(reading.manifests)


def test_manifests_are_distinct_and_clean():
    admission = admitted(manifests(TWO_APPLICATIONS))
    refs = {(one.ref.kind, one.ref.namespace, one.ref.name) for one in admission.resources}
    assert len(refs) == TWO_APPLICATIONS
    assert {(one.ref.api_version, one.ref.kind) for one in admission.resources} == KINDS
    cluster = build_cluster(admission.resources, ClusterSettings())
    assert list(admission.findings) + list(advise(cluster, admission.resources)) == []


@pytest.mark.skipif(packed() is None, reason="kubernetes-validate is not installed")
@pytest.mark.parametrize("short", [False, True], ids=["published", "short"])
def test_schemas_stand_alone_and_are_strict(tmp_path, short):
    """Each is one file: what it refers to is in it. A misspelled field is no part of it."""
    write_schemas(tmp_path, KINDS, short=short)
    assert len(list(tmp_path.iterdir())) == len(KINDS)
    schema = json.loads((tmp_path / "service-v1.json").read_text(encoding="utf-8"))
    service = {"apiVersion": "v1", "kind": "Service", "spec": {"ports": [{"port": 80}]}}
    jsonschema.validate(service, schema)
    for wrong in ({"targetport": 80, "port": 80}, {"port": "80"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**service, "spec": {"ports": [wrong]}}, schema)


def test_world_has_the_size_it_says():
    pods, services, policies = 20, 6, 5
    admission = admitted(world(pods, services, policies))
    assert not admission.findings
    kinds = [one.ref.kind for one in admission.resources]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "Namespace": NAMESPACES,
        "Deployment": pods,
        "Service": services,
        "NetworkPolicy": policies,
    }
    table = matrix(build_cluster(admission.resources, ClusterSettings()))
    assert sum(len(source.members) for source in table.sources) == pods
    # Some are let through and some are not, or there would be nothing to work out.
    verdicts = {verdict for row in table.verdicts for verdict in row}
    assert verdicts == {"connected", "timeout"}
