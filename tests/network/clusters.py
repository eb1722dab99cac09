# ruff: noqa: E501 (one case of a table on one line reads best)
"""Clusters from YAML text, for tests."""

from __future__ import annotations

from typing import Any

from checker.api.admission import admit
from checker.api.settings import ClusterSettings
from checker.manifests import Source, read
from checker.network import Cluster, Trace, build_cluster, trace


def cluster(text: str, **settings: Any) -> Cluster:
    """The cluster that a manifest makes."""
    reading = read([Source("app.yaml", text)])
    made = ClusterSettings(**settings)
    return build_cluster(admit(reading.manifests, made).resources, made)


def go(text: str, source: str, target: str, protocol: str = "TCP", **settings: Any) -> Trace:
    """One trace in the cluster that a manifest makes."""
    return trace(cluster(text, **settings), source, target, protocol)


def pod(name: str, *, labels: str = "", args: str = "netexec", **more: str) -> str:
    """A Pod of agnhost. `labels` and `more` are YAML flow text."""
    spec = "".join(f"\n  {key}: {value}" for key, value in more.items() if key != "container")
    container = f", {more['container']}" if more.get("container") else ""
    words = ", ".join(f'"{word}"' for word in args.split())
    return f"""
---
apiVersion: v1
kind: Pod
metadata: {{name: {name.partition(".")[0]}, namespace: {name.partition(".")[2] or "default"}, labels: {{{labels}}}}}
spec:{spec}
  containers: [{{name: main, image: registry.k8s.io/e2e-test-images/agnhost:2.63.0, args: [{words}]{container}}}]
"""


CLIENT = pod("client", args="pause", labels="app: client")
