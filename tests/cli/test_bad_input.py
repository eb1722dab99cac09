"""No input, however broken, ends in a traceback, a hang or a full memory (CONTRACT: exit codes)."""

import json
import os
import subprocess
import sys

import pytest

from tests.cli.conftest import CHECKOUT

#: Far above what any of these takes (most end within 0.3 s), far below a hang.
SECONDS = 10
MEMORY = 200 * 1024 * 1024

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx
"""


def bomb():
    """Nine aliases a level, nine levels: a thousand million values from a kilobyte."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, 10)
    ]
    return "\n".join(lines) + "\n"


def nested_block(levels):
    return "".join(" " * level + "a:\n" for level in range(levels))


FILES = {
    "syntax": ("web.yaml", b"apiVersion: v1\nkind: [Pod\nmetadata: {}\n", "web.yaml"),
    "tabs": ("web.yaml", b"apiVersion: v1\nkind: Pod\nmetadata:\n\tname: web\n", "web.yaml:4"),
    "binary": ("web.yaml", b"\x7fELF\x02\x01\x01\0\0\0\0" + os.urandom(4096), "web.yaml"),
    "nul": ("web.yaml", b"apiVersion: v1\nkind: P\0d\n", "web.yaml:2"),
    "latin-1": ("web.yaml", "kind: Pod # größer\n".encode("latin-1"), "UTF-8"),
    "utf-16": ("web.yaml", POD.encode("utf-16"), "UTF-16"),
    "brackets": ("web.yaml", b"a: " + b"[" * 10_000, "nested"),
    "closed-brackets": ("web.yaml", b"a: " + b"[" * 10_000 + b"]" * 10_000, "nested"),
    "braces": ("web.json", b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "nested"),
    "deep-block": ("web.yaml", nested_block(3_000).encode(), "nested"),
    "bomb": ("web.yaml", bomb().encode(), "alias"),
    "self-alias": ("web.yaml", b"a: &a [*a]\n", "web.yaml:1"),
    "50 MB": ("web.yaml", POD.encode() + b"# " + b"x" * (50 * 1024 * 1024) + b"\n", "MiB"),
    "template": ("web.yaml", b"kind: Pod\nmetadata:\n  name: {{ .Values.name }}\n", "render"),
    "list": ("web.yaml", b"- a\n- b\n", "web.yaml:1"),
    "text": ("web.yaml", b"hello\n", "web.yaml:1"),
    "control": ("web.yaml", b"kind: \x01Pod\n", "web.yaml"),
}


@pytest.fixture
def run(tmp_path):
    def run(*arguments, stdin=b"", env=None):
        done = subprocess.run(
            [sys.executable, "-X", "utf8", "-c", _MEASURE, *map(str, arguments)],
            input=stdin,
            capture_output=True,
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(CHECKOUT)} | (env or {}),
            timeout=SECONDS * 3,
            check=False,
        )
        err, _, peak = done.stderr.decode().rpartition("PEAK ")
        return done.returncode, done.stdout.decode(), err, int(peak)

    return run


# ru_maxrss would count what the parent had before the child was born.
_MEASURE = """\
import sys
from pathlib import Path
from checker.cli import main
code = main(sys.argv[1:])
status = Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else []
peak = next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)
print("PEAK", peak * 1024, file=sys.stderr, end="")
sys.exit(code)
"""


def assert_told(code, out, err, peak, expected, fragment):
    assert code == expected, out + err
    assert "Traceback" not in out + err
    assert fragment.lower() in (out + err).lower()
    assert peak < MEMORY
    # One sentence, perhaps with the line it speaks of; not a page.
    assert len(err.splitlines()) <= 12


@pytest.mark.parametrize("case", FILES)
def test_lint_of_a_broken_file_ends_with_2_and_a_sentence(run, tmp_path, case):
    name, data, fragment = FILES[case]
    (tmp_path / name).write_bytes(data)
    code, out, err, peak = run("lint", name)
    assert_told(code, out, err, peak, 2, fragment)


@pytest.mark.parametrize("case", FILES)
def test_lint_of_broken_standard_input_ends_with_2_and_a_sentence(run, case):
    _, data, fragment = FILES[case]
    code, out, err, peak = run("lint", "-", stdin=data)
    assert_told(code, out, err, peak, 2, fragment.replace("web.yaml", "<stdin>"))


@pytest.mark.parametrize("case", FILES)
def test_json_says_the_same_in_its_schema(run, tmp_path, case):
    name, data, _ = FILES[case]
    (tmp_path / name).write_bytes(data)
    code, out, _, _ = run("lint", name, "--format", "json")
    document = json.loads(out)
    assert code == 2
    assert document["schema"] == "checker/findings/v1"
    assert document["error"]["location"]["file"] == name
    assert document["error"]["message"]


@pytest.mark.parametrize("case", sorted(set(FILES) - {"list", "text", "bomb", "self-alias"}))
def test_trace_and_matrix_refuse_to_guess_from_half_of_the_input(run, tmp_path, case):
    name, data, fragment = FILES[case]
    (tmp_path / name).write_bytes(data)
    (tmp_path / "good.yaml").write_text(POD)
    told = run("trace", name, "good.yaml", "--from", "pod/web", "--to", "pod/web:80")
    assert_told(*told, 2, fragment)
    assert_told(*run("matrix", name, "good.yaml"), 2, fragment)


