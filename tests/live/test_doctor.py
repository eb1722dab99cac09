"""What `cluster doctor` says of a machine, and programs that do not work."""

import json
from pathlib import Path

import pytest

from checker.live import programs
from checker.live.errors import LiveError
from checker.live.local import doctor
from tests.live.conftest import Checker
from tests.live.stand_ins import Program


def test_a_machine_with_all_is_well(
    checker: Checker, program: Program, kind: Program, folder: Path
):
    kind()
    program("kubectl", "echo 'Client Version: v1.36.3'")
    program("docker", 'test "$2" = --format && echo 8345678901; true')
    done = checker("cluster", "doctor", "--format", "json", PATH=str(folder))
    found = {one["title"]: one for one in json.loads(done.stdout)["findings"]}
    assert found["Docker or podman"]["detail"] == "docker answers"
    assert found["kind"]["detail"] == "kind v0.33.0 go1.26.0 linux/amd64"
    assert found["kubectl"]["detail"] == "Client Version: v1.36.3"
    assert found["4 GiB of memory"]["detail"] == "7.8 GiB"
    assert all(one["good"] for title, one in found.items() if title != "file watches")


@pytest.mark.parametrize("system", ["Linux", "Darwin", "Windows"])
def test_a_virtual_machine_that_is_too_small(
    monkeypatch: pytest.MonkeyPatch, program: Program, folder: Path, system: str
):
    # Docker Desktop's default in a virtual machine of its own, whatever the laptop has.
    program("docker", 'test "$2" = --format && echo 2079461376; true')
    monkeypatch.setenv("PATH", str(folder))
    memory = next(one for one in doctor.examine(system) if "memory" in one.title)
    assert not memory.good
    assert memory.detail == "1.9 GiB"
    assert memory.advice == doctor.advice_for("memory", system)


def test_podman_is_asked_for_its_memory(
    monkeypatch: pytest.MonkeyPatch, program: Program, folder: Path
):
    program("docker", "echo 0")
    program("podman", 'test "$3" = "{{.Host.MemTotal}}" && echo 6442450944')
    monkeypatch.setenv("PATH", str(folder))
    assert doctor.memory_gib() == 6


@pytest.mark.parametrize(
    ("said", "good"),
    [
        ("kind v0.31.0 go1.25.5 linux/amd64", False),
        ("kind v0.32.0 go1.26.0 linux/amd64", True),
        ("kind v1.0.0 go1.30 linux/amd64", True),
        ("kind (unknown)", True),
    ],
)
def test_a_kind_from_before_the_node_image(
    monkeypatch: pytest.MonkeyPatch, program: Program, folder: Path, said: str, good: bool
):
    program("kind", f"echo '{said}'")
    monkeypatch.setenv("PATH", str(folder))
    found = next(one for one in doctor.examine("Linux") if one.title == "kind")
    assert found.good is good
    assert bool(found.advice) is not good


def test_a_program_that_hangs_or_cannot_run_is_told(
    monkeypatch: pytest.MonkeyPatch, program: Program, folder: Path
):
    program("kind", "sleep 5")
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(LiveError, match=r"`kind version` did not end in 0 s"):
        programs.run(["kind", "version"], 0.2)
    (folder / "kubectl").write_text("no program")
    (folder / "kubectl").chmod(0o755)
    with pytest.raises(LiveError, match="kubectl cannot be started"):
        programs.run(["kubectl"])
