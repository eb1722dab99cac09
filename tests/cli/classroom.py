"""A class made up: hand-ins of every kind, the same for the same seed, with the grade for each.

What a wrong answer is worth comes from the course: its first line names the check that must fail,
and the points are those of the checks before it. What a mutated text is worth nobody knows before:
`UNKNOWN` stands for its grade.
"""

import os
import random
import shutil
from functools import cache
from typing import NamedTuple

from tests.course import repository

LAYOUTS = ("course", "clone", "folders", "deeper", "files")

#: A folder's names that have been somebody's; the rest of a class has ordinary ones.
STRANGE = (
    "O'Neil, Ann",
    'Bob "Bobby" Tables',
    "=HYPERLINK(1)",
    "+1 @home",
    "-2+3",
    "@SUM(A1)",
    "学生 Ünï",
    "<script>alert(1)</script>".replace("/", "∕"),
    "..%2f..%2fetc",
    "C:\\temp",
    " space ",
    "new\nline",
    "\tTab",
    "مرحبا",
)

#: How often a kind of answer comes; about what a class hands in, and some that none should.
_KINDS = {
    "right": 5,
    "alternative": 2,
    "wrong": 6,
    "mutated": 4,
    "empty": 1,
    "broken": 1,
    "binary": 1,
    "missing": 2,
}


class Expected(NamedTuple):
    """What an answer must be graded as."""

    status: str
    points: int
    misconception: str | None = None


#: The grade of an answer whose verdict the course does not say.
UNKNOWN = Expected("unknown", 0)
#: That of one that cannot be read.
_UNREAD = Expected("error", 0)


class _Known(NamedTuple):
    """An exercise as this module needs it: worth, and texts by file name."""

    points: dict[str, int]
    files: tuple[str, ...]
    right: list[dict[str, str]]
    wrong: list[str]


def make_class(folder, count, names, seed=1, *, alike=True):
    """Write hand-ins of so many learners. Gives what is expected by learner and exercise.

    Unless answers may be `alike`, each holds a comment that no other has.
    """
    expected = {}
    clone = None
    for number in range(count):
        # Each learner's own: a class of another size has the same learners.
        choice = random.Random(f"{seed} {number}")
        learner = STRANGE[number] if number < len(STRANGE) else f"learner {number:04}"
        layout = LAYOUTS[number % len(LAYOUTS)]
        home = folder / learner
        home.mkdir(parents=True)
        if layout == "clone":
            clone = _clone(home / "kubernetes-ports", clone, tuple(names))
        mark = "" if alike else f"\n# {number}\n"
        expected[learner] = {
            name: _hand_in(home, name, layout, choice, mark.encode()) for name in names
        }
    return expected


def _hand_in(home, name, layout, choice, mark):
    (kind,) = choice.choices(list(_KINDS), _KINDS.values())
    known = _known(name)
    texts, expected = _answer(kind, known, choice)
    if texts is not None:
        _write(home, name, layout, {file: _bytes(text) + mark for file, text in texts.items()})
    return expected


def _answer(kind, known, choice):
    """The files, or None where there are none, and what they are worth."""
    first = known.files[0]
    passed = Expected("pass", sum(known.points.values()))
    if kind == "right":
        return known.right[0], passed
    if kind == "alternative":
        return choice.choice(known.right), passed
    if kind == "wrong":
        wrong = choice.choice(known.wrong)
        return {first: wrong}, _worth(wrong, known)
    if kind == "mutated":
        mutated = _mutated(choice.choice((*known.right[0].values(), *known.wrong)), choice)
        return known.right[0] | {first: mutated}, UNKNOWN
    if kind == "empty":
        return dict.fromkeys(known.files, ""), Expected("fail", 0)
    if kind == "broken":
        return {first: choice.choice(("kind: [\n", "a: b: c\n", "a: {{ b }}\n"))}, _UNREAD
    if kind == "binary":
        return {
            first: choice.choice((b"\xff\xfe\x00", b"PK\x03\x04" + choice.randbytes(50)))
        }, _UNREAD
    return None, Expected("missing", 0)


def _worth(wrong, known):
    """The points of the checks before the one that the first line says must fail."""
    _, _, failed, _, belief = wrong.splitlines()[0].split()
    points = 0
    for check, worth in known.points.items():
        if check == failed:
            break
        points += worth
    return Expected("fail", points, belief)


def _mutated(text, choice):
    """A text after a slip of the hand, or three."""
    lines = text.splitlines()
    for _ in range(choice.randint(1, 3)):
        at = choice.randrange(len(lines))
        slip = choice.randrange(7)
        if slip == 0 and len(lines) > 1:
            del lines[at]
        elif slip == 1:
            lines.insert(at, lines[choice.randrange(len(lines))])
        elif slip == 2:
            lines[at] = f"  {lines[at]}"
        elif slip == 3:
            lines[at] = lines[at].replace("80", "81").replace("a", "e", 1)
        elif slip == 4:
            lines[at] = lines[at][: choice.randint(0, len(lines[at]))]
        elif slip == 5:
            lines[at] += choice.choice(("'", ":", " # ", "\t", "\u00a0", "{", "- x", "&a", "*a"))
        else:
            lines = lines[: at + 1]
    return "\n".join(lines) + "\n"


@cache
def _known(name):
    asked, answers = repository.exercise(name), repository.answers(name)
    whole = [answers.solution, *answers.alternatives.values()]
    return _Known(
        {check.id: check.points for check in asked.checks},
        asked.answer_files,
        [{file: texts[file] for file in asked.answer_files} for texts in whole],
        [answers.wrong[file] for file in sorted(answers.wrong)],
    )


def _write(home, name, layout, texts):
    if layout == "files":
        (home / f"{name}.yaml").write_bytes(b"\n---\n".join(texts.values()))
        return
    places = {
        "course": f"exercises/{name}/answer",
        "clone": f"kubernetes-ports/exercises/{name}/answer",
        "folders": name.replace("exercise", "Exercise 0"),
        "deeper": f"hand-in/{name}",
    }
    place = home / places[layout]
    place.mkdir(parents=True)
    for file, text in texts.items():
        (place / file).write_bytes(text)


def _clone(place, other, names):
    """Make what a clone brings of the course's own: files and solutions that nobody hands in.

    From the second on its files are hard links to those of an `other`, which is quick.
    """
    for below in _course_files(names):
        file = place / below
        file.parent.mkdir(parents=True, exist_ok=True)
        if other is None:
            shutil.copyfile(repository.ROOT / below, file)
        else:
            os.link(other / below, file)
    return other or place


@cache
def _course_files(names):
    found = []
    for name in names:
        for part in ("exercises", "solutions"):
            for path in sorted((repository.ROOT / part / name).rglob("*")):
                below = path.relative_to(repository.ROOT)
                if path.is_file() and not {"answer", "backups"} & set(below.parts):
                    found.append(below)
    return found


def _bytes(text):
    return text if isinstance(text, bytes) else text.encode()
