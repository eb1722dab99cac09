"""Whatever stands in a manifest, there is an answer and no exception."""

import copy
import json
import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.api import admit
from checker.manifests import Source, read
from tests.conformance.cases import api_inputs

#: Objects to start from: all that are asked of the real server, and one of each custom kind.
CUSTOM = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web}
spec:
  parentRefs: [{name: gate}]
  hostnames: [a.example.com]
  rules:
  - matches: [{path: {type: PathPrefix, value: /a}, headers: [{name: a, value: b}]}]
    filters: [{type: RequestRedirect, requestRedirect: {statusCode: 301}}]
    timeouts: {request: 10s, backendRequest: 5s}
    backendRefs: [{name: web, port: 80}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gate}
spec:
  gatewayClassName: a
  addresses: [{value: 10.0.0.1}]
  listeners: [{name: a, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: a}]}}]
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: a}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: a}]
  to: [{group: "", kind: Service}]
"""


def _objects() -> list[dict[str, Any]]:
    texts = [CUSTOM] + [case["manifests"] for cases in api_inputs().values() for case in cases]
    return [m.value for text in texts for m in read([Source("case.yaml", text)]).manifests]


OBJECTS = _objects()
#: JSON values of all kinds, with those that rules look at among them.
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**64)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(
        ["", "a", "A", "80", "a.b", "../x", "100%", "1.2.3.4", "::1", "10.0.0.0/8", "None", "1Gi"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    if isinstance(value, list):
        value = dict(enumerate(value))
    if isinstance(value, dict):
        for key, item in value.items():
            found += _paths(item, (*path, key))
    return found


def _changed(seed: int, values: list[Any]) -> dict[str, Any]:
    """One of the objects with a few of its parts replaced."""
    choice = random.Random(seed)
    changed = copy.deepcopy(choice.choice(OBJECTS))
    for value in values:
        paths = [path for path in _paths(changed) if path]
        *before, last = choice.choice(paths)
        holder: Any = changed
        for step in before:
            holder = holder[step]
        holder[last] = value
    return changed


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32), st.lists(VALUES, min_size=1, max_size=4))
def test_no_exception_whatever_stands_there(seed: int, values: list[Any]) -> None:
    changed = _changed(seed, values)
    reading = read([Source("case.json", json.dumps(changed))])
    admission = admit(reading.manifests)
    errors = {f.object for f in admission.findings if f.severity == "error"}
    for resource in admission.resources:
        assert resource.accepted == (resource.ref not in errors)
        json.dumps(resource.value)
    for finding in admission.findings:
        assert finding.message
        assert finding.why
        assert finding.fix
        assert finding.url.startswith("https://")
        assert finding.location is not None


def test_many_repeated_ports_take_no_time() -> None:
    ports = ", ".join(["{containerPort: 80}"] * 5_000)
    spec = f"{{containers: [{{name: a, image: b, ports: [{ports}]}}]}}"
    text = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {spec}"
    findings = admit(read([Source("a.yaml", text)]).manifests).findings
    # The server sends 4096 characters of warnings.
    assert 10 < len(findings) < 100


def test_many_mistakes_are_not_all_told() -> None:
    ports = ", ".join(["{port: 0}"] * 5_000)
    text = f"apiVersion: v1\nkind: Service\nmetadata: {{name: a}}\nspec: {{ports: [{ports}]}}"
    assert len(admit(read([Source("a.yaml", text)]).manifests).findings) == 500
