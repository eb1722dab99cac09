"""What can be wrong with a machine, each told in a sentence; and that nothing is left behind.

The API server alone shows most of it in seconds; nodes are started where they matter.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster import build, commands, remains, versions
from tests.cluster.versions import ClusterError, state

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("machine")]

ROOT = Path(__file__).resolve().parents[2]
NAME = f"conditions-{os.getpid()}"
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="takes root's rights away to see it")


def _cluster(
    *arguments: str, before: tuple[str, ...] = (), env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*before, sys.executable, "-m", "tests.cluster", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
        env={**os.environ, **(env or {})},
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _built() -> None:
    """These are about starting; what builds is not rebuilt for them."""
    try:
        build.build()
    except ClusterError as error:
        pytest.skip(str(error))


@pytest.fixture
def name() -> Iterator[str]:
    """A cluster's name; whatever has it is gone afterwards."""
    yield NAME
    commands.down(NAME)


def _sentence(done: subprocess.CompletedProcess[str]) -> str:
    """Exit code 3 and one sentence on standard error, nothing on standard output."""
    assert done.returncode == 3, done.stderr
    assert done.stdout == ""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return lines[0]


def _gone(name: str, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if commands.status(name) is None and not remains.left(name):
            return True
        time.sleep(0.2)
    return False


def _sandboxes(name: str) -> list[str]:
    """Processes that hold namespaces of the cluster: their script lies in its folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if f"{state(name)}/".encode() in path.read_bytes():
                found.append(path.parent.name)
        except OSError:
            continue
    return found


@needs_root
def test_not_root() -> None:
    done = _cluster("up", "--name", NAME, before=("setpriv", "--reuid=65534", "--clear-groups"))
    # The cache and the interpreter may lie where another user can't read; then Python says so.
    if "No module named" in done.stderr or "Permission denied" in done.stderr:
        pytest.skip("this checkout is for root's eyes only")
    assert "need root" in _sentence(done)


@needs_root
def test_no_network_namespaces() -> None:
    without = ("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin")
    sentence = _sentence(_cluster("up", "--name", NAME, before=without))
    assert "allows no network namespaces" in sentence


@needs_root
def test_full_disk(tmp_path: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", tmp_path], check=True)
    try:
        sentence = _sentence(
            _cluster("up", "--api-only", "--name", NAME, env={"TMPDIR": str(tmp_path)})
        )
    finally:
        subprocess.run(["umount", tmp_path], check=True)
    assert "MiB free" in sentence
    assert "make room" in sentence


@needs_root
def test_full_disk_of_the_cache(tmp_path: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", tmp_path], check=True)
    try:
        sentence = _sentence(
            _cluster("up", "--api-only", "--name", NAME, env={"XDG_CACHE_HOME": str(tmp_path)})
        )
    finally:
        subprocess.run(["umount", tmp_path], check=True)
    assert "building Kubernetes needs" in sentence


def test_port_taken() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        sentence = _sentence(_cluster("up", "--api-only", "--name", NAME, "--port", str(port)))
    assert f"port {port} is taken" in sentence
    commands.down(NAME)


def test_half_built_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was interrupted is made again, what is whole is kept, what fails leaves nothing."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    versions.part.cache_clear()
    try:
        for part in ("system", "kubernetes", "network"):
            versions.part(part).mkdir(parents=True)
        half = versions.part("images").with_name(versions.part("images").name + ".part")
        half.mkdir()
        (half / "agnhost.tar").write_text("half")
        assert not build.is_built()
        # The programs are not there, so this part can't be made.
        with pytest.raises(ClusterError, match="can't write the cluster's cache"):
            build.build()
        assert sorted(p.name for p in versions.cache().iterdir() if "images" in p.name) == []
        for program in ("agnhost", "pause"):
            (versions.part("kubernetes") / program).write_text(program)
        (versions.part("network") / "network").write_text("network")
        build.build()
        assert build.is_built()
    finally:
        versions.part.cache_clear()


def test_down_without_anything(name: str) -> None:
    done = _cluster("down", "--name", name)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_second_up_finds_the_first(name: str) -> None:
    first = _cluster("up", "--api-only", "--name", name)
    assert first.returncode == 0, first.stderr
    second = _cluster("up", "--api-only", "--name", name)
    assert (second.returncode, second.stdout) == (0, first.stdout)


def test_a_supervisor_that_was_killed(name: str) -> None:
    """Its children die with it; the next start clears the rest away, and so does `down`."""
    assert _cluster("up", "--api-only", "--name", name).returncode == 0
    supervisor = int(state(name).with_suffix(".lock").read_text())
    os.kill(supervisor, signal.SIGKILL)
    end = time.monotonic() + 10
    while _sandboxes(name) and time.monotonic() < end:
        time.sleep(0.1)
    assert _sandboxes(name) == []
    assert remains.left(name) == [f"the folder {state(name)}"]
    again = _cluster("up", "--api-only", "--name", name)
    assert again.returncode == 0, again.stderr
    os.kill(int(state(name).with_suffix(".lock").read_text()), signal.SIGKILL)
    commands.down(name)
    assert remains.left(name) == []


@needs_root
def test_nodes_whose_supervisor_was_killed(name: str) -> None:
    """Namespaces, mounts and interfaces vanish with it, cgroups with `down`."""
    done = _cluster("up", "--name", name)
    assert done.returncode == 0, done.stderr
    there = remains.left(name)
    for what in ("the folder", "the cgroup", "the interface", "process"):
        assert any(entry.startswith(what) for entry in there), what
    os.kill(int(state(name).with_suffix(".lock").read_text()), signal.SIGKILL)
    commands.down(name)
    assert remains.left(name) == []
    assert _sandboxes(name) == []


def test_it_goes_down_with_its_owner(name: str) -> None:
    """A test run that crashes takes its cluster with it."""
    owner = subprocess.Popen(["sleep", "600"])
    try:
        done = _cluster("up", "--api-only", "--name", name, "--owner", str(owner.pid))
        assert done.returncode == 0, done.stderr
    finally:
        owner.kill()
        owner.wait()
    assert _gone(name)


@needs_root
@pytest.mark.parametrize("seconds", [0.0, 2.5])
def test_ctrl_c_while_it_starts(name: str, seconds: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.cluster", "up", "--name", name],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    end = time.monotonic() + 30
    while not state(name).with_suffix(".lock").exists() and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert _gone(name)
    assert _sandboxes(name) == []
