"""What each tool says of one application, as findings of one form: rule and object.

Only rules that concern ports, Services, Ingresses and policies are asked for; how containers are
secured or sized is not what this course is about. Tools exit 1 when they find something: what
counts is what they print.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.benchmarks.measuring import CHECKOUT
from tests.benchmarks.peers import KUBE_LINTER, KUBE_SCORE, POPEYE
from tests.benchmarks.stand_in import serving

OURS = "checker"
#: Rules of kube-linter on our subject; True where they are on unless switched off.
KUBE_LINTER_RULES = {
    "dangling-ingress": False,
    "dangling-networkpolicy": False,
    "dangling-networkpolicypeer-podselector": False,
    "dangling-service": True,
    "exposed-services": False,
    "host-network": True,
    "invalid-target-ports": True,
    "liveness-port": True,
    "mismatching-selector": True,
    "non-isolated-pod": False,
    "privileged-ports": False,
    "readiness-port": True,
    "ssh-port": True,
    "startup-port": True,
}
KUBE_SCORE_RULES = {
    "container-ports-check": False,
    "ingress-targets-service": True,
    "networkpolicy-targets-pod": True,
    "pod-networkpolicy": True,
    "pod-probes": True,
    "service-targets-pod": True,
    "service-type": True,
    "statefulset-has-servicename": True,
}
#: popeye's codes for a selector that matches no pod. Where an operator would have made pods, which
#: the stand-in for a cluster cannot have, they say nothing about popeye.
POPEYE_NO_PODS = ("POP-1100", "POP-1105", "POP-1110", "POP-1200", "POP-1202", "POP-1208")


class Said(NamedTuple):
    """One finding of one tool."""

    tool: str
    rule: str
    severity: str
    application: str
    object: str
    message: str


class UnusableError(Exception):
    """A tool gave no answer that can be read."""


def ask_ours(name: str, folder: Path) -> Iterator[Said]:
    """`lint` with all its rules, those of the API server too."""
    command = [sys.executable, "-m", "checker", "lint", "--format", "json", str(folder)]
    answer = _answer(command, name)
    if "findings" not in answer:
        raise UnusableError(f"{OURS} on {name}: {answer}")
    for one in answer["findings"]:
        ref = one.get("object") or {}
        what = f"{ref.get('kind')}/{ref.get('name')}"
        told = f"{one['field']}: {one['message']}"
        yield Said(OURS, one["rule"], one["severity"], name, what, told)


def ask_kube_linter(name: str, folder: Path) -> Iterator[Said]:
    """All of its rules on our subject, the optional ones too."""
    command = [str(KUBE_LINTER.program()), "lint", "--do-not-auto-add-defaults"]
    command += ["--include", ",".join(KUBE_LINTER_RULES), "--format", "json", str(folder)]
    for one in _answer(command, name)["Reports"] or []:
        ref = one["Object"]["K8sObject"]
        what = f"{ref['GroupVersionKind']['Kind']}/{ref['Name']}"
        message = one["Diagnostic"]["Message"]
        yield Said(KUBE_LINTER.name, one["Check"], "error", name, what, message)


def ask_kube_score(name: str, folder: Path) -> Iterator[Said]:
    """All of its rules on our subject, the optional one too."""
    files = [str(path) for path in sorted(folder.iterdir())]
    command = [str(KUBE_SCORE.program()), "score", "--output-format", "json"]
    command += ["--enable-optional-test", "container-ports-check", *files]
    for one in _answer(command, name):
        what = f"{one['type_meta']['kind']}/{one['object_meta']['name']}"
        for check in one["checks"]:
            rule = check["check"]["id"]
            # 10 is all well, 5 a warning, 1 critical.
            if rule not in KUBE_SCORE_RULES or check["skipped"] or check["grade"] >= 10:
                continue
            severity = "warning" if check["grade"] >= 5 else "error"
            for comment in check["comments"] or [{"summary": "", "path": ""}]:
                told = f"{comment['path']}: {comment['summary']}"
                yield Said(KUBE_SCORE.name, rule, severity, name, what, told)


def ask_popeye(name: str, folder: Path) -> Iterator[Said]:
    """Its sections on Services, NetworkPolicies and Ingresses, of a stand-in for a cluster."""
    with serving(folder) as (address, incomplete), tempfile.TemporaryDirectory() as home:
        config = Path(home, "config")
        cluster = {"name": "one", "cluster": {"server": address}}
        context = {"name": "one", "context": {"cluster": "one", "user": "one"}}
        document = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "one",
            "clusters": [cluster],
            "contexts": [context],
            "users": [{"name": "one", "user": {}}],
        }
        config.write_text(json.dumps(document), encoding="utf-8")
        command = [str(POPEYE.program()), "--kubeconfig", str(config), "--all-namespaces"]
        command += ["--sections", "services,networkpolicies,ingresses", "--out", "json"]
        command += ["--force-exit-zero", "--logs", str(Path(home, "log"))]
        answer = _answer(command, name, {**os.environ, "HOME": home})
    for section in answer["popeye"]["sections"]:
        for what, issues in (section.get("issues") or {}).items():
            for one in issues:
                code = re.match(r"\[(POP-\d+)\] (.*)", one["message"])
                if code is None:
                    raise UnusableError(f"popeye on {name}: {one['message']}")
                namespace, _, thing = what.rpartition("/")
                if code[1] in POPEYE_NO_PODS and namespace in incomplete:
                    continue
                severity = ("note", "note", "warning", "error")[one["level"]]
                told = f"{section['linter']}/{thing}"
                yield Said(POPEYE.name, code[1], severity, name, told, code[2])


def _answer(command: list[str], name: str, environment: dict[str, str] | None = None) -> Any:
    done = subprocess.run(command, capture_output=True, text=True, cwd=CHECKOUT, env=environment)
    try:
        return json.loads(done.stdout)
    except ValueError:
        told = (done.stderr or done.stdout)[:500]
        raise UnusableError(f"{command[0]} on {name}: {told}") from None