def test_a_missing_file(run):
    assert_told(*run("lint", "nowhere.yaml"), 2, "nowhere.yaml does not exist")


def test_a_folder_without_manifests(run, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "notes.txt").write_text("hello")
    assert_told(*run("lint", "empty"), 2, "empty is a folder without")


def test_a_pipe_that_nobody_writes_to_does_not_block(run, tmp_path):
    os.mkfifo(tmp_path / "web.yaml")
    assert_told(*run("lint", "web.yaml"), 2, "no regular file")
    assert_told(*run("lint", "."), 2, "no regular file")


def test_a_device_does_not_block(run):
    assert_told(*run("lint", "/dev/zero"), 2, "no regular file")


def test_links_in_circles(run, tmp_path):
    (tmp_path / "web.yaml").symlink_to("web.yaml")
    assert_told(*run("lint", "."), 2, "web.yaml")


def test_a_link_to_nothing(run, tmp_path):
    (tmp_path / "web.yaml").symlink_to("gone.yaml")
    assert_told(*run("lint", "."), 2, "link to a file that does not exist")


def test_folders_that_link_to_each_other_are_read_once(run, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "web.yaml").write_text(POD)
    (tmp_path / "a" / "again").symlink_to("..")
    code, out, _, _ = run("lint", ".")
    assert code == 0
    assert "1 object in 1 file" in out


def test_a_file_that_may_not_be_read(run, tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (tmp_path / "web.yaml").write_text(POD)
    (tmp_path / "web.yaml").chmod(0)
    assert_told(*run("lint", "web.yaml"), 2, "permission denied")


def test_endless_standard_input_is_cut(tmp_path):
    with subprocess.Popen(["yes", "a: b"], stdout=subprocess.PIPE) as endless:
        done = subprocess.run(
            [sys.executable, "-m", "checker", "lint", "-"],
            stdin=endless.stdout,
            capture_output=True,
            text=True,
            env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
            cwd=tmp_path,
            timeout=SECONDS * 3,
            check=False,
        )
        endless.kill()
    assert done.returncode == 2
    assert "larger than" in done.stderr


def test_closed_standard_input(tmp_path):
    done = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -m checker lint - <&-'],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
        cwd=tmp_path,
        timeout=SECONDS * 3,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "closed" in done.stderr or "bad file descriptor" in done.stderr


@pytest.mark.parametrize(
    "options",
    [
        ("--pod-cidr", "::/0", "--nodes", "3"),
        ("--pod-cidr", "0.0.0.0/0"),
        ("--pod-cidr", "fd00::/127"),
        ("--pod-cidr", "10.0.0.0/32", "--nodes", "3"),
        ("--service-cidr", "::/0"),
        ("--service-cidr", "10.0.0.8/29"),
    ],
    ids=" ".join,
)
def test_the_largest_and_the_smallest_clusters(run, tmp_path, options):
    (tmp_path / "web.yaml").write_text(POD)
    assert run("lint", "web.yaml", *options)[0] == 0
    assert run("matrix", "web.yaml", *options)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        (["lint"], "PATH"),
        (["lint", "x.yaml", "--nodes", "0"], "--nodes"),
        (["lint", "x.yaml", "--nodes", "many"], "--nodes"),
        (["lint", "x.yaml", "--pod-cidr", "10.244.0.1/16"], "--pod-cidr"),
        (["lint", "x.yaml", "--service-cidr", "here"], "--service-cidr"),
        (["lint", "x.yaml", "--service-cidr", "10.0.0.1/32"], "fewer than 8 addresses"),
        (["lint", "x.yaml", "--service-cidr", "fd00::/126"], "fewer than 8 addresses"),
        (["lint", "x.yaml", "--node-port-range", "9-1"], "--node-port-range"),
        (["lint", "x.yaml", "--proxy-mode", "ipvs"], "--proxy-mode"),
        (["lint", "x.yaml", "--format", "xml"], "xml"),
        (["lint", "x.yaml", "--fail-on", "never"], "--fail-on"),
        (["lint", "x.yaml", "--frobnicate"], "--frobnicate"),
        (["trace", "x.yaml"], "--from"),
        (["trace", "x.yaml", "--from", "pod/a", "--to", "pod/b:1", "--protocol", "ICMP"], "ICMP"),
        (["frobnicate"], "no command 'frobnicate'"),
        (["lnit", "x.yaml"], "did you mean `lint`"),
        (["--frobnicate"], "--frobnicate"),
        (["exercise3", "--frobnicate"], "--frobnicate"),
        (["exercise3", "--context", "x"], "--live"),
        (["watch", "exercise99"], "no exercise"),
        (["cluster", "frobnicate"], "frobnicate"),
        (["cluster", "down", "--learner", "x"], "--learner"),
        (["dev", "mutate", "exercise99"], "no exercise"),
        (["dev"], "what"),
        (["reset"], "name"),
        (["init"], "DIR"),
        (["", "x"], "no command ''"),
        (["exercise99999999999999999999"], "no exercise"),
        (["\udcff"], "no command"),
        (["exercise3", "--path", "nowhere"], "nowhere does not exist"),
        (["exercise3", "--path", ""], "--path"),
    ],
)
def test_bad_usage_ends_with_2_and_a_sentence(run, arguments, fragment):
    assert_told(*run(*arguments, env={"CHECKER_COURSE": str(CHECKOUT)}), 2, fragment)
