"""The kinds of the Gateway API, put into a test's own cluster: Kubernetes has none of them.

Their definitions are those of the release that the checker knows, from its Go module.
"""

import json
import subprocess
import time
from pathlib import Path

import yaml

from checker.api.tables.generate import GATEWAY_API_VERSION
from checker.live.server.connection import Api
from tests.cluster.versions import ClusterError

_DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
_SECONDS = 30
_CONFLICT = 409  # somebody else was faster


def install(api: Api) -> None:
    """Create the definitions that are missing and wait until the kinds are served."""
    for definition in _definitions():
        name = definition["metadata"]["name"]
        if api.get(f"{_DEFINITIONS}/{name}"):
            continue
        answer = api.request("POST", _DEFINITIONS, definition)
        if answer.code >= 400 and answer.code != _CONFLICT:
            raise ClusterError(f"{name} could not be created: {answer.message}")
        end = time.monotonic() + _SECONDS
        while not _is_served(api, name):
            if time.monotonic() > end:
                raise ClusterError(f"{name} was not served within {_SECONDS} s")
            time.sleep(0.2)


def _is_served(api: Api, name: str) -> bool:
    conditions = (api.get(f"{_DEFINITIONS}/{name}").get("status") or {}).get("conditions") or ()
    return any(one["type"] == "Established" and one["status"] == "True" for one in conditions)


def _definitions() -> list[dict]:  # type: ignore[type-arg]
    folder = _module() / "config" / "crd" / "standard"
    documents = [
        document
        for path in sorted(folder.glob("gateway.networking.k8s.io_*.yaml"))
        for document in yaml.safe_load_all(path.read_text(encoding="utf-8"))
    ]
    return [one for one in documents if one["kind"] == "CustomResourceDefinition"]


def _module() -> Path:
    """Where Go keeps the module, which it fetches if it must."""
    command = ["go", "mod", "download", "-json", f"sigs.k8s.io/gateway-api@{GATEWAY_API_VERSION}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        return Path(json.loads(done.stdout)["Dir"])
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError) as error:
        raise ClusterError(f"`{' '.join(command)}` gave no module: {error}") from error
