"""The wheel and the sdist, built and tried where nothing else of this checkout is."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel, made from the sdist as an index would have it made."""
    folder = tmp_path_factory.mktemp("dist")
    clone = folder / "clone"
    # A clean copy: what lies about in a work tree must not be what makes the package whole.
    subprocess.run(["git", "clone", "-q", ROOT, clone], check=True, timeout=120)
    result = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, clone],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return folder


@pytest.fixture(scope="module")
def python(built: Path) -> Path:
    """A Python that has the wheel and PyYAML, as `pip install kubernetes-ports` gives it."""
    home = built / "venv"
    venv.create(home, with_pip=False)
    site = next(home.glob("lib/python*/site-packages"))
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        wheel.extractall(site)
    # PyYAML, from where these tests have it, so that no index is asked.
    yaml_package = Path(yaml.__file__).parent
    for name in ("yaml", "_yaml"):
        (site / name).symlink_to(yaml_package.parent / name)
    return home / "bin/python"


def run(python: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, "-m", "checker", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_wheel_asks_for_pyyaml_alone(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        metadata = next(name for name in wheel.namelist() if name.endswith("/METADATA"))
        lines = wheel.read(metadata).decode().splitlines()
    needs = [line for line in lines if line.startswith("Requires-Dist:") and "extra ==" not in line]
    assert [need.split()[1].split(">")[0].split("<")[0] for need in needs] == ["PyYAML"]


def test_no_answer_is_packed(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = wheel.namelist()
    assert any(name.endswith("packed/exercises/exercise3/start/web.yaml") for name in names)
    assert not [name for name in names if "/answer/" in name or "/tests/" in name]
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        assert not [name for name in sdist.getnames() if "/answer/" in name]


def test_a_learner_can_begin_from_the_wheel(python: Path, tmp_path: Path) -> None:
    assert run(python, tmp_path, "init", "course").returncode == 0
    course = tmp_path / "course"
    unsolved = run(python, course, "exercise1")
    assert unsolved.returncode == 1, unsolved.stderr
    assert "predictions.yaml" in unsolved.stdout
    solution = ROOT / "solutions/exercise3"
    assert run(python, course, "exercise3", "--path", str(solution)).returncode == 0


def test_an_engineer_can_lint_from_the_wheel(python: Path, tmp_path: Path) -> None:
    manifest = tmp_path / "web.yaml"
    manifest.write_text("apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: []}\n")
    result = run(python, tmp_path, "lint", "web.yaml")
    assert result.returncode == 1
    assert "spec.ports: Required value" in result.stdout
    assert run(python, tmp_path, "explain", "target-port-nobody-listens").returncode == 0
