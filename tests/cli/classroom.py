"""A class made up: hand-ins that are right, wrong, broken or missing, with the grade for each.

What a wrong answer is worth comes from the course: its first line names the check that must fail,
and the points are those of the checks before it.
"""

import random
import shutil
from typing import NamedTuple

from checker.manifests import LIMITS
from tests.course.repository import ROOT, answers, exercise

NAMES = ("exercise1", "exercise3", "exercise5", "exercise6")
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


class Expected(NamedTuple):
    """What an answer must be graded as."""

    status: str
    points: int
    misconception: str | None = None


def make_class(folder, count, seed=1):
    """Write hand-ins of so many learners. Gives what is expected by learner and exercise."""
    choice = random.Random(seed)
    expected = {}
    for number in range(count):
        name = STRANGE[number] if number < len(STRANGE) else f"learner {number:04}"
        layout = LAYOUTS[number % len(LAYOUTS)]
        home = folder / name
        home.mkdir(parents=True)
        expected[name] = {
            exercise_name: _hand_in(home, exercise_name, layout, choice) for exercise_name in NAMES
        }
    return expected


def _hand_in(home, name, layout, choice):
    kind = choice.choice(("right", "right", "wrong", "wrong", "wrong", "broken", "missing"))
    if kind == "missing":
        return Expected("missing", 0)
    asked = exercise(name)
    known = answers(name)
    if kind == "right":
        texts = {file: known.solution[file] for file in asked.answer_files}
        _write(home, name, layout, texts)
        return Expected("pass", asked.max_points)
    if kind == "broken":
        bad = choice.choice((b"kind: [\n", b"\xff\xfe\x00", b"a: 1\n" * (LIMITS.text // 4)))
        _write(home, name, layout, {asked.answer_files[0]: bad})
        return Expected("error", 0)
    wrong = known.wrong[choice.choice(sorted(known.wrong))]
    _write(home, name, layout, {asked.answer_files[0]: wrong})
    _, _, failed, _, belief = wrong.splitlines()[0].split()
    points = 0
    for check in asked.checks:
        if check.id == failed:
            break
        points += check.points
    return Expected("fail", points, belief)


def _write(home, name, layout, texts):
    if layout == "files":
        data = b"\n---\n".join(_bytes(text) for text in texts.values())
        (home / f"{name}.yaml").write_bytes(data)
        return
    places = {
        "course": f"exercises/{name}/answer",
        "clone": f"kubernetes-ports/exercises/{name}/answer",
        "folders": name.replace("exercise", "Exercise 0"),
        "deeper": f"hand-in/{name}",
    }
    place = home / places[layout]
    if layout == "clone":
        # A clone brings the course's own files and solutions: they are nobody's answer.
        shutil.copytree(ROOT / "exercises" / name, place.parent, ignore=_not_the_courses)
        solutions = home / "kubernetes-ports" / "solutions" / name
        shutil.copytree(ROOT / "solutions" / name, solutions)
    place.mkdir(parents=True)
    for file, text in texts.items():
        (place / file).write_bytes(_bytes(text))


def _not_the_courses(_, names):
    return {name for name in names if name in ("answer", "backups")}


def _bytes(text):
    return text if isinstance(text, bytes) else text.encode()
