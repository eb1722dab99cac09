"""A stand-in for a cluster: an API server that lists what one application would have there.

popeye reads a cluster only. The objects are those of the manifests, with Kubernetes' defaults; for
every workload there are its pods, all running and ready, and for every Service with a selector the
pods that it selects, as a cluster shows where all goes well. Reads are all that it answers.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from checker.advice.survey import Survey
from checker.api import ClusterSettings, admit
from checker.manifests import Source, read
from checker.network import build_cluster
from checker.network.model import PodTemplate

#: What popeye asks for, by group and version: resource, kind, whether it is in a namespace.
RESOURCES: dict[str, tuple[tuple[str, str, bool], ...]] = {
    "v1": (
        ("namespaces", "Namespace", False),
        ("nodes", "Node", False),
        ("pods", "Pod", True),
        ("services", "Service", True),
        ("endpoints", "Endpoints", True),
        ("serviceaccounts", "ServiceAccount", True),
        ("configmaps", "ConfigMap", True),
        ("secrets", "Secret", True),
    ),
    "apps/v1": (
        ("deployments", "Deployment", True),
        ("replicasets", "ReplicaSet", True),
        ("statefulsets", "StatefulSet", True),
        ("daemonsets", "DaemonSet", True),
    ),
    "networking.k8s.io/v1": (
        ("ingresses", "Ingress", True),
        ("networkpolicies", "NetworkPolicy", True),
    ),
}


def objects(folder: Path) -> tuple[list[dict[str, Any]], set[str]]:
    """All objects of an application as a cluster would have them.

    Then the namespaces where an operator would make pods as well, which are not among them.
    """
    sources = [
        Source(path.name, path.read_text(encoding="utf-8")) for path in sorted(folder.iterdir())
    ]
    resources = admit(read(sources).manifests).resources
    cluster = build_cluster(resources, ClusterSettings())
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for resource in resources:
        value = json.loads(json.dumps(resource.value, default=str))
        value.setdefault("metadata", {})
        if resource.ref.namespace:
            value["metadata"]["namespace"] = resource.ref.namespace
        found[resource.ref.kind, resource.ref.namespace or "", resource.ref.name] = value
    pods = [
        (pod.template, pod.name, pod.labels)
        for pod in cluster.pods
        if pod.template.kind != "DaemonSet"
    ]
    # The model has one node; a DaemonSet is for several, of whatever kind.
    pods += [
        (template, f"{template.name}-{number}", template.labels)
        for template in cluster.templates
        if template.kind == "DaemonSet"
        for number in (1, 2)
    ]
    for number, (template, name, labels) in enumerate(pods):
        pod = _pod(template, name, labels, number)
        found["Pod", template.namespace, name] = pod
    spaces = {namespace for _, namespace, _ in found if namespace}
    for space in sorted(spaces | {"default", "kube-system"}):
        found.setdefault(
            ("Namespace", "", space),
            {
                "apiVersion": "v1",
                "kind": "Namespace",
                "metadata": {"name": space, "labels": {"kubernetes.io/metadata.name": space}},
            },
        )
    for kind, namespace, name in list(found):
        if kind == "Service":
            endpoints = _endpoints(found["Service", namespace, name], found)
            found.setdefault(("Endpoints", namespace, name), endpoints)
    survey = Survey(cluster, resources)
    return list(found.values()), {space for space in spaces if survey.may_hold_more(space)}


def _pod(template: PodTemplate, name: str, labels: dict[str, str], number: int) -> dict[str, Any]:
    spec = json.loads(json.dumps(template.spec, default=str))
    address = f"10.244.{number // 250}.{number % 250 + 2}"
    ready = [{"type": kind, "status": "True"} for kind in ("Ready", "ContainersReady")]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": template.namespace, "labels": dict(labels)},
        "spec": {**spec, "nodeName": "node-1"},
        "status": {
            "phase": "Running",
            "podIP": address,
            "podIPs": [{"ip": address}],
            "conditions": ready,
        },
    }


def _endpoints(service: dict[str, Any], found: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    meta, spec = service["metadata"], service.get("spec") or {}
    selector = spec.get("selector") or {}
    pods = [
        one
        for (kind, namespace, _), one in found.items()
        if kind == "Pod"
        and namespace == meta["namespace"]
        and selector
        and selector.items() <= one["metadata"]["labels"].items()
    ]
    subsets = [
        {
            "addresses": [{"ip": one["status"]["podIP"]} for one in pods],
            "ports": [
                {"name": port.get("name", ""), "port": port["port"], "protocol": port["protocol"]}
                for port in spec.get("ports") or ()
            ],
        }
    ]
    return {
        "apiVersion": "v1",
        "kind": "Endpoints",
        "metadata": {"name": meta["name"], "namespace": meta["namespace"]},
        "subsets": subsets if pods else [],
    }


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, set[str]]]:
    """Serves the application's objects on localhost while the block runs.

    Gives the address, and the namespaces in which pods are missing.
    """
    there, incomplete = objects(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if "watch" in parse_qs(url.query):
                self._answer({}, empty=True)
                return
            found = _answer(url.path, there)
            self._answer(found or {"kind": "Status", "apiVersion": "v1", "code": 404}, not found)

        def do_POST(self) -> None:
            """Whether popeye may: it may."""
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._answer({**asked, "status": {"allowed": True}})

        def _answer(self, body: dict[str, Any], missing: bool = False, empty: bool = False) -> None:
            text = b"" if empty else json.dumps(body).encode()
            self.send_response(404 if missing else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", incomplete
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _answer(path: str, there: list[dict[str, Any]]) -> dict[str, Any] | None:
    parts = path.strip("/").split("/")
    if parts == ["version"]:
        return {"major": "1", "minor": "36", "gitVersion": "v1.36.0"}
    if parts == ["api"]:
        return {"kind": "APIVersions", "versions": ["v1"]}
    if parts == ["apis"]:
        groups = [version.split("/") for version in RESOURCES if "/" in version]
        return {
            "kind": "APIGroupList",
            "apiVersion": "v1",
            "groups": [
                {
                    "name": group,
                    "versions": [{"groupVersion": f"{group}/{version}", "version": version}],
                    "preferredVersion": {"groupVersion": f"{group}/{version}", "version": version},
                }
                for group, version in groups
            ],
        }
    version = "/".join(parts[1:2] if parts[0] == "api" else parts[1:3])
    rest = parts[2:] if parts[0] == "api" else parts[3:]
    if version not in RESOURCES:
        return None
    if not rest:
        return {
            "kind": "APIResourceList",
            "apiVersion": "v1",
            "groupVersion": version,
            "resources": [
                {"name": name, "kind": kind, "namespaced": inside, "verbs": ["get", "list"]}
                for name, kind, inside in RESOURCES[version]
            ],
        }
    return _list(version, rest, there)


def _list(version: str, rest: list[str], there: list[dict[str, Any]]) -> dict[str, Any] | None:
    namespace = rest[1] if len(rest) == 3 and rest[0] == "namespaces" else ""
    for name, kind, _ in RESOURCES[version]:
        if name != rest[-1]:
            continue
        items = [
            one
            for one in there
            if one.get("kind") == kind
            and one.get("apiVersion") == version
            and (not namespace or one["metadata"].get("namespace") == namespace)
        ]
        metadata = {"resourceVersion": "1"}
        return {"kind": f"{kind}List", "apiVersion": version, "metadata": metadata, "items": items}
    return None
