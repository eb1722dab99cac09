"""A newcomer's way from `init` to the last exercise, with nothing to read but what is shown.

In one process, as it is long: every exercise is begun, looked at, solved and passed.
"""

import re
import shutil
import unicodedata
from pathlib import Path

import pytest

from checker.cli import commands, main
from checker.workspace.course_folder import CourseFolder
from tests.cli.conftest import CHECKOUT

NAMES = [folder.name for folder in CourseFolder(CHECKOUT).exercises()]
#: Its start is begun with every command; the others with the check alone.
LOOKED_AT = {NAMES[0], NAMES[12], NAMES[-1]}
ENOUGH = 80


class Newcomer:
    """Types commands, reads what is shown, and remembers it all."""

    def __init__(self, capsys):
        self._capsys = capsys
        self.screens = []

    def types(self, *arguments):
        """The exit code and both streams as one text."""
        code = main(list(arguments))
        shown = "".join(self._capsys.readouterr())
        self.screens.append((" ".join(arguments), shown))
        return code, shown

    def reads(self, *arguments, code=0):
        """What a command shows that ends as expected."""
        ended, shown = self.types(*arguments)
        assert ended == code, (arguments, shown)
        return shown


@pytest.fixture
def newcomer(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.delenv("CHECKER_COURSE", raising=False)
    monkeypatch.chdir(tmp_path)
    return Newcomer(capsys)


def solve(name):
    for file in (Path("exercises") / name / "answer").iterdir():
        shutil.copy(CHECKOUT / "solutions" / name / file.name, file)


def mentioned(text):
    """The commands that a screen tells to type: the words after `python -m checker`."""
    return re.findall(r"python -m checker((?: [\w./=-]+)*)", text)


def width(line):
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)


def too_wide(text):
    """Lines that are wider than a terminal and could be broken: paths and commands are not.

    What begins with `checker:` is one sentence on one line, so that it can be searched for.
    """
    for line in text.splitlines():
        whole = line.startswith("checker: ") or "python -m checker" in line or "exercises/" in line
        breakable = len(line.split()) > 2 and not whole
        if width(line) > ENOUGH and breakable:
            yield line


def test_from_the_first_command_to_the_last_exercise(newcomer, monkeypatch):
    first = newcomer.reads("init", "course")
    assert "cd course" in first
    monkeypatch.chdir("course")
    for number, name in enumerate(NAMES):
        overview = newcomer.reads() if name in LOOKED_AT else newcomer.reads("next")
        assert f"Next: {name} " in overview
        assert f"python -m checker {name}\n" in overview
        failed = newcomer.reads(name, code=1)
        assert f"python -m checker hint {name}" in failed
        if name in LOOKED_AT:
            look_around(newcomer, name)
        solve(name)
        passed = newcomer.reads(name)
        following = NAMES[number + 1 :][:1]
        assert all(f"python -m checker {other}\n" in passed for other in following)
        assert f"python -m checker solution {name}" in passed
    assert "That was the last exercise." in passed
    assert "Every exercise is passed." in newcomer.reads()
    assert "Every exercise is passed." in newcomer.reads("next")
    assert newcomer.reads("list").count("10/10 points") == len(NAMES)
    after_the_end(newcomer)
    every_screen_is_sound(newcomer)


def look_around(newcomer, name):
    """Hints to the last one, the solution on the second asking, and beginning anew."""
    for _ in range(10):
        hints = newcomer.reads("hint", name)
        if "last hint" in hints:
            break
        assert f"python -m checker hint {name}" in hints
    assert f"python -m checker solution {name}" in hints
    assert "ask once more" in newcomer.reads("solution", name)
    solution = newcomer.reads("solution", name)
    assert "the answer" in solution or "olution" in solution
    assert "is kept in" in newcomer.reads("reset", name)
    assert f"→ {name}" in newcomer.reads("list")
    newcomer.reads(name, code=1)


def after_the_end(newcomer):
    """Nothing is a dead end: what cannot be done says what can."""
    assert f"reset {NAMES[0]}" in newcomer.reads("reset", code=2)
    assert newcomer.reads("hint", code=2)
    newcomer.reads("reset", NAMES[0])
    assert "10/10 points" in newcomer.reads("list"), "what was passed stays passed"
    newcomer.reads(NAMES[0], code=1)
    for wrong in ("exercise99", "exrecise3", "helo", "wacth"):
        assert "there is no" in newcomer.reads(wrong, code=2)


def every_screen_is_sound(newcomer):
    """Each command that is shown exists, nothing is too wide, nothing is a fault."""
    for typed, shown in newcomer.screens:
        for words in mentioned(shown):
            name = words.split()[0] if words.split() else ""
            command = commands.find(name) if name else commands.OVERVIEW
            assert command is not None, (typed, words)
            assert command.module, f"`{typed}` tells to type `{name}`, which is not built"
            if command is commands.CHECK:
                assert name in NAMES, (typed, words)
        assert list(too_wide(shown)) == [], typed
        assert "Traceback" not in shown
        assert "\ufffd" not in shown


def test_every_command_that_the_help_names_is_there():
    for command in commands.COMMANDS:
        assert command.name in command.usage
    assert list(too_wide("\n".join(commands.usage()))) == []


def test_what_the_course_folder_holds_is_all_one_needs(newcomer, monkeypatch):
    """The files that screens name are there."""
    newcomer.reads("init", "course")
    monkeypatch.chdir("course")
    for name in NAMES:
        shown = newcomer.reads(name, code=1)
        for path in re.findall(r"exercises/[\w./-]+[\w]", shown):
            assert Path(path).exists(), (name, path)
        readme = Path("exercises", name, "README.md").read_text()
        for path in re.findall(r"`(given/[\w./-]+)`", readme):
            assert Path("exercises", name, path).exists(), (name, path)
