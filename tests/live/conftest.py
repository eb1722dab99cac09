"""The real cluster for live checks: one that runs already, or the session's own."""

import os
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess, run
from sys import executable

import pytest

from checker.live.server.connection import Api, connect
from tests.cluster import commands
from tests.cluster.conftest import cluster  # noqa: F401  # asked for by name below
from tests.live.stand_ins import config, folder, kind, program, stand_in  # noqa: F401  # fixtures

ROOT = Path(__file__).resolve().parents[2]
Checker = Callable[..., CompletedProcess[str]]
#: A cluster of tests/cluster that runs already; without it, the session has its own.
CLUSTER_NAME = os.environ.get("CHECKER_CLUSTER_NAME", "main")


@pytest.fixture(scope="session")
def kubeconfig(request: pytest.FixtureRequest) -> Path:
    running = commands.status(CLUSTER_NAME)
    found = running or request.getfixturevalue("cluster")
    return Path(found.kubeconfig)


@pytest.fixture(scope="session")
def context(kubeconfig: Path) -> str:
    import yaml

    return str(yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))["current-context"])


@pytest.fixture(scope="session")
def live_api(kubeconfig: Path, context: str) -> Api:
    return connect(context, str(kubeconfig))


@pytest.fixture
def checker() -> Checker:
    """Runs `python -m checker` in the checkout, with no kubeconfig but one that is given."""

    def call(*arguments: str, **env: str) -> CompletedProcess[str]:
        return run(
            [executable, "-m", "checker", *arguments],
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
            env={**os.environ, "KUBECONFIG": "/nowhere/config", "NO_COLOR": "1", **env},
        )  # fmt: skip

    return call


def sentence(done: CompletedProcess[str]) -> str:
    """The environment's fault: exit code 3, one sentence, no traceback."""
    assert done.returncode == 3, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    lines = [one for one in done.stderr.splitlines() if one.startswith("checker: ")]
    assert len(lines) == 1, done.stderr
    return lines[0]
