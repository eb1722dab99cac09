"""Hand-ins as they should not be: each is a sentence, none stops anything."""

import os
import socket

import pytest

from checker.workspace import hand_ins
from checker.workspace.errors import InputError
from checker.workspace.hand_ins import find_answers, learners_in, look_of, read_answer, readable

NAMES = ("exercise3", "exercise5")


@pytest.fixture
def folder(tmp_path):
    home = tmp_path / "class" / "ann"
    home.mkdir(parents=True)
    return home


def put(path, text="kind: Service\n"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def answer(folder, name="exercise3", files=("web.yaml",)):
    """The texts of an answer. Raises InputError."""
    found = find_answers(folder, NAMES, folder.parent / "report")
    sources, _ = read_answer(folder, found.answers[name], files)
    return [source.text for source in sources]


def test_a_file_that_changes_while_it_is_read(folder, monkeypatch):
    file = put(folder / "exercise3" / "web.yaml")
    assert answer(folder) == ["kind: Service\n"]
    read = hand_ins.read_file

    def slowly(path):
        text = read(path)
        file.write_text("kind: Pod, and more\n")
        return text

    monkeypatch.setattr(hand_ins, "read_file", slowly)
    with pytest.raises(InputError, match="changed while it was read; grade again"):
        answer(folder)


def test_a_file_that_goes_away_before_it_is_read(folder):
    file = put(folder / "exercise3.yaml")
    found = find_answers(folder, NAMES, folder.parent / "report")
    file.unlink()
    with pytest.raises(InputError, match=r"exercise3.yaml cannot be read: .*[Nn]o such file"):
        read_answer(folder, found.answers["exercise3"], ("web.yaml",))


def test_a_file_that_may_not_be_read(folder, monkeypatch):
    file = put(folder / "exercise3.yaml")
    opened = os.open

    def refuse(path, *arguments):
        if os.fspath(path) == str(file):
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments)

    # Taking the right away would not keep root out, which containers run as.
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(InputError, match=r"exercise3.yaml cannot be read: permission denied"):
        answer(folder)


