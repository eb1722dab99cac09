"""A small client of the Kubernetes API: JSON over HTTPS, with what a kubeconfig names."""

import base64
import http.client
import json
import ssl
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests.cluster.versions import ClusterError

# Where objects of a kind live: apiVersion and kind → plural, and whether in a namespace.
PLURALS = {
    "Node": ("nodes", False),
    "Namespace": ("namespaces", False),
    "ClusterRole": ("clusterroles", False),
    "ClusterRoleBinding": ("clusterrolebindings", False),
    "IngressClass": ("ingressclasses", False),
    "PersistentVolume": ("persistentvolumes", False),
    "StorageClass": ("storageclasses", False),
    "PriorityClass": ("priorityclasses", False),
    "RuntimeClass": ("runtimeclasses", False),
    "CustomResourceDefinition": ("customresourcedefinitions", False),
    "ValidatingAdmissionPolicy": ("validatingadmissionpolicies", False),
    "ValidatingAdmissionPolicyBinding": ("validatingadmissionpolicybindings", False),
    "ValidatingWebhookConfiguration": ("validatingwebhookconfigurations", False),
    "MutatingWebhookConfiguration": ("mutatingwebhookconfigurations", False),
    "ServiceCIDR": ("servicecidrs", False),
    "IPAddress": ("ipaddresses", False),
    "Ingress": ("ingresses", True),
    "NetworkPolicy": ("networkpolicies", True),
    "Endpoints": ("endpoints", True),
}


class Answer(NamedTuple):
    """What the server said: HTTP status, body, and the texts of its Warning headers."""

    code: int
    body: dict[str, Any]
    warnings: list[str]


def path_of(api_version: str, kind: str, namespace: str | None, name: str | None = None) -> str:
    """The REST path of a kind's collection, or of one object in it."""
    plural, namespaced = PLURALS.get(kind, (kind.lower() + "s", True))
    parts = ["/apis", api_version] if "/" in api_version else ["/api", api_version]
    if namespaced:
        parts += ["namespaces", namespace or "default"]
    parts += [plural, *([name] if name is not None else [])]
    return "/".join(parts)


class Api:
    """The API server that a kubeconfig's current context names. Threads may share it."""

    def __init__(self, kubeconfig: Path) -> None:
        config = yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))
        context = _named(config, "contexts", config["current-context"])["context"]
        cluster = _named(config, "clusters", context["cluster"])["cluster"]
        user = _named(config, "users", context["user"])["user"]
        address = urllib.parse.urlsplit(cluster["server"])
        self.host, self.port = address.hostname or "localhost", address.port or 443
        self.tls = ssl.create_default_context(
            cafile=cluster.get("certificate-authority"),
            cadata=_decoded(cluster.get("certificate-authority-data")),
        )
        self.headers = {"Accept": "application/json"}
        if "token" in user:
            self.headers["Authorization"] = f"Bearer {user['token']}"
        else:
            _client_certificate(self.tls, user)
        self._own = threading.local()

    def request(
        self, method: str, path: str, body: object = None, *, content_type: str | None = None
    ) -> Answer:
        """One request; `body` is sent as JSON, or as it is where it is bytes."""
        data = body if isinstance(body, bytes) else None
        if body is not None and data is None:
            data = json.dumps(body).encode()
        headers = dict(self.headers)
        if data is not None:
            headers["Content-Type"] = content_type or "application/json"
        for attempt in (1, 2, 3):
            connection = self._connection()
            try:
                connection.request(method, path, data, headers)
                answer = connection.getresponse()
                text = answer.read()
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                self._own.connection = None
                if attempt == 3:
                    raise ClusterError(f"the API server does not answer: {error}") from error
                time.sleep(0.2)
                continue
            if answer.status == 429:
                time.sleep(1)
                continue
            warnings = [_warning_text(v) for v in answer.headers.get_all("Warning") or []]
            return Answer(answer.status, _object(text), warnings)
        raise ClusterError("the API server has too much to do")

    def _connection(self) -> http.client.HTTPSConnection:
        connection: http.client.HTTPSConnection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = http.client.HTTPSConnection(
                self.host, self.port, context=self.tls, timeout=60
            )
            self._own.connection = connection
        return connection

    def get(self, path: str) -> dict[str, Any]:
        """The object at `path`, or {} where there is none."""
        answer = self.request("GET", path)
        if answer.code == 404:
            return {}
        return self._expect(answer, path)

    def create(self, manifest: Mapping[str, Any], namespace: str | None = None) -> dict[str, Any]:
        """Creates the object; ClusterError if the server refuses."""
        metadata = manifest["metadata"]
        path = path_of(
            manifest["apiVersion"], manifest["kind"], metadata.get("namespace") or namespace
        )
        return self._expect(self.request("POST", path, manifest), path)

    def delete(self, path: str, *, grace_seconds: int | None = None) -> None:
        """Deletes what is at `path`, if anything."""
        body = {"apiVersion": "v1", "kind": "DeleteOptions"}
        options: dict[str, Any] = dict(body)
        if grace_seconds is not None:
            options["gracePeriodSeconds"] = grace_seconds
        answer = self.request("DELETE", path, options)
        if answer.code not in (404, 409):
            self._expect(answer, path)

    def _expect(self, answer: Answer, path: str) -> dict[str, Any]:
        if answer.code >= 300:
            raise ClusterError(f"{path}: {answer.code} {answer.body.get('message', '')}")
        return answer.body


def _object(text: bytes) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except ValueError:
        return {"message": text.decode(errors="replace").strip()}
    return body if isinstance(body, dict) else {"message": str(body)}


def _warning_text(header: str) -> str:
    """`299 - "unknown field \\"x\\""` → `unknown field "x"` (RFC 7234's quoted string)."""
    quoted = header.split(" ", 2)[2]
    out, escaped = [], False
    for character in quoted[1:]:
        if escaped:
            out.append(character)
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == '"':
            break
        else:
            out.append(character)
    return "".join(out)


def _named(config: Mapping[str, Any], group: str, name: str) -> dict[str, Any]:
    for entry in config[group]:
        if entry["name"] == name:
            return dict(entry)
    raise ClusterError(f"the kubeconfig has no {group[:-1]} {name}")


def _decoded(data: str | None) -> str | None:
    return base64.b64decode(data).decode() if data else None


def _client_certificate(tls: ssl.SSLContext, user: Mapping[str, Any]) -> None:
    """Python takes certificates from files only."""
    if "client-certificate-data" not in user:
        tls.load_cert_chain(user["client-certificate"], user["client-key"])
        return
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        for key in ("client-certificate-data", "client-key-data"):
            file.write(_decoded(user[key]) or "")
            file.write("\n")
        file.flush()
        tls.load_cert_chain(file.name)
