"""What is asked of Kubernetes, and what it answered: the recordings, for any test to read.

Inputs are written by hand (api/*.yaml, traffic/*.yaml); recordings (recorded/*.json) by
`make conformance`. A recording holds its input, so it can be read alone, and a test
holds the two together. README.md says what each field means.
"""

import functools
import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import yaml

HERE = Path(__file__).resolve().parent
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where it is
RECORDED = HERE / "recorded"


class ApiCase(NamedTuple):
    """One object sent to an API server, and its verdict.

    `given` are manifests that were created before (accepted, else there is no
    recording); `manifests` is the one object asked about, as YAML text. With `create`
    it was really created, otherwise in a dry run. `causes` are {field, reason,
    message} as in the response's details; `message` is the response's own.
    """

    id: str
    about: str
    given: str
    manifests: str
    create: bool
    accepted: bool
    code: int
    reason: str
    message: str
    causes: tuple[dict[str, str], ...]
    warnings: tuple[str, ...]


class Probe(NamedTuple):
    """One connection tried: `from`, `to` and `protocol` as `trace` takes them."""

    source: str
    target: str
    protocol: str
    observed: str


class Scenario(NamedTuple):
    """Manifests in a cluster, and what clients then saw.

    Objects without a namespace were in `namespace` (as with `-n`). `nodes` are those of
    the cluster, `proxy_mode` is kube-proxy's.
    """

    id: str
    about: str
    namespace: str
    manifests: str
    proxy_mode: str
    nodes: tuple[str, ...]
    probes: tuple[Probe, ...]


def version() -> str:
    """The Kubernetes version that all recordings are of; they never mix."""
    found = {json.loads(path.read_text(encoding="utf-8"))["version"] for path in _recordings("")}
    if len(found) != 1:
        raise ValueError(f"the recordings are of several versions: {sorted(found)}")
    return str(found.pop())


@functools.cache
def api_cases() -> tuple[ApiCase, ...]:
    """All recorded verdicts of the API server, in the order of the files."""
    return tuple(
        ApiCase(
            id=case["id"],
            about=case["about"],
            given=case.get("given", ""),
            manifests=case["manifests"],
            create=case["create"],
            accepted=case["accepted"],
            code=case["code"],
            reason=case["reason"],
            message=case["message"],
            causes=tuple(case["causes"]),
            warnings=tuple(case["warnings"]),
        )
        for path in _recordings("api.")
        for case in json.loads(path.read_text(encoding="utf-8"))["cases"]
    )


@functools.cache
def traffic_scenarios() -> tuple[Scenario, ...]:
    """All recorded traffic; a scenario tried in two proxy modes is there twice."""
    found = []
    for path in _recordings("traffic."):
        recording = json.loads(path.read_text(encoding="utf-8"))
        found += [
            Scenario(
                id=scenario["id"],
                about=scenario["about"],
                namespace=scenario["namespace"],
                manifests=scenario["manifests"],
                proxy_mode=recording["proxyMode"],
                nodes=tuple(recording["nodes"]),
                probes=tuple(
                    Probe(p["from"], p["to"], p["protocol"], p["observed"])
                    for p in scenario["probes"]
                ),
            )
            for scenario in recording["scenarios"]
        ]
    return tuple(found)


def api_inputs() -> dict[str, list[dict[str, Any]]]:
    """The cases to ask, by the name of their file: {id, about, manifests, given?, create?}."""
    return {path.stem: _checked(path, "cases") for path in sorted((HERE / "api").glob("*.yaml"))}


def traffic_inputs() -> dict[str, list[dict[str, Any]]]:
    """The scenarios to try, by file: {id, about, manifests, probes, proxyModes}.

    `with:` names fragments of the same file, or of traffic/fragments.yaml, that come
    before the scenario's own manifests; they are put in here.
    """
    folder = HERE / "traffic"
    shared = _load(folder / "fragments.yaml")
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name == "fragments.yaml":
            continue
        fragments = shared | (_load(path).get("fragments") or {})
        scenarios = _checked(path, "scenarios")
        for scenario in scenarios:
            parts = [fragments[name] for name in scenario.pop("with", [])]
            parts.append(scenario.get("manifests", ""))
            text = "---\n".join(part.rstrip("\n") + "\n" for part in parts if part.strip())
            scenario["manifests"] = text.replace("$NS", scenario["id"])
            scenario.setdefault("proxyModes", ["nftables"])
            for probe in scenario["probes"]:
                probe.setdefault("protocol", "TCP")
                for end in ("from", "to"):
                    probe[end] = probe[end].replace("$NS", scenario["id"])
        found[path.stem] = scenarios
    return found


def documents(manifests: str) -> list[str]:
    """The YAML documents of a text, each as it is written, without empty ones."""
    parts = re.split(r"(?m)^---(?:[ \t].*)?$\n?", manifests)
    return [part for part in parts if part.strip()]


def _load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    return loaded


def _recordings(start: str) -> list[Path]:
    return sorted(path for path in RECORDED.glob("*.json") if path.name.startswith(start))


def _checked(path: Path, key: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = _load(path)[key]
    for entry in entries:
        missing = {"id", "about"} - entry.keys()
        if missing or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.get("id", "")):
            raise ValueError(
                f"{path.name}: an entry needs an id of lower-case words and an about, has {entry}"
            )
    return entries
