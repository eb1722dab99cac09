import io
import os

import pytest

from checker.manifests import LIMITS
from checker.workspace.errors import InputError
from checker.workspace.input_files import read_paths


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder, *names, text="a: 1\n"):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def names(*paths, stdin=None):
    return [source.name for source in read_paths(paths, stdin)]


def test_a_folder_is_read_with_all_that_is_below_it_in_stable_order(here):
    write(here, "b.yaml", "a.yml", "c/d.json", "c/a.YAML", "a/z.yaml", "notes.txt", "yaml")
    assert names(".") == ["a.yml", "b.yaml", "a/z.yaml", "c/a.YAML", "c/d.json"]


def test_version_control_is_no_manifest_but_hidden_folders_may_hold_some(here):
    write(here, ".git/config.yaml", ".k8s/web.yaml")
    assert names(".") == [".k8s/web.yaml"]


def test_a_file_that_is_named_is_read_whatever_it_is_called(here):
    write(here, "manifest.txt")
    assert names("manifest.txt") == ["manifest.txt"]


def test_a_file_given_twice_is_read_once(here):
    write(here, "web.yaml")
    (here / "link.yaml").symlink_to("web.yaml")
    os.link(here / "web.yaml", here / "hard.yaml")
    assert names("web.yaml", ".", "./web.yaml", str(here / "web.yaml")) == ["web.yaml"]


def test_a_linked_file_is_read_as_in_a_mounted_configmap(here):
    write(here, "data/web.yaml")
    (here / "mount").mkdir()
    (here / "mount" / "web.yaml").symlink_to("../data/web.yaml")
    assert names("mount") == ["mount/web.yaml"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("./web.yaml", "web.yaml"), ("apps/", "apps/web.yaml"), ("./apps", "apps/web.yaml"),
        ("apps//web.yaml", "apps/web.yaml"), ("apps/./web.yaml", "apps/web.yaml"),
        ("apps/.", "apps/web.yaml"), ("apps/../web.yaml", "apps/../web.yaml"),
        ("../here/web.yaml", "../here/web.yaml"),
    ],
)  # fmt: skip
def test_names_are_without_what_a_path_does_not_need(here, monkeypatch, path, name):
    folder = here / "here"
    write(folder, "web.yaml", "apps/web.yaml")
    monkeypatch.chdir(folder)
    assert names(path) == [name]


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="no /proc here")  # noqa: PTH110
def test_a_file_that_its_system_has_no_size_for(here):
    ((name, text),) = read_paths(["/proc/self/status"], None)
    assert name == "/proc/self/status"
    assert "Pid:" in text


def test_standard_input(here):
    sources = read_paths(["-"], io.BytesIO("a: ü\n".encode()))
    assert sources == [("<stdin>", "a: ü\n")]


def test_a_byte_order_mark_is_no_part_of_the_text(here):
    (here / "web.yaml").write_bytes("\ufeffa: 1\n".encode())
    assert read_paths(["web.yaml"], None)[0].text == "a: 1\n"


def test_line_breaks_stay_as_they_are(here):
    (here / "web.yaml").write_bytes(b"a: 1\r\nb: 2\r")
    assert read_paths(["web.yaml"], None)[0].text == "a: 1\r\nb: 2\r"


def test_a_file_at_the_limit_is_read_and_one_beyond_it_is_not(here):
    (here / "web.yaml").write_bytes(b"#" * LIMITS.text)
    assert len(read_paths(["web.yaml"], None)[0].text) == LIMITS.text
    (here / "web.yaml").write_bytes(b"#" * (LIMITS.text + 1))
    with pytest.raises(InputError, match=r"web\.yaml is 5 MiB large"):
        read_paths(["web.yaml"], None)


def test_a_huge_sparse_file_is_measured_not_read(here):
    with (here / "web.yaml").open("wb") as stream:
        stream.truncate(10**12)
    with pytest.raises(InputError, match="MiB large"):
        read_paths(["web.yaml"], None)


def test_a_path_through_a_pipe_of_the_shell(here):
    reader, writer = os.pipe()
    os.write(writer, b"a: 1\n")
    os.close(writer)
    try:
        sources = read_paths([f"/dev/fd/{reader}"], None)
    finally:
        os.close(reader)
    assert sources[0].text == "a: 1\n"


def test_names_that_are_no_unicode(here):
    (here / os.fsdecode(b"\xff.yaml")).write_bytes(b"a: 1\n")
    assert [source.text for source in read_paths(["."], None)] == ["a: 1\n"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("gone.yaml", r"gone\.yaml does not exist"),
        ("empty", r"empty is a folder without"),
        ("web.yaml/x", r"cannot be read"),
        ("a\0b", r"NUL"),
        ("", r"empty"),
        ("x" * 5000, r"cannot be read: file name too long"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_name(here, path, message):
    write(here, "web.yaml")
    (here / "empty").mkdir()
    with pytest.raises(InputError, match=message):
        read_paths([path], None)


def test_no_utf_8_names_the_line(here):
    (here / "web.yaml").write_bytes(b"a: 1\nb: \xe9\n")
    with pytest.raises(InputError, match="line 2") as caught:
        read_paths(["web.yaml"], None)
    assert (caught.value.file, caught.value.line) == ("web.yaml", 2)


def test_the_byte_is_named_after_a_byte_order_mark_too(here):
    (here / "web.yaml").write_bytes(b"\xef\xbb\xbfkind: Pod\nname: gr\xf6\xdfer\n")
    with pytest.raises(InputError, match="byte 0xf6 in line 2"):
        read_paths(["web.yaml"], None)