def test_a_folder_that_may_not_be_read(folder, monkeypatch):
    put(folder / "exercise3.yaml")
    (folder / "locked").mkdir()
    scan = os.scandir

    def refuse(path):
        if os.fspath(path) == str(folder / "locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = find_answers(folder, NAMES, folder.parent / "report")
    assert list(found.answers) == ["exercise3"]
    assert [(note.file, note.message) for note in found.notes] == [
        ("locked", "cannot be read: permission denied")
    ]


@pytest.mark.parametrize("kind", ["pipe", "socket", "device"])
def test_what_is_no_regular_file(folder, kind, monkeypatch):
    (folder / "exercise3").mkdir()
    file = folder / "exercise3" / "web.yaml"
    if kind == "pipe":
        os.mkfifo(file)
    elif kind == "socket":
        # The path of a socket may have about a hundred signs.
        monkeypatch.chdir(file.parent)
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(file.name)
    else:
        try:
            os.mknod(file, 0o600 | 0o020000, os.makedev(1, 5))
        except PermissionError:
            pytest.skip("only root may make a device")
    with pytest.raises(InputError, match="is no regular file, so it is not read"):
        answer(folder)


def test_names_that_are_no_utf8(folder):
    """As a zip from another system leaves them."""
    class_folder = folder.parent
    odd = os.fsdecode(b"caf\xe9")
    put(class_folder / odd / "exercise3.yaml")
    put(class_folder / odd / os.fsdecode(b"\xff.zip"))
    names, _ = learners_in(class_folder, class_folder / "report")
    assert set(names) == {"ann", odd}
    assert answer(class_folder / odd) == ["kind: Service\n"]
    assert readable(odd) == r"caf\udce9"
    found = find_answers(class_folder / odd, NAMES, class_folder / "report")
    assert all(note.file.encode() for note in found.notes), "every name can be written"


def test_names_that_are_paths(folder):
    outside = put(folder.parent.parent / "exercise3.yaml", "kind: Secret\n")
    for name in ("..\\..\\exercise3.yaml", "%2e%2e%2fexercise3.yaml", "~", "$(touch hacked)"):
        put(folder / name)
    found = find_answers(folder, NAMES, folder.parent / "report")
    assert found.answers == {}
    assert outside.read_text() == "kind: Secret\n"


def test_archives_stay_packed(folder):
    """However large they would be: nothing of them is opened."""
    for name in ("exercise3.zip", "exercise3.yaml.gz", "all.tar.xz", "all.7z"):
        with (folder / name).open("wb") as stream:
            # A hole: it takes no room.
            stream.truncate(10_000_000_000)
    found = find_answers(folder, NAMES, folder.parent / "report")
    assert found.answers == {}
    assert {note.message for note in found.notes} == {"is not read: unpack it and grade again"}
    assert len(found.notes) == 4


def test_a_manifest_too_large_is_not_read(folder):
    with (folder / "exercise3.yaml").open("wb") as stream:
        stream.truncate(10_000_000_000)
    with pytest.raises(InputError, match=r"exercise3.yaml is 9,765,625 KiB large; an answer"):
        answer(folder)


def test_a_hundred_thousand_files(folder):
    for number in range(100_000):
        os.mknod(folder / f"{number}.yaml")
    put(folder / "exercise3" / "web.yaml")
    put(folder / "z" / "exercise5.yaml")
    found = find_answers(folder, NAMES, folder.parent / "report")
    assert set(found.answers) == set(NAMES), "folders come before a flood of files"
    assert [note.message for note in found.notes] == [
        "holds very many files; 2,000 of them were looked at"
    ]


def test_very_many_folders_end(folder, monkeypatch):
    monkeypatch.setattr(hand_ins, "MOST_ENTRIES", 200)
    for number in range(20):
        for inner in range(20):
            (folder / str(number) / str(inner)).mkdir(parents=True)
    found = find_answers(folder, NAMES, folder.parent / "report")
    assert [note.message for note in found.notes] == [
        "holds very many files and folders; only those further up were looked at"
    ]


def test_what_is_new_is_seen_without_reading(folder):
    report = folder.parent / "report"
    looks = [look_of(folder, NAMES, report)]

    def is_new():
        looks.append(look_of(folder, NAMES, report))
        return looks[-1] != looks[-2]

    file = put(folder / "exercise3" / "web.yaml")
    assert is_new()
    assert not is_new()
    file.write_text("kind: Pod\n")
    assert is_new()
    # Another file in its place, as old and as large.
    before = file.stat()
    put(file.with_name("new.txt"), "kind: Job\n").replace(file)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert is_new()
    put(folder / "exercise3" / ".variant", "seven\n")
    assert is_new()
    put(folder / "notes.txt")
    assert not is_new(), "what is not graded does not matter"
    file.unlink()
    assert is_new()
    put(folder / "all.zip")
    assert is_new(), "there is something more to be said"


def told(found):
    return [(note.file, note.message) for note in found.notes]


@pytest.mark.parametrize(
    "path",
    [
        "exercise3 (1).yaml",
        "exercise3_final.yml",
        "Ex3 - Ann.yaml",
        "lee_ann_12345_exercise3-1.yaml",
        "exercise3 - Ann/web.yaml",
        "exercise3 copy/answer/web.yaml",
    ],
)
def test_a_name_with_more_in_it_is_an_answer_if_there_is_no_better(folder, path):
    """As browsers and learning platforms name what is handed in twice, or by whom."""
    put(folder / path)
    put(folder / "exercise5.yaml")
    found = find_answers(folder, NAMES, folder.parent / "report")
    assert set(found.answers) == {"exercise3", "exercise5"}
    assert "is taken for the answer to exercise3, because of its name" in told(found)[0][1]
    put(folder / "z" / "exercise3.yaml")
    found = find_answers(folder, NAMES, folder.parent / "report")
    assert found.answers["exercise3"].name == "z/exercise3.yaml"
    assert "is a second answer to exercise3 and is not read" in told(found)[0][1]


def test_a_folder_for_several_exercises_is_none_of_them(folder):
    put(folder / "ex3-5" / "exercise3.yaml")
    put(folder / "ex3-5" / "exercise5.yaml")
    found = find_answers(folder, NAMES, folder.parent / "report")
    assert {name: place.name for name, place in found.answers.items()} == {
        "exercise3": "ex3-5/exercise3.yaml",
        "exercise5": "ex3-5/exercise5.yaml",
    }


def test_names_that_hold_no_exercise(folder):
    for name in ("index3.yaml", "alex5.yaml", "flex 3.yaml", "exercise35x.yaml", "exercise.yaml"):
        put(folder / name)
    found = find_answers(folder, NAMES, folder.parent / "report")
    assert found.answers == {}


def test_nothing_that_looks_like_an_answer_goes_without_a_word(folder):
    put(folder / "exercise5.yaml")
    put(folder / "exercise3" / "web.docx")
    put(folder / "exercise99" / "web.yaml")
    put(folder / "Exercise 77.yaml")
    found = find_answers(folder, NAMES, folder.parent / "report")
    assert set(told(found)) == {
        ("exercise3", "holds no answer: there is no .yaml file in it"),
        ("exercise99", "is named like an exercise that the course does not have"),
        ("Exercise 77.yaml", "is named like an exercise that the course does not have"),
    }


def test_what_is_there_instead_of_answers_is_named(folder):
    put(folder / "answer" / "web.yaml")
    put(folder / "solutions" / "exercise3" / "web.yaml")
    ((_, message),) = told(find_answers(folder, NAMES, folder.parent / "report"))
    assert message.endswith("; there is solutions (not looked at), answer/web.yaml")


def test_the_ending_that_notepad_adds(folder):
    put(folder / "exercise3" / "web.yaml.txt")
    put(folder / "exercise5.YAML.txt")
    assert answer(folder) == answer(folder, "exercise5") == ["kind: Service\n"]
    found = find_answers(folder, NAMES, folder.parent / "report")
    _, notes = read_answer(folder, found.answers["exercise3"], ("web.yaml", "other.yaml"))
    assert [note.message for note in notes] == [
        "has no web.yaml; read instead: web.yaml.txt",
        "has no other.yaml",
    ]


def test_an_answer_far_too_large(folder):
    put(folder / "exercise3.yaml", "#" * 300 * 1024)
    with pytest.raises(InputError, match="is 300 KiB large; an answer should be at most 256 KiB"):
        answer(folder)
