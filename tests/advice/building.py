"""Short manifests for the tests of analysis; what a test is about it writes itself."""

from __future__ import annotations

from typing import Any

import yaml

#: An image of which nobody knows what it listens on.
UNKNOWN = "example.com/app:1"
AGNHOST = "registry.k8s.io/e2e-test-images/agnhost:2.53"


def manifest(*objects: dict[str, Any]) -> str:
    """The objects as one YAML text."""
    return yaml.safe_dump_all(objects, sort_keys=False)


def service(name: str = "web", namespace: str | None = None, **spec: Any) -> dict[str, Any]:
    """A Service that selects `app: NAME` and has port 80, as far as `spec` does not say else."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": _metadata(name, namespace),
        "spec": {"selector": {"app": name}, "ports": [{"port": 80}]} | spec,
    }


def container(
    *ports: int | dict[str, Any], image: str = UNKNOWN, name: str = "app", **more: Any
) -> dict[str, Any]:
    """A container that declares these ports."""
    declared = [{"containerPort": one} if isinstance(one, int) else one for one in ports]
    return {"name": name, "image": image, "ports": declared} | more


def netexec(port: int, *ports: int | dict[str, Any], **more: Any) -> dict[str, Any]:
    """A container that listens on this port over TCP and declares these."""
    return container(*ports, image=AGNHOST, args=["netexec", f"--http-port={port}"], **more)


def pod(
    *containers: dict[str, Any],
    name: str = "web",
    app: str | None = None,
    namespace: str | None = None,
    labels: dict[str, str] | None = None,
    **spec: Any,
) -> dict[str, Any]:
    """A Pod with the label `app: APP`, its name if not said."""
    metadata = _metadata(name, namespace)
    metadata["labels"] = {"app": app or name} | (labels or {})
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata,
        "spec": {"containers": list(containers)} | spec,
    }


def deployment(
    *containers: dict[str, Any],
    name: str = "web",
    app: str | None = None,
    namespace: str | None = None,
    replicas: int = 1,
    kind: str = "Deployment",
    **spec: Any,
) -> dict[str, Any]:
    """A Deployment (or another workload of apps/v1) whose pods have `app: APP`."""
    labels = {"app": app or name}
    body: dict[str, Any] = {
        "selector": {"matchLabels": labels},
        "template": {
            "metadata": {"labels": labels},
            "spec": {"containers": list(containers)} | spec,
        },
    }
    if kind != "DaemonSet":
        body["replicas"] = replicas
    if kind == "StatefulSet":
        body["serviceName"] = name
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": _metadata(name, namespace),
        "spec": body,
    }


def policy(
    name: str = "policy", namespace: str | None = None, app: str | None = None, **spec: Any
) -> dict[str, Any]:
    """A NetworkPolicy for pods with `app: APP`, for all without one."""
    chosen = {"matchLabels": {"app": app}} if app else {}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": _metadata(name, namespace),
        "spec": {"podSelector": chosen} | spec,
    }


def ingress(
    service_name: str,
    port: dict[str, Any],
    name: str = "web",
    namespace: str | None = None,
    default: bool = False,
) -> dict[str, Any]:
    """An Ingress with one backend, by a path or as the default."""
    backend = {"service": {"name": service_name, "port": port}}
    path = {"path": "/", "pathType": "Prefix", "backend": backend}
    rules = {"rules": [{"http": {"paths": [path]}}]}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": _metadata(name, namespace),
        "spec": {"defaultBackend": backend} if default else rules,
    }


def _metadata(name: str, namespace: str | None) -> dict[str, Any]:
    return {"name": name} | ({"namespace": namespace} if namespace else {})
