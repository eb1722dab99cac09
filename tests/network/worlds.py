"""Random small clusters: pods with a few labels, Services, policies."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

IMAGE = "registry.k8s.io/e2e-test-images/agnhost:2.63.0"
NAMES = ("a", "b", "c", "d")
NAMESPACES = ("red", "blue")
LABELS = st.fixed_dictionaries(
    {}, optional={"app": st.sampled_from(["x", "y"]), "tier": st.sampled_from(["x", "y"])}
)
SELECTOR = st.one_of(
    st.just({}),
    LABELS.map(lambda labels: {"matchLabels": labels}),
    st.builds(
        lambda key, operator, values: {
            "matchExpressions": [
                {
                    "key": key,
                    "operator": operator,
                    **({"values": values} if operator.endswith("In") else {}),
                }
            ]
        },
        st.sampled_from(["app", "tier"]),
        st.sampled_from(["In", "NotIn", "Exists", "DoesNotExist"]),
        st.lists(st.sampled_from(["x", "y"]), min_size=1, max_size=2, unique=True),
    ),
)
PORT = st.one_of(
    st.builds(
        dict,
        port=st.sampled_from([80, 8080, 8081, "http"]),
        protocol=st.sampled_from(["TCP", "UDP"]),
    ),
    st.builds(dict, protocol=st.sampled_from(["TCP", "UDP"])),
    st.just({"port": 8000, "endPort": 8090, "protocol": "TCP"}),
)
PEER = st.one_of(
    st.builds(dict, podSelector=SELECTOR),
    st.builds(dict, namespaceSelector=SELECTOR),
    st.builds(dict, namespaceSelector=SELECTOR, podSelector=SELECTOR),
    st.builds(
        lambda cidr: {"ipBlock": {"cidr": cidr}},
        st.sampled_from(["0.0.0.0/0", "10.244.0.0/16", "10.244.0.0/24", "192.168.0.0/16"]),
    ),
)
PORTS = st.lists(PORT, max_size=2)
PEERS = st.lists(PEER, max_size=2)


def rules(peers: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    one = st.builds(
        lambda ports, who: {**({"ports": ports} if ports else {}), **({peers: who} if who else {})},
        PORTS,
        PEERS,
    )
    return st.lists(one, max_size=2)


@st.composite
def policy(draw: Any, name: str) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "podSelector": draw(SELECTOR),
        "policyTypes": draw(st.sampled_from([["Ingress"], ["Egress"], ["Ingress", "Egress"]])),
    }
    if "Ingress" in spec["policyTypes"]:
        spec["ingress"] = draw(rules("from"))
    if "Egress" in spec["policyTypes"]:
        spec["egress"] = draw(rules("to"))
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": draw(st.sampled_from(NAMESPACES))},
        "spec": spec,
    }


@st.composite
def pods(draw: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": "red", "labels": draw(LABELS)},
        }
    ]
    for name in NAMES[: draw(st.integers(2, 4))]:
        args = draw(st.sampled_from([["netexec"], ["netexec", "--http-port=80"], ["pause"]]))
        container: dict[str, Any] = {"name": "c", "image": IMAGE, "args": args}
        if draw(st.booleans()):
            container["ports"] = [
                {"name": "http", "containerPort": draw(st.sampled_from([80, 8080]))}
            ]
        spec: dict[str, Any] = {"containers": [container]}
        if draw(st.booleans()):
            spec["nodeName"] = draw(st.sampled_from(["node-1", "node-2"]))
        if draw(st.integers(0, 5)) == 0:
            spec["hostNetwork"] = True
        found.append(
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {
                    "name": name,
                    "namespace": draw(st.sampled_from(NAMESPACES)),
                    "labels": draw(LABELS),
                },
                "spec": spec,
            }
        )
    return found


@st.composite
def services(draw: Any) -> list[dict[str, Any]]:
    found = []
    for name in ("s", "t")[: draw(st.integers(0, 2))]:
        spec: dict[str, Any] = {
            "selector": draw(LABELS),
            "ports": [{"port": 80, "targetPort": draw(st.sampled_from([80, 8080, "http"]))}],
        }
        if draw(st.integers(0, 3)) == 0:
            spec["internalTrafficPolicy"] = "Local"
        if draw(st.integers(0, 3)) == 0:
            spec["clusterIP"] = "None"
        found.append(
            {
                "apiVersion": "v1",
                "kind": "Service",
                "metadata": {"name": name, "namespace": draw(st.sampled_from(NAMESPACES))},
                "spec": spec,
            }
        )
    return found


def text(objects: list[dict[str, Any]]) -> str:
    """The objects as one stream; JSON is YAML."""
    return "".join(f"---\n{json.dumps(one)}\n" for one in objects)


@st.composite
def worlds(draw: Any) -> str:
    """A whole cluster as YAML text."""
    objects = draw(pods()) + draw(services())
    objects += [draw(policy(f"p{i}")) for i in range(draw(st.integers(0, 3)))]
    return text(objects)
