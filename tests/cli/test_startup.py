"""A run is one quick process: what it must not wait for (`make bench` has the times)."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import CHECKOUT

#: None of these is needed to judge a manifest.
NEVER = {
    "argparse",
    "asyncio",
    "concurrent.futures",
    "difflib",
    "email",
    "http",
    "importlib.metadata",
    "inspect",
    "jsonschema",
    "kubernetes",
    "logging",
    "multiprocessing",
    "pkgutil",
    "requests",
    "rich",
    "socket",
    "ssl",
    "subprocess",
    "textwrap",
    "unittest",
    "urllib.request",
    "watchfiles",
    "xml",
}


LONE_DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: registry.k8s.io/e2e-test-images/agnhost:2.63.0
          args: [netexec, --http-port=8080]
          ports: [{containerPort: 8080}]
"""


def modules_of(course, *arguments):
    """The modules that a command loads, besides what Python itself starts with."""
    code = (
        "import sys; before = set(sys.modules)\n"
        "from checker.cli import main\n"
        f"main({list(arguments)!r})\n"
        "print('LOADED', *sorted(set(sys.modules) - before))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=course,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
        timeout=60,
        check=False,
    )
    said, _, loaded = done.stdout.partition("LOADED ")
    assert said, done.stderr
    return set(loaded.split())


def below(loaded, *packages):
    return {name for name in loaded if name.startswith(packages)}


def test_an_exercise_loads_what_it_needs(course):
    loaded = modules_of(course, "exercise3")
    assert "checker.course" in loaded
    assert not loaded & NEVER
    assert not below(loaded, "checker.live", "checker.report.picture")


def test_lint_loads_what_the_input_needs(course):
    (course / "web.yaml").write_text(LONE_DEPLOYMENT)
    loaded = modules_of(course, "lint", "web.yaml")
    assert "checker.advice.checks.containers" in loaded
    # No other object, and no finding: nothing is followed, and no text of a rule is read.
    assert not loaded & (NEVER | {"pathlib", "tomllib", "unicodedata", "checker.network.tracing"})
    assert not below(loaded, "checker.live", "checker.report.picture", "checker.course")
    assert below(loaded, "checker.advice.checks.") == {
        f"checker.advice.checks.{name}" for name in ("containers", "host_ports", "mesh", "probes")
    }


@pytest.mark.parametrize("command", [("exercise3",), ("lint", "web.yaml")], ids=lambda c: c[0])
def test_no_field_of_a_tuple_is_compiled(course, command):
    """`typing.NamedTuple` compiles each annotation that is text, 0.1 million instructions each.

    With `from __future__ import annotations` all are text.
    """
    (course / "web.yaml").write_text(LONE_DEPLOYMENT)
    for name in below(modules_of(course, *command), "checker."):
        source = Path(importlib.util.find_spec(name).origin).read_text(encoding="utf-8")
        assert "(NamedTuple)" not in source or "import annotations" not in source, name
