"""API servers of other versions (stand-ins: one version can be had here), and options."""

import json
from pathlib import Path

import pytest

from tests.live.conftest import Checker, sentence
from tests.live.stand_ins import Server


@pytest.mark.parametrize("version", ["v1.32.0", "v1.35.8", "v1.37.0", "v1.38.0-alpha.1+dirty"])
def test_another_version_is_told_and_asked(
    monkeypatch: pytest.MonkeyPatch, checker: Checker, stand_in: Path, version: str
):
    monkeypatch.setattr(Server, "version", version)
    done = checker("cluster", "status", "--format", "json", KUBECONFIG=str(stand_in))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["version"] == version
    assert f"runs Kubernetes {version}; predictions are for 1.36" in done.stderr


@pytest.mark.parametrize("version", ["v1.31.9", "v1.20.4"])
def test_a_version_that_is_too_old_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, checker: Checker, stand_in: Path, version: str
):
    monkeypatch.setattr(Server, "version", version)
    said = sentence(checker("cluster", "clean", KUBECONFIG=str(stand_in)))
    assert f"runs Kubernetes {version}; live checks need 1.32 or newer" in said


@pytest.mark.parametrize("code", [429, 503])
def test_a_server_that_says_later_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, checker: Checker, stand_in: Path, code: int
):
    """Forty ask at once; or it is starting (a stand-in: no load here is enough)."""
    monkeypatch.setattr(Server, "busy_code", code)
    monkeypatch.setattr(Server, "busy", 2)
    assert checker("cluster", "status", KUBECONFIG=str(stand_in)).returncode == 0
    monkeypatch.setattr(Server, "busy", 1000)
    said = sentence(checker("cluster", "status", KUBECONFIG=str(stand_in)))
    assert "cannot answer now" in said


def test_a_proxy_is_not_asked_for_what_is_on_this_machine(checker: Checker, stand_in: Path):
    """As kubectl does; port 9 (discard) has no listener."""
    proxy = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    done = checker("cluster", "status", KUBECONFIG=str(stand_in), **proxy)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("clean", "--learner", ""),
        ("clean", "--learner", " - "),
        ("clean", "--learner", "ann", "--everyone"),
        ("status", "--everyone"),
        ("up", "--learner", "ann"),
        ("down", "--context", "prod"),
        ("doctor", "--config", "x"),
    ],
)
def test_options_that_name_nobody_or_do_not_go_together(checker: Checker, words: tuple[str, ...]):
    done = checker("cluster", *words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
