"""The course as the repository holds it, read for the tests."""

from __future__ import annotations

from pathlib import Path

from checker.course import Exercise, load_exercise
from checker.course.selfcheck import Answers

ROOT = Path(__file__).parents[2]


def names() -> list[str]:
    folders = (path.parent.name for path in (ROOT / "exercises").glob("*/exercise.toml"))
    return sorted(folders, key=lambda name: int(name.removeprefix("exercise")))


def exercise(name: str) -> Exercise:
    toml, files = exercise_files(name)
    return load_exercise(name, toml, files)


def exercise_files(name: str) -> tuple[str, dict[str, str]]:
    """The text of exercise.toml, and the others by their path in the exercise's folder."""
    folder = ROOT / "exercises" / name
    files = {"README.md": (folder / "README.md").read_text()}
    for part in ("start", "given", "cases"):
        for path in sorted((folder / part).glob("*.yaml")):
            files[f"{part}/{path.name}"] = path.read_text()
    return (folder / "exercise.toml").read_text(), files


def answers(name: str) -> Answers:
    solution = ROOT / "solutions" / name
    alternatives = sorted((solution / "alternatives").glob("*/"))
    wrong = (ROOT / "tests" / "wrong_answers" / name).glob("*.yaml")
    return Answers(
        solution=_texts(solution),
        alternatives={folder.name: _texts(folder) for folder in alternatives},
        wrong={path.name: path.read_text() for path in sorted(wrong)},
    )


def _texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.iterdir()) if path.is_file()}
