"""Asks a real API server what it says to each case of api/*.yaml, and writes that down.

The body goes as YAML, as it is written, with strict field validation: so the server
itself reads it. (kubectl makes JSON of it first, and loses duplicate keys on the way;
otherwise the answers are the same.)
"""

import re
import sys
import time
import urllib.parse
from collections.abc import Mapping
from typing import Any

import yaml

from tests.cluster.api import Answer, Api, path_of
from tests.cluster.versions import ClusterError
from tests.conformance.cases import api_inputs, documents

NAMESPACE = "default"


def record(api: Api, names: list[str] | None = None) -> dict[str, dict[str, Any]]:
    """Every input file's recording, by the file's name, as it is to be written."""
    version = api.get("/version")["gitVersion"]
    _wait_for_account(api, NAMESPACE)
    recordings = {}
    with _Namespaces(api) as namespaces:
        for name, inputs in api_inputs().items():
            if names and name not in names:
                continue
            cases = [
                {**case, "create": case.get("create", False), **ask(api, case, namespaces)}
                for case in inputs
            ]
            recordings[f"api.{name}"] = {"version": version, "cases": cases}
    return recordings


class _Namespaces:
    """Namespaces that cases are given: they take seconds to go, so each stays to the end."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.made: dict[str, str] = {}

    def __enter__(self) -> "_Namespaces":
        return self

    def __exit__(self, *_: object) -> None:
        for path in self.made.values():
            self.api.delete(path)

    def make(self, text: str) -> None:
        if text in self.made:
            return
        for _ in range(300):
            answer, path = _send(self.api, text, dry_run=False)
            if answer.code != 409:
                break
            time.sleep(0.1)  # an earlier run's is on its way out
        if answer.code >= 300:
            raise ClusterError(f"a case's namespace was refused: {answer.body.get('message')}")
        self.made[text] = path
        _wait_for_account(self.api, answer.body["metadata"]["name"])


def ask(api: Api, case: Mapping[str, Any], namespaces: _Namespaces) -> dict[str, Any]:
    """The server's verdict on one case; leaves nothing behind but namespaces."""
    made: list[str] = []
    try:
        for text in documents(case.get("given", "")):
            if _head(text)["kind"] == "Namespace":
                namespaces.make(text)
                continue
            answer, path = _send(api, text, dry_run=False)
            if answer.code >= 300:
                raise ClusterError(
                    f"case {case['id']}: what is given was refused: {answer.body.get('message')}"
                )
            made.append(path)
        answer, path = _send(api, case["manifests"], dry_run=not case.get("create", False))
        if answer.code < 300 and case.get("create", False):
            made.append(path)
        return verdict(answer)
    finally:
        for path in reversed(made):
            _remove(api, path)


def verdict(answer: Answer) -> dict[str, Any]:
    """What of an answer is recorded: nothing that changes from one time to the next."""
    accepted = answer.code < 300
    body = {} if accepted else answer.body
    causes = (body.get("details") or {}).get("causes") or []
    return {
        "accepted": accepted,
        "code": answer.code,
        "reason": body.get("reason", ""),
        "message": body.get("message", ""),
        "causes": [
            {key: cause.get(key, "") for key in ("field", "reason", "message")} for cause in causes
        ],
        "warnings": answer.warnings,
    }


def is_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two verdicts differ at most in the order of their causes.

    The server goes through maps (labels, resources) in an order that changes from one time
    to the next; the message is made of the causes.
    """
    keys = ("accepted", "code", "reason", "warnings")
    if any(one[key] != other[key] for key in keys):
        return False
    if not one["causes"]:
        return bool(one["message"] == other["message"] and not other["causes"])
    return sorted(map(_as_key, one["causes"])) == sorted(map(_as_key, other["causes"]))


def _as_key(cause: Mapping[str, str]) -> tuple[str, str, str]:
    return cause["field"], cause["reason"], cause["message"]


def keep_order(recording: dict[str, Any], before: Mapping[str, Any]) -> None:
    """Puts the earlier verdict where only the order of causes is another."""
    earlier = {case["id"]: case for case in before.get("cases", [])}
    for case in recording["cases"]:
        known = earlier.get(case["id"])
        if known is not None and is_same(known, case):
            case["causes"], case["message"] = known["causes"], known["message"]


def _send(api: Api, text: str, *, dry_run: bool) -> tuple[Answer, str]:
    """Creates what the document describes; the answer, and the path that it then has."""
    # What is only looked for here must not stumble over what the server shall judge.
    head = _head(text)
    path = path_of(head["apiVersion"], head["kind"], head["namespace"])
    options = {"fieldManager": "kubectl-create", "fieldValidation": "Strict"}
    if dry_run:
        options["dryRun"] = "All"
    answer = api.request(
        "POST",
        f"{path}?{urllib.parse.urlencode(options)}",
        text.encode(),
        content_type="application/yaml",
    )
    name = (answer.body.get("metadata") or {}).get("name", "")
    return answer, f"{path}/{name}"


def _head(text: str) -> dict[str, str]:
    try:
        document = yaml.load(text, Loader=yaml.BaseLoader)  # strings only, nothing constructed
    except yaml.YAMLError:
        document = None
    if not isinstance(document, dict):
        document = {}
        for key in ("apiVersion", "kind"):
            found = re.search(rf"(?m)^{key}:\s*(\S+)", text)
            document[key] = found[1] if found else ""
    metadata = document.get("metadata")
    namespace = metadata.get("namespace") if isinstance(metadata, dict) else None
    return {
        "apiVersion": str(document.get("apiVersion") or "v1"),
        "kind": str(document.get("kind") or "Pod"),
        "namespace": namespace or NAMESPACE,
    }


def _remove(api: Api, path: str) -> None:
    api.delete(path, grace_seconds=0)
    for _ in range(300):
        if not api.get(path):
            return
        time.sleep(0.1)
    raise ClusterError(f"{path} does not go away")


def _wait_for_account(api: Api, namespace: str) -> None:
    """Pods are refused in a namespace whose default account isn't there yet."""
    path = path_of("v1", "ServiceAccount", namespace, "default")
    for _ in range(100):
        if api.get(path):
            return
        time.sleep(0.1)
    sys.stderr.write(f"conformance: namespace {namespace} has no default account\n")
