"""The field tables are what the published schemas and the Go sources say now."""

import json
import shutil
import subprocess
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from checker import KUBERNETES_VERSION
from checker.api.kinds import KINDS
from checker.api.tables import generate

TABLES = sorted({kind.table for kind in KINDS.values()} - {"gateway"})


def read(name: str) -> Any:
    return json.loads((resources.files("checker.api.tables") / f"{name}.json").read_text())


@pytest.mark.parametrize("name", TABLES)
def test_fields_are_those_of_the_published_schemas(name: str) -> None:
    assert not generate.check_against_schema(read(name)["structs"], generate.published_schema())


@pytest.mark.parametrize("name", TABLES)
def test_roots_are_in_their_table(name: str) -> None:
    structs = read(name)["structs"]
    assert all(k.struct in structs for k in KINDS.values() if k.table == name and k.struct)


@cache
def downloaded(module: str, version: str) -> Path:
    """The folder that Go has unpacked a module into; skips where it cannot be had."""
    if shutil.which("go") is None:
        pytest.skip("Go is not installed, which is needed to get the sources of Go's names")
    command = ["go", "mod", "download", "-json", f"{module}@{version}"]
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd="/")
    except subprocess.TimeoutExpired:
        pytest.skip(f"{module} could not be downloaded within two minutes")
    found = json.loads(result.stdout or "{}")
    if "Dir" not in found:
        pytest.skip(f"{module} could not be downloaded: {found.get('Error', result.stderr)[:200]}")
    return Path(found["Dir"])


def test_generator_makes_the_tables() -> None:
    version = f"v0.{KUBERNETES_VERSION.split('.')[1]}.0"
    folder = downloaded("k8s.io/api", version).parent
    downloaded("k8s.io/apimachinery", version)
    made = generate.make(folder)
    for name in TABLES:
        assert made[name] == read(name)


def test_generator_makes_gateway_apis_table() -> None:
    folder = downloaded("sigs.k8s.io/gateway-api", generate.GATEWAY_API_VERSION)
    assert generate.make_gateway(folder) == read("gateway")


def test_time_zones_are_those_that_go_packs() -> None:
    """Zones are renamed, never removed: a newer Go may know more."""
    if shutil.which("go") is None:
        pytest.skip("Go is not installed, which packs the names of the time zones")
    root = subprocess.run(["go", "env", "GOROOT"], capture_output=True, text=True, check=True)
    archive = Path(root.stdout.strip()) / "lib" / "time" / "zoneinfo.zip"
    if not archive.exists():
        pytest.skip(f"this Go has no {archive}")
    assert set(read("time_zones")) <= set(generate.make_time_zones(archive))
