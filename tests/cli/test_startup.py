"""An exercise run is one quick process: what it must not wait for (`make bench` has the times)."""

import os
import subprocess
import sys

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


@pytest.fixture
def loaded(course):
    """The modules that checking exercise 3 loads, besides what Python itself starts with."""
    code = (
        "import sys; before = set(sys.modules)\n"
        "from checker.cli import main\n"
        "main(['exercise3'])\n"
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
    assert "exercise3" in done.stdout, done.stderr
    return set(done.stdout.partition("LOADED ")[2].split())


def test_nothing_for_the_web_and_no_cluster_client_is_loaded(loaded):
    assert loaded
    assert not loaded & NEVER


def test_rooms_that_an_exercise_does_not_need_stay_closed(loaded):
    assert "checker.live" not in loaded
    assert not {name for name in loaded if name.startswith("checker.report.picture")}
