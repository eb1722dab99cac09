"""Which cluster is asked, and how: contexts, requests, failures as sentences.

A context is used only if its name says that it is kind's (`kind-…`), or if the person names it:
nobody's production cluster is written to because it happened to be the current context.
"""

from __future__ import annotations

import email.utils
import ipaddress
import json
import time
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import yaml
from kubernetes import client, config
from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError, LocationParseError, SSLError

from checker.live.errors import GoneError, LiveError, NotAllowedError

#: The context that `cluster up` makes.
OWN_CONTEXT = "kind-kubernetes-ports"
#: The oldest server that is asked: strict server-side validation and the fields that exercises
#: use are stable since then (KEP-2885, 1.27; namespaces' and pods' defaults as of 1.32).
OLDEST_MINOR = 32

#: Seconds to connect, and for an answer.
_TIMEOUT = (5, 20)
#: 429 and 503 say "later", and mean it: a cluster that forty ask at once, one that is starting.
_LATER = frozenset({429, 503})
_PAUSES = (0.5, 1, 2)
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
        self._ahead = 0.0

    def now(self) -> float:
        """The server's time in seconds since 1970, as its last answer has told it.

        Forty laptops share a cluster and no clock.
        """
        return time.time() + self._ahead

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
        for pause in (*_PAUSES, 0):
            answer = self._once(method, path, body, query or {}, content_type)
            if answer.code not in _LATER or not pause:
                break
            time.sleep(pause)
        if answer.code == 401:
            raise NotAllowedError(
                f"the cluster of the context {self.context} does not know you: its credentials "
                "have expired or are not for it; log in anew, or for a kind cluster "
                "`kind export kubeconfig --name NAME`"
            )
        if answer.code == 403 and _is_permission(answer.message):
            raise NotAllowedError(
                f"you are not allowed to do this in the context {self.context}: {answer.message}"
            )
        # What does not fit its kind's schema is the object's fault, and yet 500: server-side apply
        # cannot merge it (k8s.io/apimachinery/pkg/util/managedfields/internal/structuredmerge.go).
        unfit = "failed to create typed patch object" in answer.message
        if (answer.code >= 500 and not unfit) or answer.code == 429:
            raise LiveError(
                f"the API server of the context {self.context} cannot answer now: {answer.message}"
            )
        return answer

    def _once(
        self, method: str, path: str, body: object, query: Mapping[str, str], content_type: str
    ) -> Answer:
        headers = {"Accept": "application/json", "Content-Type": content_type}
        try:
            response = self.client.call_api(
                path,
                method,
                query_params=list(query.items()),
                header_params=headers,
                body=body,
                auth_settings=["BearerToken"],
                _preload_content=False,
                _return_http_data_only=True,
                _request_timeout=_TIMEOUT,
            )
            self._set_clock(response.headers)
            return Answer(int(response.status), _parsed(response.data))
        except ApiException as error:
            self._set_clock(error.headers or {})
            return Answer(int(error.status or 0), _parsed(error.body))
        except AttributeError as error:
            raise GoneError(self._unproved(unanswered(error))) from error
        except (HTTPError, OSError) as error:
            raise GoneError(self._gone(error)) from error

    def _set_clock(self, headers: Mapping[str, str]) -> None:
        try:
            said = email.utils.parsedate_to_datetime(headers["Date"]).timestamp()
        except (KeyError, ValueError, TypeError):
            return
        self._ahead = said - time.time()

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
        cause = getattr(error, "reason", None) or error
        reason = _one_line(cause).rpartition(": ")[2]
        if isinstance(cause, LocationParseError):
            return f"the server of the context {self.context} is no URL: {host}; repair it"
        if isinstance(cause, SSLError):
            return self._unproved(str(cause))
        return (
            f"the cluster of the context {self.context} does not answer at {host} ({reason}); "
            f"is it running? `python -m checker cluster status` tells, or {_START}"
        )

    def _unproved(self, reason: str) -> str:
        words = _one_line(reason).partition(" (_ssl")[0].removeprefix("SSLError ")
        return (
            f"the cluster of the context {self.context} at {self.client.configuration.host} does "
            f"not prove to be the one in the kubeconfig ({words}): it was made anew, its "
            "certificate has expired, or this machine's clock is wrong; fetch its kubeconfig "
            "again (`kind export kubeconfig --name NAME`)"
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
    if _is_here(made.configuration.host):
        # As kubectl does (Go's ProxyFromEnvironment): what is on this machine needs no proxy.
        made.configuration.proxy = None
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


def unanswered(error: AttributeError) -> str:
    """Why there was no answer, where the client fails to decode the body of none.

    So it does where TLS or a handshake failed (api_client: `e.body.decode`). Raises `error` itself
    where that is something else.
    """
    cause = error.__context__
    if not isinstance(cause, ApiException) or cause.status:
        raise error
    return str(cause.reason)


def _is_here(server: str) -> bool:
    """Whether a URL's host is this machine."""
    try:
        host = urlsplit(server).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _one_line(error: object) -> str:
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
