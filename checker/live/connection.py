"""Which cluster is asked, and how: contexts, requests, failures as sentences.

A context is used only if its name says that it is kind's (`kind-…`), or if the person names it:
nobody's production cluster is written to because it happened to be the current context.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import yaml
from kubernetes import client, config
from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

from checker.live.errors import LiveError

#: The context that `cluster up` makes.
OWN_CONTEXT = "kind-kubernetes-ports"
#: The oldest server that is asked: strict server-side validation and the fields that exercises
#: use are stable since then (KEP-2885, 1.27; namespaces' and pods' defaults as of 1.32).
OLDEST_MINOR = 32

_TIMEOUT = (5, 20)
_START = "start one with `python -m checker cluster up`"


class Answer(NamedTuple):
    """What the server said: the HTTP status and the body."""

    code: int
    body: dict[str, Any]

    @property
    def message(self) -> str:
        """Its own words, where it refused."""
        return str(self.body.get("message") or f"HTTP status {self.code}")


class Api:
    """An API server. Threads may share it."""

    def __init__(self, context: str, kube_client: client.ApiClient) -> None:
        self.context = context
        self.client = kube_client

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        query: Mapping[str, str] | None = None,
        content_type: str = "application/json",
    ) -> Answer:
        """One request. Raises LiveError where the server is not there or does not let us.

        Refusals that are about the object (400, 404, 409, 422, …) are answers.
        """
        headers = {"Accept": "application/json", "Content-Type": content_type}
        try:
            response = self.client.call_api(
                path,
                method,
                query_params=list((query or {}).items()),
                header_params=headers,
                body=body,
                auth_settings=["BearerToken"],
                _preload_content=False,
                _return_http_data_only=True,
                _request_timeout=_TIMEOUT,
            )
            answer = Answer(int(response.status), _parsed(response.data))
        except ApiException as error:
            answer = Answer(int(error.status or 0), _parsed(error.body))
        except (HTTPError, OSError) as error:
            raise LiveError(self._gone(error)) from error
        if answer.code == 401:
            raise LiveError(
                f"the cluster of the context {self.context} does not know you: its credentials "
                "have expired or are not for it; log in anew"
            )
        if answer.code == 403 and _is_permission(answer.message):
            raise LiveError(
                f"you are not allowed to do this in the context {self.context}: {answer.message}"
            )
        if answer.code >= 500 or answer.code == 429:
            raise LiveError(
                f"the API server of the context {self.context} cannot answer now: {answer.message}"
            )
        return answer

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """The object or list at `path`, empty where there is none."""
        answer = self.request("GET", path, query=query)
        if answer.code == 404:
            return {}
        if answer.code >= 400:
            raise LiveError(f"the API server did not answer {path}: {answer.message}")
        return answer.body

    def items(self, path: str, **query: str) -> list[dict[str, Any]]:
        """The objects of the list at `path`."""
        found: list[dict[str, Any]] = self.get(path, **query).get("items") or []
        return found

    def version(self) -> str:
        """The server's version, `v1.36.3`. Raises LiveError for one too old to be asked."""
        said = self.get("/version")
        version = str(said.get("gitVersion", ""))
        minor = str(said.get("minor", "")).rstrip("+")
        if not minor.isdigit() or int(minor) < OLDEST_MINOR:
            raise LiveError(
                f"the cluster of the context {self.context} runs Kubernetes {version or '?'}; live "
                f"checks need 1.{OLDEST_MINOR} or newer: `python -m checker cluster up` makes one"
            )
        return version

    def _gone(self, error: Exception) -> str:
        host = self.client.configuration.host
        reason = str(getattr(error, "reason", "") or error).rpartition(": ")[2]
        return (
            f"the cluster of the context {self.context} does not answer at {host} ({reason}); "
            f"is it running? `python -m checker cluster status` tells, or {_START}"
        )


def connect(context: str | None = None, kubeconfig: str | None = None) -> Api:
    """The cluster to ask: the context that is named, else kind's. Raises LiveError."""
    try:
        found, current = config.list_kube_config_contexts(config_file=kubeconfig)
    except config.ConfigException as error:
        named = f" with a context {context}" if context else ""
        raise LiveError(f"there is no kubeconfig{named}, so no cluster: {_START}") from error
    except (yaml.YAMLError, OSError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise LiveError(
            f"the kubeconfig cannot be read ({_one_line(error)}): repair it, or {_START}"
        ) from error
    names = [str(one["name"]) for one in found]
    chosen = choose_context(names, str((current or {}).get("name", "")), context)
    try:
        made = config.new_client_from_config(config_file=kubeconfig, context=chosen)
    except Exception as error:  # plugins for credentials fail in ways of their own
        raise LiveError(f"the context {chosen} cannot be used: {error}") from error
    # A server that is gone is told at once, not after three more attempts.
    made.configuration.retries = False
    made.rest_client = type(made.rest_client)(made.configuration)
    return Api(chosen, made)


def choose_context(names: list[str], current: str, wanted: str | None) -> str:
    """The context to use of `names`: the wanted one, else kind's own, else a current `kind-*`.

    Raises LiveError.
    """
    if wanted is not None:
        if wanted in names:
            return wanted
        there = ", ".join(sorted(names)[:8]) or "none"
        raise LiveError(f"there is no context {wanted!r} in the kubeconfig; there are: {there}")
    if current.startswith("kind-"):
        return current
    if OWN_CONTEXT in names:
        return OWN_CONTEXT
    if current:
        raise LiveError(
            f"the current context {current} is no kind cluster, and nothing is applied there "
            f"unasked: name it with `--context {current}`, or {_START}"
        )
    raise LiveError(f"the kubeconfig has no kind cluster: {_START}, or name a `--context`")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _parsed(data: object) -> dict[str, Any]:
    try:
        body = json.loads(data) if isinstance(data, str | bytes) and data else {}
    except ValueError:
        text = data.decode("utf-8", "replace") if isinstance(data, bytes) else str(data)
        return {"message": text.strip()}
    return body if isinstance(body, dict) else {}


def _is_permission(message: str) -> bool:
    """RBAC's words; Pod Security and quotas are 403 too, and are about the object."""
    return "cannot" in message and " User " in f" {message}" and "in API group" in message
