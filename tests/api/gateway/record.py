"""`python -m tests.api.gateway.record CRDS [--name CLUSTER]`: asks a real server with the CRDs.

CRDS is a folder of Gateway API's CRDs: `config/crd/standard` of what `go mod download
sigs.k8s.io/gateway-api@VERSION` fetches.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import yaml

from tests.api.gateway import cases
from tests.cluster import commands
from tests.cluster.api import PLURALS, Api, path_of
from tests.cluster.versions import ClusterError
from tests.conformance import record_api

CRD = "CustomResourceDefinition"
API_VERSION = "apiextensions.k8s.io/v1"


def main() -> int:
    """0: recorded; 3: no cluster."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("crds", type=Path)
    parser.add_argument("--name", help="a running cluster's; by default one comes and goes")
    options = parser.parse_args()
    PLURALS.setdefault("GatewayClass", ("gatewayclasses", False))
    name = options.name or "conformance-gateway"
    try:
        cluster = commands.up(name, api_only=True, owner=None if options.name else os.getpid())
        try:
            recording = record(Api(cluster.kubeconfig), options.crds)
        finally:
            if options.name is None:
                commands.down(name)
    except ClusterError as error:
        sys.stderr.write(f"gateway: {error}\n")
        return 3
    text = json.dumps(recording, indent=1, ensure_ascii=False) + "\n"
    cases.RECORDED.write_text(text, encoding="utf-8")
    return 0


def record(api: Api, crds: Path) -> dict[str, Any]:
    """The server's verdict on each case."""
    for path in sorted(crds.glob("gateway.networking.k8s.io_*.yaml")):
        for document in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            if document and document["kind"] == CRD:
                _install(api, document)
    recorded = []
    with record_api._Namespaces(api) as namespaces:
        for case in cases.inputs():
            answer = record_api.ask(api, case, namespaces)
            recorded.append({**case, "create": False, **answer})
    return {"version": api.get("/version")["gitVersion"], "cases": recorded}


def _install(api: Api, crd: dict[str, Any]) -> None:
    path = path_of(API_VERSION, CRD, None, crd["metadata"]["name"])
    if not api.get(path):
        api.create(crd)
    for _ in range(300):
        conditions = (api.get(path).get("status") or {}).get("conditions") or []
        if {"type": "Established", "status": "True"}.items() <= _by_type(conditions).items():
            return
        time.sleep(0.1)
    raise ClusterError(f"{path} does not become established")


def _by_type(conditions: list[dict[str, Any]]) -> dict[str, Any]:
    return next((each for each in conditions if each["type"] == "Established"), {})


if __name__ == "__main__":
    sys.exit(main())
